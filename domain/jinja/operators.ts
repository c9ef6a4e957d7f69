import { JinjaError } from "./errors.ts";
import type { EngineContext } from "./extension.ts";
import { floorDivideFloats, moduloFloats, powerFloats } from "./float.ts";
import { formatMarkupWithPercent, formatWithPercent } from "./format/percent.ts";
import {
  addInts,
  bitLength,
  divideInts,
  floorDivideInts,
  intToFloat,
  isInt,
  moduloInts,
  multiplyInts,
  powerInts,
  subtractInts,
  toInt,
} from "./int.ts";
import { escape, escapeText, isHtml } from "./markup.ts";
import { str } from "./print.ts";
import { repeatCount } from "./repeat.ts";
import { typeName } from "./type-name.ts";
import { failUndefined } from "./undefined.ts";
import { DictView } from "./views.ts";
import { Float, Markup, Tuple, Undefined, type Value } from "./values.ts";

type Budgeted = Pick<EngineContext, "spend">;

/** Text shorter than this costs nothing worth counting when it is joined. */
const SHORT = 256;

function refuse(operator: string, left: Value, right: Value): never {
  if (left instanceof Undefined) failUndefined(left);
  if (right instanceof Undefined) failUndefined(right);
  throw new JinjaError(
    "TypeError",
    `unsupported operand type(s) for ${operator}: '${typeName(left)}' and '${typeName(right)}'`,
  );
}

type Ints = [left: number | bigint, right: number | bigint];
type Floats = [left: number, right: number];
type Numeric = {
  operator: string;
  ints(left: number | bigint, right: number | bigint): Value;
  floats(left: number, right: number): number;
};

function floatOf(value: Value): number | undefined {
  if (value instanceof Float) return value.value;
  return isInt(value) ? intToFloat(toInt(value)) : undefined;
}

/** Two numbers: ints stay ints, and one float makes both floats. Everything else is refused. */
function arithmetic({ operator, ints, floats }: Numeric, left: Value, right: Value): Value {
  if (isInt(left) && isInt(right)) return ints(toInt(left), toInt(right));
  if ((isInt(left) || left instanceof Float) && (isInt(right) || right instanceof Float)) {
    const [a, b] = [floatOf(left), floatOf(right)];
    if (a !== undefined && b !== undefined) return new Float(floats(a, b));
  }
  return refuse(operator, left, right);
}

const ADD: Numeric = { operator: "+", ints: addInts, floats: (a, b) => a + b };
const SUBTRACT: Numeric = { operator: "-", ints: subtractInts, floats: (a, b) => a - b };
const DIVIDE: Numeric = {
  operator: "/",
  ints: (...[a, b]: Ints) => {
    if (b === 0) throw new JinjaError("ZeroDivisionError", "division by zero");
    return new Float(divideInts(a, b));
  },
  floats: (...[a, b]: Floats) => {
    if (b === 0) throw new JinjaError("ZeroDivisionError", "float division by zero");
    return a / b;
  },
};
const FLOOR_DIVIDE: Numeric = {
  operator: "//",
  ints: (...[a, b]: Ints) => {
    if (b === 0) throw new JinjaError("ZeroDivisionError", "integer division or modulo by zero");
    return floorDivideInts(a, b);
  },
  floats: floorDivideFloats,
};
const MODULO: Numeric = {
  operator: "%",
  ints: (...[a, b]: Ints) => {
    if (b === 0) throw new JinjaError("ZeroDivisionError", "integer modulo by zero");
    return moduloInts(a, b);
  },
  floats: moduloFloats,
};

export function add(left: Value, right: Value, engine: Budgeted): Value {
  if (typeof left === "number" && typeof right === "number") return addInts(left, right);
  if (typeof left === "string" && typeof right === "string") return joinTexts(left, right, engine);
  if (left instanceof Markup && (typeof right === "string" || right instanceof Markup)) {
    return new Markup(joinTexts(left.text, right instanceof Markup ? right.text : escapeText(right), engine));
  }
  if (right instanceof Markup && typeof left === "string") {
    return new Markup(joinTexts(escapeText(left), right.text, engine));
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    engine.spend(left.length + right.length);
    return left.concat(right);
  }
  if (left instanceof Tuple && right instanceof Tuple) {
    engine.spend(left.items.length + right.items.length);
    return new Tuple([...left.items, ...right.items]);
  }
  return addOthers(left, right, engine);
}

function addOthers(left: Value, right: Value, engine: Budgeted): Value {
  if (right instanceof Undefined) failUndefined(right);
  if (left instanceof Markup && right instanceof Undefined) return left;
  const kind = typeof left === "string" || left instanceof Markup ? "str" : sequenceName(left);
  if (kind !== undefined) {
    throw new JinjaError("TypeError", `can only concatenate ${kind} (not "${typeName(right)}") to ${kind}`);
  }
  return arithmetic(countingBits(ADD, engine), left, right);
}

function sequenceName(value: Value): string | undefined {
  if (Array.isArray(value)) return "list";
  return value instanceof Tuple ? "tuple" : undefined;
}

