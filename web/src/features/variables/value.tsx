import { IconLock } from "@tabler/icons-react";

/** A value on one line, as JSON where it is no text; of a secret only that there is one. */
export function Value({ value, secret }: { value: unknown; secret: boolean }) {
  if (secret)
    return (
      <span className="row g4 ns-var-value t3 i14" title={String(value)}>
        <IconLock aria-hidden="true" /> <span className="mono">secret://…{String(value).slice(-6)}</span>
      </span>
    );
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (value === "") return <span className="t3">empty text</span>;
  return (
    <span className={`mono ns-var-value ${typeof value === "string" ? "" : "json"}`} title={text}>
      {text}
    </span>
  );
}

export type Kind = "text" | "json" | "secret";
export const KINDS: { value: Kind; label: string }[] = [
  { value: "text", label: "Text" },
  { value: "json", label: "Number, true/false, list or object (JSON)" },
  { value: "secret", label: "Secret" },
];

export const kindOf = (value: unknown, secret: boolean): Kind =>
  secret ? "secret" : typeof value === "string" ? "text" : "json";

/** What the form holds of a value; of a secret nothing, since nobody reads it back. */
export const textOf = (value: unknown, kind: Kind): string =>
  kind === "secret" ? "" : typeof value === "string" ? value : JSON.stringify(value, null, 2);

/** Why a text is no JSON, or undefined. */
export function jsonFault(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    return /^[^[{"\d-]/.test(text.trim()) && !/^(true|false|null)$/.test(text.trim())
      ? "is no JSON; choose Text for words"
      : "is no JSON: look for a missing quote, comma or bracket";
  }
}
