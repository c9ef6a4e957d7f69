import { Button, Checkbox, Modal, PasswordInput, TextInput, Textarea } from "@mantine/core";
import { useState, type SubmitEvent } from "react";
import type { Credential } from "../../../../domain/contract/device.ts";
import { Note } from "../../components/states.tsx";
import { When } from "../../components/times.tsx";
import { api, seg } from "../../lib/api.ts";
import { errorText, fieldErrors } from "../../lib/errors.ts";
import { toast } from "../../lib/toast.tsx";

const SECRETS = ["password", "enable_password", "private_key", "passphrase"] as const;
type Secrets = Record<(typeof SECRETS)[number], string | null>;

/** Adds a credential, or sets some of its secrets anew: what is left empty stays, what is ticked goes. */
export function CredentialDialog({
  credential,
  onClose,
  onDone,
}: {
  credential?: Credential;
  onClose: () => void;
  onDone: () => Promise<void>;
}) {
  const [name, setName] = useState(credential?.name ?? "");
  const [username, setUsername] = useState(credential?.username ?? "");
  const [description, setDescription] = useState(credential?.description ?? "");
  const [isDefault, setIsDefault] = useState(false);
  const [secrets, setSecrets] = useState<Secrets>({
    password: "",
    enable_password: "",
    private_key: "",
    passphrase: "",
  });
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const errors = fieldErrors(refusal);
  const has = {
    password: credential?.has_password ?? false,
    enable_password: credential?.has_enable_password ?? false,
    private_key: credential?.has_private_key ?? false,
    passphrase: false,
  };
  const given = Object.fromEntries(
    SECRETS.flatMap((field) => (secrets[field] === "" ? [] : [[field, secrets[field]]])),
  );
  const none = !credential && !secrets.password && !secrets.private_key;

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setRefusal(null);
    const fields = { name: name.trim(), username: username.trim(), description, ...given };
    try {
      if (credential) await api.put(`/credentials/${seg(credential.id)}`, fields);
      else await api.post("/credentials", { ...fields, is_default: isDefault });
      await onDone();
      toast.ok(`${fields.name} saved.`);
      onClose();
    } catch (error) {
      setRefusal(error);
      setBusy(false);
    }
  };
  const secret = (field: keyof Secrets, label: string) => {
    const value = secrets[field];
    const set = (next: string | null): void => setSecrets((now) => ({ ...now, [field]: next }));
    const props = {
      label,
      value: value ?? "",
      disabled: value === null,
      error: errors[field],
      placeholder: value === null ? "is removed when you save" : has[field] ? "set; empty keeps it" : "",
    };
    return (
      <div>
        {field === "private_key" ? (
          <Textarea
            {...props}
            autosize
            minRows={2}
            maxRows={6}
            spellCheck={false}
            autoComplete="off"
            classNames={{ input: "mono" }}
            onChange={(event) => set(event.currentTarget.value)}
          />
        ) : (
          <PasswordInput
            {...props}
            autoComplete="new-password"
            onChange={(event) => set(event.currentTarget.value)}
            visibilityToggleButtonProps={{ "aria-label": `Show ${label.toLowerCase()}` }}
          />
        )}
        {has[field] && (
          <Checkbox
            mt={6}
            label={`Remove the ${label.toLowerCase()}`}
            checked={value === null}
            onChange={(event) => set(event.currentTarget.checked ? null : "")}
          />
        )}
      </div>
    );
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={credential ? `Rotate or edit ${credential.name}` : "Add credential"}
      size={480}
    >
      <form className="stack" onSubmit={(event) => void submit(event)}>
        {refusal !== null && (
          <Note kind="bad" icon="cross" head="Not saved." alert>
            {errorText(refusal)}
          </Note>
        )}
        {credential && (
          <p className="sm t3">
            Secrets set <When at={credential.secrets_set_at} precise />, used by {credential.devices}{" "}
            {credential.devices === 1 ? "device" : "devices"}. Test one of them afterwards.
          </p>
        )}
        <TextInput
          label="Name"
          required
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          value={name}
          error={errors["name"]}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="User name on the devices"
          required
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={username}
          error={errors["username"]}
          onChange={(event) => setUsername(event.currentTarget.value)}
        />
        {secret("password", "Password")}
        {secret("enable_password", "Enable password")}
        {secret("private_key", "Private key")}
        {secret("passphrase", "Passphrase of the key")}
        <TextInput
          label="Description"
          autoComplete="off"
          value={description}
          error={errors["description"]}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        {!credential && (
          <Checkbox
            label="The default, for devices without a login of their own"
            checked={isDefault}
            onChange={(event) => setIsDefault(event.currentTarget.checked)}
          />
        )}
        <div className="row g6">
          {none && <span className="sm t3">a password or a key first</span>}
          <Button className="end" variant="subtle" onClick={onClose}>
            Back
          </Button>
          <Button
            type="submit"
            variant="filled"
            loading={busy}
            disabled={none || name.trim() === "" || username.trim() === ""}
          >
            {credential ? "Save" : "Add credential"}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
