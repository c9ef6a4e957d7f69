import { JinjaError } from "./errors.ts";
import type { Dict, Value } from "./values.ts";

/** Walks a dict, and stops as Python does once its size is another. */
export function* dictIterator(dict: Dict, pick: (entry: [Value, Value]) => Value): Generator<Value, undefined> {
  const size = dict.entries.size;
  for (const entry of dict.entries.values()) {
    yield pick(entry);
    if (dict.entries.size !== size) throw new JinjaError("RuntimeError", "dictionary changed size during iteration");
  }
}
