import { Button, Modal, NativeSelect, PasswordInput, TextInput, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { ORDER } from "../../../../domain/variables/order.ts";
import { Note } from "../../components/states.tsx";
import { ApiError } from "../../lib/api.ts";
import { errorText } from "../../lib/errors.ts";
import { toast } from "../../lib/toast.tsx";
import { KINDS, jsonFault, kindOf, textOf, type Kind } from "./value.tsx";
import { putVariables, type Place } from "./variables-api.ts";

export type Editing = { name: string; value: unknown; is_secret: boolean; description?: string };

const keyOf = ({ scope, owner }: Place): string => `${scope} ${owner}`;
const wordsFor = ({ scope, owner }: Place): string =>
  scope === "global" ? "All devices" : scope === "device" ? `Only ${owner}` : `${ORDER[scope].label} ${owner}`;

/** Sets one variable at one of the places that reach what is looked at; the first is the strongest. */
export function VariableDialog({
  places,
  at,
  editing,
  onClose,
}: {
  places: Place[];
  at?: Place | undefined;
  editing?: Editing | undefined;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const [name, setName] = useState(editing?.name ?? "");
  const [where, setWhere] = useState(keyOf(at ?? places[0] ?? { scope: "global", owner: "all" }));
  const [kind, setKind] = useState<Kind>(editing ? kindOf(editing.value, editing.is_secret) : "text");
  const [text, setText] = useState(editing ? textOf(editing.value, kind) : "");
  const [description, setDescription] = useState(editing?.description ?? "");
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const place = places.find((each) => keyOf(each) === where);
  const faulty = kind === "json" && text.trim() !== "" ? jsonFault(text) : undefined;
  const empty = (kind === "secret" && text === "") || (kind === "json" && text.trim() === "");

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (!place || faulty !== undefined) return;
    setBusy(true);
    setRefusal(null);
    const called = name.trim();
    const given: unknown = kind === "json" ? JSON.parse(text) : text;
    try {
      await putVariables(place, {
        ...(kind === "secret" ? { secrets: { [called]: text } } : { variables: { [called]: given } }),
        ...(description === (editing?.description ?? "") ? {} : { descriptions: { [called]: description } }),
      });
      await client.invalidateQueries({ queryKey: ["variables"] });
      toast.ok(`${called} set for ${wordsFor(place).toLowerCase()}. What is planned from now on uses it.`);
      onClose();
    } catch (error) {
      setRefusal(error);
      setBusy(false);
    }
  };
  const input = {
    label: kind === "secret" ? "Secret" : "Value",
    value: text,
    error: faulty ?? messageAt(refusal, /^(variables|secrets)\./),
    autoComplete: "off",
  };
  return (
    <Modal opened onClose={onClose} title={editing ? `Set ${editing.name}` : "Set a variable"} size={480}>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        {refusal !== null && (
          <Note kind="bad" icon="cross" head="Not saved." alert>
            {errorText(refusal)}
          </Note>
        )}
        {!editing && (
          <TextInput
            label="Name"
            description="As templates write it: {{ name }}"
            required
            data-autofocus
            autoComplete="off"
            spellCheck={false}
            classNames={{ input: "mono" }}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        )}
        <NativeSelect
          label="For"
          description="What stands further up in this list wins over what stands below."
          data={places.map((each) => ({ value: keyOf(each), label: wordsFor(each) }))}
          value={where}
          onChange={(event) => setWhere(event.currentTarget.value)}
        />
        <NativeSelect
          label="Kind"
          data={KINDS}
          value={kind}
          onChange={(event) => {
            const next = KINDS.find((each) => each.value === event.currentTarget.value)?.value ?? "text";
            if (kind === "secret") setText("");
            setKind(next);
          }}
        />
        {kind === "secret" ? (
          <PasswordInput
            {...input}
            description="Nobody can read it back. Templates print a reference, which is filled in when a line is sent."
            autoComplete="new-password"
            onChange={(event) => setText(event.currentTarget.value)}
            visibilityToggleButtonProps={{ "aria-label": "Show the secret" }}
          />
        ) : (
          <Textarea
            {...input}
            autosize
            minRows={kind === "json" ? 4 : 1}
            maxRows={14}
            spellCheck={false}
            classNames={{ input: "mono" }}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
        <TextInput
          label="Description"
          autoComplete="off"
          value={description}
          error={messageAt(refusal, /^descriptions\./)}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <div className="row g6">
          <Button className="end" variant="subtle" onClick={onClose}>
            Back
          </Button>
          <Button
            type="submit"
            variant="filled"
            loading={busy}
            disabled={name.trim() === "" || empty || faulty !== undefined}
          >
            Set it
          </Button>
        </div>
      </form>
    </Modal>
  );
}

const messageAt = (error: unknown, path: RegExp): string | undefined =>
  error instanceof ApiError ? error.details.find((detail) => path.test(detail.path))?.message : undefined;
