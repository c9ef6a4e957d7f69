import { bind, wantInt, wantText } from "../arguments.ts";
import { JinjaError } from "../errors.ts";
import type { EngineContext } from "../extension.ts";
import { isPlain, textLength } from "../text.ts";
import { Markup, type Kwargs, type Value } from "../values.ts";
import { positional } from "./method.ts";

type Budgeted = Pick<EngineContext, "spend">;
export type Side = "left" | "right" | "center";

/** Text in the middle of so many characters, or at one side of them. */
function pad(text: string, width: number, fill: string, side: Side, engine: Budgeted): string {
  const missing = width - textLength(text);
  if (missing <= 0) return text;
  engine.spend(missing);
  if (side === "left") return text + fill.repeat(missing);
  if (side === "right") return fill.repeat(missing) + text;
  // The odd one goes to the left of text whose width is to be odd: Python's rule.
  const before = Math.floor(missing / 2) + (missing & width & 1);
  return fill.repeat(before) + text + fill.repeat(missing - before);
}

const padding =
  (name: string, side: Side) =>
  (self: string, args: readonly Value[], kwargs: Kwargs, engine: Budgeted): string => {
    const [width = null, fill = " "] = positional(name, args, kwargs, 1, 2);
    const character = typeof fill === "string" || fill instanceof Markup ? wantText(fill, name) : undefined;
    if (character === undefined || textLength(character) !== 1) {
      throw new JinjaError("TypeError", "The fill character must be exactly one character long");
    }
    return pad(self, wantInt(width), character, side, engine);
  };

function zeroFill(text: string, width: number, engine: Budgeted): string {
  const sign = /^[+-]/.exec(text)?.[0] ?? "";
  return sign + pad(text.slice(sign.length), width - sign.length, "0", "right", engine);
}

/** Every tab becomes spaces up to the next column that `size` divides. */
function expandTabs(text: string, size: number, engine: Budgeted): string {
  let column = 0;
  let expanded = "";
  for (const character of isPlain(text) ? text.split("") : Array.from(text)) {
    if (character === "\t") {
      const spaces = size > 0 ? size - (column % size) : 0;
      engine.spend(spaces);
      expanded += " ".repeat(spaces);
      column += spaces;
    } else {
      expanded += character;
      column = character === "\n" || character === "\r" ? 0 : column + 1;
    }
  }
  return expanded;
}

export const PAD = {
  center: padding("center", "center"),
  ljust: padding("ljust", "left"),
  rjust: padding("rjust", "right"),
  zfill: (self: string, args: readonly Value[], kwargs: Kwargs, engine: Budgeted): string => {
    const [width = null] = positional("str.zfill", args, kwargs, 1);
    return zeroFill(self, wantInt(width), engine);
  },
  expandtabs: (self: string, args: readonly Value[], kwargs: Kwargs, engine: Budgeted): string => {
    const [size] = bind("expandtabs", [["tabsize", 8]], args, kwargs);
    return expandTabs(self, wantInt(size), engine);
  },
};
