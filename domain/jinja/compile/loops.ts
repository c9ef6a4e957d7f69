import { descendants, type For } from "../ast.ts";
import { iterate } from "../iterate.ts";
import { BREAK, DONE, Frame, type Evaluate, type Execute } from "../run/frame.ts";
import { LoopContext } from "../run/loop-context.ts";
import { Markup, type Value } from "../values.ts";
import { analyseLoop, findUndeclared } from "./analyse.ts";
import { compileStore } from "./assign.ts";
import { failCompile, type Compiler } from "./compiler.ts";
import { Layout, type Slot } from "./layout.ts";
import { compileLoopFilter, type LoopFilter } from "./loop-filter.ts";
import { compileRawWrite } from "./output.ts";
import { enterScope, innerScope, leaveScope, writeSlot, type Scope } from "./scope.ts";

type LoopParts = {
  store: (frame: Frame, value: Value) => void;
  enter: (frame: Frame) => void;
  body: Execute;
  leave: (frame: Frame) => void;
  otherwise: Execute | undefined;
  line: number;
  /** Where `loop` goes, if the body asks for it. */
  storeLoop: ((frame: Frame, loop: LoopContext) => void) | undefined;
};

export function compileFor(compiler: Compiler, node: For, scope: Scope): Execute {
  const layout = node.recursive ? new Layout(scope.layout) : scope.layout;
  const inner: Scope = { ...innerScope(scope, layout), inLoop: true };
  const otherwiseScope: Scope = { ...innerScope(scope, layout), inLoop: node.recursive ? false : scope.inLoop };
  const loopSlot = needsLoop(node) ? inner.symbols.declareParameter("loop") : undefined;
  analyseLoop(inner.symbols, node, "body");
  if (node.otherwise.length > 0) analyseLoop(otherwiseScope.symbols, node, "otherwise");
  const origins = compiler.provenance.of(scope, node.iter);
  compiler.provenance.assign(inner, node.target, origins, true);
  const filter =
    node.test === undefined ? undefined : compileLoopFilter(compiler, node, node.test, scope, layout, origins);
  if (node.recursive) compiler.line = node.line;
  refuseLoopAsTarget(node);
  compiler.line = node.line;
  const iter = node.recursive ? undefined : compiler.expression(node.iter, scope);
  const parts = compileParts(compiler, node, inner, otherwiseScope, loopSlot);
  if (iter === undefined) return compileRecursive(compiler, node, scope, layout, parts, filter);
  if (parts.storeLoop !== undefined || filter !== undefined)
    return (frame) => {
      frame.run.line = parts.line;
      const over = iter(frame);
      return runLoop(parts, frame, new LoopContext(frame.context, over, filter?.(frame, over), undefined, 0));
    };
  return (frame) => {
    frame.run.line = parts.line;
    return runPlain(parts, frame, iter(frame));
  };
}

const needsLoop = (node: For): boolean =>
  node.recursive ||
  findUndeclared(node.body, ["loop"]).has("loop") ||
  [...descendants(node)].some((each) => each.type === "Block" && each.scoped);

function refuseLoopAsTarget(node: For): void {
  for (const each of descendants(node))
    if (each.type === "Name" && each.use === "store" && each.name === "loop")
      failCompile("Can't assign to special loop variable in for-loop target", each.line);
}

function compileParts(
  compiler: Compiler,
  node: For,
  inner: Scope,
  otherwiseScope: Scope,
  loopSlot: Slot | undefined,
): LoopParts {
  const { line } = compiler;
  const store = compileStore(node.target, inner);
  const enter = enterScope(compiler, inner);
  const body = compiler.body(node.body, inner);
  const leave = leaveScope(inner);
  const storeLoop = loopSlot === undefined ? undefined : writeSlot(inner, loopSlot);
  if (node.otherwise.length === 0) return { store, enter, body, leave, otherwise: undefined, line, storeLoop };
  const enterOtherwise = enterScope(compiler, otherwiseScope);
  const bodyOtherwise = compiler.body(node.otherwise, otherwiseScope);
  const leaveOtherwise = leaveScope(otherwiseScope);
  const otherwise: Execute = (frame) => {
    enterOtherwise(frame);
    const signal = bodyOtherwise(frame);
    leaveOtherwise(frame);
    return signal;
  };
  return { store, enter, body, leave, otherwise, line, storeLoop };
}

/** One pass; true where the loop goes on. As in Jinja, `else` runs unless a pass came to its end. */
type Passes = { completed: boolean };

function runPass(parts: LoopParts, frame: Frame, value: Value, passes: Passes): boolean {
  const { run } = frame;
  run.spend(1);
  run.line = parts.line;
  parts.store(frame, value);
  parts.enter(frame);
  const signal = parts.body(frame);
  if (signal === DONE) passes.completed = true;
  return signal !== BREAK;
}

function finish(parts: LoopParts, frame: Frame, { completed }: Passes): ReturnType<Execute> {
  parts.leave(frame);
  return completed || parts.otherwise === undefined ? DONE : parts.otherwise(frame);
}

function runPlain(parts: LoopParts, frame: Frame, over: Value): ReturnType<Execute> {
  const passes: Passes = { completed: false };
  if (Array.isArray(over)) {
    // The body may make the list longer or shorter; Python's iterator sees that too.
    for (let index = 0; index < over.length; index++) {
      const value = over[index];
      if (value === undefined || !runPass(parts, frame, value, passes)) break;
    }
    return finish(parts, frame, passes);
  }
  const iterator = iterate(over);
  for (;;) {
    frame.run.line = parts.line;
    const next = iterator.next();
    if (next.done === true || !runPass(parts, frame, next.value, passes)) break;
  }
  return finish(parts, frame, passes);
}

function runLoop(parts: LoopParts, frame: Frame, loop: LoopContext): ReturnType<Execute> {
  const passes: Passes = { completed: false };
  for (;;) {
    frame.run.line = parts.line;
    const value = loop.advance();
    if (value === undefined) break;
    parts.storeLoop?.(frame, loop);
    if (!runPass(parts, frame, value, passes)) break;
  }
  return finish(parts, frame, passes);
}

/** The body is a function of its own here, which `loop(…)` calls again one level deeper. */
function compileRecursive(
  compiler: Compiler,
  node: For,
  scope: Scope,
  layout: Layout,
  parts: LoopParts,
  filter: LoopFilter | undefined,
): Execute {
  const { escape } = scope;
  const { autoescape, volatile } = escape;
  const endLine = compiler.line;
  compiler.line = node.line;
  const iter = compiler.expression(node.iter, scope);
  const evaluate: Evaluate = (frame) => {
    const recurse = (over: Value, depth: number): Value =>
      frame.run.enter(frame.run.template, () => {
        const own = new Frame(layout.size, frame.context, frame);
        frame.run.line = parts.line;
        const { text } = frame.run.capture(
          () => runLoop(parts, own, new LoopContext(frame.context, over, filter?.(own, over), recurse, depth)),
          endLine,
        );
        return (volatile ? frame.context.autoescape : autoescape) ? new Markup(text) : text;
      });
    return recurse(iter(frame), 0);
  };
  return compileRawWrite(compiler, node.iter, scope, evaluate);
}
