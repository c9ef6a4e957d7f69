import { positional } from "./method.ts";
import type { Kwargs, Value } from "../values.ts";

/** Letters that have a form of their own for the beginning of a word, which JavaScript does not know. */
const DIGRAPHS: Readonly<Record<string, string>> = Object.fromEntries(
  ["Ǆǅǆǅ", "ǇǈǉǈǈǇ", "Ǌǋǌǋ", "ǱǲǳǲǲǱ"].flatMap((group) => {
    const title = group.charAt(1);
    return Array.from(group, (letter) => [letter, title]);
  }),
);

/** The character as the first of a word. */
function titleCase(character: string): string {
  const digraph = DIGRAPHS[character];
  if (digraph !== undefined) return digraph;
  // Georgian letters have capitals, but no word begins with one.
  if (/[\u10d0-\u10ff]/.test(character)) return character;
  const upper = character.toUpperCase();
  const [first = "", ...rest] = upper;
  return first + rest.join("").toLowerCase();
}

/** The character at a place of a text in lower case; the Greek sigma has another form where a word ends. */
function lowerAt(text: string, at: number, character: string): string {
  if (character !== "Σ") return character.toLowerCase();
  return hasLetter(text, at, -1) && !hasLetter(text, at, 1) ? "ς" : "σ";
}

/** True if the next character to that side is a letter with case, apart from those that stand inside words. */
function hasLetter(text: string, from: number, step: 1 | -1): boolean {
  for (let at = from + step; at >= 0 && at < text.length; at += step) {
    const unit = text.charCodeAt(at);
    const isSecondHalf = unit >= 0xdc_00 && unit <= 0xdf_ff;
    const character = String.fromCodePoint(text.codePointAt(isSecondHalf ? at - 1 : at) ?? 0);
    if (character.length === 2) at += step === 1 ? 1 : -1;
    if (!/\p{Case_Ignorable}/u.test(character)) return /\p{Cased}/u.test(character);
  }
  return false;
}

/** Changes each character by itself, told whether a letter that has case stands before it. */
function changeEach(text: string, change: (character: string, at: number, inWord: boolean) => string): string {
  let changed = "";
  let at = 0;
  let inWord = false;
  for (const character of text) {
    changed += change(character, at, inWord);
    inWord = /\p{Cased}/u.test(character);
    at += character.length;
  }
  return changed;
}

function capitalize(text: string): string {
  return changeEach(text, (character, at) => (at === 0 ? titleCase(character) : lowerAt(text, at, character)));
}

/** A word is a run of letters that have case. */
function title(text: string): string {
  return changeEach(text, (character, at, inWord) => (inWord ? lowerAt(text, at, character) : titleCase(character)));
}

function swapCase(text: string): string {
  return changeEach(text, (character, at) => {
    if (/\p{Uppercase}/u.test(character)) return lowerAt(text, at, character);
    return /\p{Lowercase}/u.test(character) ? character.toUpperCase() : character;
  });
}

/** For comparing without regard to case: stronger than lower. */
function caseFold(text: string): string {
  let folded = "";
  for (const character of text) folded += foldCharacter(character);
  return folded;
}

function foldCharacter(character: string): string {
  if (character === "ı") return character;
  // Cherokee folds to its capitals, which came first.
  return /\p{Script=Cherokee}/u.test(character) ? character.toUpperCase() : character.toUpperCase().toLowerCase();
}

type Change = (self: string, args: readonly Value[], kwargs: Kwargs) => Value;
const plain =
  (name: string, change: (text: string) => string): Change =>
  (self, args, kwargs) => {
    positional(`str.${name}`, args, kwargs, 0);
    return change(self);
  };

export const CASE = {
  upper: plain("upper", (text) => text.toUpperCase()),
  lower: plain("lower", (text) => text.toLowerCase()),
  title: plain("title", title),
  capitalize: plain("capitalize", capitalize),
  swapcase: plain("swapcase", swapCase),
  casefold: plain("casefold", caseFold),
};
