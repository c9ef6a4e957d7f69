import { compareTexts, less } from "./compare.ts";
import type { Value } from "./values.ts";

/** Python's `sorted`: what is equal stays in its order, also when the order is turned round. */
export function sortBy(items: readonly Value[], keyOf: (item: Value) => Value, reverse: boolean): Value[] {
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  const sign = reverse ? -1 : 1;
  keyed.sort((a, b) => sign * order(a.key, b.key));
  return keyed.map(({ item }) => item);
}

function order(a: Value, b: Value): number {
  if (typeof a === "string" && typeof b === "string") return compareTexts(a, b);
  if (less(a, b)) return -1;
  return less(b, a) ? 1 : 0;
}
