import { bind } from "../arguments.ts";
import { compare, contains, type Comparison } from "../compare.ts";
import type { EngineContext, Test } from "../extension.ts";
import { hashKey } from "../hash.ts";
import { isInt } from "../int.ts";
import { iteratorOf, lengthOf } from "../iterate.ts";
import { isHtml } from "../markup.ts";
import { isLower, isUpper } from "../methods/str-kind.ts";
import { mod } from "../operators.ts";
import { str } from "../print.ts";
import { Range } from "../range.ts";
import { Callable, Dict, Float, Markup, PyObject, Tuple, Undefined, type Value } from "../values.ts";

/** A test that is given nothing but the value. */
const plain =
  (name: string, holds: (value: Value, engine: EngineContext) => boolean): Test =>
  (value, args, kwargs, engine) => {
    if (args.length > 0 || kwargs.size > 0) bind(`test_${name}`, [], args, kwargs);
    return holds(value, engine);
  };

const comparing =
  (op: Comparison): Test =>
  (value, args, kwargs) => {
    const [other] = bind(op, ["other"], args, kwargs);
    return compare(op, value, other);
  };

const remainderIs =
  (divisor: number, rest: number) =>
  (value: Value, engine: EngineContext): boolean =>
    compare("eq", mod(value, divisor, engine), rest);

const divisibleby: Test = (value, args, kwargs, engine) => {
  const [num] = bind("test_divisibleby", ["num"], args, kwargs);
  return compare("eq", mod(value, num, engine), 0);
};

/** Has a length and items with a place or key. */
function isSequence(value: Value): boolean {
  if (value instanceof Undefined) return value.kind !== "strict";
  const hasItems =
    typeof value === "string" ||
    Array.isArray(value) ||
    value instanceof Dict ||
    value instanceof Tuple ||
    value instanceof Markup ||
    value instanceof Range;
  return hasItems && lengthOf(value) !== undefined;
}

const isCallable = (value: Value): boolean =>
  value instanceof Callable || value instanceof Undefined || (value instanceof PyObject && value.call !== undefined);

const isNumber = (value: Value): boolean => isInt(value) || value instanceof Float;
const isText = (value: Value): boolean => typeof value === "string" || value instanceof Markup;

/** A name of a table of the engine; what cannot be a key of a table of Python is an error. */
const named =
  (has: (engine: EngineContext, name: string) => boolean) =>
  (value: Value, engine: EngineContext): boolean => {
    const key = hashKey(value);
    return typeof key === "string" && has(engine, key);
  };

const sameas: Test = (value, args, kwargs) => {
  const [other] = bind("test_sameas", ["other"], args, kwargs);
  return value === other;
};

const inside: Test = (value, args, kwargs) => {
  const [seq] = bind("test_in", ["seq"], args, kwargs);
  return contains(seq, value);
};

const COMPARISONS: Record<string, Comparison> = {
  "==": "eq",
  eq: "eq",
  equalto: "eq",
  "!=": "ne",
  ne: "ne",
  ">": "gt",
  gt: "gt",
  greaterthan: "gt",
  ">=": "gteq",
  ge: "gteq",
  "<": "lt",
  lt: "lt",
  lessthan: "lt",
  "<=": "lteq",
  le: "lteq",
};

const PLAIN: Record<string, (value: Value, engine: EngineContext) => boolean> = {
  odd: remainderIs(2, 1),
  even: remainderIs(2, 0),
  defined: (value) => !(value instanceof Undefined),
  undefined: (value) => value instanceof Undefined,
  none: (value) => value === null,
  boolean: (value) => typeof value === "boolean",
  false: (value) => value === false,
  true: (value) => value === true,
  integer: (value) => isInt(value) && typeof value !== "boolean",
  float: (value) => value instanceof Float,
  number: isNumber,
  string: isText,
  lower: (value) => isLower(str(value)),
  upper: (value) => isUpper(str(value)),
  mapping: (value) => value instanceof Dict,
  sequence: isSequence,
  iterable: (value) => iteratorOf(value) !== undefined,
  callable: isCallable,
  escaped: isHtml,
  filter: named((engine, name) => engine.hasFilter(name)),
  test: named((engine, name) => engine.hasTest(name)),
};

/** The tests that Jinja2 3.1 has built in. */
export const TESTS: ReadonlyMap<string, Test> = new Map<string, Test>([
  ...Object.entries(PLAIN).map(([name, holds]): [string, Test] => [name, plain(name, holds)]),
  ...Object.entries(COMPARISONS).map(([name, op]): [string, Test] => [name, comparing(op)]),
  ["divisibleby", divisibleby],
  ["sameas", sameas],
  ["in", inside],
]);
