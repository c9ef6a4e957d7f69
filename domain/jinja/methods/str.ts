import { wantInt, wantText } from "../arguments.ts";
import { JinjaError } from "../errors.ts";
import type { EngineContext } from "../extension.ts";
import { formatText } from "../format/str-format.ts";
import { iteratorOf, toList } from "../iterate.ts";
import { NO_KWARGS, Dict, Markup, type Kwargs, type Value } from "../values.ts";
import { methods, positional } from "./method.ts";
import { CASE } from "./str-case.ts";
import { KIND } from "./str-kind.ts";
import { PAD } from "./str-pad.ts";
import { replace, SEARCH } from "./str-search.ts";
import { SPLIT, wantTexts } from "./str-split.ts";
import { TRANSLATE } from "./str-translate.ts";

export function joinTexts(separator: string, parts: readonly string[], engine: EngineContext): string {
  let length = 0;
  for (const part of parts) length += part.length + separator.length;
  engine.spend(length);
  return parts.join(separator);
}

/** The items that `join` joins. */
export function joinedItems(args: readonly Value[], kwargs: Kwargs): Value[] {
  const [items = null] = positional("str.join", args, kwargs, 1);
  if (iteratorOf(items) === undefined) throw new JinjaError("TypeError", "can only join an iterable");
  return toList(items);
}

/** The arguments of `format_map`, which are one mapping of names. */
export function mappedArguments(args: readonly Value[], kwargs: Kwargs): Kwargs {
  const [mapping = null] = positional("format_map", args, kwargs, 1);
  if (!(mapping instanceof Dict)) return NO_KWARGS;
  const names = new Map<string, Value>();
  for (const [key, value] of mapping.entries.values()) if (typeof key === "string") names.set(key, value);
  return names;
}

const FORMAT = {
  join: (self: string, args: readonly Value[], kwargs: Kwargs, engine: EngineContext): Value =>
    joinTexts(self, wantTexts(joinedItems(args, kwargs)), engine),
  replace: (self: string, args: readonly Value[], kwargs: Kwargs, engine: EngineContext): Value => {
    const [old = null, by = null, count = -1] = positional("replace", args, kwargs, 2, 3);
    const [from, to] = [wantText(old, "replace() argument 1"), wantText(by, "replace() argument 2")];
    return replace(self, from, to, wantInt(count), engine);
  },
  format: (self: string, args: readonly Value[], kwargs: Kwargs, engine: EngineContext): Value =>
    formatText(self, args, kwargs, engine),
  format_map: (self: string, args: readonly Value[], kwargs: Kwargs, engine: EngineContext): Value =>
    formatText(self, [], mappedArguments(args, kwargs), engine),
};

/** What Python's `str` can do, as far as it makes text of text. Bytes are no value of templates, so there is no `encode`. */
const TEXT = { ...CASE, ...KIND, ...PAD, ...SEARCH, ...SPLIT, ...TRANSLATE, ...FORMAT };

export const STR_METHODS = methods((self) => (self instanceof Markup ? self.text : wantText(self, "self")), TEXT);
