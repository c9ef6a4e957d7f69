import { failUndefined } from "./undefined.ts";
import { Dict, Float, Markup, PyObject, Tuple, Undefined, type Value } from "./values.ts";

/** Python's `bool()`. */
export function isTrue(value: Value): boolean {
  switch (typeof value) {
    case "boolean":
      return value;
    case "string":
      return value !== "";
    case "number":
      return value !== 0;
    case "bigint":
      return true;
    default:
  }
  if (value === null) return false;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Dict) return value.entries.size > 0;
  if (value instanceof Undefined) return value.kind === "strict" ? failUndefined(value) : false;
  if (value instanceof Float) return value.value !== 0;
  if (value instanceof Tuple) return value.items.length > 0;
  if (value instanceof Markup) return value.text !== "";
  return value instanceof PyObject ? value.isTrue() : true;
}
