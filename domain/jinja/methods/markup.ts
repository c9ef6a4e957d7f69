import type { EngineContext } from "../extension.ts";
import { unescape } from "../html.ts";
import { formatMarkup } from "../format/str-format.ts";
import { escape } from "../markup.ts";
import { Markup, Tuple, type Kwargs, type Value } from "../values.ts";
import { methods, wrongClass, type Method } from "./method.ts";
import { joinedItems, joinTexts, mappedArguments, STR_METHODS } from "./str.ts";
import { stripTags } from "../strip-tags.ts";

/** Makes what came of safe text safe again: text itself, and the parts in a list or tuple. */
function safe(value: Value): Value {
  if (typeof value === "string") return new Markup(value);
  if (Array.isArray(value)) return value.map(safe);
  return value instanceof Tuple ? new Tuple(value.items.map(safe)) : value;
}

/** Which argument these methods put into the text: it is escaped first. */
const INSERTED: Readonly<Record<string, number>> = { replace: 1, ljust: 1, rjust: 1, center: 1 };

const escapeAt = (args: readonly Value[], place: number): Value[] =>
  args.map((argument, index) => (index === place ? escape(argument).text : argument));

/** The methods of `str`, which give safe text where they give text. */
const inherited: [string, Method][] = [...STR_METHODS].map(([name, method]) => {
  const place = INSERTED[name];
  return [
    name,
    (self, args, kwargs, engine) =>
      safe(method(self, place === undefined ? args : escapeAt(args, place), kwargs, engine)),
  ];
});

const OWN = methods((self) => (self instanceof Markup ? self : wrongClass("Markup")), {
  join: (self: Markup, args: readonly Value[], kwargs: Kwargs, engine: EngineContext): Value => {
    const parts = joinedItems(args, kwargs).map((item) => escape(item).text);
    return new Markup(joinTexts(self.text, parts, engine));
  },
  format: (self: Markup, args: readonly Value[], kwargs: Kwargs, engine: EngineContext): Value =>
    formatMarkup(self, args, kwargs, engine),
  format_map: (self: Markup, args: readonly Value[], kwargs: Kwargs, engine: EngineContext): Value =>
    formatMarkup(self, [], mappedArguments(args, kwargs), engine),
  striptags: (self: Markup): Value => stripTags(self.text),
  unescape: (self: Markup): Value => unescape(self.text),
  escape: (_self: Markup, args: readonly Value[]): Value => escape(args[0] ?? null),
});

export const MARKUP_METHODS: ReadonlyMap<string, Method> = new Map([...inherited, ...OWN]);
