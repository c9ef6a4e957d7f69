import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { callMethod, getItem } from "../../../../domain/jinja/attributes.ts";
import { compare } from "../../../../domain/jinja/compare.ts";
import { JinjaError } from "../../../../domain/jinja/errors.ts";
import type { EngineContext } from "../../../../domain/jinja/extension.ts";
import { formatText } from "../../../../domain/jinja/format/str-format.ts";
import { formatValue } from "../../../../domain/jinja/format/value.ts";
import { setItem } from "../../../../domain/jinja/hash.ts";
import { normalize } from "../../../../domain/jinja/int.ts";
import { lengthOf, toList } from "../../../../domain/jinja/iterate.ts";
import { add, floordiv, mod, mul, neg, pos, pow, sub, truediv } from "../../../../domain/jinja/operators.ts";
import { parseFloatText, parseInteger } from "../../../../domain/jinja/parse-number.ts";
import { repr, str } from "../../../../domain/jinja/print.ts";
import { slice } from "../../../../domain/jinja/slice.ts";
import { isTrue } from "../../../../domain/jinja/truth.ts";
import { Dict, Float, NO_KWARGS, Tuple, Undefined, type Value } from "../../../../domain/jinja/values.ts";

const SCRIPT = fileURLToPath(new URL("./python.py", import.meta.url));

/** A value as both sides write it down: floats bit by bit. */
type Coded = null | boolean | string | [kind: string, held: unknown];
export type Operation = { op: string; args: Value[] };
export type Outcome = { value: Coded } | { error: string; message: string };

function bitsOf(value: number): string {
  if (Number.isNaN(value)) return "nan";
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString("hex");
}

export function encode(value: Value): Coded {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "bigint") return ["int", String(value)];
  if (value instanceof Float) return ["float", bitsOf(value.value)];
  if (Array.isArray(value)) return ["list", value.map(encode)];
  if (value instanceof Tuple) return ["tuple", value.items.map(encode)];
  if (value instanceof Dict) {
    return ["dict", Array.from(value.entries.values(), ([key, item]) => [encode(key), encode(item)])];
  }
  return ["other", str(value)];
}

/** Asks Python for the outcome of all operations, in one process. */
export function askPython(operations: readonly Operation[]): Outcome[] {
  const input = operations.map(({ op, args }) => `${JSON.stringify({ op, args: args.map(encode) })}\n`).join("");
  const { stdout, stderr, status } = spawnSync("python3", [SCRIPT], {
    input,
    encoding: "utf8",
    env: { ...process.env, PYTHONIOENCODING: "utf-8" },
    maxBuffer: 256 * 1024 * 1024,
    timeout: 60_000,
  });
  if (status !== 0) throw new Error(`python3 failed: ${stderr}`);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Outcome);
}

const refuse = (): never => {
  throw new Error("this is not asked of the engine here");
};

/** An engine that counts nothing, for what is called without a template. */
export const ENGINE: EngineContext = {
  autoescape: false,
  undefinedKind: "default",
  getAttribute: refuse,
  getItem: (of, key) => getItem(of, key, ENGINE),
  call: refuse,
  filter: refuse,
  test: refuse,
  hasFilter: refuse,
  hasTest: refuse,
  undefined: (hint) => new Undefined("default", undefined, undefined, hint),
  lookUp: refuse,
  spend: () => {},
};

type Run = (...args: Value[]) => Value;

const RUNS: Record<string, Run> = {
  add: (a = null, b = null) => add(a, b, ENGINE),
  sub: (a = null, b = null) => sub(a, b),
  mul: (a = null, b = null) => mul(a, b, ENGINE),
  truediv: (a = null, b = null) => truediv(a, b),
  floordiv: (a = null, b = null) => floordiv(a, b),
  mod: (a = null, b = null) => mod(a, b, ENGINE),
  pow: (a = null, b = null) => pow(a, b, ENGINE),
  eq: (a = null, b = null) => compare("eq", a, b),
  ne: (a = null, b = null) => compare("ne", a, b),
  lt: (a = null, b = null) => compare("lt", a, b),
  lteq: (a = null, b = null) => compare("lteq", a, b),
  gt: (a = null, b = null) => compare("gt", a, b),
  gteq: (a = null, b = null) => compare("gteq", a, b),
  in: (a = null, b = null) => compare("in", a, b),
  repr: (a = null) => repr(a),
  str: (a = null) => str(a),
  neg: (a = null) => neg(a),
  pos: (a = null) => pos(a),
  bool: (a = null) => isTrue(a),
  list: (a = null) => toList(a),
  len: (a = null) => lengthOf(a) ?? fail("TypeError"),
  slice: (a = null, start = null, stop = null, step = null) => slice(a, start, stop, step) ?? fail("TypeError"),
  formatspec: (a = null, spec = null) => formatValue(a, str(spec), ENGINE),
  format: (text = null, args = null, kwargs = null) => formatText(str(text), toList(args), namesOf(kwargs), ENGINE),
  int: (text = null, base = 10) => parseInteger(str(text), Number(base)) ?? fail("ValueError"),
  float: (text = null) => {
    const parsed = parseFloatText(str(text));
    return parsed === undefined ? fail("ValueError") : new Float(parsed);
  },
};

function fail(kind: "TypeError" | "ValueError"): never {
  throw new JinjaError(kind, "");
}

function namesOf(value: Value): Map<string, Value> {
  if (!(value instanceof Dict)) return new Map();
  return new Map(Array.from(value.entries.values(), ([key, item]) => [str(key), item]));
}

function callMethodOn(name: string, [self = null, ...args]: readonly Value[]): Value {
  const result = callMethod(self, name, args, NO_KWARGS, ENGINE);
  if (result === undefined) throw new JinjaError("AttributeError", name);
  return Array.isArray(self) || self instanceof Dict ? [result, self] : result;
}

/** A copy with nothing shared, as a method may change what it is called on. */
function copy(value: Value): Value {
  if (Array.isArray(value)) return value.map(copy);
  if (value instanceof Tuple) return new Tuple(value.items.map(copy));
  if (!(value instanceof Dict)) return typeof value === "bigint" ? normalize(value) : value;
  const dict = new Dict();
  for (const [key, item] of value.entries.values()) setItem(dict, copy(key), copy(item));
  return dict;
}

/** The same operation done here. */
export function doHere({ op, args }: Operation): Outcome {
  const copies = args.map(copy);
  try {
    const run = RUNS[op];
    const value = run === undefined ? callMethodOn(op.slice(1), copies) : run(...copies);
    return { value: encode(value) };
  } catch (error) {
    if (error instanceof JinjaError) return { error: error.kind, message: error.message };
    throw error;
  }
}
