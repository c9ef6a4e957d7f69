import { bind } from "../arguments.ts";
import { JinjaError } from "../errors.ts";
import type { EngineContext, Filter } from "../extension.ts";
import { toList } from "../iterate.ts";
import { Tuple, type Kwargs, type Value } from "../values.ts";
import { ValueSet } from "./merge-dicts.ts";
import { fail, intParameter } from "./support.ts";

/** Sets keep the order in which items came first; Python's have none. */
const setFilter =
  (name: string, pick: (left: Value[], right: Value[], engine: EngineContext) => Value[]): Filter =>
  (value, args, kwargs, engine) => {
    const [other] = bind(name, ["b"], args, kwargs);
    const picked = pick(toList(value), toList(other), engine);
    const seen = new ValueSet([], engine);
    return picked.filter((item) => seen.add(item));
  };

function without(items: readonly Value[], others: readonly Value[], engine: EngineContext): Value[] {
  const set = new ValueSet(others, engine);
  return items.filter((item) => !set.has(item));
}

function common(left: readonly Value[], right: readonly Value[], engine: EngineContext): Value[] {
  const set = new ValueSet(right, engine);
  return left.filter((item) => set.has(item));
}

function noOthers(filter: string, kwargs: Kwargs, known: string): void {
  const other = [...kwargs.keys()].find((key) => key !== known);
  if (other !== undefined)
    throw new JinjaError("TypeError", `${filter}() got an unexpected keyword argument '${other}'`);
}

const zip: Filter = (value, args, kwargs, engine) => {
  noOthers("zip", kwargs, "");
  const lists = [value, ...args].map(toList);
  return rows(Math.min(...lists.map((list) => list.length)), lists, null, engine);
};

const zipLongest: Filter = (value, args, kwargs, engine) => {
  noOthers("zip_longest", kwargs, "fillvalue");
  const lists = [value, ...args].map(toList);
  return rows(Math.max(...lists.map((list) => list.length)), lists, kwargs.get("fillvalue") ?? null, engine);
};

function rows(count: number, lists: readonly Value[][], fill: Value, engine: EngineContext): Value[] {
  engine.spend(count * lists.length);
  return Array.from(
    { length: count },
    (_, row) => new Tuple(lists.map((list) => (row < list.length ? (list[row] ?? null) : fill))),
  );
}

const product: Filter = (value, args, kwargs, engine) => {
  noOthers("product", kwargs, "repeat");
  const repeat = Number(intParameter("product", "repeat", kwargs.get("repeat") ?? 1));
  if (repeat < 0) return fail("product", "repeat argument cannot be negative");
  const once = [value, ...args].map(toList);
  engine.spend(repeat * once.length);
  const lists = Array.from({ length: repeat }, () => once).flat();
  let found: Value[][] = [[]];
  for (const list of lists) {
    engine.spend(ROW * found.length * list.length);
    found = found.flatMap((row) => list.map((item) => [...row, item]));
  }
  return found.map((row) => new Tuple(row));
};

/** What a row of a result costs, against one step of a loop. */
const ROW = 8;

/** Which places of the list a row takes, from the rows so far: the order is Python's. */
const choosing =
  (name: string, mayFollow: (row: readonly number[], next: number) => boolean): Filter =>
  (value, args, kwargs, engine) => {
    const [length] = bind(name, [["r", null]], args, kwargs);
    const items = toList(value);
    const size = length === null && name === "permutations" ? items.length : Number(intParameter(name, "r", length));
    if (size < 0) return fail(name, "r must be non-negative");
    if (size > items.length) return [];
    let found: number[][] = [[]];
    for (let i = 0; i < size; i++) {
      engine.spend(ROW * found.length * items.length);
      found = found.flatMap((row) =>
        Array.from(items.keys())
          .filter((next) => mayFollow(row, next))
          .map((next) => [...row, next]),
      );
    }
    return found.map((row) => new Tuple(row.map((place) => items[place] ?? null)));
  };

export const SET_FILTERS: readonly (readonly [string, Filter])[] = [
  ["union", setFilter("union", (left, right) => [...left, ...right])],
  ["intersect", setFilter("intersect", common)],
  ["difference", setFilter("difference", without)],
  [
    "symmetric_difference",
    setFilter("symmetric_difference", (left, right, engine) => [
      ...without(left, right, engine),
      ...without(right, left, engine),
    ]),
  ],
  ["zip", zip],
  ["zip_longest", zipLongest],
  ["product", product],
  ["permutations", choosing("permutations", (row, next) => !row.includes(next))],
  ["combinations", choosing("combinations", (row, next) => next > (row.at(-1) ?? -1))],
];
