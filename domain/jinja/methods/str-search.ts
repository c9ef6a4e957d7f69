import { wantText } from "../arguments.ts";
import { JinjaError } from "../errors.ts";
import type { EngineContext } from "../extension.ts";
import { sliceBounds } from "../slice.ts";
import { isPlain, pointIndex, sliceText, textLength } from "../text.ts";
import { typeName } from "../type-name.ts";
import { Markup, Tuple, type Kwargs, type Value } from "../values.ts";
import { positional } from "./method.ts";

type Part = { text: string; start: number; stop: number };

/** What `start` and `end` leave of the text; undefined where `start` lies behind its end. */
function partOf(self: string, start: Value, stop: Value): Part | undefined {
  if (start === null && stop === null) return { text: self, start: 0, stop: Number.POSITIVE_INFINITY };
  const length = textLength(self);
  if (typeof start === "number" && start > length) return undefined;
  const bounds = sliceBounds(length, start, stop, null);
  if (bounds.stop < bounds.start) return undefined;
  return { text: sliceText(self, bounds.start, bounds.stop), start: bounds.start, stop: bounds.stop };
}

/** `find`, `rfind`, `index` and `rindex`: -1 where there is nothing. */
function search(name: string, last: boolean, self: string, args: readonly Value[], kwargs: Kwargs): number {
  const [wanted = null, start = null, stop = null] = positional(name, args, kwargs, 1, 3);
  const sought = wantText(wanted, `${name}() argument 1`);
  const part = partOf(self, start, stop);
  if (part === undefined) return -1;
  const at = last ? part.text.lastIndexOf(sought) : part.text.indexOf(sought);
  return at < 0 ? -1 : part.start + pointIndex(part.text, at);
}

const finding =
  (name: string, last: boolean) =>
  (self: string, args: readonly Value[], kwargs: Kwargs): number =>
    search(name, last, self, args, kwargs);

const indexing =
  (name: string, last: boolean) =>
  (self: string, args: readonly Value[], kwargs: Kwargs): number => {
    const at = search(name, last, self, args, kwargs);
    if (at < 0) throw new JinjaError("ValueError", "substring not found");
    return at;
  };

/** How often it occurs without overlapping; an empty one between all characters. */
function countIn(text: string, sought: string): number {
  if (sought === "") return textLength(text) + 1;
  return text.split(sought).length - 1;
}

const ending =
  (name: "startswith" | "endswith") =>
  (self: string, args: readonly Value[], kwargs: Kwargs): boolean => {
    const [wanted = null, start = null, stop = null] = positional(name, args, kwargs, 1, 3);
    if (!(wanted instanceof Tuple) && typeof wanted !== "string" && !(wanted instanceof Markup)) {
      const message = `${name} first arg must be str or a tuple of str, not ${typeName(wanted)}`;
      throw new JinjaError("TypeError", message);
    }
    const part = partOf(self, start, stop);
    const sought = wanted instanceof Tuple ? wanted.items : [wanted];
    return sought.some((item) => {
      const text = wantText(item, `tuple for ${name}`);
      if (part === undefined) return false;
      return name === "startswith" ? part.text.startsWith(text) : part.text.endsWith(text);
    });
  };

/** Text with `old` replaced, at most `most` times where that is not negative. */
export function replace(
  text: string,
  old: string,
  by: string,
  most: number,
  engine: Pick<EngineContext, "spend">,
): string {
  if (most === 0) return text;
  const found = countIn(text, old);
  const times = most < 0 ? found : Math.min(found, most);
  if (times === 0) return text;
  engine.spend(text.length + times * by.length);
  // Between the halves of one character there is no place.
  const parts = old === "" ? ["", ...(isPlain(text) ? text.split("") : Array.from(text)), ""] : text.split(old);
  if (times === found) return parts.join(by);
  const glue = old === "" ? "" : old;
  return [...parts.slice(0, times), parts.slice(times).join(glue)].join(by);
}

export const SEARCH = {
  find: finding("find", false),
  rfind: finding("rfind", true),
  index: indexing("index", false),
  rindex: indexing("rindex", true),
  count: (self: string, args: readonly Value[], kwargs: Kwargs): number => {
    const [wanted = null, start = null, stop = null] = positional("count", args, kwargs, 1, 3);
    const sought = wantText(wanted, "count() argument 1");
    const part = partOf(self, start, stop);
    return part === undefined ? 0 : countIn(part.text, sought);
  },
  startswith: ending("startswith"),
  endswith: ending("endswith"),
  removeprefix: (self: string, args: readonly Value[], kwargs: Kwargs): string => {
    const [wanted = null] = positional("str.removeprefix", args, kwargs, 1);
    const prefix = wantText(wanted, "removeprefix() argument");
    return prefix !== "" && self.startsWith(prefix) ? self.slice(prefix.length) : self;
  },
  removesuffix: (self: string, args: readonly Value[], kwargs: Kwargs): string => {
    const [wanted = null] = positional("str.removesuffix", args, kwargs, 1);
    const suffix = wantText(wanted, "removesuffix() argument");
    return suffix !== "" && self.endsWith(suffix) ? self.slice(0, -suffix.length) : self;
  },
};
