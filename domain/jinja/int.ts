import { JinjaError } from "./errors.ts";
import type { Value } from "./values.ts";

/** How many digits Python lets an integer have that is turned into text, or read from it. */
const MAX_DIGITS = 4300;
const MAX_DIGITS_LIMIT = 10n ** BigInt(MAX_DIGITS);

/** The one form of an `int`: a number where that is exact, a bigint beyond. */
export function normalize(big: bigint): number | bigint {
  return big >= -9007199254740991n && big <= 9007199254740991n ? Number(big) : big;
}

/** True for what Python calls an int; its booleans are ints too. */
export function isInt(value: Value): value is number | bigint | boolean {
  return typeof value === "number" || typeof value === "boolean" || typeof value === "bigint";
}

export function toInt(value: number | bigint | boolean): number | bigint {
  return typeof value === "boolean" ? Number(value) : value;
}

export function intText(value: number | bigint): string {
  if (typeof value === "number") return String(value);
  if (value >= MAX_DIGITS_LIMIT || value <= -MAX_DIGITS_LIMIT) throw tooManyDigits();
  return String(value);
}

export function tooManyDigits(): JinjaError {
  return new JinjaError(
    "ValueError",
    `Exceeds the limit (${MAX_DIGITS} digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit`,
  );
}

export const isTooLongForInt = (digits: string): boolean => digits.length > MAX_DIGITS;

export function addInts(left: number | bigint, right: number | bigint): number | bigint {
  if (typeof left === "number" && typeof right === "number") {
    const sum = left + right;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return normalize(BigInt(left) + BigInt(right));
}

export function subtractInts(left: number | bigint, right: number | bigint): number | bigint {
  if (typeof left === "number" && typeof right === "number") {
    const difference = left - right;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return normalize(BigInt(left) - BigInt(right));
}

export function multiplyInts(left: number | bigint, right: number | bigint): number | bigint {
  if (typeof left === "number" && typeof right === "number") {
    const product = left * right;
    // `+ 0` makes 0 of -0, which no int is.
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return normalize(BigInt(left) * BigInt(right));
}

/** Python rounds the quotient down, and the remainder has the divisor's sign. */
export function floorDivideInts(left: number | bigint, right: number | bigint): number | bigint {
  if (typeof left === "number" && typeof right === "number") {
    const rest = left % right;
    const quotient = (left - rest) / right;
    return (rest !== 0 && rest < 0 !== right < 0 ? quotient - 1 : quotient) + 0;
  }
  const [a, b] = [BigInt(left), BigInt(right)];
  const rest = a % b;
  const quotient = a / b;
  return normalize(rest !== 0n && rest < 0n !== b < 0n ? quotient - 1n : quotient);
}

export function moduloInts(left: number | bigint, right: number | bigint): number | bigint {
  if (typeof left === "number" && typeof right === "number") {
    const rest = left % right;
    return (rest !== 0 && rest < 0 !== right < 0 ? rest + right : rest) + 0;
  }
  const [a, b] = [BigInt(left), BigInt(right)];
  const rest = a % b;
  return normalize(rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest);
}

/** For exponents that are not negative. */
export function powerInts(base: number | bigint, exponent: number | bigint): number | bigint {
  if (typeof base === "number" && typeof exponent === "number") {
    const power = base ** exponent;
    if (Number.isSafeInteger(power)) return power + 0;
  }
  return normalize(BigInt(base) ** BigInt(exponent));
}

/** How many bits the size of the integer takes. */
export function bitLength(value: number | bigint): number {
  const hex = (value < 0 ? -BigInt(value) : BigInt(value)).toString(16);
  return hex.length * 4 - Math.clz32(Number.parseInt(hex.charAt(0), 16)) + 28;
}

/** As a float; Python refuses what no float can hold. */
export function intToFloat(value: number | bigint): number {
  const float = Number(value);
  if (!Number.isFinite(float)) throw new JinjaError("OverflowError", "int too large to convert to float");
  return float;
}

/** The exact quotient, rounded once. */
export function divideInts(left: number | bigint, right: number | bigint): number {
  if (typeof left === "number" && typeof right === "number") return left / right;
  const negative = left < 0 !== right < 0;
  const a = BigInt(left) < 0n ? -BigInt(left) : BigInt(left);
  const b = BigInt(right) < 0n ? -BigInt(right) : BigInt(right);
  // 66 bits of quotient and one that says whether anything follows are more than a float keeps.
  const shift = 66 - (bitLength(a) - bitLength(b));
  const [up, down] = shift > 0 ? [a << BigInt(shift), b] : [a, b << BigInt(-shift)];
  const quotient = (up / down) | (up % down === 0n ? 0n : 1n);
  const half = Math.trunc(-shift / 2);
  const size = Number(quotient) * 2 ** half * 2 ** (-shift - half);
  if (!Number.isFinite(size)) throw new JinjaError("OverflowError", "integer division result too large for a float");
  return negative ? -size : size;
}
