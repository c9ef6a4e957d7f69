import { JinjaError } from "../errors.ts";
import { intText, intToFloat, isInt, normalize, toInt } from "../int.ts";
import { escapeText, isHtml } from "../markup.ts";
import { parseFloatText, parseInteger } from "../parse-number.ts";
import { repr, str } from "../print.ts";
import { sliceText, textLength } from "../text.ts";
import { typeName } from "../type-name.ts";
import { failUndefined } from "../undefined.ts";
import { Float, Markup, Undefined, type Value } from "../values.ts";
import { asciiOf } from "./ascii.ts";
import { floatDigits } from "./float-format.ts";

/** What stands between `%` and the end of its directive. */
export type Directive = { flags: string; width: number; precision: number | undefined; type: string };

function fail(message: string): never {
  throw new JinjaError("TypeError", message);
}

/** One value as one directive of `%` asks; `place` is where its letter stands, for the message. */
export function convert(directive: Directive, value: Value, escapes: boolean, place: number): string {
  switch (directive.type) {
    case "s":
      return text(escapes && !isHtml(value) ? escapeText(str(value)) : str(value), directive);
    case "r":
      return text(escapes ? escapeText(repr(value)) : repr(value), directive);
    case "a":
      return text(asciiOf(repr(value)), directive);
    case "c":
      return text(character(value, escapes), { ...directive, precision: undefined });
    case "d":
    case "i":
    case "u":
      return integer(decimal(value, directive.type, escapes), 10, "", directive);
    case "o":
      return integer(exactInt(value, "o", escapes), 8, "0o", directive);
    case "x":
      return integer(exactInt(value, "x", escapes), 16, "0x", directive);
    case "X":
      return integer(exactInt(value, "X", escapes), 16, "0x", directive).toUpperCase();
    case "e":
    case "E":
    case "f":
    case "F":
    case "g":
    case "G":
      return float(realNumber(value, escapes), directive);
    default: {
      const code = (directive.type.codePointAt(0) ?? 0).toString(16);
      const shown = /^[ -~]$/.test(directive.type) ? directive.type : "?";
      throw new JinjaError("ValueError", `unsupported format character '${shown}' (0x${code}) at index ${place}`);
    }
  }
}

function text(value: string, { flags, width, precision }: Directive): string {
  const cut = precision === undefined ? value : sliceText(value, 0, precision);
  const missing = " ".repeat(Math.max(0, width - textLength(cut)));
  return flags.includes("-") ? cut + missing : missing + cut;
}

function character(value: Value, escapes: boolean): string {
  if (!escapes && isInt(value)) {
    const code = toInt(value);
    if (typeof code === "number" && code >= 0 && code <= 0x10_ff_ff) return String.fromCodePoint(code);
    throw new JinjaError("OverflowError", "%c arg not in range(0x110000)");
  }
  const letter = !escapes && (typeof value === "string" || value instanceof Markup) ? str(value) : "";
  return textLength(letter) === 1 ? letter : fail("%c requires int or char");
}

/** `%d` takes what has a whole part. Inside safe text Python wraps every value, and then reads text as well. */
function decimal(value: Value, type: string, escapes: boolean): number | bigint {
  if (isInt(value)) return toInt(value);
  if (value instanceof Float) return truncate(value.value);
  if (value instanceof Undefined) failUndefined(value);
  const parsed =
    escapes && (typeof value === "string" || value instanceof Markup) ? parseInteger(str(value), 10) : undefined;
  return parsed ?? fail(`%${type} format: a real number is required, not ${typeName(value)}`);
}

/** A float without what is behind its point. */
export function truncate(value: number): number | bigint {
  if (Number.isNaN(value)) throw new JinjaError("ValueError", "cannot convert float NaN to integer");
  if (!Number.isFinite(value)) throw new JinjaError("OverflowError", "cannot convert float infinity to integer");
  return normalize(BigInt(Math.trunc(value)));
}

function exactInt(value: Value, type: string, escapes: boolean): number | bigint {
  if (!escapes && isInt(value)) return toInt(value);
  if (!escapes && value instanceof Undefined) failUndefined(value);
  return fail(`%${type} format: an integer is required, not ${typeName(value)}`);
}

function realNumber(value: Value, escapes: boolean): number {
  if (value instanceof Float) return value.value;
  if (isInt(value)) return intToFloat(toInt(value));
  if (value instanceof Undefined) failUndefined(value);
  const parsed =
    escapes && (typeof value === "string" || value instanceof Markup) ? parseFloatText(str(value)) : undefined;
  return parsed ?? fail(`must be real number, not ${typeName(value)}`);
}

function signOf(negative: boolean, flags: string): string {
  if (negative) return "-";
  if (flags.includes("+")) return "+";
  return flags.includes(" ") ? " " : "";
}

/** Zeros go between sign and digits; spaces before both, or behind. */
function place(head: string, digits: string, { flags, width }: Directive): string {
  const missing = Math.max(0, width - head.length - digits.length);
  if (flags.includes("-")) return head + digits + " ".repeat(missing);
  return flags.includes("0") ? head + "0".repeat(missing) + digits : " ".repeat(missing) + head + digits;
}

function integer(value: number | bigint, radix: number, prefix: string, directive: Directive): string {
  const size = typeof value === "number" ? Math.abs(value) : value < 0n ? -value : value;
  const digits = (radix === 10 ? intText(size) : size.toString(radix)).padStart(directive.precision ?? 0, "0");
  const shown = directive.flags.includes("#") ? prefix : "";
  return place(signOf(value < 0, directive.flags) + shown, digits, directive);
}

function float(value: number, directive: Directive): string {
  const { flags, precision, type } = directive;
  const lower = type.toLowerCase();
  const style = lower === "e" || lower === "g" ? lower : "f";
  const digits = floatDigits(Math.abs(value), {
    type: style,
    precision: precision ?? 6,
    alternate: flags.includes("#"),
  });
  const negative = value < 0 || Object.is(value, -0);
  return place(signOf(negative, flags), type === lower ? digits : digits.toUpperCase(), directive);
}
