import type { Arguments, Expr, SliceNode } from "../ast.ts";
import { compare } from "../compare.ts";
import { JinjaError } from "../errors.ts";
import type { EngineContext } from "../extension.ts";
import { setItem } from "../hash.ts";
import { iterate } from "../iterate.ts";
import { str } from "../print.ts";
import { isTrue } from "../truth.ts";
import { Dict, Float, Markup, Tuple, Undefined, type Value } from "../values.ts";
import type { Compiler } from "./compiler.ts";
import { BINARY, UNARY } from "./operators-table.ts";
import { keywordArguments } from "./keywords.ts";
import type { Scope } from "./scope.ts";
import { sliceOf } from "./slice-of.ts";

/** These look at the variables of the template, so Jinja never runs them while it compiles. */
const READS_CONTEXT: ReadonlySet<string> = new Set(["random", "map", "select", "reject", "selectattr", "rejectattr"]);

/**
 * The value of an expression that is the same in every rendering; undefined where there is none. Which are, is Jinja's
 * choice: it shows in what is checked while compiling and in the lines of errors.
 */
export function constantOf(compiler: Compiler, scope: Scope, node: Expr): { value: Value } | undefined {
  if (node.type === "Const") return node;
  if (node.type === "Name" || node.type === "Call" || node.type === "NSRef" || node.type === "Slice") return undefined;
  if (compiler.constants.has(node)) return compiler.constants.get(node);
  const constant = attempt(() => compute(compiler, scope, node, compiler.foldEngine(scope.escape.autoescape)));
  compiler.constants.set(node, constant);
  return constant;
}

/** What fails while compiling is left to fail while rendering, where its line is known. */
function attempt(work: () => Value): { value: Value } | undefined {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof Impossible || error instanceof JinjaError || error instanceof RangeError) return undefined;
    throw error;
  }
}

class Impossible extends Error {}
const IMPOSSIBLE = new Impossible();

function compute(compiler: Compiler, scope: Scope, node: Expr, engine: EngineContext): Value {
  const of = (child: Expr | undefined): Value => {
    const constant = child === undefined ? undefined : constantOf(compiler, scope, child);
    if (constant === undefined) throw IMPOSSIBLE;
    return constant.value;
  };
  engine.spend(1);
  switch (node.type) {
    case "TemplateData":
      if (scope.escape.volatile) throw IMPOSSIBLE;
      return scope.escape.autoescape ? new Markup(node.text) : node.text;
    case "Tuple":
      return new Tuple(node.items.map(of));
    case "List":
      return node.items.map(of);
    case "Dict": {
      const dict = new Dict();
      for (const { key, value } of node.pairs) setItem(dict, of(key), of(value));
      return dict;
    }
    case "CondExpr":
      return isTrue(of(node.test)) ? of(node.whenTrue) : of(node.whenFalse);
    case "Filter":
    case "Test":
      return computeCall(compiler, scope, node, of, engine);
    case "Getattr":
      return engine.getAttribute(of(node.node), node.attribute);
    case "Getitem":
      if (node.arg.type === "Slice") return computeSlice(of(node.node), node.arg, of, engine);
      return engine.getItem(of(node.node), of(node.arg));
    case "Concat":
      return node.nodes.map((child) => str(of(child))).join("");
    case "Compare":
      return computeComparison(node, of);
    case "And": {
      const left = of(node.left);
      return isTrue(left) ? of(node.right) : left;
    }
    case "Or": {
      const left = of(node.left);
      return isTrue(left) ? left : of(node.right);
    }
    case "Not":
      return !isTrue(of(node.node));
    case "Neg":
    case "Pos":
      return UNARY[node.type](of(node.node));
    case "Const":
    case "Name":
    case "NSRef":
    case "Slice":
    case "Call":
      throw IMPOSSIBLE;
    default:
      return BINARY[node.type](of(node.left), of(node.right), engine);
  }
}

/** While it compiles, Jinja looks at a slice as at any item: what cannot be sliced is undefined then. */
function computeSlice(
  value: Value,
  { start, stop, step }: SliceNode,
  of: (node: Expr) => Value,
  engine: EngineContext,
): Value {
  const bound = (node: Expr | undefined): Value => (node === undefined ? null : of(node));
  const bounds = [bound(start), bound(stop), bound(step)] as const;
  try {
    return sliceOf(value, ...bounds);
  } catch (error) {
    if (!(error instanceof JinjaError) || error.kind !== "TypeError") throw error;
    return new Undefined(engine.undefinedKind, undefined, value, error.message);
  }
}

function computeComparison(node: Extract<Expr, { type: "Compare" }>, of: (node: Expr) => Value): boolean {
  let left = of(node.expr);
  for (const { op, expr } of node.ops) {
    const right = of(expr);
    if (!compare(op, left, right)) return false;
    left = right;
  }
  return true;
}

function computeCall(
  compiler: Compiler,
  scope: Scope,
  node: Extract<Expr, { type: "Filter" | "Test" }>,
  of: (node: Expr | undefined) => Value,
  engine: EngineContext,
): Value {
  if (scope.escape.volatile || READS_CONTEXT.has(node.name)) throw IMPOSSIBLE;
  const table = node.type === "Filter" ? compiler.options.filters : compiler.options.tests;
  const run = table.get(node.name);
  if (run === undefined) throw IMPOSSIBLE;
  const value = of(node.node);
  return run(value, positional(node, of), named(node, of), engine);
}

function positional({ args, star }: Arguments, of: (node: Expr) => Value): Value[] {
  const values = args.map(of);
  if (star !== undefined) {
    const more = iterate(of(star));
    for (let next = more.next(); next.done !== true; next = more.next()) values.push(next.value);
  }
  return values;
}

const named = ({ kwargs, doubleStar }: Arguments, of: (node: Expr) => Value): Map<string, Value> =>
  keywordArguments(
    kwargs.map(({ key, value }) => [key, of(value)]),
    doubleStar === undefined ? undefined : of(doubleStar),
  );

/** Whether Jinja can write the value into its code: only then it does so outside of what is printed at once. */
export function canBeWritten(value: Value): boolean {
  if (value === null || typeof value !== "object") return true;
  if (Array.isArray(value)) return value.every(canBeWritten);
  // A float that is not finite has no literal in Python.
  if (value instanceof Float) return Number.isFinite(value.value);
  if (value instanceof Markup) return true;
  if (value instanceof Tuple) return value.constructor === Tuple && value.items.every(canBeWritten);
  if (value instanceof Dict) return [...value.entries.values()].every((pair) => pair.every(canBeWritten));
  return false;
}

/** Gives a constant anew each time it is asked for: a list may be changed by who gets it. */
export function makeAnew(value: Value): () => Value {
  if (Array.isArray(value)) {
    const items = value.map(makeAnew);
    return () => items.map((make) => make());
  }
  if (value instanceof Tuple) {
    const items = value.items.map(makeAnew);
    return () => new Tuple(items.map((make) => make()));
  }
  if (value instanceof Dict) {
    const pairs = [...value.entries].map(([hash, [key, item]]) => [hash, makeAnew(key), makeAnew(item)] as const);
    return () => new Dict(new Map(pairs.map(([hash, key, item]) => [hash, [key(), item()]])));
  }
  return () => value;
}
