import { Button, Checkbox, Modal, NumberInput, TextInput } from "@mantine/core";
import { useState, type SubmitEvent } from "react";
import type { ApiToken, Permission } from "../../../../domain/contract/user.ts";
import { CopyText } from "../../components/bits.tsx";
import { Note } from "../../components/states.tsx";
import { api } from "../../lib/api.ts";
import { errorText, fieldErrors } from "../../lib/errors.ts";
import { useMe } from "../../lib/session.ts";

export function TokenDialog({ onClose, onDone }: { onClose: () => void; onDone: () => Promise<void> }) {
  const { permissions } = useMe();
  const [name, setName] = useState("");
  const [days, setDays] = useState<number | string>(90);
  const [scopes, setScopes] = useState<Permission[]>(permissions.filter((permission) => permission.endsWith(":read")));
  const [made, setMade] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const errors = fieldErrors(refusal);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setRefusal(null);
    try {
      setMade(
        (
          await api.post<ApiToken & { token: string }>("/auth/tokens", {
            name: name.trim(),
            scopes,
            expires_in_days: Number(days),
          })
        ).token,
      );
      await onDone();
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  if (made !== null)
    return (
      <Modal opened onClose={onClose} title={`The token ${name}`} size={520} closeOnClickOutside={false}>
        <div className="stack">
          <Note kind="wait" icon="warn" head="Copy it now.">
            It is shown once; only its hash is kept.
          </Note>
          <CopyText text={made} label="token" />
          <Button className="end" variant="filled" onClick={onClose}>
            I have it
          </Button>
        </div>
      </Modal>
    );
  return (
    <Modal opened onClose={onClose} title="New API token" size={520}>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        {refusal !== null && (
          <Note kind="bad" icon="cross" head="Not made." alert>
            {errorText(refusal)}
          </Note>
        )}
        <TextInput
          label="Name"
          description="What will use it."
          placeholder="ci-deploy"
          required
          data-autofocus
          autoComplete="off"
          value={name}
          error={errors["name"]}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NumberInput
          label="Ends after days"
          min={1}
          max={365}
          value={days}
          error={errors["expires_in_days"]}
          onChange={setDays}
        />
        <Checkbox.Group
          label="May"
          value={scopes}
          error={errors["scopes"]}
          onChange={(values) => setScopes(permissions.filter((permission) => values.includes(permission)))}
        >
          <div className="ns-scopes">
            {permissions.map((permission) => (
              <Checkbox key={permission} value={permission} label={permission} classNames={{ label: "mono" }} />
            ))}
          </div>
        </Checkbox.Group>
        <div className="row g6">
          <Button className="end" variant="subtle" onClick={onClose}>
            Back
          </Button>
          <Button
            type="submit"
            variant="filled"
            loading={busy}
            disabled={name.trim() === "" || scopes.length === 0 || Number(days) < 1}
          >
            Make the token
          </Button>
        </div>
      </form>
    </Modal>
  );
}
