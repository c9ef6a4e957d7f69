import type { Arguments, CallNode, Expr, FilterNode, TestNode } from "../ast.ts";
import { callMethod } from "../attributes.ts";
import { JinjaError } from "../errors.ts";
import { iterate } from "../iterate.ts";
import type { Evaluate, Frame } from "../run/frame.ts";
import { NO_KWARGS, PyObject, Undefined, type Kwargs, type Value } from "../values.ts";
import { failCompile, type Compiler } from "./compiler.ts";
import { keywordArguments } from "./keywords.ts";
import type { Scope } from "./scope.ts";

type Given = { args: (frame: Frame) => Value[]; kwargs: (frame: Frame) => Kwargs };

/** `caller`: the block of a `call`, which is handed on as one more keyword. */
function compileArguments(node: Arguments, of: (node: Expr) => Evaluate, caller?: Evaluate): Given {
  const repeated = node.kwargs.find(({ key }, index) => node.kwargs.findIndex((other) => other.key === key) < index);
  if (repeated !== undefined) failCompile(`keyword argument repeated: ${repeated.key}`, repeated.value.line);
  const written = node.args.map(of);
  const star = node.star === undefined ? undefined : of(node.star);
  const keywords = node.kwargs.map(({ key, value }) => [key, of(value)] as const);
  if (caller !== undefined) keywords.push(["caller", caller]);
  const doubleStar = node.doubleStar === undefined ? undefined : of(node.doubleStar);
  return {
    args: compilePositional(written, star),
    kwargs:
      keywords.length === 0 && doubleStar === undefined
        ? () => NO_KWARGS
        : (frame) =>
            keywordArguments(
              keywords.map(([key, value]) => [key, value(frame)]),
              doubleStar?.(frame),
            ),
  };
}

function compilePositional(written: readonly Evaluate[], star: Evaluate | undefined): (frame: Frame) => Value[] {
  if (star !== undefined)
    return (frame) => {
      const values = written.map((value) => value(frame));
      const iterator = iterate(star(frame));
      for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
        frame.run.spend(1);
        values.push(next.value);
      }
      return values;
    };
  const [first, second] = written;
  if (first === undefined) return () => [];
  if (second === undefined) return (frame) => [first(frame)];
  return (frame) => written.map((value) => value(frame));
}

export function compileCall(compiler: Compiler, node: CallNode, scope: Scope, caller?: Evaluate): Evaluate {
  const of = (child: Expr): Evaluate => compiler.expression(child, scope);
  if (node.node.type === "Getattr" && caller === undefined) return compileMethodCall(node, node.node, of);
  const callee = of(node.node);
  const given = compileArguments(node, of, caller);
  return (frame) => {
    const what = callee(frame);
    const args = given.args(frame);
    return frame.context.call(what, args, given.kwargs(frame));
  };
}

/** `x.method(…)` of a plain value needs no object for the method between. */
function compileMethodCall(
  node: CallNode,
  { node: object, attribute }: Extract<Expr, { type: "Getattr" }>,
  of: (node: Expr) => Evaluate,
): Evaluate {
  const evaluate = of(object);
  const given = compileArguments(node, of);
  const isPrivate = attribute.startsWith("_");
  return (frame) => {
    const { context } = frame;
    const value = evaluate(frame);
    if (isPrivate || value instanceof Undefined || value instanceof PyObject) {
      const what = context.getAttribute(value, attribute);
      const args = given.args(frame);
      return context.call(what, args, given.kwargs(frame));
    }
    const args = given.args(frame);
    const kwargs = given.kwargs(frame);
    frame.run.spend(1);
    const result = callMethod(value, attribute, args, kwargs, context);
    return result === undefined ? context.call(context.getAttribute(value, attribute), args, kwargs) : result;
  };
}

/** Jinja's message, and why, where the name is one that people may know. */
function unknownName(compiler: Compiler, kind: "filter" | "test", name: string, end: string): string {
  const reason = compiler.options.leftOut.get(name.slice(name.lastIndexOf(".") + 1));
  return `No ${kind} named '${name}'${end}${reason === undefined ? "" : ` It is left out: ${reason}.`}`;
}

/** A name that is unknown in a branch fails there, once what it would get is worked out. */
const failWhenReached =
  (value: Evaluate, given: Given, message: string): Evaluate =>
  (frame) => {
    value(frame);
    given.args(frame);
    throw new JinjaError("TemplateRuntimeError", message);
  };

/** `printed`: what a filter block filters, which has no value of its own. */
export function compileFilter(
  compiler: Compiler,
  node: FilterNode,
  scope: Scope,
  printed: Evaluate | undefined,
): Evaluate {
  const { name } = node;
  const filter = compiler.options.filters.get(name);
  if (filter === undefined && !scope.soft) failCompile(unknownName(compiler, "filter", name, "."), node.line);
  const value = compileFiltered(compiler, node, scope, printed);
  const given = compileArguments(node, (child) => compiler.expression(child, scope));
  if (filter === undefined) return failWhenReached(value, given, unknownName(compiler, "filter", name, " found."));
  return (frame) => {
    const of = value(frame);
    const args = given.args(frame);
    return filter(of, args, given.kwargs(frame), frame.context);
  };
}

function compileFiltered(
  compiler: Compiler,
  { node }: FilterNode,
  scope: Scope,
  printed: Evaluate | undefined,
): Evaluate {
  if (node === undefined) {
    if (printed === undefined) throw new Error("a filter without a value stands outside of a block");
    return printed;
  }
  return node.type === "Filter" && printed !== undefined
    ? compileFilter(compiler, node, scope, printed)
    : compiler.expression(node, scope);
}

export function compileTest(compiler: Compiler, node: TestNode, scope: Scope): Evaluate {
  const { name } = node;
  const test = compiler.options.tests.get(name);
  if (test === undefined && !scope.soft) failCompile(unknownName(compiler, "test", name, "."), node.line);
  const value = compiler.expression(node.node, scope);
  const given = compileArguments(node, (child) => compiler.expression(child, scope));
  if (name === "defined" && node.args.length === 0 && node.kwargs.length === 0 && node.star === undefined)
    return (frame) => !(value(frame) instanceof Undefined);
  if (test === undefined) return failWhenReached(value, given, unknownName(compiler, "test", name, " found."));
  return (frame) => {
    const of = value(frame);
    const args = given.args(frame);
    return test(of, args, given.kwargs(frame), frame.context);
  };
}
