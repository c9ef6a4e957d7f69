import { isTooLongForInt, normalize, tooManyDigits } from "./int.ts";
import { strip } from "./strip.ts";

const PREFIXES: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16 };

/** Decimal digits of every script as those of ASCII, which Python's numbers take alike. */
function plainDigits(text: string): string {
  return text.replace(/(?![0-9])\p{Nd}/gu, (digit) => String(digitValue(digit)));
}

/** Scripts have their ten digits in one row, which begins where the one before is none. */
function digitValue(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (code - zero < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return code - zero;
}

/** Python's `int(text, base)`; undefined for what is no such number. */
export function parseInteger(text: string, base: number): number | bigint | undefined {
  const match = /^([+-]?)(?:0([bBoOxX])_?)?([0-9a-zA-Z]+(?:_[0-9a-zA-Z]+)*)$/.exec(plainDigits(strip(text, undefined)));
  if (match === null) return undefined;
  const [, sign = "", letter, body = ""] = match;
  const prefix = letter === undefined ? undefined : PREFIXES[letter.toLowerCase()];
  if (prefix !== undefined && base !== prefix && base !== 0) {
    // `0b1` is a number of its own in a base that has a digit `b`.
    const value = digitsValue(`0${letter ?? ""}${body}`.replaceAll("_", ""), base);
    return value === undefined ? undefined : normalize(sign === "-" ? -value : value);
  }
  const radix = base === 0 ? (prefix ?? 10) : base;
  const digits = body.replaceAll("_", "");
  if (base === 0 && prefix === undefined && /^0+[1-9]/.test(digits)) return undefined;
  const value = digitsValue(digits, radix);
  return value === undefined ? undefined : normalize(sign === "-" ? -value : value);
}

function digitsValue(digits: string, radix: number): bigint | undefined {
  if (radix === 10) {
    if (!/^\d+$/.test(digits)) return undefined;
    if (isTooLongForInt(digits)) throw tooManyDigits();
    return BigInt(digits);
  }
  if (!Array.from(digits).every((digit) => Number.parseInt(digit, 36) < radix)) return undefined;
  const bits = Math.log2(radix);
  if (Number.isInteger(bits)) {
    // Each digit is so many bits: read at once, however many there are.
    const inBits = Array.from(digits, (digit) => Number.parseInt(digit, 36).toString(2).padStart(bits, "0"));
    return BigInt(`0b${inBits.join("")}`);
  }
  if (isTooLongForInt(digits)) throw tooManyDigits();
  let value = 0n;
  for (const digit of digits) {
    value = value * BigInt(radix) + BigInt(Number.parseInt(digit, 36));
  }
  return value;
}

const FLOAT = /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?$/;
const NAMED = /^([+-]?)(?:(inf|infinity)|nan)$/i;

/** Python's `float(text)`; undefined for what is no such number. */
export function parseFloatText(text: string): number | undefined {
  const trimmed = plainDigits(strip(text, undefined));
  const named = NAMED.exec(trimmed);
  if (named !== null) {
    if (named[2] === undefined) return Number.NaN;
    return named[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  return FLOAT.test(trimmed) ? Number(trimmed.replaceAll("_", "")) : undefined;
}
