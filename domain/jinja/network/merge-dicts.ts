import { compare, equals } from "../compare.ts";
import type { EngineContext } from "../extension.ts";
import { hashKey } from "../hash.ts";
import { Dict, type Value } from "../values.ts";

export const LIST_MERGES = ["replace", "keep", "append", "prepend", "append_rp", "prepend_rp"] as const;
export type ListMerge = (typeof LIST_MERGES)[number];

const copy = (dict: Dict): Dict =>
  new Dict(new Map(Array.from(dict.entries, ([hash, [key, value]]) => [hash, [key, value]])));

/** `high` over `low`; keys keep the order of `low`. */
export function mergeDicts(
  low: Dict,
  high: Dict,
  options: { recursive: boolean; listMerge: ListMerge },
  engine: EngineContext,
): Dict {
  engine.spend(1 + low.entries.size + high.entries.size);
  if (low.entries.size === 0 || equals(low, high)) return copy(high);
  if (high.entries.size === 0) return low;
  const result = copy(low);
  for (const [hash, [key, value]] of high.entries) {
    const entry = result.entries.get(hash);
    if (entry === undefined) result.entries.set(hash, [key, value]);
    else entry[1] = mergeValues(entry[1], value, options, engine);
  }
  return result;
}

function mergeValues(
  low: Value,
  high: Value,
  options: { recursive: boolean; listMerge: ListMerge },
  engine: EngineContext,
): Value {
  if (low instanceof Dict && high instanceof Dict)
    return options.recursive ? mergeDicts(low, high, options, engine) : high;
  if (!Array.isArray(low) || !Array.isArray(high)) return high;
  engine.spend(low.length + high.length);
  switch (options.listMerge) {
    case "replace":
      return high;
    case "keep":
      return low;
    case "append":
      return [...low, ...high];
    case "prepend":
      return [...high, ...low];
    case "append_rp":
      return [...without(low, high, engine), ...high];
    case "prepend_rp":
      return [...high, ...without(low, high, engine)];
  }
}

function without(items: readonly Value[], others: Value[], engine: EngineContext): Value[] {
  engine.spend(items.length * others.length);
  return items.filter((item) => !compare("in", item, others));
}

/** Values that are in it: by hash where they have one, by comparing where they have none. */
export class ValueSet {
  readonly hashes = new Set<unknown>();
  readonly others: Value[] = [];
  readonly engine: EngineContext;

  constructor(items: Iterable<Value>, engine: EngineContext) {
    this.engine = engine;
    for (const item of items) this.add(item);
  }

  /** False: it was in already. */
  add(item: Value): boolean {
    if (this.has(item)) return false;
    if (isHashable(item)) this.hashes.add(hashKey(item));
    else this.others.push(item);
    return true;
  }

  has(item: Value): boolean {
    this.engine.spend(1);
    if (isHashable(item)) return this.hashes.has(hashKey(item));
    this.engine.spend(this.others.length);
    return this.others.some((other) => equals(other, item));
  }
}

/** A tuple of lists is not: it is compared as well. */
function isHashable(value: Value): boolean {
  if (Array.isArray(value) || value instanceof Dict) return false;
  return (
    !(typeof value === "object" && value !== null && "items" in value && Array.isArray(value.items)) ||
    value.items.every(isHashable)
  );
}
