import { JinjaError } from "./errors.ts";
import { hashKey } from "./hash.ts";
import { iteratorOf } from "./iterate.ts";
import { Range } from "./range.ts";
import { typeName } from "./type-name.ts";
import { failUndefined } from "./undefined.ts";
import { DictView } from "./views.ts";
import { Dict, Float, Markup, Tuple, Undefined, type Value } from "./values.ts";

export type Comparison = "eq" | "ne" | "lt" | "lteq" | "gt" | "gteq" | "in" | "notin";

/** How many comparisons of items one comparison may take: structures that share parts can ask for any number. */
const MAX_STEPS = 5_000_000;

/** What a value is as a number; undefined for what is none. */
function numberOf(value: Value): number | bigint | undefined {
  if (typeof value === "number" || typeof value === "bigint") return value;
  if (value instanceof Float) return value.value;
  return typeof value === "boolean" ? Number(value) : undefined;
}

function textOf(value: Value): string | undefined {
  if (typeof value === "string") return value;
  return value instanceof Markup ? value.text : undefined;
}

/** Python's `==`. */
export function equals(left: Value, right: Value): boolean {
  if (typeof left === "string" && typeof right === "string") return left === right;
  return equal(left, right, { left: MAX_STEPS });
}

type Budget = { left: number };

function equal(left: Value, right: Value, budget: Budget): boolean {
  if (typeof left === "string") {
    if (typeof right === "string") return left === right;
    if (right instanceof Markup) return left === right.text;
    return right instanceof Undefined ? equalUndefined(right, left) : false;
  }
  const a = numberOf(left);
  if (a !== undefined) {
    const b = numberOf(right);
    // `==` between a bigint and a float is exact, as Python's is.
    if (b !== undefined) return a == b;
    return right instanceof Undefined ? equalUndefined(right, left) : false;
  }
  if (left instanceof Undefined) return equalUndefined(left, right);
  if (right instanceof Undefined) return equalUndefined(right, left);
  if (left === null || right === null) return left === right;
  if (Array.isArray(left)) return Array.isArray(right) && equalItems(left, right, budget);
  if (left instanceof Tuple) return right instanceof Tuple && equalItems(left.items, right.items, budget);
  if (left instanceof Dict) return right instanceof Dict && equalDicts(left, right, budget);
  if (left instanceof Markup) return left.text === textOf(right);
  if (left instanceof Range) return right instanceof Range && hashKey(left) === hashKey(right);
  if (left instanceof DictView && left.isSet) return right instanceof DictView && equalViews(left, right, budget);
  return left === right;
}

/** All that is missing is equal, and nothing else is; the strict kind is not even asked. */
function equalUndefined(value: Undefined, other: Value): boolean {
  if (value.kind === "strict") failUndefined(value);
  if (other instanceof Undefined && other.kind === "strict") failUndefined(other);
  return other instanceof Undefined && other.kind === value.kind;
}

/** As items of a container are compared: what is the same is equal, even where it is not equal to itself. */
function sameOrEqual(left: Value, right: Value, budget: Budget): boolean {
  budget.left -= 1;
  if (budget.left < 0) throw new JinjaError("LimitReached", "The values are too large to compare");
  return left === right || equal(left, right, budget);
}

function equalItems(left: readonly Value[], right: readonly Value[], budget: Budget): boolean {
  if (left.length !== right.length) return false;
  for (const [index, item] of left.entries()) {
    if (!sameOrEqual(item, right[index] ?? null, budget)) return false;
  }
  return true;
}

function equalDicts(left: Dict, right: Dict, budget: Budget): boolean {
  if (left.entries.size !== right.entries.size) return false;
  for (const [key, [, value]] of left.entries) {
    const other = right.entries.get(key);
    if (other === undefined || !sameOrEqual(value, other[1], budget)) return false;
  }
  return true;
}

function equalViews(left: DictView, right: DictView, budget: Budget): boolean {
  return (
    left.isSet &&
    right.isSet &&
    left.length() === right.length() &&
    left.items().every((item) => viewHolds(right, item, budget))
  );
}

function viewHolds(view: DictView, item: Value, budget: Budget): boolean {
  if (view.type === "dict_keys") return view.dict.entries.has(hashKey(item));
  if (view.type === "dict_values") return view.items().some((value) => sameOrEqual(value, item, budget));
  if (!(item instanceof Tuple) || item.items.length !== 2) return false;
  const [key = null, value = null] = item.items;
  const entry = view.dict.entries.get(hashKey(key));
  return entry !== undefined && sameOrEqual(entry[1], value, budget);
}

