import type { Autoescape, ExprStmt, FilterBlock, If, Stmt, With } from "../ast.ts";
import { BREAK, CONTINUE, DONE, type Evaluate, type Execute } from "../run/frame.ts";
import { isTrue } from "../truth.ts";
import type { Value } from "../values.ts";
import { analyseAll, analyseAutoescape } from "./analyse.ts";
import { compileAssign, compileAssignBlock, compileStore, escapedCapture } from "./assign.ts";
import { compileFilter } from "./calls.ts";
import { failCompile, RestIsUnreachable, type Compiler } from "./compiler.ts";
import { compileBlock, compileExtends, compileFromImport, compileImport, compileInclude } from "./composition.ts";
import { constantOf } from "./fold.ts";
import { compileFor } from "./loops.ts";
import { compileCallBlock, compileMacro } from "./macros.ts";
import { compileOutput, compileRawWrite } from "./output.ts";
import { enterScope, innerScope, leaveScope, softScope, type Scope } from "./scope.ts";

/** A list of statements, up to one that ends it early. */
export function compileBody(compiler: Compiler, nodes: readonly Stmt[], scope: Scope): Execute {
  const steps: Execute[] = [];
  try {
    for (const node of nodes) {
      const step = compileStatement(compiler, node, scope);
      if (step !== undefined) steps.push(step);
    }
  } catch (error) {
    if (!(error instanceof RestIsUnreachable)) throw error;
    steps.push(error.last);
  }
  return sequence(steps);
}

function sequence(steps: readonly Execute[]): Execute {
  const [first, second, third] = steps;
  if (first === undefined) return () => DONE;
  if (second === undefined) return first;
  if (third === undefined) return (frame) => first(frame) || second(frame);
  return (frame) => {
    for (const step of steps) {
      const signal = step(frame);
      if (signal !== DONE) return signal;
    }
    return DONE;
  };
}

/** Undefined: it does nothing. */
function compileStatement(compiler: Compiler, node: Stmt, scope: Scope): Execute | undefined {
  switch (node.type) {
    case "Output":
      return compileOutput(compiler, node, scope);
    case "If":
      return compileIf(compiler, node, scope);
    case "For":
      return compileFor(compiler, node, scope);
    case "Assign":
      return compileAssign(compiler, node, scope);
    case "AssignBlock":
      return compileAssignBlock(compiler, node, scope);
    case "Macro":
      return compileMacro(compiler, node, scope);
    case "CallBlock":
      return compileCallBlock(compiler, node, scope);
    case "FilterBlock":
      return compileFilterBlock(compiler, node, scope);
    case "With":
      return compileWith(compiler, node, scope);
    case "Autoescape":
      return compileAutoescape(compiler, node, scope);
    case "ExprStmt":
      return compileExprStmt(compiler, node, scope);
    case "Block":
      return compileBlock(compiler, node, scope);
    case "Extends":
      return compileExtends(compiler, node, scope);
    case "Include":
      return compileInclude(compiler, node, scope);
    case "Import":
      return compileImport(compiler, node, scope);
    case "FromImport":
      return compileFromImport(compiler, node, scope);
    case "Break":
    case "Continue":
      return compileLoopControl(compiler, node, scope);
  }
}

function compileLoopControl(
  compiler: Compiler,
  node: Extract<Stmt, { type: "Break" | "Continue" }>,
  scope: Scope,
): Execute {
  compiler.line = node.line;
  if (!scope.inLoop) failCompile(`'${node.type.toLowerCase()}' outside loop`, node.line);
  return node.type === "Break" ? () => BREAK : () => CONTINUE;
}

function compileIf(compiler: Compiler, node: If, scope: Scope): Execute {
  const soft = softScope(scope);
  const branches = [node, ...node.elifs].map((branch) => {
    compiler.line = branch.line;
    const { line } = compiler;
    return { line, test: compiler.expression(branch.test, soft), body: compiler.body(branch.body, soft) };
  });
  const otherwise = compiler.body(node.otherwise, soft);
  const [only] = branches;
  if (only !== undefined && branches.length === 1) {
    const { line, test, body } = only;
    return (frame) => {
      frame.run.line = line;
      return isTrue(test(frame)) ? body(frame) : otherwise(frame);
    };
  }
  return (frame) => {
    for (const { line, test, body } of branches) {
      frame.run.line = line;
      if (isTrue(test(frame))) return body(frame);
    }
    return otherwise(frame);
  };
}

function compileExprStmt(compiler: Compiler, node: ExprStmt, scope: Scope): Execute {
  compiler.line = node.line;
  const { line } = compiler;
  const evaluate = compiler.expression(node.node, scope);
  return (frame) => {
    frame.run.line = line;
    evaluate(frame);
    return DONE;
  };
}

function compileWith(compiler: Compiler, node: With, scope: Scope): Execute {
  const inner = innerScope(scope);
  analyseAll(inner.symbols, [...node.targets, ...node.body]);
  const enter = enterScope(compiler, inner);
  // Jinja notes no line here, so errors carry that of what came before.
  const { line } = compiler;
  const assigns = node.targets.flatMap((target, index) => {
    const value = node.values[index];
    if (value === undefined) return [];
    const store = compileStore(target, inner);
    compiler.provenance.assign(inner, target, compiler.provenance.of(scope, value), true);
    return [{ store, evaluate: compiler.expression(value, scope) }];
  });
  const body = compiler.body(node.body, inner);
  const leave = leaveScope(inner);
  return (frame) => {
    enter(frame);
    frame.run.line = line;
    for (const { store, evaluate } of assigns) store(frame, evaluate(frame));
    const signal = body(frame);
    if (signal === DONE) leave(frame);
    return signal;
  };
}

function compileFilterBlock(compiler: Compiler, node: FilterBlock, scope: Scope): Execute {
  const inner = innerScope(scope);
  analyseAll(inner.symbols, [...node.body, node.filter]);
  const enter = enterScope(compiler, inner);
  const body = compiler.body(node.body, inner);
  compiler.line = node.line;
  const { line } = compiler;
  let captured: Value = "";
  const printed: Evaluate = ({ context }) => escapedCapture(captured, inner, context.autoescape);
  const filter = compileFilter(compiler, node.filter, inner, printed);
  const write = compileRawWrite(compiler, node.filter, inner, filter);
  const leave = leaveScope(inner);
  return (frame) => {
    enter(frame);
    const { text, result } = frame.run.capture(() => body(frame), line);
    if (result !== DONE) return result;
    captured = text;
    write(frame);
    leave(frame);
    return DONE;
  };
}

function compileAutoescape(compiler: Compiler, node: Autoescape, scope: Scope): Execute {
  const inner = innerScope(scope);
  analyseAutoescape(inner.symbols, node);
  const enter = enterScope(compiler, inner);
  const before = { ...scope.escape };
  const { line } = compiler;
  const evaluate = compiler.expression(node.value, inner);
  const constant = constantOf(compiler, inner, node.value);
  if (constant === undefined) scope.escape.volatile = true;
  else scope.escape.autoescape = isTrue(constant.value);
  const body = compiler.body(node.body, inner);
  Object.assign(scope.escape, before);
  const leave = leaveScope(inner);
  return (frame) => {
    const { state } = frame.context;
    const { autoescape } = state;
    enter(frame);
    frame.run.line = line;
    state.autoescape = isTrue(evaluate(frame));
    const signal = body(frame);
    state.autoescape = autoescape;
    leave(frame);
    return signal;
  };
}
