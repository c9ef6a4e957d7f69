import { JinjaError } from "./errors.ts";
import { Range } from "./range.ts";
import { typeName } from "./type-name.ts";
import { failUndefined } from "./undefined.ts";
import { DictView } from "./views.ts";
import { Dict, Float, Markup, Tuple, Undefined, type DictKey, type Value } from "./values.ts";

/** No text that a template makes begins like this, so that the key of a tuple is never that of a string. */
const TUPLE = "\udfff\udfff";
/** Tuples that hold each other can make keys longer than any memory. */
const MAX_LENGTH = 1_000_000;

const identities = new WeakMap<object, symbol>();
let identitiesMade = 0;

function identityOf(value: object): symbol {
  let identity = identities.get(value);
  if (identity === undefined) {
    identitiesMade += 1;
    identity = Symbol(String(identitiesMade));
    identities.set(value, identity);
  }
  return identity;
}

/** All values that are missing are equal, as Jinja has it. */
const UNDEFINED = Symbol("0");

function floatKey(value: Float): DictKey {
  const number = value.value;
  if (Number.isSafeInteger(number)) return number + 0;
  if (Number.isInteger(number)) return BigInt(number);
  return Number.isNaN(number) ? identityOf(value) : number;
}

/** The key under which a `Dict` keeps the value: equal values have the same. Lists and dicts have none. */
export function hashKey(value: Value): DictKey {
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint" || value === null) {
    return value;
  }
  if (typeof value === "boolean") return Number(value);
  if (value instanceof Float) return floatKey(value);
  if (value instanceof Markup) return value.text;
  if (value instanceof Tuple) return tupleKey(value);
  if (value instanceof Range)
    return `${TUPLE}range ${value.size === 0 ? "" : `${value.start} ${value.at(value.size - 1)} ${value.size === 1 ? 0 : value.step}`}`;
  if (value instanceof Undefined) return value.kind === "strict" ? failUndefined(value) : UNDEFINED;
  if (Array.isArray(value) || value instanceof Dict || (value instanceof DictView && value.isSet)) {
    throw new JinjaError("TypeError", `unhashable type: '${typeName(value)}'`);
  }
  return identityOf(value);
}

function tupleKey(tuple: Tuple): string {
  let text = `${TUPLE}(`;
  for (const item of tuple.items) {
    const key = hashKey(item);
    text +=
      typeof key === "string"
        ? `${key.length}:${key}`
        : typeof key === "symbol"
          ? `#${key.description ?? ""},`
          : `${key},`;
    if (text.length > MAX_LENGTH) throw new JinjaError("LimitReached", "The tuple is too large to be a key");
  }
  return `${text})`;
}

/** Sets an item; a key that is there keeps its first form, as Python keeps it. */
export function setItem(dict: Dict, key: Value, value: Value): void {
  const hash = hashKey(key);
  const entry = dict.entries.get(hash);
  if (entry === undefined) dict.entries.set(hash, [key, value]);
  else entry[1] = value;
}
