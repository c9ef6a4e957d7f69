import { JinjaError } from "./errors.ts";
import { normalize } from "./int.ts";
import { Dict, Float, type DictKey, type Value } from "./values.ts";

/** Deeper than this nothing sensible is nested, and a thing that holds itself is. */
const MAX_DEPTH = 500;

/**
 * Plain data (of JSON, of YAML) as the values of Python. Nothing else comes in: a function, a Date or an object of a
 * class is refused, and nothing of what comes in is shared with its giver.
 */
export function fromHost(value: unknown): Value {
  return convert(value, 0);
}

function convert(value: unknown, depth: number): Value {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? value : convertNumber(value);
    case "bigint":
      return normalize(value);
    case "undefined":
      return null;
    case "object":
      return value === null ? null : convertObject(value, depth);
    default:
      return refuse(typeof value);
  }
}

/** An integer that large lost its last digits before it came here; Python's JSON would have kept it an int. */
function convertNumber(value: number): Value {
  return Number.isInteger(value) && !Object.is(value, -0) && Math.abs(value) < 1e21 ? BigInt(value) : new Float(value);
}

function refuse(what: string): never {
  throw new JinjaError("TypeError", `a ${what} cannot be given to a template: plain data only`);
}

function convertObject(value: object, depth: number): Value {
  if (depth >= MAX_DEPTH)
    throw new JinjaError("ValueError", `the variables are nested deeper than ${MAX_DEPTH} levels`);
  if (Array.isArray(value)) {
    const items: Value[] = [];
    for (const item of value as readonly unknown[]) items.push(convert(item, depth + 1));
    return items;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype && Object.getPrototypeOf(prototype) !== null) {
    return refuse(value.constructor.name);
  }
  const entries = new Map<DictKey, [Value, Value]>();
  const properties = propertiesOf(value);
  for (const key of Object.keys(properties)) entries.set(key, [key, convert(properties[key], depth + 1)]);
  return new Dict(entries);
}

/** Any object can be read by its keys; `Object.entries` would spare the cast, and takes a third longer in every render. */
function propertiesOf(value: object): Record<string, unknown> {
  return value as Record<string, unknown>;
}
