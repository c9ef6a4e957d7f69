import { Markup, type Value } from "../values.ts";

/** Strings in lower case; everything else as it is. */
export function lowerText(value: Value): Value {
  if (typeof value === "string") return value.toLowerCase();
  return value instanceof Markup ? new Markup(value.text.toLowerCase()) : value;
}
