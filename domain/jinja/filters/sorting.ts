import { bind } from "../arguments.ts";
import { compare, compareTexts, equals, less } from "../compare.ts";
import { JinjaError } from "../errors.ts";
import type { Filter } from "../extension.ts";
import { iterate, toList } from "../iterate.ts";
import { NamedTuple } from "../named-tuple.ts";
import { sortBy } from "../sort.ts";
import { isTrue } from "../truth.ts";
import { typeName } from "../type-name.ts";
import { failUndefined } from "../undefined.ts";
import { Dict, Tuple, Undefined, type Value } from "../values.ts";
import { caseGetter, getterOf, multiGetter } from "./attribute-path.ts";
import { lowerText } from "./case.ts";

/** Keys of several parts, as Python compares lists: by the first in which they differ. */
function orderKeys(left: readonly Value[], right: readonly Value[]): number {
  for (const [index, a] of left.entries()) {
    const b = right[index] ?? null;
    if (typeof a === "string" && typeof b === "string") {
      const order = compareTexts(a, b);
      if (order !== 0) return order;
    } else if (a !== b && !equals(a, b)) {
      return less(a, b) ? -1 : 1;
    }
  }
  return 0;
}

const sort: Filter = (value, args, kwargs, engine) => {
  const [reverse, caseSensitive, attribute] = bind(
    "do_sort",
    [
      ["reverse", false],
      ["case_sensitive", false],
      ["attribute", null],
    ],
    args,
    kwargs,
  );
  const keyOf = multiGetter(engine, attribute, isTrue(caseSensitive));
  const items = toList(value);
  engine.spend(items.length);
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  const sign = isTrue(reverse) ? -1 : 1;
  keyed.sort((a, b) => sign * orderKeys(a.key, b.key));
  return keyed.map(({ item }) => item);
};

const dictsort: Filter = (value, args, kwargs, engine) => {
  const [caseSensitive, by, reverse] = bind(
    "do_dictsort",
    [
      ["case_sensitive", false],
      ["by", "key"],
      ["reverse", false],
    ],
    args,
    kwargs,
  );
  if (by !== "key" && by !== "value") {
    throw new JinjaError("FilterArgumentError", 'You can only sort by either "key" or "value"');
  }
  const place = by === "key" ? 0 : 1;
  const exact = isTrue(caseSensitive);
  const pairs = pairsOf(value);
  engine.spend(pairs.length);
  const keyOf = (pair: Value): Value => {
    const key = (pair instanceof Tuple ? pair.items[place] : undefined) ?? null;
    return exact ? key : lowerText(key);
  };
  return sortBy(pairs, keyOf, isTrue(reverse));
};

function pairsOf(value: Value): Value[] {
  if (value instanceof Undefined) failUndefined(value);
  if (!(value instanceof Dict)) {
    throw new JinjaError("AttributeError", `'${typeName(value)}' object has no attribute 'items'`);
  }
  return Array.from(value.entries.values(), ([key, item]) => new Tuple([key, item]));
}

const extreme =
  (name: "min" | "max"): Filter =>
  (value, args, kwargs, engine) => {
    const [caseSensitive, attribute] = bind(
      `do_${name}`,
      [
        ["case_sensitive", false],
        ["attribute", null],
      ],
      args,
      kwargs,
    );
    const iterator = iterate(value);
    const first = iterator.next();
    if (first.done === true) return engine.undefined("No aggregated item, sequence was empty.");
    const keyOf = caseGetter(engine, attribute, isTrue(caseSensitive));
    let best = { item: first.value, key: keyOf(first.value) };
    for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
      const key = keyOf(next.value);
      if (compare(name === "min" ? "lt" : "gt", key, best.key)) best = { item: next.value, key };
    }
    return best.item;
  };

/** Items that have the same key, in the order of the keys. */
const groupby: Filter = (value, args, kwargs, engine) => {
  const [attribute, byDefault, caseSensitive] = bind(
    "do_groupby",
    ["attribute", ["default", null], ["case_sensitive", false]],
    args,
    kwargs,
  );
  const keyOf = caseGetter(engine, attribute, isTrue(caseSensitive), byDefault);
  const items = toList(value);
  engine.spend(items.length);
  const sorted = sortBy(items, keyOf, false);
  return grouped(sorted, keyOf).map(({ key, items: members }) => {
    const [first] = members;
    // The key as the first of them writes it.
    const shown = first === undefined || isTrue(caseSensitive) ? key : getterOf(engine, attribute, byDefault)(first);
    return new NamedTuple("_GroupTuple", ["grouper", "list"], [shown, members]);
  });
};

function grouped(sorted: readonly Value[], keyOf: (item: Value) => Value): { key: Value; items: Value[] }[] {
  const groups: { key: Value; items: Value[] }[] = [];
  for (const item of sorted) {
    const key = keyOf(item);
    const group = groups.at(-1);
    if (group !== undefined && (group.key === key || equals(group.key, key))) group.items.push(item);
    else groups.push({ key, items: [item] });
  }
  return groups;
}

export const SORTING_FILTERS: Record<string, Filter> = {
  sort,
  dictsort,
  min: extreme("min"),
  max: extreme("max"),
  groupby,
};
