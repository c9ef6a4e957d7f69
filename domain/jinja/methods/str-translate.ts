import { wantText } from "../arguments.ts";
import { JinjaError } from "../errors.ts";
import type { EngineContext } from "../extension.ts";
import { setItem } from "../hash.ts";
import { isInt } from "../int.ts";
import { Dict, Markup, type Kwargs, type Value } from "../values.ts";
import { positional } from "./method.ts";

const codeOf = (character: string): number => character.codePointAt(0) ?? 0;

/** One key of a table: a code point, or the character itself. */
function keyOf(key: Value): Value {
  if (isInt(key)) return key;
  const points = Array.from(wantText(key, "keys in translate table"));
  if (points.length !== 1) throw new JinjaError("ValueError", "string keys in translate table must be of length 1");
  return codeOf(points[0] ?? "");
}

function makeTable(args: readonly Value[]): Dict {
  const table = new Dict();
  const [from = null, to, without] = args;
  if (to === undefined) {
    if (!(from instanceof Dict)) {
      throw new JinjaError("TypeError", "if you give only one argument to maketrans it must be a dict");
    }
    for (const [key, value] of from.entries.values()) setItem(table, keyOf(key), value);
    return table;
  }
  const [left, right] = [from, to].map((part) => Array.from(wantText(part, "maketrans() argument")));
  if (left?.length !== right?.length) {
    throw new JinjaError("ValueError", "the first two maketrans arguments must have equal length");
  }
  for (const [index, character] of (left ?? []).entries())
    setItem(table, codeOf(character), codeOf(right?.[index] ?? ""));
  if (without !== undefined) {
    for (const character of wantText(without, "maketrans() argument 3")) setItem(table, codeOf(character), null);
  }
  return table;
}

function translateCharacter(character: string, to: Value | undefined): string {
  if (to === undefined) return character;
  if (to === null) return "";
  if (typeof to === "string" || to instanceof Markup) return wantText(to, "translation");
  if (typeof to !== "number") {
    throw new JinjaError("TypeError", "character mapping must return integer, None or str");
  }
  if (to < 0 || to > 0x10_ff_ff) throw new JinjaError("ValueError", "character mapping must be in range(0x110000)");
  return String.fromCodePoint(to);
}

export const TRANSLATE = {
  maketrans: (_self: string, args: readonly Value[], kwargs: Kwargs): Value =>
    makeTable(positional("maketrans", args, kwargs, 1, 3)),
  translate: (self: string, args: readonly Value[], kwargs: Kwargs, engine: EngineContext): Value => {
    const [table = null] = positional("str.translate", args, kwargs, 1);
    let translated = "";
    for (const character of self) {
      const code = codeOf(character);
      const to = table instanceof Dict ? table.entries.get(code)?.[1] : undefined;
      translated += translateCharacter(character, to);
      engine.spend(1);
    }
    return translated;
  },
};
