import type { CharClass, CharSet } from "./syntax.ts";

/** Whether a character (a code point) is one of those meant. */
export type CharTest = (char: number) => boolean;

const text = (char: number): string => String.fromCodePoint(char);

const isAsciiWord: CharTest = (c) => (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || c === 95 || (c >= 97 && c <= 122);
const isAsciiDigit: CharTest = (c) => c >= 48 && c <= 57;
const isAsciiSpace: CharTest = (c) => c === 32 || (c >= 9 && c <= 13);

const isWord: CharTest = (c) => (c < 128 ? isAsciiWord(c) : /[\p{L}\p{N}]/u.test(text(c)));
const isDigit: CharTest = (c) => (c < 128 ? isAsciiDigit(c) : /\p{Nd}/u.test(text(c)));
/** As `str.isspace()`: with the separators of files, groups, records and units. */
const isSpace: CharTest = (c) =>
  c < 128
    ? isAsciiSpace(c) || (c >= 28 && c <= 31)
    : c === 0x85 ||
      c === 0xa0 ||
      c === 0x1680 ||
      (c >= 0x2000 && c <= 0x200a) ||
      [0x2028, 0x2029, 0x202f, 0x205f, 0x3000].includes(c);

const UNICODE: Readonly<Record<CharClass, CharTest>> = { word: isWord, digit: isDigit, space: isSpace };
const ASCII: Readonly<Record<CharClass, CharTest>> = { word: isAsciiWord, digit: isAsciiDigit, space: isAsciiSpace };

export const wordTest = (ascii: boolean): CharTest => (ascii ? isAsciiWord : isWord);

export function setTest(set: CharSet, { ascii, ignoreCase }: { ascii: boolean; ignoreCase: boolean }): CharTest {
  const tests = set.classes.map(({ name, negative }) => {
    const test = (ascii ? ASCII : UNICODE)[name];
    return negative ? (c: number) => !test(c) : test;
  });
  const { ranges } = set;
  const plain: CharTest = (c) => ranges.some(([from, to]) => c >= from && c <= to) || tests.some((test) => test(c));
  const test: CharTest = ignoreCase ? (c) => plain(c) || plain(lower(c)) || plain(upper(c)) : plain;
  return memoized(set.negative ? (c) => !test(c) : test);
}

/** Nearly all text is ASCII: those answers are kept. */
function memoized(test: CharTest): CharTest {
  const known = new Uint8Array(128);
  return (c) => {
    if (c >= 128) return test(c);
    const answer = known[c];
    if (answer !== 0) return answer === 1;
    const found = test(c);
    known[c] = found ? 1 : 2;
    return found;
  };
}

export function charTest(char: number, ignoreCase: boolean): CharTest {
  if (!ignoreCase || (lower(char) === char && upper(char) === char)) return (c) => c === char;
  const folded = lower(char);
  return (c) => c === char || lower(c) === folded;
}

export function lower(char: number): number {
  if (char < 128) return char >= 65 && char <= 90 ? char + 32 : char;
  return single(text(char).toLowerCase(), char);
}

function upper(char: number): number {
  if (char < 128) return char >= 97 && char <= 122 ? char - 32 : char;
  return single(text(char).toUpperCase(), char);
}

function single(changed: string, char: number): number {
  const code = changed.codePointAt(0) ?? char;
  return changed.length === text(code).length ? code : char;
}
