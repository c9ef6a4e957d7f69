import { bind, wantInt } from "../arguments.ts";
import { JinjaError } from "../errors.ts";
import type { EngineContext, Filter } from "../extension.ts";
import { truncate } from "../format/convert.ts";
import { fixed, rounded, roundedRatio } from "../format/decimal.ts";
import { floatText } from "../float-text.ts";
import { intToFloat, isInt, multiplyInts, normalize, toInt } from "../int.ts";
import { mul, pow, truediv } from "../operators.ts";
import { parseFloatText, parseInteger } from "../parse-number.ts";
import { reprText } from "../repr.ts";
import { str } from "../print.ts";
import { typeName } from "../type-name.ts";
import { isTrue } from "../truth.ts";
import { failUndefined } from "../undefined.ts";
import { Float, Markup, Undefined, type Value } from "../values.ts";

const isText = (value: Value): value is string | Markup => typeof value === "string" || value instanceof Markup;

const abs: Filter = (value, args, kwargs) => {
  bind("abs", [], args, kwargs);
  if (isInt(value)) {
    const int = toInt(value);
    return int < 0 ? multiplyInts(int, -1) : int;
  }
  if (value instanceof Float) return new Float(Math.abs(value.value));
  throw new JinjaError("TypeError", `bad operand type for abs(): '${typeName(value)}'`);
};

/** Python's `float()`. */
function toFloat(value: Value): number {
  if (value instanceof Float) return value.value;
  if (isInt(value)) return intToFloat(toInt(value));
  if (value instanceof Undefined) failUndefined(value);
  if (!isText(value)) {
    const message = `float() argument must be a string or a real number, not '${typeName(value)}'`;
    throw new JinjaError("TypeError", message);
  }
  const parsed = parseFloatText(str(value));
  if (parsed === undefined) {
    throw new JinjaError("ValueError", `could not convert string to float: ${reprText(str(value))}`);
  }
  return parsed;
}

/** Runs it; undefined for an error of one of these classes. */
function attempt<T>(run: () => T, ...kinds: string[]): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof JinjaError && kinds.includes(error.kind)) return undefined;
    throw error;
  }
}

/** Python's `int(value, base)`; undefined where that is a TypeError or ValueError. */
function toInteger(value: Value, base: Value): number | bigint | undefined {
  if (isInt(value)) return toInt(value);
  if (value instanceof Float) return attempt(() => truncate(value.value), "ValueError");
  if (value instanceof Undefined) failUndefined(value);
  if (!isText(value) || !isInt(base)) return undefined;
  const radix = toInt(base);
  if (typeof radix !== "number" || (radix !== 0 && (radix < 2 || radix > 36))) return undefined;
  return attempt(() => parseInteger(str(value), radix), "ValueError");
}

const int: Filter = (value, args, kwargs) => {
  const [byDefault, base] = bind(
    "do_int",
    [
      ["default", 0],
      ["base", 10],
    ],
    args,
    kwargs,
  );
  const exact = toInteger(value, base);
  if (exact !== undefined) return exact;
  return attempt(() => truncate(toFloat(value)), "TypeError", "ValueError", "OverflowError") ?? byDefault;
};

const float: Filter = (value, args, kwargs) => {
  const [byDefault] = bind("do_float", [["default", new Float(0)]], args, kwargs);
  const converted = attempt(() => toFloat(value), "TypeError", "ValueError");
  return converted === undefined ? byDefault : new Float(converted);
};

/** Python's `round()`: of two as near, the even one. */
function roundHalfEven(value: Value, precision: Value): Value {
  if (isInt(value)) return roundInt(toInt(value), precision === null ? 0 : wantInt(precision));
  if (!(value instanceof Float)) {
    throw new JinjaError("TypeError", `type ${typeName(value)} doesn't define __round__ method`);
  }
  if (precision === null) return truncate(Number.isFinite(value.value) ? rounded(value.value, 0) : value.value);
  const result = rounded(value.value, wantInt(precision));
  if (!Number.isFinite(result) && Number.isFinite(value.value)) {
    throw new JinjaError("OverflowError", "rounded value too large to represent");
  }
  return new Float(result);
}

function roundInt(value: number | bigint, places: number): number | bigint {
  if (places >= 0) return value;
  // Beyond the digits it has there is nothing left of it.
  if (-places > String(value).length) return 0;
  const unit = 10n ** BigInt(-places);
  const size = BigInt(value) < 0n ? -BigInt(value) : BigInt(value);
  const result = roundedRatio(size, unit) * unit;
  return normalize(BigInt(value) < 0n ? -result : result);
}

/** Python's `math.ceil` and `math.floor`. */
function roundWhole(method: "ceil" | "floor", value: Value): Value {
  if (isInt(value)) return toInt(value);
  if (value instanceof Float) return truncate(Number.isFinite(value.value) ? Math[method](value.value) : value.value);
  throw new JinjaError("TypeError", `must be real number, not ${typeName(value)}`);
}

const round: Filter = (value, args, kwargs, engine: EngineContext) => {
  const [precision, method] = bind(
    "do_round",
    [
      ["precision", 0],
      ["method", "common"],
    ],
    args,
    kwargs,
  );
  if (method === "common") return roundHalfEven(value, precision);
  if (method !== "ceil" && method !== "floor") {
    throw new JinjaError("FilterArgumentError", "method must be common, ceil or floor");
  }
  const unit = pow(10, precision, engine);
  return truediv(roundWhole(method, mul(value, unit, engine)), unit);
};

const DECIMAL_UNITS = ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
const BINARY_UNITS = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];

const filesizeformat: Filter = (value, args, kwargs) => {
  const [binary] = bind("do_filesizeformat", [["binary", false]], args, kwargs);
  const bytes = toFloat(value);
  const isBinary = isTrue(binary);
  const base = isBinary ? 1024 : 1000;
  if (bytes === 1) return "1 Byte";
  if (bytes < base) return `${truncate(bytes)} Bytes`;
  const units = isBinary ? BINARY_UNITS : DECIMAL_UNITS;
  const place = units.findIndex((_, index) => bytes < sizeOf(base, index));
  const index = place < 0 ? units.length - 1 : place;
  const amount = (base * bytes) / Number(sizeOf(base, index));
  const shown = Number.isFinite(amount) ? fixed(amount, 1) : floatText(amount);
  return `${shown} ${units[index] ?? ""}`;
};

const sizeOf = (base: number, index: number): bigint => BigInt(base) ** BigInt(index + 2);

export const NUMBER_FILTERS: Record<string, Filter> = { abs, int, float, round, filesizeformat };
