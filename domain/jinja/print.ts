import { floatText } from "./float-text.ts";
import { intText } from "./int.ts";
import { repr } from "./repr.ts";
import { debugText, failUndefined } from "./undefined.ts";
import { Float, Markup, Undefined, type Value } from "./values.ts";

export { repr } from "./repr.ts";

/** Python's `str()`: what `{{ value }}` writes. */
export function str(value: Value): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "bigint") return intText(value);
  if (value instanceof Float) return floatText(value.value);
  if (value instanceof Markup) return value.text;
  return value instanceof Undefined ? undefinedText(value) : repr(value);
}

function undefinedText(value: Undefined): string {
  if (value.kind === "strict") failUndefined(value);
  return value.kind === "debug" ? debugText(value) : "";
}
