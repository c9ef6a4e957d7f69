import { dictIterator } from "./dict-iterator.ts";
import { JinjaError } from "./errors.ts";
import { textLength } from "./text.ts";
import { typeName } from "./type-name.ts";
import { failUndefined } from "./undefined.ts";
import { Dict, Lazy, Markup, PyObject, Tuple, Undefined, type Value } from "./values.ts";

/** Python's `iter()`. */
export function iterate(value: Value): Iterator<Value> {
  const iterator = iteratorOf(value);
  if (iterator === undefined) throw new JinjaError("TypeError", `'${typeName(value)}' object is not iterable`);
  return iterator;
}

/** Undefined for what cannot be iterated. */
export function iteratorOf(value: Value): Iterator<Value> | undefined {
  if (Array.isArray(value)) return value.values();
  if (typeof value === "string") return value[Symbol.iterator]();
  if (value instanceof Dict) return dictIterator(value, ([key]) => key);
  if (value instanceof Tuple) return value.items.values();
  if (value instanceof Lazy) return value.iterator;
  if (value instanceof PyObject) return value.iterate();
  if (value instanceof Markup) return value.text[Symbol.iterator]();
  if (value instanceof Undefined) return value.kind === "strict" ? failUndefined(value) : [].values();
  return undefined;
}

/** Python's `list()`: an array of its own. */
export function toList(value: Value): Value[] {
  if (Array.isArray(value)) return value.slice();
  if (value instanceof Dict) return Array.from(value.entries.values(), ([key]) => key);
  const iterator = iterate(value);
  const items: Value[] = [];
  for (let next = iterator.next(); next.done !== true; next = iterator.next()) items.push(next.value);
  return items;
}

/** Python's `len()`; undefined for what has none. */
export function lengthOf(value: Value): number | undefined {
  if (typeof value === "string") return textLength(value);
  if (Array.isArray(value)) return value.length;
  if (value instanceof Dict) return value.entries.size;
  if (value instanceof Tuple) return value.items.length;
  if (value instanceof Markup) return textLength(value.text);
  if (value instanceof PyObject) return value.length();
  if (value instanceof Undefined) return value.kind === "strict" ? failUndefined(value) : 0;
  return undefined;
}
