import type { CallBlock, MacroNode } from "../ast.ts";
import { DONE, Frame, type Evaluate, type Execute } from "../run/frame.ts";
import { Macro } from "../run/macro.ts";
import { NO_OBJECT, Undefined, type Value } from "../values.ts";
import { analyseAll, findUndeclared } from "./analyse.ts";
import { publish } from "./assign.ts";
import { compileCall } from "./calls.ts";
import { failCompile, type Compiler } from "./compiler.ts";
import { Layout, type Slot } from "./layout.ts";
import { compileRawWrite } from "./output.ts";
import { enterScope, innerScope, writeSlot, type Scope } from "./scope.ts";

const SPECIAL = ["caller", "kwargs", "varargs"] as const;

/** Makes the macro each time its definition is reached, so that it sees the variables around it. */
function compileMacroValue(compiler: Compiler, node: MacroNode | CallBlock, scope: Scope): (frame: Frame) => Macro {
  const layout = new Layout(scope.layout);
  // A macro prints where it is called, so it need not ask who prints.
  const inner: Scope = { ...innerScope(scope, layout), asksForParent: false, inLoop: false };
  const parts = [...node.args, ...node.defaults, ...node.body];
  analyseAll(inner.symbols, parts);
  const slots = node.args.map(({ name }) => inner.symbols.slotOf(name));
  const undeclared = findUndeclared(node.body, SPECIAL);
  const hasOwn = (name: string): boolean => node.args.some((arg) => arg.name === name);
  const readsCaller = undeclared.has("caller");
  if (readsCaller && hasOwn("caller")) requireDefault(node);
  const reads = {
    caller: readsCaller && !hasOwn("caller"),
    kwargs: undeclared.has("kwargs") && !hasOwn("kwargs"),
    varargs: undeclared.has("varargs") && !hasOwn("varargs"),
  };
  for (const name of SPECIAL) if (reads[name]) slots.push(inner.symbols.declareParameter(name));
  analyseAll(inner.symbols, parts);
  compiler.line = node.line;
  const { line } = compiler;
  const enter = enterScope(compiler, inner);
  const defaults = compileDefaults(compiler, node, inner);
  const body = compiler.body(node.body, inner);
  const { templateName, line: endLine } = compiler;
  const { undefinedKind } = compiler.options;
  const code = {
    name: node.type === "Macro" ? node.name : undefined,
    args: node.args.map(({ name }) => name),
    readsCaller,
    readsKwargs: reads.kwargs,
    readsVarargs: reads.varargs,
    undefinedKind,
  };
  return (frame) => {
    const { context, run } = frame;
    const call = (values: (Value | undefined)[]): string =>
      run.enter(templateName, () => {
        const own = new Frame(layout.size, context, frame);
        place(own, slots, values);
        return run.capture(() => {
          run.line = line;
          enter(own);
          defaults(own);
          return body(own);
        }, endLine).text;
      });
    return new Macro({ ...code, body: call }, context.autoescape);
  };
}

function requireDefault(node: MacroNode | CallBlock): void {
  const position = node.args.findIndex(({ name }) => name === "caller");
  if (position < node.args.length - node.defaults.length)
    failCompile(
      'When defining macros or call blocks the special "caller" argument must be omitted or be given a default.',
      node.line,
    );
}

function place(frame: Frame, slots: readonly Slot[], values: readonly (Value | undefined)[]): void {
  for (const [position, { index }] of slots.entries()) frame.slots[index] = values[position];
}

/** An argument that was not given has its default, which may read the arguments before it; or it is undefined. */
function compileDefaults(compiler: Compiler, node: MacroNode | CallBlock, scope: Scope): (frame: Frame) => void {
  const required = node.args.length - node.defaults.length;
  const kind = compiler.options.undefinedKind;
  const steps = node.args.map(({ name }, position) => {
    const given = node.defaults[position - required];
    const evaluate: Evaluate =
      position < required || given === undefined
        ? () => new Undefined(kind, name, NO_OBJECT, `parameter '${name}' was not provided`)
        : compiler.expression(given, scope);
    return { index: scope.symbols.slotOf(name).index, evaluate };
  });
  return (frame) => {
    for (const { index, evaluate } of steps) if (frame.slots[index] === undefined) frame.slots[index] = evaluate(frame);
  };
}

export function compileMacro(compiler: Compiler, node: MacroNode, scope: Scope): Execute {
  const make = compileMacroValue(compiler, node, scope);
  const store = writeSlot(scope, scope.symbols.slotOf(node.name));
  const { toplevel } = scope;
  const { name } = node;
  return (frame) => {
    const macro = make(frame);
    if (toplevel) publish(frame, name, macro);
    store(frame, macro);
    return DONE;
  };
}

export function compileCallBlock(compiler: Compiler, node: CallBlock, scope: Scope): Execute {
  const caller = compileMacroValue(compiler, node, scope);
  compiler.line = node.line;
  return compileRawWrite(compiler, node.call, scope, compileCall(compiler, node.call, scope, caller));
}
