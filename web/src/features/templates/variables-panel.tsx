import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import type { TemplateVariable } from "../../../../domain/contract/template.ts";
import { count } from "../../components/bits.tsx";
import { fieldsToYaml, yamlToFields, type Field, type Fields } from "./fields.ts";
import { guardOf } from "./problems.ts";
import { DevicePick } from "./device-pick.tsx";
import type { DeviceValues } from "./use-device-values.ts";
import { VariableField } from "./variable-field.tsx";

type Props = {
  source: string;
  variables: readonly TemplateVariable[];
  fields: Fields;
  onFields: (fields: Fields) => void;
  device: string | null;
  onDevice: (name: string | null) => void;
  /** What the device gives. */
  values: DeviceValues;
};

/** Each with the kind that its use suggests. */
const blank = ({ type }: TemplateVariable): Field => ({ kind: type ?? "string", text: "" });

/** What the template wants to be given: as a form, or as one YAML text. Only for this preview. */
export function VariablesPanel({ source, variables, fields, onFields, device, onDevice, values }: Props) {
  const [yaml, setYaml] = useState<string | null>(null);
  const read = yaml === null ? null : yamlToFields(yaml);
  const names = new Set(variables.map(({ name }) => name));
  const extra = Object.keys(fields).filter((name) => !names.has(name) && fields[name]?.text !== "");
  const isMissing = ({ name }: TemplateVariable): boolean =>
    (fields[name]?.text ?? "") === "" && !values.has(name) && guardOf(source, name) === null;
  const missing = variables.filter(isMissing).length;
  return (
    <section className="ns-tp-vars" aria-label="Variables">
      <div className="ns-tp-bar">
        <h2>Variables</h2>
        <span className="t3 ell">
          {variables.length === 0 ? "none" : `${variables.length}${missing > 0 ? `, ${missing} missing` : ""}`}
        </span>
        <Button
          size="xs"
          variant="subtle"
          className="end"
          disabled={read !== null && "error" in read}
          onClick={() => setYaml(yaml === null ? fieldsToYaml(fields) : null)}
        >
          {yaml === null ? "YAML" : "Form"}
        </Button>
      </div>
      <div className="ns-tp-form" tabIndex={0} role="region" aria-label="Values for the preview">
        <DevicePick value={device} onChange={onDevice} />
        {yaml !== null && (
          <Textarea
            label="All values"
            classNames={{ input: "mono" }}
            autosize
            minRows={10}
            spellCheck={false}
            value={yaml}
            error={read !== null && "error" in read ? read.error : undefined}
            onChange={(event) => {
              const text = event.currentTarget.value;
              setYaml(text);
              const next = yamlToFields(text);
              if ("fields" in next) onFields(next.fields);
            }}
          />
        )}
        {yaml === null &&
          variables.map((variable) => {
            const { name } = variable;
            const from = values.get(name);
            const guard = guardOf(source, name);
            return (
              <VariableField
                key={name}
                name={name}
                field={fields[name] ?? blank(variable)}
                onChange={(field) => onFields({ ...fields, [name]: field })}
                missing={isMissing(variable)}
                origin={from?.origin ?? (guard === null ? "no value yet" : `may be left out, line ${guard}`)}
                standing={from?.text}
              />
            );
          })}
        {yaml === null && variables.length === 0 && (
          <p className="t3 sm">
            The text names no variable. Write one between double braces: <code>{"{{ hostname }}"}</code>.
          </p>
        )}
        {yaml === null && extra.length > 0 && (
          <p className="t3 sm">
            {count(extra.length, "more value")} given that the text does not ask for: <code>{extra.join(", ")}</code>.{" "}
            <button
              type="button"
              className="lk u"
              onClick={() => onFields(Object.fromEntries(Object.entries(fields).filter(([name]) => names.has(name))))}
            >
              Drop
            </button>
          </p>
        )}
      </div>
    </section>
  );
}
