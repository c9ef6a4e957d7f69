import type { Expr, Output } from "../ast.ts";
import { JinjaError } from "../errors.ts";
import { escape } from "../markup.ts";
import { str } from "../print.ts";
import { DONE, rootOf, type Evaluate, type Execute, type Frame } from "../run/frame.ts";
import type { Origin } from "../source-map.ts";
import { Markup, type Value } from "../values.ts";
import type { Compiler } from "./compiler.ts";
import { constantOf } from "./fold.ts";
import type { EscapeKnown, Scope } from "./scope.ts";

export function compileOutput(compiler: Compiler, node: Output, scope: Scope): Execute | undefined {
  if (scope.asksForParent && compiler.hasKnownExtends) return undefined;
  const write = joinSteps(compileParts(compiler, node.nodes, scope));
  if (!scope.asksForParent)
    return (frame) => {
      write(frame);
      return DONE;
    };
  return (frame) => {
    if (rootOf(frame).extended === undefined) write(frame);
    return DONE;
  };
}

type Step = (frame: Frame) => void;

function joinSteps(steps: readonly Step[]): Step {
  const [first, second, third] = steps;
  if (first === undefined) return () => undefined;
  if (second === undefined) return first;
  if (third === undefined)
    return (frame) => {
      first(frame);
      second(frame);
    };
  return (frame) => {
    for (const step of steps) step(frame);
  };
}

function compileParts(compiler: Compiler, nodes: readonly Expr[], scope: Scope): Step[] {
  const steps: Step[] = [];
  let text = "";
  const flush = (): void => {
    if (text === "") return;
    const constant = text;
    text = "";
    steps.push((frame) => frame.run.write(constant));
  };
  for (const node of nodes) {
    const constant = printedConstant(compiler, node, scope);
    if (constant === undefined) {
      flush();
      steps.push(compileValue(compiler, node, scope));
    } else if (compiler.mapped) {
      const origin = originOf(compiler, node, scope, node.line);
      steps.push((frame) => frame.run.writeFrom(constant, origin));
    } else {
      text += constant;
    }
  }
  flush();
  return steps;
}

function printedConstant(compiler: Compiler, node: Expr, scope: Scope): string | undefined {
  // Text of the template is printed as it is, whatever is escaped around it; but Jinja notes its line where it cannot tell.
  if (node.type === "TemplateData") return scope.escape.volatile ? undefined : node.text;
  const constant = constantOf(compiler, scope, node);
  if (constant === undefined) return undefined;
  try {
    return printValue(constant.value, scope.escape.autoescape);
  } catch (error) {
    // It fails again when it is rendered, where its line is known.
    if (error instanceof JinjaError) return undefined;
    throw error;
  }
}

const printValue = (value: Value, autoescape: boolean): string => (autoescape ? escape(value).text : str(value));

function compileValue(compiler: Compiler, node: Expr, scope: Scope): Step {
  compiler.line = node.line;
  const { line } = compiler;
  const evaluate = compiler.expression(node, scope);
  if (compiler.mapped) return traceValue(evaluate, originOf(compiler, node, scope, line), scope.escape);
  if (!scope.escape.autoescape && !scope.escape.volatile)
    return (frame) => {
      const { run } = frame;
      run.line = line;
      const value = evaluate(frame);
      run.write(typeof value === "string" ? value : str(value));
    };
  const { autoescape, volatile } = scope.escape;
  return (frame) => {
    frame.run.line = line;
    const value = evaluate(frame);
    frame.run.write(printValue(value, volatile ? frame.context.autoescape : autoescape));
  };
}

function traceValue(evaluate: Evaluate, origin: Origin, { autoescape, volatile }: EscapeKnown): Step {
  return (frame) => {
    const { run } = frame;
    run.line = origin.line;
    run.writeFrom(printValue(evaluate(frame), volatile ? frame.context.autoescape : autoescape), origin);
  };
}

export function originOf(compiler: Compiler, node: Expr, scope: Scope, line: number): Origin {
  const { templateName: template } = compiler;
  if (node.type === "TemplateData") return { template, line, isText: true, variables: [] };
  return { template, line, isText: false, variables: compiler.provenance.of(scope, node) };
}

/** Writes what a filter block or a `call` gave: not escaped, and Python joins nothing but strings. */
export function compileRawWrite(compiler: Compiler, node: Expr, scope: Scope, evaluate: Evaluate): Execute {
  const { line } = compiler;
  const origin = originOf(compiler, node, scope, line);
  return (frame) => {
    const { run } = frame;
    run.line = line;
    const value = evaluate(frame);
    const text = value instanceof Markup ? value.text : value;
    if (typeof text !== "string") {
      run.notText = text;
      return DONE;
    }
    run.writeFrom(text, origin);
    return DONE;
  };
}
