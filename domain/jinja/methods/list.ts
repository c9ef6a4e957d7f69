import { bind, wantInt } from "../arguments.ts";
import { equals } from "../compare.ts";
import { JinjaError } from "../errors.ts";
import type { EngineContext } from "../extension.ts";
import { toList } from "../iterate.ts";
import { repr } from "../print.ts";
import { sliceBounds } from "../slice.ts";
import { sortBy } from "../sort.ts";
import { isTrue } from "../truth.ts";
import type { Kwargs, Value } from "../values.ts";
import { methods, positional, wrongClass } from "./method.ts";

const isSame = (item: Value, other: Value): boolean => item === other || equals(item, other);

/** The place of an item between `start` and `stop`; -1 where it is not there. */
export function placeOf(items: readonly Value[], args: readonly Value[]): number {
  const [wanted = null, start = null, stop = null] = args;
  const bounds = sliceBounds(items.length, start, stop, null);
  return items.findIndex((item, index) => index >= bounds.start && index < bounds.stop && isSame(item, wanted));
}

export const countOf = (items: readonly Value[], wanted: Value): number =>
  items.filter((item) => isSame(item, wanted)).length;

/** Where `insert` puts an item: an index that is too large or too small means an end. */
const clampIndex = (index: number, length: number): number =>
  index < 0 ? Math.max(0, index + length) : Math.min(index, length);

function sort(self: Value[], args: readonly Value[], kwargs: Kwargs, engine: EngineContext): null {
  if (args.length > 0) throw new JinjaError("TypeError", "sort() takes no positional arguments");
  const [key, reverse] = bind(
    "sort",
    [
      ["key", null],
      ["reverse", false],
    ],
    [],
    kwargs,
  );
  engine.spend(self.length);
  const sorted = sortBy(self, key === null ? (item) => item : (item) => engine.call(key, [item]), isTrue(reverse));
  for (const [index, item] of sorted.entries()) self[index] = item;
  return null;
}

export const LIST_METHODS = methods((self) => (Array.isArray(self) ? self : wrongClass("list")), {
  append: (self: Value[], args, kwargs, engine) => {
    const [item = null] = positional("list.append", args, kwargs, 1);
    engine.spend(1);
    self.push(item);
    return null;
  },
  extend: (self: Value[], args, kwargs, engine) => {
    const [items = null] = positional("list.extend", args, kwargs, 1);
    const more = toList(items);
    engine.spend(more.length);
    for (const item of more) self.push(item);
    return null;
  },
  insert: (self: Value[], args, kwargs, engine) => {
    const [index = null, item = null] = positional("insert", args, kwargs, 2);
    engine.spend(1);
    self.splice(clampIndex(wantInt(index), self.length), 0, item);
    return null;
  },
  pop: (self: Value[], args, kwargs) => {
    const [index = -1] = positional("pop", args, kwargs, 0, 1);
    const wanted = wantInt(index);
    if (self.length === 0) throw new JinjaError("IndexError", "pop from empty list");
    const place = wanted < 0 ? wanted + self.length : wanted;
    if (place < 0 || place >= self.length) throw new JinjaError("IndexError", "pop index out of range");
    return self.splice(place, 1)[0] ?? null;
  },
  remove: (self: Value[], args, kwargs) => {
    const place = placeOf(self, positional("list.remove", args, kwargs, 1));
    if (place < 0) throw new JinjaError("ValueError", "list.remove(x): x not in list");
    self.splice(place, 1);
    return null;
  },
  index: (self: Value[], args, kwargs) => {
    const place = placeOf(self, positional("index", args, kwargs, 1, 3));
    if (place < 0) throw new JinjaError("ValueError", `${repr(args[0] ?? null)} is not in list`);
    return place;
  },
  count: (self: Value[], args, kwargs) => countOf(self, positional("list.count", args, kwargs, 1)[0] ?? null),
  sort,
  reverse: (self: Value[], args, kwargs) => {
    positional("list.reverse", args, kwargs, 0);
    self.reverse();
    return null;
  },
  copy: (self: Value[], args, kwargs) => {
    positional("list.copy", args, kwargs, 0);
    return self.slice();
  },
  clear: (self: Value[], args, kwargs) => {
    positional("list.clear", args, kwargs, 0);
    self.splice(0);
    return null;
  },
});