const SIGNS = { lt: "<", lteq: "<=", gt: ">", gteq: ">=" };
type Ordering = keyof typeof SIGNS;

function holds(op: Ordering, a: number | bigint | string, b: number | bigint | string): boolean {
  if (op === "lt") return a < b;
  if (op === "lteq") return a <= b;
  return op === "gt" ? a > b : a >= b;
}

/** Text is ordered by code points; UTF-16 differs from that only where one of both lies beyond its first plane. */
function textHolds(op: Ordering, a: string, b: string): boolean {
  return holds(op, compareTexts(a, b), 0);
}

export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  const end = Math.min(a.length, b.length);
  let index = 0;
  while (index < end && a.charCodeAt(index) === b.charCodeAt(index)) index += 1;
  if (index === end) return a.length - b.length;
  const [x, y] = [a.charCodeAt(index), b.charCodeAt(index)];
  const [highX, highY] = [isSurrogate(x), isSurrogate(y)];
  return highX === highY ? x - y : highX ? 1 : -1;
}

const isSurrogate = (unit: number): boolean => unit >= 0xd8_00 && unit <= 0xdf_ff;

/** `<`, `<=`, `>` and `>=`. */
function ordered(op: Ordering, left: Value, right: Value, budget: Budget): boolean {
  const a = numberOf(left);
  if (a !== undefined) {
    const b = numberOf(right);
    if (b !== undefined) return holds(op, a, b);
  } else {
    const text = textOf(left);
    const other = text === undefined ? undefined : textOf(right);
    if (text !== undefined && other !== undefined) return textHolds(op, text, other);
  }
  if (left instanceof Undefined) failUndefined(left);
  if (right instanceof Undefined) failUndefined(right);
  if (Array.isArray(left) && Array.isArray(right)) return orderedItems(op, left, right, budget);
  if (left instanceof Tuple && right instanceof Tuple) return orderedItems(op, left.items, right.items, budget);
  if (left instanceof DictView && right instanceof DictView && left.isSet && right.isSet) {
    return orderedViews(op, left, right, budget);
  }
  throw new JinjaError(
    "TypeError",
    `'${SIGNS[op]}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`,
  );
}

function orderedItems(op: Ordering, left: readonly Value[], right: readonly Value[], budget: Budget): boolean {
  const end = Math.min(left.length, right.length);
  for (let index = 0; index < end; index += 1) {
    const [a = null, b = null] = [left[index], right[index]];
    if (!sameOrEqual(a, b, budget)) return ordered(op, a, b, budget);
  }
  return holds(op, left.length, right.length);
}

/** As sets: part of, whole of. */
function orderedViews(op: Ordering, left: DictView, right: DictView, budget: Budget): boolean {
  const [small, large] = op === "lt" || op === "lteq" ? [left, right] : [right, left];
  const sizes = op === "lt" || op === "gt" ? small.length() < large.length() : small.length() <= large.length();
  return sizes && small.items().every((item) => viewHolds(large, item, budget));
}

/** Python's `<`, by which everything is sorted. */
export function less(left: Value, right: Value): boolean {
  return ordered("lt", left, right, { left: MAX_STEPS });
}

/** `item in container`. */
export function contains(container: Value, item: Value): boolean {
  const text = textOf(container);
  if (text !== undefined) {
    const part = textOf(item);
    if (part !== undefined) return text.includes(part);
    throw new JinjaError("TypeError", `'in <string>' requires string as left operand, not ${typeName(item)}`);
  }
  if (container instanceof Dict) return container.entries.has(hashKey(item));
  const budget = { left: MAX_STEPS };
  if (Array.isArray(container)) return container.some((other) => sameOrEqual(other, item, budget));
  if (container instanceof DictView) return viewHolds(container, item, budget);
  const number = container instanceof Range ? numberOf(item) : undefined;
  if (container instanceof Range && number !== undefined) return container.indexOf(Number(number)) >= 0;
  return iteratedHas(container, item, budget);
}

function iteratedHas(container: Value, item: Value, budget: Budget): boolean {
  const iterator = iteratorOf(container);
  if (iterator === undefined) {
    throw new JinjaError("TypeError", `argument of type '${typeName(container)}' is not iterable`);
  }
  for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
    if (sameOrEqual(next.value, item, budget)) return true;
  }
  return false;
}

/** Every comparison that Jinja's expressions have. */
export function compare(op: Comparison, left: Value, right: Value): boolean {
  switch (op) {
    case "eq":
      return equals(left, right);
    case "ne":
      return !equals(left, right);
    case "in":
      return contains(right, left);
    case "notin":
      return !contains(right, left);
    default:
      return ordered(op, left, right, { left: MAX_STEPS });
  }
}
