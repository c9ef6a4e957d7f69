import { bind, wantInt, wantText } from "../arguments.ts";
import { JinjaError } from "../errors.ts";
import { SPACE, strip, WHITESPACE, type End } from "../strip.ts";
import { isTrue } from "../truth.ts";
import { typeName } from "../type-name.ts";
import { Markup, Tuple, type Kwargs, type Value } from "../values.ts";
import { positional } from "./method.ts";

const SPACES = new RegExp(`[${WHITESPACE}]+`);

const stripping =
  (name: string, ends: readonly End[]) =>
  (self: string, args: readonly Value[], kwargs: Kwargs): string => {
    const [chars = null] = positional(name, args, kwargs, 0, 1);
    if (chars === null) return strip(self, undefined, ends);
    if (typeof chars === "string" || chars instanceof Markup) return strip(self, wantText(chars, name), ends);
    throw new JinjaError("TypeError", `${name} arg must be None or str`);
  };

/** At runs of whitespace; at most `most` times where that is not negative. */
export function splitWhitespace(text: string, most = -1): string[] {
  if (most < 0) {
    const trimmed = strip(text, undefined);
    return trimmed === "" ? [] : trimmed.split(SPACES);
  }
  const words: string[] = [];
  let at = 0;
  const skip = (space: boolean): void => {
    while (at < text.length && SPACE.test(text.charAt(at)) === space) at += 1;
  };
  for (skip(true); at < text.length; skip(true)) {
    if (words.length >= most) return [...words, text.slice(at)];
    const start = at;
    skip(false);
    words.push(text.slice(start, at));
  }
  return words;
}

function splitWhitespaceRight(text: string, most: number): string[] {
  if (most < 0) return splitWhitespace(text);
  const words: string[] = [];
  let end = text.length;
  const skip = (space: boolean): void => {
    while (end > 0 && SPACE.test(text.charAt(end - 1)) === space) end -= 1;
  };
  for (skip(true); end > 0; skip(true)) {
    if (words.length >= most) return [text.slice(0, end), ...words.toReversed()];
    const stop = end;
    skip(false);
    words.push(text.slice(end, stop));
  }
  return words.toReversed();
}

function splitAt(text: string, separator: string, most: number): string[] {
  const parts = text.split(separator);
  if (most < 0 || parts.length <= most + 1) return parts;
  return [...parts.slice(0, most), parts.slice(most).join(separator)];
}

/** From the right the separators found are others where they overlap. */
function splitAtRight(text: string, separator: string, most: number): string[] {
  const parts: string[] = [];
  let end = text.length;
  while (most < 0 || parts.length < most) {
    const at = end < separator.length ? -1 : text.lastIndexOf(separator, end - separator.length);
    if (at < 0) break;
    parts.push(text.slice(at + separator.length, end));
    end = at;
  }
  return [...parts, text.slice(0, end)].toReversed();
}

const splitting =
  (name: string, side: End) =>
  (self: string, args: readonly Value[], kwargs: Kwargs): string[] => {
    const [separator, maxsplit] = bind(
      name,
      [
        ["sep", null],
        ["maxsplit", -1],
      ],
      args,
      kwargs,
    );
    const most = wantInt(maxsplit);
    if (separator === null) return side === "left" ? splitWhitespace(self, most) : splitWhitespaceRight(self, most);
    const text = wantText(separator, "separator");
    if (text === "") throw new JinjaError("ValueError", "empty separator");
    return side === "left" ? splitAt(self, text, most) : splitAtRight(self, text, most);
  };

const LINE = /\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]/;
const LINE_WITH_END =
  /[^\n\v\f\r\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029])|[^\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+$/g;

export function splitLines(text: string, keepEnds = false): string[] {
  if (keepEnds) return text.match(LINE_WITH_END) ?? [];
  const lines = text.split(LINE);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

const cutting =
  (name: string, side: End) =>
  (self: string, args: readonly Value[], kwargs: Kwargs): Tuple => {
    const [wanted = null] = positional(`str.${name}`, args, kwargs, 1);
    const separator = wantText(wanted, "separator");
    if (separator === "") throw new JinjaError("ValueError", "empty separator");
    const at = side === "left" ? self.indexOf(separator) : self.lastIndexOf(separator);
    if (at < 0) return new Tuple(side === "left" ? [self, "", ""] : ["", "", self]);
    return new Tuple([self.slice(0, at), separator, self.slice(at + separator.length)]);
  };

/** The items of `join`, which must all be text. */
export function wantTexts(items: readonly Value[]): string[] {
  return items.map((item, index) => {
    if (typeof item === "string") return item;
    if (item instanceof Markup) return item.text;
    throw new JinjaError("TypeError", `sequence item ${index}: expected str instance, ${typeName(item)} found`);
  });
}

export const SPLIT = {
  strip: stripping("strip", ["left", "right"]),
  lstrip: stripping("lstrip", ["left"]),
  rstrip: stripping("rstrip", ["right"]),
  split: splitting("split", "left"),
  rsplit: splitting("rsplit", "right"),
  splitlines: (self: string, args: readonly Value[], kwargs: Kwargs): string[] => {
    const [keepends] = bind("splitlines", [["keepends", false]], args, kwargs);
    return splitLines(self, isTrue(keepends));
  },
  partition: cutting("partition", "left"),
  rpartition: cutting("rpartition", "right"),
};
