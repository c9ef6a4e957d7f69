import { bind } from "../arguments.ts";
import { JinjaError } from "../errors.ts";
import type { Filter } from "../extension.ts";
import { intToFloat, isInt, normalize, toInt } from "../int.ts";
import { str } from "../print.ts";
import { isTrue } from "../truth.ts";
import { Float, type Value } from "../values.ts";
import { fail, shown } from "./support.ts";

function numberOf(filter: string, value: Value): number {
  if (value instanceof Float) return value.value;
  return isInt(value) ? intToFloat(toInt(value)) : fail(filter, `can only be used on numbers, not ${shown(value)}`);
}

/** Python's `math` gives errors where JavaScript's gives no number. */
function checked(filter: string, result: number, ...from: readonly number[]): Float {
  if (from.every((number) => Number.isFinite(number))) {
    if (Number.isNaN(result)) throw new JinjaError("ValueError", `${filter}: math domain error`);
    if (!Number.isFinite(result)) throw new JinjaError("OverflowError", `${filter}: math range error`);
  }
  return new Float(result);
}

const log: Filter = (value, args, kwargs) => {
  const [base] = bind("log", [["base", new Float(Math.E)]], args, kwargs);
  const x = numberOf("log", value);
  const b = numberOf("log", base);
  if (x <= 0 || b <= 0) throw new JinjaError("ValueError", "log: math domain error");
  if (b === 1) throw new JinjaError("ZeroDivisionError", "float division by zero");
  return checked("log", b === 10 ? Math.log10(x) : Math.log(x) / Math.log(b), x, b);
};

const pow: Filter = (value, args, kwargs) => {
  const [exponent] = bind("pow", ["y"], args, kwargs);
  const x = numberOf("pow", value);
  const y = numberOf("pow", exponent);
  if (x === 0 && y < 0) throw new JinjaError("ValueError", "pow: math domain error");
  // One to any power is one, for Python also where the power is no number.
  return x === 1 ? new Float(1) : checked("pow", x ** y, x, y);
};

const root: Filter = (value, args, kwargs) => {
  const [base] = bind("root", [["base", 2]], args, kwargs);
  const x = numberOf("root", value);
  const b = numberOf("root", base);
  if (b === 0) throw new JinjaError("ZeroDivisionError", "float division by zero");
  return checked("root", b === 2 ? Math.sqrt(x) : x ** (1 / b), x, b);
};

const UNITS = "YZEPTGMKB";
const sizeOf = (unit: string): number => 1024 ** (UNITS.length - 1 - UNITS.indexOf(unit));

/** The largest unit that fits, or the one that is asked for. */
const humanReadable: Filter = (value, args, kwargs) => {
  const [isBits, unit] = bind(
    "human_readable",
    [
      ["isbits", false],
      ["unit", null],
    ],
    args,
    kwargs,
  );
  const size = numberOf("human_readable", value);
  const asked = unit === null ? undefined : str(unit).toUpperCase();
  const suffix = Array.from(UNITS).find((name) => (asked === undefined ? size >= sizeOf(name) : asked === name)) ?? "B";
  const base = isTrue(isBits) ? "bits" : "Bytes";
  return `${fixed(size / sizeOf(suffix))} ${suffix === "B" ? base : suffix + base.charAt(0)}`;
};

/** Two places; exact halves go to the even digit, as in Python. */
function fixed(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  if (Math.abs(value) >= 1e21) return `${BigInt(value)}.00`;
  const scaled = Math.abs(value) * 100;
  const isHalf = scaled % 1 === 0.5 && (Math.abs(value) * 8) % 1 === 0;
  if (!isHalf) return value.toFixed(2);
  const floor = Math.floor(scaled);
  const digits = String(floor % 2 === 0 ? floor : floor + 1).padStart(3, "0");
  return `${value < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

const WORDS: Readonly<Record<string, string>> = {
  B: "",
  K: "kilo",
  M: "mega",
  G: "giga",
  T: "tera",
  P: "peta",
  E: "exa",
  Z: "zeta",
  Y: "yotta",
};

/** `10M`, `10 MB`, `10 megabyte`; bits only where they are asked for, as `Mb`. */
const humanToBytes: Filter = (value, args, kwargs) => {
  const [defaultUnit, isBits] = bind(
    "human_to_bytes",
    [
      ["default_unit", null],
      ["isbits", false],
    ],
    args,
    kwargs,
  );
  const [, digits = "", written] =
    /^(\d*\.?\d+)(?:\s*([A-Za-z]+))?\s*$/.exec(str(value)) ?? fail("human_to_bytes", `can't interpret ${shown(value)}`);
  const unit = written ?? (defaultUnit === null ? undefined : str(defaultUnit));
  if (unit === undefined) return rounded(Number(digits));
  const prefix = unit.charAt(0).toUpperCase();
  const word = WORDS[prefix] ?? fail("human_to_bytes", `the unit ${unit} is none of ${Array.from(UNITS).join(", ")}`);
  const [base, letter] = isTrue(isBits) ? ["bit", "b"] : ["byte", "B"];
  const short = prefix === "B" ? letter : prefix + letter;
  if (unit.length > 1 && unit.toLowerCase() !== word + base && unit !== short) {
    return fail("human_to_bytes", `the unit ${unit} must be ${prefix}, ${short} or ${word}${base}`);
  }
  return rounded(Number(digits) * sizeOf(prefix));
};

/** Halves go to the even number. */
function rounded(value: number): Value {
  if (!Number.isFinite(value)) return fail("human_to_bytes", "the number is too large");
  const floor = Math.floor(value);
  const up = value - floor > 0.5 || (value - floor === 0.5 && floor % 2 === 1);
  return normalize(BigInt(up ? floor + 1 : floor));
}

export const NUMBER_FILTERS: readonly (readonly [string, Filter])[] = [
  ["log", log],
  ["pow", pow],
  ["root", root],
  ["human_readable", humanReadable],
  ["human_to_bytes", humanToBytes],
];
