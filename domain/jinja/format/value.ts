import { JinjaError } from "../errors.ts";
import type { EngineContext } from "../extension.ts";
import { intText, intToFloat, isInt, toInt } from "../int.ts";
import { str } from "../print.ts";
import { sliceText, textLength } from "../text.ts";
import { typeName } from "../type-name.ts";
import { Float, Markup, type Value } from "../values.ts";
import { floatDigits, type FloatStyle } from "./float-format.ts";
import { grouped } from "./group.ts";
import { parseSpec, type Spec } from "./spec.ts";

type Budgeted = Pick<EngineContext, "spend">;

/** Python's `format(value, spec)`. */
export function formatValue(value: Value, spec: string, engine: Budgeted): string {
  if (spec === "") return str(value);
  if (typeof value === "string" || value instanceof Markup)
    return formatString(str(value), parseSpec(spec, "str"), engine);
  if (isInt(value)) return formatInt(toInt(value), parseSpec(spec, typeName(value)), typeName(value), engine);
  if (value instanceof Float) return formatFloat(value.value, parseSpec(spec, "float"), "float", engine);
  throw new JinjaError("TypeError", `unsupported format string passed to ${typeName(value)}.__format__`);
}

function fail(message: string): never {
  throw new JinjaError("ValueError", message);
}

const unknownCode = (type: string, of: string): never =>
  fail(`Unknown format code '${type}' for object of type '${of}'`);

function place(text: string, width: number, fill: string, align: string, engine: Budgeted): string {
  const missing = width - textLength(text);
  if (missing <= 0) return text;
  engine.spend(missing * fill.length);
  if (align === "<") return text + fill.repeat(missing);
  if (align === ">" || align === "=") return fill.repeat(missing) + text;
  const before = Math.floor(missing / 2);
  return fill.repeat(before) + text + fill.repeat(missing - before);
}

function formatString(text: string, spec: Spec, engine: Budgeted): string {
  if (spec.type !== "" && spec.type !== "s") unknownCode(spec.type, "str");
  if (spec.sign === " ") fail("Space not allowed in string format specifier");
  if (spec.sign !== undefined) fail("Sign not allowed in string format specifier");
  if (spec.noNegativeZero) fail("Negative zero coercion (z) not allowed in string format specifier");
  if (spec.alternate) fail("Alternate form (#) not allowed in string format specifier");
  if (spec.align === "=") fail("'=' alignment not allowed in string format specifier");
  if (spec.grouping !== undefined) fail(`Cannot specify '${spec.grouping}' with 's'.`);
  const cut = spec.precision === undefined ? text : sliceText(text, 0, spec.precision);
  return place(cut, spec.width, spec.fill, spec.align ?? "<", engine);
}

/** Sign, prefix and digits set into their width; zeros that fill are grouped like the digits. */
function placeNumber(
  sign: string,
  prefix: string,
  digits: string,
  spec: Spec,
  groupSize: number,
  engine: Budgeted,
): string {
  const align = spec.align ?? spec.numberAlign;
  const head = sign + prefix;
  const zeros = spec.fill === "0" && align === "=" ? spec.width - head.length : 0;
  if (spec.grouping !== undefined) engine.spend(Math.max(zeros, 0));
  const body = spec.grouping === undefined ? digits : grouped(digits, spec.grouping, groupSize, zeros);
  if (align !== "=") return place(head + body, spec.width, spec.fill, align, engine);
  return head + place(body, spec.width - head.length, spec.fill, ">", engine);
}

function signOf(negative: boolean, spec: Spec): string {
  if (negative) return "-";
  return spec.sign === "+" || spec.sign === " " ? spec.sign : "";
}

const BASES: Readonly<Record<string, { radix: number; prefix: string }>> = {
  b: { radix: 2, prefix: "0b" },
  o: { radix: 8, prefix: "0o" },
  x: { radix: 16, prefix: "0x" },
  X: { radix: 16, prefix: "0X" },
};

function formatInt(value: number | bigint, spec: Spec, of: string, engine: Budgeted): string {
  if ("eEfFgG%".includes(spec.type) && spec.type !== "") return formatFloat(intToFloat(value), spec, of, engine);
  if (spec.precision !== undefined) fail("Precision not allowed in integer format specifier");
  if (spec.noNegativeZero)
    fail("Negative zero coercion (z) not allowed in format specifier with integer presentation type");
  if (spec.type === "c") return formatCharacter(value, spec, engine);
  const base = BASES[spec.type];
  if (base === undefined && spec.type !== "" && spec.type !== "d" && spec.type !== "n") unknownCode(spec.type, of);
  if (spec.grouping !== undefined && (spec.type === "n" || (base !== undefined && spec.grouping === ","))) {
    fail(`Cannot specify '${spec.grouping}' with '${spec.type}'.`);
  }
  const size = typeof value === "number" ? Math.abs(value) : value < 0n ? -value : value;
  const lower = base === undefined ? intText(size) : size.toString(base.radix);
  const digits = spec.type === "X" ? lower.toUpperCase() : lower;
  const prefix = spec.alternate && base !== undefined ? base.prefix : "";
  return placeNumber(signOf(value < 0, spec), prefix, digits, spec, base === undefined ? 3 : 4, engine);
}

function formatCharacter(value: number | bigint, spec: Spec, engine: Budgeted): string {
  if (spec.sign !== undefined) fail("Sign not allowed with integer format specifier 'c'");
  if (spec.alternate) fail("Alternate form (#) not allowed with integer format specifier 'c'");
  if (spec.grouping !== undefined) fail(`Cannot specify '${spec.grouping}' with 'c'.`);
  if (typeof value === "bigint" || value < 0 || value > 0x10_ff_ff) {
    throw new JinjaError("OverflowError", "%c arg not in range(0x110000)");
  }
  return place(String.fromCodePoint(value), spec.width, spec.fill, spec.align ?? spec.numberAlign, engine);
}

function styleOf(type: string): { style: FloatStyle["type"]; upper: boolean } | undefined {
  if (type === "") return { style: "r", upper: false };
  if (type === "%") return { style: "%", upper: false };
  if (type === "n") return { style: "g", upper: false };
  const lower = type.toLowerCase();
  if (lower !== "e" && lower !== "f" && lower !== "g") return undefined;
  return { style: lower, upper: type !== lower };
}

function formatFloat(value: number, spec: Spec, of: string, engine: Budgeted): string {
  const found = styleOf(spec.type) ?? unknownCode(spec.type, of);
  if (spec.grouping !== undefined && spec.type === "n") fail(`Cannot specify '${spec.grouping}' with 'n'.`);
  engine.spend(spec.precision ?? 0);
  const style: FloatStyle = { type: found.style, precision: spec.precision, alternate: spec.alternate };
  const lower = floatDigits(Math.abs(value), style);
  const digits = found.upper ? lower.toUpperCase() : lower;
  const isZero = spec.noNegativeZero && /^[0.]*(?:e|%|$)/.test(lower);
  const negative = (value < 0 || Object.is(value, -0)) && !isZero;
  return placeNumber(signOf(negative, spec), "", digits, spec, 3, engine);
}
