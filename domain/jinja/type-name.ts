import { NamedTuple } from "./named-tuple.ts";
import { Callable, Dict, Float, Lazy, Markup, PyObject, Tuple, Undefined, type Value } from "./values.ts";

const UNDEFINED_CLASSES: Record<Undefined["kind"], string> = {
  strict: "StrictUndefined",
  default: "Undefined",
  chainable: "ChainableUndefined",
  debug: "DebugUndefined",
};

/** The name of the value's class, as Python's error messages say it. */
export function typeName(value: Value): string {
  if (value === null) return "NoneType";
  switch (typeof value) {
    case "string":
      return "str";
    case "boolean":
      return "bool";
    case "number":
    case "bigint":
      return "int";
    default:
  }
  if (Array.isArray(value)) return "list";
  if (value instanceof Dict) return "dict";
  if (value instanceof Float) return "float";
  if (value instanceof NamedTuple) return value.type;
  if (value instanceof Tuple) return "tuple";
  if (value instanceof Markup) return "Markup";
  if (value instanceof Undefined) return UNDEFINED_CLASSES[value.kind];
  if (value instanceof Lazy) return value.name;
  if (value instanceof PyObject) return value.type;
  return value instanceof Callable ? typeOfCallable(value) : "object";
}

function typeOfCallable({ name }: Callable): string {
  if (name.startsWith("built-in ")) return "builtin_function_or_method";
  if (name.startsWith("class ")) return "type";
  if (name.startsWith("Macro ")) return "Macro";
  return name.startsWith("bound method ") ? "method" : "function";
}
