import type { Binary, Compare, CompareOperator, CondExpr, Expr, Logical, Unary } from "../ast.ts";
import { compare } from "../compare.ts";
import { pythonQuote } from "../quote.ts";
import type { Evaluate } from "../run/frame.ts";
import { isTrue } from "../truth.ts";
import { NO_OBJECT, Undefined, type Value } from "../values.ts";
import type { Compiler } from "./compiler.ts";
import { BINARY, UNARY } from "./operators-table.ts";
import { softScope, type Scope } from "./scope.ts";

type Compile = (node: Expr) => Evaluate;

export function compileBinary(node: Binary, of: Compile): Evaluate {
  const left = of(node.left);
  const right = of(node.right);
  const operate = BINARY[node.type];
  return (frame) => operate(left(frame), right(frame), frame.context);
}

export function compileUnary(node: Unary, of: Compile): Evaluate {
  const inner = of(node.node);
  if (node.type === "Not") return (frame) => !isTrue(inner(frame));
  const operate = UNARY[node.type];
  return (frame) => operate(inner(frame));
}

export function compileLogical(node: Logical, of: Compile): Evaluate {
  const left = of(node.left);
  const right = of(node.right);
  if (node.type === "And")
    return (frame) => {
      const value = left(frame);
      return isTrue(value) ? right(frame) : value;
    };
  return (frame) => {
    const value = left(frame);
    return isTrue(value) ? value : right(frame);
  };
}

/** Strings and plain numbers are compared most; they need no rule of Python's. */
function compareFast(op: CompareOperator, left: Value, right: Value): boolean {
  if (op === "eq" || op === "ne") {
    const type = typeof left;
    if (type === typeof right && (type === "string" || type === "number")) return (left === right) === (op === "eq");
  }
  return compare(op, left, right);
}

export function compileCompare(node: Compare, of: Compile): Evaluate {
  const first = of(node.expr);
  const ops = node.ops.map(({ op, expr }) => ({ op, right: of(expr) }));
  const [only] = ops;
  if (only !== undefined && ops.length === 1) {
    const { op, right } = only;
    return (frame) => compareFast(op, first(frame), right(frame));
  }
  return (frame) => {
    let left = first(frame);
    for (const { op, right } of ops) {
      const next = right(frame);
      if (!compareFast(op, left, next)) return false;
      left = next;
    }
    return true;
  };
}

export function compileCondition(compiler: Compiler, node: CondExpr, scope: Scope): Evaluate {
  const soft = softScope(scope);
  const whenTrue = compiler.expression(node.whenTrue, soft);
  const test = compiler.expression(node.test, soft);
  const whenFalse =
    node.whenFalse === undefined ? missingElse(compiler, node.line) : compiler.expression(node.whenFalse, soft);
  return (frame) => (isTrue(test(frame)) ? whenTrue(frame) : whenFalse(frame));
}

/** The value of `a if b` where b is false: always the lenient kind. */
function missingElse(compiler: Compiler, line: number): () => Undefined {
  const where = compiler.templateName === undefined ? "" : ` in ${pythonQuote(compiler.templateName)}`;
  const hint = `the inline if-expression on line ${line}${where} evaluated to false and no else section was defined.`;
  return () => new Undefined("default", undefined, NO_OBJECT, hint);
}
