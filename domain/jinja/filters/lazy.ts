import { iterate } from "../iterate.ts";
import { Lazy, type Value } from "../values.ts";

export const generator = (items: Generator<Value>): Lazy => new Lazy("generator", items);

/** The items of a value, one by one, for use in a `for`. */
export function itemsOf(value: Value): Iterable<Value> {
  return Array.isArray(value) ? value : { [Symbol.iterator]: () => iterate(value) };
}
