import { bind, wantInt } from "../arguments.ts";
import { callMethod } from "../attributes.ts";
import { JinjaError } from "../errors.ts";
import type { EngineContext, Filter } from "../extension.ts";
import { setItem } from "../hash.ts";
import { escape, isHtml, softText } from "../markup.ts";
import { replace as replaceText } from "../methods/str-search.ts";
import { add, mod } from "../operators.ts";
import { str } from "../print.ts";
import { stripTags } from "../strip-tags.ts";
import { WHITESPACE } from "../strip.ts";
import { lengthOf } from "../iterate.ts";
import { isTrue } from "../truth.ts";
import { typeName } from "../type-name.ts";
import { Dict, Markup, NO_KWARGS, Tuple, type Kwargs, type Value } from "../values.ts";
import { slice } from "../slice.ts";

/** Calls a method of `str` on the value as text; safe text stays safe. */
function method(name: string, value: Value, args: readonly Value[], engine: EngineContext): Value {
  return callMethod(softText(value), name, args, NO_KWARGS, engine) ?? null;
}

/** A filter that is no more than a method without arguments. */
const plain =
  (name: string): Filter =>
  (value, args, kwargs, engine) => {
    bind(`do_${name}`, [], args, kwargs);
    return method(name, value, [], engine);
  };

const WORD_BEGINS = new RegExp(`([-${WHITESPACE}({\\[<]+)`);

const title: Filter = (value, args, kwargs) => {
  bind("do_title", [], args, kwargs);
  return str(value)
    .split(WORD_BEGINS)
    .map((word) => {
      const [first] = word;
      return first === undefined ? "" : first.toUpperCase() + word.slice(first.length).toLowerCase();
    })
    .join("");
};

const center: Filter = (value, args, kwargs, engine) => {
  const [width] = bind("do_center", [["width", 80]], args, kwargs);
  return method("center", value, [width], engine);
};

const trim: Filter = (value, args, kwargs, engine) => {
  const [chars] = bind("do_trim", [["chars", null]], args, kwargs);
  return method("strip", value, [chars], engine);
};

const replace: Filter = (value, args, kwargs, engine) => {
  const [old, by, count] = bind("do_replace", ["old", "new", ["count", null]], args, kwargs);
  const most = count === null ? -1 : wantInt(count);
  if (!engine.autoescape) return replaceText(str(value), str(old), str(by), most, engine);
  const safe = isHtml(old) || (isHtml(by) && !isHtml(value));
  const text = safe ? escape(value) : softText(value);
  return callMethod(text, "replace", [softText(old), softText(by), most], NO_KWARGS, engine) ?? null;
};

/** `value % args`, or `% kwargs`. */
const format: Filter = (value, args, kwargs, engine) => {
  if (args.length > 0 && kwargs.size > 0) {
    const message = "can't handle positional and keyword arguments at the same time";
    throw new JinjaError("FilterArgumentError", message);
  }
  return mod(softText(value), kwargs.size > 0 ? dictOf(kwargs) : new Tuple(args), engine);
};

function dictOf(kwargs: Kwargs): Dict {
  const dict = new Dict();
  for (const [key, value] of kwargs) setItem(dict, key, value);
  return dict;
}

const wordcount: Filter = (value, args, kwargs) => {
  bind("do_wordcount", [], args, kwargs);
  return str(value).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0;
};

/** The lines of text, safe ones of safe text; what is no text has none, as Python says it. */
export function linesOf(value: Value, engine: EngineContext): Value[] {
  const lines = callMethod(value, "splitlines", [], NO_KWARGS, engine);
  if (Array.isArray(lines)) return lines;
  throw new JinjaError("AttributeError", `'${typeName(value)}' object has no attribute 'splitlines'`);
}

const indent: Filter = (value, args, kwargs, engine) => {
  const [width, first, blank] = bind(
    "do_indent",
    [
      ["width", 4],
      ["first", false],
      ["blank", false],
    ],
    args,
    kwargs,
  );
  const isText = typeof width === "string" || width instanceof Markup;
  const spaces = isText ? str(width) : indentation(width, engine);
  // Python's `+=` takes text for the items of a list, which then has no lines either.
  const ended = Array.isArray(value) ? value : add(value, "\n", engine);
  const lines = linesOf(ended, engine).map((line) => str(line));
  engine.spend(lines.length * (spaces.length + 1));
  const all = isTrue(blank);
  const text = lines.map((line, index) => (index === 0 || (line === "" && !all) ? line : spaces + line)).join("\n");
  const indented = isTrue(first) ? spaces + text : text;
  return value instanceof Markup ? new Markup(indented) : indented;
};

function indentation(width: Value, engine: EngineContext): string {
  const spaces = wantInt(width);
  if (spaces <= 0) return "";
  engine.spend(spaces);
  return " ".repeat(spaces);
}

function lengthNeeded(value: Value): number {
  const length = lengthOf(value);
  if (length === undefined) throw new JinjaError("TypeError", `object of type '${typeName(value)}' has no len()`);
  return length;
}

/** As many characters as `truncate` lets text be longer than it was told. */
const LEEWAY = 5;

const truncate: Filter = (value, args, kwargs, engine) => {
  const [length, killwords, end, leeway] = bind(
    "do_truncate",
    [
      ["length", 255],
      ["killwords", false],
      ["end", "..."],
      ["leeway", null],
    ],
    args,
    kwargs,
  );
  const [most, more] = [wantInt(length), leeway === null ? LEEWAY : wantInt(leeway)];
  const ending = lengthNeeded(end);
  if (most < ending) throw new JinjaError("AssertionError", `expected length >= ${ending}, got ${most}`);
  if (more < 0) throw new JinjaError("AssertionError", `expected leeway >= 0, got ${more}`);
  if (lengthNeeded(value) <= most + more) return value;
  const kept = slice(value, null, most - ending, null) ?? null;
  if (isTrue(killwords)) return add(kept, end, engine);
  const parts = callMethod(kept, "rsplit", [" ", 1], NO_KWARGS, engine);
  if (!Array.isArray(parts)) {
    throw new JinjaError("AttributeError", `'${typeName(kept)}' object has no attribute 'rsplit'`);
  }
  return add(parts[0] ?? null, end, engine);
};

const striptags: Filter = (value, args, kwargs) => {
  bind("do_striptags", [], args, kwargs);
  return stripTags(str(value));
};

const string: Filter = (value, args, kwargs) => {
  bind("soft_str", [], args, kwargs);
  return softText(value);
};

const safe: Filter = (value, args, kwargs) => {
  bind("do_mark_safe", [], args, kwargs);
  return new Markup(str(value));
};

const escaping: Filter = (value, args, kwargs) => {
  bind("escape", [], args, kwargs);
  return escape(value);
};

const forceescape: Filter = (value, args, kwargs) => {
  bind("do_forceescape", [], args, kwargs);
  return escape(str(value));
};

export const TEXT_FILTERS: Record<string, Filter> = {
  upper: plain("upper"),
  lower: plain("lower"),
  capitalize: plain("capitalize"),
  title,
  center,
  trim,
  replace,
  format,
  wordcount,
  indent,
  truncate,
  striptags,
  string,
  safe,
  escape: escaping,
  e: escaping,
  forceescape,
};
