import { bind, wantInt } from "../arguments.ts";
import { JinjaError } from "../errors.ts";
import type { Filter } from "../extension.ts";
import { str } from "../print.ts";
import { strip } from "../strip.ts";
import { sliceText, textLength } from "../text.ts";
import { isTrue } from "../truth.ts";
import { failUndefined } from "../undefined.ts";
import { Undefined } from "../values.ts";
import { linesOf } from "./text.ts";

const WORD = String.raw`[\p{L}\p{N}_]`;
const LETTER = String.raw`[\p{L}\p{Nl}\p{No}_]`;
const PUNCTUATED = String.raw`[\p{L}\p{N}_!"'&.,?]`;
const BLANK = String.raw`[\t\n\v\f\r ]`;
const NOT_BLANK = String.raw`[^\t\n\v\f\r ]`;

/** Where text may be broken, as Python's textwrap finds it: at blanks, behind hyphens inside words, at dashes between them. */
const CHUNK = new RegExp(
  `(${BLANK}+|(?<=${PUNCTUATED})-{2,}(?=${WORD})|${NOT_BLANK}+?(?:-(?:(?<=${LETTER}{2}-)|(?<=${LETTER}-${LETTER}-))(?=${LETTER}-?${LETTER})|(?=${BLANK}|$)|(?<=${PUNCTUATED})(?=-{2,}${WORD})))`,
  "u",
);
const BLANKS = new RegExp(`(${BLANK}+)`);

type Options = { width: number; breakLongWords: boolean; breakOnHyphens: boolean };

/** The first characters of a text that may be far longer. */
function headOf(text: string, count: number): string {
  return sliceText(text.slice(0, 2 * count), 0, count);
}

/** True without measuring text that is far longer. */
const isWider = (text: string, width: number): boolean => text.length > 2 * width || textLength(text) > width;

/** How much of a word that fits no line goes onto this one. */
function cutWord(word: string, room: number, breakOnHyphens: boolean): string {
  const head = headOf(word, room);
  if (breakOnHyphens && isWider(word, room)) {
    const hyphen = head.lastIndexOf("-");
    if (hyphen > 0 && /[^-]/.test(head.slice(0, hyphen))) return head.slice(0, hyphen + 1);
  }
  return head;
}

const isBlank = (chunk: string): boolean => strip(chunk, undefined) === "";

function wrap(text: string, { width, breakLongWords, breakOnHyphens }: Options): string[] {
  if (width <= 0) throw new JinjaError("ValueError", `invalid width ${width} (must be > 0)`);
  const chunks = text.split(breakOnHyphens ? CHUNK : BLANKS).filter((chunk) => chunk !== "");
  chunks.reverse();
  const lines: string[] = [];
  while (chunks.length > 0) {
    const line: string[] = [];
    let length = 0;
    if (lines.length > 0 && isBlank(chunks.at(-1) ?? "")) chunks.pop();
    for (let next = chunks.at(-1); next !== undefined && !isWider(next, width - length); next = chunks.at(-1)) {
      line.push(next);
      length += textLength(next);
      chunks.pop();
    }
    const long = chunks.at(-1);
    if (long !== undefined && isWider(long, width)) {
      if (breakLongWords) {
        const part = cutWord(long, width - length, breakOnHyphens);
        line.push(part);
        chunks[chunks.length - 1] = long.slice(part.length);
      } else if (line.length === 0) {
        line.push(long);
        chunks.pop();
      }
    }
    if (line.length > 0 && isBlank(line.at(-1) ?? "")) line.pop();
    if (line.length > 0) lines.push(line.join(""));
  }
  return lines;
}

export const wordwrap: Filter = (value, args, kwargs, engine) => {
  const [width, breakLongWords, wrapstring, breakOnHyphens] = bind(
    "do_wordwrap",
    [
      ["width", 79],
      ["break_long_words", true],
      ["wrapstring", null],
      ["break_on_hyphens", true],
    ],
    args,
    kwargs,
  );
  if (value instanceof Undefined) failUndefined(value);
  const options: Options = {
    width: wantInt(width),
    breakLongWords: isTrue(breakLongWords),
    breakOnHyphens: isTrue(breakOnHyphens),
  };
  const glue = wrapstring === null ? "\n" : str(wrapstring);
  const lines = linesOf(value, engine).map((line) => wrap(str(line), options));
  engine.spend(lines.reduce((sum, parts) => sum + parts.length, 0) * glue.length);
  return lines.map((parts) => parts.join(glue)).join(glue);
};
