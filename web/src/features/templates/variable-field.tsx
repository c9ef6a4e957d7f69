import { Select, TextInput, Textarea } from "@mantine/core";
import { useId } from "react";
import { KINDS, KIND_WORDS, readField, type Field, type Kind } from "./fields.ts";

type Props = {
  name: string;
  field: Field;
  onChange: (field: Field) => void;
  /** Where its value comes from when the field is empty: `from site fra`, `default on line 19`. */
  origin: string;
  /** Nothing gives it a value. */
  missing: boolean;
  /** The value it has when the field is empty. */
  standing: string | undefined;
};

/** One variable of the preview: empty means that it is not given here. */
export function VariableField({ name, field, onChange, origin, missing, standing }: Props) {
  const id = useId();
  const read = readField(field);
  const error = read !== null && "error" in read ? read.error : undefined;
  const note = read === null ? origin : "set here";
  const shared = {
    id,
    "aria-invalid": error !== undefined || (missing && read === null),
    error: error ?? (missing && read === null),
    placeholder: standing ?? (field.kind === "string" ? "" : `e.g. ${EXAMPLES[field.kind]}`),
    classNames: { input: "mono" },
  };
  const set = (text: string): void => onChange({ ...field, text });
  return (
    <div className="ns-tp-var" data-variable={name}>
      <div className="hd">
        <label htmlFor={id}>
          <code>{name}</code>
        </label>
        <span className={missing && read === null ? "k-bad k-text" : "t3"}>{note}</span>
        <select
          aria-label={`Kind of ${name}`}
          value={field.kind}
          onChange={(event) => {
            const kind = KINDS.find((each) => each === event.currentTarget.value);
            if (kind) onChange({ ...field, kind });
          }}
        >
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {KIND_WORDS[kind]}
            </option>
          ))}
        </select>
      </div>
      {field.kind === "boolean" ? (
        <Select
          {...shared}
          clearable
          data={["true", "false"]}
          value={field.text === "" ? null : field.text}
          onChange={(next) => set(next ?? "")}
        />
      ) : LONG.includes(field.kind) ? (
        <Textarea
          {...shared}
          autosize
          minRows={2}
          maxRows={9}
          spellCheck={false}
          value={field.text}
          onChange={(event) => set(event.currentTarget.value)}
        />
      ) : (
        <TextInput
          {...shared}
          spellCheck={false}
          autoComplete="off"
          {...(field.kind === "string" ? {} : { inputMode: "decimal" as const })}
          value={field.text}
          onChange={(event) => set(event.currentTarget.value)}
        />
      )}
    </div>
  );
}

const LONG: readonly Kind[] = ["list", "object", "any"];
const EXAMPLES: Record<Kind, string> = {
  string: "",
  integer: "64510",
  number: "1.5",
  boolean: "true",
  list: "- 192.0.2.1",
  object: "asn: 64510",
  any: "null",
};
