import { WHITESPACE } from "../strip.ts";
import type { Kwargs, Value } from "../values.ts";
import { positional } from "./method.ts";

/** Digits that count nothing in a decimal number: raised, lowered, circled, … (Unicode's Numeric_Type=Digit). */
const DIGITS = String.raw`\p{Nd}\xb2\xb3\xb9\u1369-\u1371\u19da\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247c\u2488-\u2490\u24ea\u24f5-\u24fd\u24ff\u2776-\u277e\u2780-\u2788\u278a-\u2792\u{10a40}-\u{10a43}\u{10e60}-\u{10e68}\u{11052}-\u{1105a}\u{1f100}-\u{1f10a}`;
/** Chinese characters that are numbers. */
const NUMERALS =
  "〇一七万三上九二五亖亿什仟仨伍佰億兆两亗京他零六八十千叁参參叄四壱壹百拾捌柒肆貳貮贰陆陸陌阡額廾廿弌弍弐弎弐玖秭萬";

const all = (characters: string): RegExp => new RegExp(`^[${characters}]+$`, "u");
const DECIMAL = all(String.raw`\p{Nd}`);
const DIGIT = all(DIGITS);
const NUMERIC = all(String.raw`\p{N}${NUMERALS}`);
const ALPHA = all(String.raw`\p{L}`);
const ALNUM = all(String.raw`\p{L}\p{N}`);
const SPACE = all(WHITESPACE);
const IDENTIFIER = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;

export function isLower(text: string): boolean {
  return /\p{Lowercase}/u.test(text) && !/[\p{Uppercase}\p{Lt}]/u.test(text);
}

export function isUpper(text: string): boolean {
  return /\p{Uppercase}/u.test(text) && !/[\p{Lowercase}\p{Lt}]/u.test(text);
}

/** Every word begins with a capital, and has no other. */
function isTitle(text: string): boolean {
  let inWord = false;
  let any = false;
  for (const character of text) {
    if (/[\p{Uppercase}\p{Lt}]/u.test(character)) {
      if (inWord) return false;
      inWord = true;
      any = true;
    } else if (/\p{Lowercase}/u.test(character)) {
      if (!inWord) return false;
    } else {
      inWord = false;
    }
  }
  return any;
}

type Check = (self: string, args: readonly Value[], kwargs: Kwargs) => Value;
const check =
  (name: string, holds: (text: string) => boolean): Check =>
  (self, args, kwargs) => {
    positional(`str.${name}`, args, kwargs, 0);
    return holds(self);
  };

export const isDigits = (text: string): boolean => DIGIT.test(text);

export const KIND = {
  isdecimal: check("isdecimal", (text) => DECIMAL.test(text)),
  isdigit: check("isdigit", isDigits),
  isnumeric: check("isnumeric", (text) => NUMERIC.test(text)),
  isalpha: check("isalpha", (text) => ALPHA.test(text)),
  isalnum: check("isalnum", (text) => ALNUM.test(text)),
  isspace: check("isspace", (text) => SPACE.test(text)),
  islower: check("islower", isLower),
  isupper: check("isupper", isUpper),
  istitle: check("istitle", isTitle),
  isascii: check("isascii", (text) => /^[\0-\x7f]*$/.test(text)),
  isidentifier: check("isidentifier", (text) => IDENTIFIER.test(text)),
  isprintable: check("isprintable", (text) => !UNPRINTABLE.test(text)),
};