function joinTexts(left: string, right: string, engine: Budgeted): string {
  const length = left.length + right.length;
  if (length > SHORT) engine.spend(length);
  return left + right;
}

/** `~`: everything as text; under autoescape, one that is safe makes the others safe by escaping them. */
export function concat(parts: readonly Value[], engine: Pick<EngineContext, "spend" | "autoescape">): string | Markup {
  const safe = engine.autoescape && parts.some(isHtml);
  let text = "";
  for (const part of parts) text += safe ? escape(part).text : str(part);
  if (text.length > SHORT) engine.spend(text.length);
  return safe ? new Markup(text) : text;
}

export function sub(left: Value, right: Value): Value {
  if (typeof left === "number" && typeof right === "number") return subtractInts(left, right);
  if (left instanceof DictView && left.isSet) {
    throw new JinjaError(
      "TypeError",
      "sets are not among the values of templates here: use reject or difference on lists",
    );
  }
  return arithmetic(SUBTRACT, left, right);
}

export function mul(left: Value, right: Value, engine: Budgeted): Value {
  if (typeof left === "number" && typeof right === "number") return multiplyInts(left, right);
  const times = isSequence(left) ? right : left;
  const sequence = isSequence(left) ? left : right;
  if (isSequence(sequence)) {
    if (times instanceof Undefined) failUndefined(times);
    if (!isInt(times)) {
      throw new JinjaError("TypeError", `can't multiply sequence by non-int of type '${typeName(times)}'`);
    }
    return repeat(sequence, toInt(times), engine);
  }
  return arithmetic(countingBits({ operator: "*", ints: multiplyInts, floats: (a, b) => a * b }, engine), left, right);
}

type Sequence = string | Markup | Value[] | Tuple;
const isSequence = (value: Value): value is Sequence =>
  typeof value === "string" || value instanceof Markup || Array.isArray(value) || value instanceof Tuple;

function repeat(sequence: Sequence, times: number | bigint, engine: Budgeted): Value {
  if (typeof sequence === "string") return sequence.repeat(repeatCount(sequence.length, times, engine));
  if (sequence instanceof Markup) {
    return new Markup(sequence.text.repeat(repeatCount(sequence.text.length, times, engine)));
  }
  const items = sequence instanceof Tuple ? sequence.items : sequence;
  const count = repeatCount(items.length, times, engine);
  const repeated = Array.from({ length: items.length * count }, (_, index) => items[index % items.length] ?? null);
  return sequence instanceof Tuple ? new Tuple(repeated) : repeated;
}

/** More bits than this no integer of a template has. */
const MAX_BITS = 1_000_000;

function countBits(bits: number, engine: Budgeted): void {
  if (bits > MAX_BITS) throw new JinjaError("LimitReached", `The integer has more than ${MAX_BITS} bits`);
  engine.spend(bits >> 5);
}

/** Big integers grow with every operation on them. */
function countingBits(numeric: Numeric, engine: Budgeted): Numeric {
  return {
    ...numeric,
    ints: (left, right) => {
      if (typeof left === "bigint" || typeof right === "bigint") countBits(bitLength(left) + bitLength(right), engine);
      return numeric.ints(left, right);
    },
  };
}

export function truediv(left: Value, right: Value): Value {
  return arithmetic(DIVIDE, left, right);
}

export function floordiv(left: Value, right: Value): Value {
  return arithmetic(FLOOR_DIVIDE, left, right);
}

/** The remainder; after text, Python's printf. */
export function mod(left: Value, right: Value, engine: EngineContext): Value {
  if (typeof left === "string") return formatWithPercent(left, right, engine);
  if (left instanceof Markup) return formatMarkupWithPercent(left, right, engine);
  return arithmetic(MODULO, left, right);
}

export function pow(left: Value, right: Value, engine: Budgeted): Value {
  const power: Numeric = {
    operator: "** or pow()",
    ints: (base, exponent) => {
      if (exponent < 0) return new Float(powerFloats(intToFloat(base), intToFloat(exponent)));
      const isUnit = base === 0 || base === 1 || base === -1;
      countBits(isUnit ? 1 : bitLength(base) * Number(exponent), engine);
      return base === -1 && typeof exponent === "bigint" ? (exponent % 2n === 0n ? 1 : -1) : powerInts(base, exponent);
    },
    floats: powerFloats,
  };
  return arithmetic(power, left, right);
}

export function neg(value: Value): Value {
  if (typeof value === "number") return 0 - value;
  if (value instanceof Float) return new Float(-value.value);
  if (isInt(value)) return subtractInts(0, toInt(value));
  return refuseUnary("-", value);
}

export function pos(value: Value): Value {
  if (isInt(value)) return toInt(value);
  return value instanceof Float ? value : refuseUnary("+", value);
}

function refuseUnary(operator: string, value: Value): never {
  if (value instanceof Undefined) failUndefined(value);
  throw new JinjaError("TypeError", `bad operand type for unary ${operator}: '${typeName(value)}'`);
}
