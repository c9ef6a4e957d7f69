import type { Expr, For } from "../ast.ts";
import { iterate } from "../iterate.ts";
import { Frame } from "../run/frame.ts";
import { isTrue } from "../truth.ts";
import { Tuple, type Value } from "../values.ts";
import { analyseLoop } from "./analyse.ts";
import { compileStore } from "./assign.ts";
import type { Compiler } from "./compiler.ts";
import { Layout } from "./layout.ts";
import { enterScope, innerScope, readSlot, type Scope } from "./scope.ts";

export type LoopFilter = (frame: Frame, over: Value) => Iterator<Value>;

/** `for x in xs if …`: a generator of its own, which asks only as far as the loop goes. */
export function compileLoopFilter(
  compiler: Compiler,
  node: For,
  test: Expr,
  scope: Scope,
  around: Layout,
  origins: readonly string[],
): LoopFilter {
  const layout = new Layout(scope.layout);
  const inner: Scope = { ...innerScope(scope, layout), inLoop: false };
  analyseLoop(inner.symbols, node, "test");
  compiler.provenance.assign(inner, node.target, origins, true);
  compiler.line = test.line;
  const { line } = compiler;
  const enter = enterScope(compiler, inner);
  const store = compileStore(node.target, inner);
  const evaluate = compiler.expression(test, inner);
  const rebuild = compileRebuild(node.target, inner);
  const distance = around === scope.layout ? 0 : 1;
  return (frame, over) => {
    const own = new Frame(layout.size, frame.context, distance === 0 ? frame : frame.parent);
    const source = iterate(over);
    let isEntered = false;
    return {
      next: () => {
        const { run } = own;
        if (!isEntered) enter(own);
        isEntered = true;
        for (;;) {
          const next = source.next();
          if (next.done === true) return next;
          const before = run.line;
          run.spend(1);
          run.line = line;
          store(own, next.value);
          const passes = isTrue(evaluate(own));
          run.line = before;
          if (passes) return { done: false, value: rebuild(own, next.value) };
        }
      },
    };
  };
}

/** What the filter hands on is put together again from its parts: a pair that was a list comes out as a tuple. */
function compileRebuild(target: Expr, scope: Scope): (frame: Frame, value: Value) => Value {
  if (target.type !== "Tuple") return (_frame, value) => value;
  const items = target.items.map((item) => compileRebuild(item, scope));
  const readers = target.items.map((item) =>
    item.type === "Name" ? readSlot(scope, scope.symbols.slotOf(item.name)) : undefined,
  );
  return (frame, value) => new Tuple(items.map((rebuild, index) => readers[index]?.(frame) ?? rebuild(frame, value)));
}
