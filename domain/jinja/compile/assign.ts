import { descendants, type Assign, type AssignBlock, type Expr } from "../ast.ts";
import { JinjaError } from "../errors.ts";
import { Namespace } from "../globals.ts";
import { setItem } from "../hash.ts";
import { iteratorOf } from "../iterate.ts";
import { str } from "../print.ts";
import { DONE, type Evaluate, type Execute, type Frame } from "../run/frame.ts";
import { typeName } from "../type-name.ts";
import { Dict, Markup, Tuple, type Value } from "../values.ts";
import { compileFilter } from "./calls.ts";
import { analyseAll } from "./analyse.ts";
import type { Compiler } from "./compiler.ts";
import { enterScope, innerScope, leaveScope, readSlot, writeSlot, type Scope } from "./scope.ts";

type Store = (frame: Frame, value: Value) => void;

/** Puts a value where a target says, taking it apart for a tuple of targets. */
export function compileStore(target: Expr, scope: Scope): Store {
  switch (target.type) {
    case "Name":
      return writeSlot(scope, scope.symbols.slotOf(target.name));
    case "NSRef": {
      const read = readSlot(scope, scope.symbols.slotOf(target.name));
      const { attribute } = target;
      return (frame, value) => {
        const object = read(frame);
        if (object instanceof Namespace) object.setAttribute(attribute, value);
        // A set block does not ask what it assigns to, and Python assigns an item.
        else if (object instanceof Dict) setItem(object, attribute, value);
        else failOnItem(object);
      };
    }
    case "Tuple": {
      const stores = target.items.map((item) => compileStore(item, scope));
      return (frame, value) => {
        const parts = unpack(value, stores.length);
        for (const [index, store] of stores.entries()) store(frame, parts[index] ?? null);
      };
    }
    default:
      throw new Error(`nothing can be assigned to a ${target.type}`);
  }
}

function failOnItem(object: Value | undefined): never {
  const type = object === undefined ? "_MissingType" : typeName(object);
  throw new JinjaError("TypeError", `'${type}' object does not support item assignment`);
}

/** As many values as there are targets, or Python's error. */
function unpack(value: Value, count: number): readonly Value[] {
  const items = Array.isArray(value) ? value : value instanceof Tuple ? value.items : take(value, count + 1);
  if (items.length > count) throw new JinjaError("ValueError", `too many values to unpack (expected ${count})`);
  if (items.length < count)
    throw new JinjaError("ValueError", `not enough values to unpack (expected ${count}, got ${items.length})`);
  return items;
}

function take(value: Value, most: number): Value[] {
  const iterator = iteratorOf(value);
  if (iterator === undefined) throw new JinjaError("TypeError", `cannot unpack non-iterable ${typeName(value)} object`);
  const taken: Value[] = [];
  while (taken.length < most) {
    const next = iterator.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  return taken;
}

/** What is assigned at the top level of a template, others can see. */
function compilePublish(target: Expr, scope: Scope): (frame: Frame) => void {
  if (!scope.toplevel) return () => undefined;
  const names = namesIn(target).map((name) => ({ name, read: readSlot(scope, scope.symbols.slotOf(name)) }));
  return (frame) => {
    for (const { name, read } of names) publish(frame, name, read(frame));
  };
}

export function publish({ context }: Frame, name: string, value: Value | undefined): void {
  if (value === undefined) return;
  context.vars.set(name, value);
  if (!name.startsWith("_")) context.exported.add(name);
}

const namesIn = (target: Expr): string[] =>
  [target, ...descendants(target)].flatMap((node) => (node.type === "Name" ? [node.name] : []));

/** Only a namespace has attributes that can be set; this is asked before anything is evaluated. */
function compileNamespaceCheck(compiler: Compiler, target: Expr, scope: Scope): (frame: Frame) => void {
  const names = new Set([target, ...descendants(target)].flatMap((node) => (node.type === "NSRef" ? [node.name] : [])));
  const readers = [...names].map((name) => readSlot(scope, scope.symbols.slotOf(name)));
  if (readers.length === 0) return () => undefined;
  const { line } = compiler;
  return (frame) => {
    frame.run.line = line;
    for (const read of readers)
      if (!(read(frame) instanceof Namespace))
        throw new JinjaError("TemplateRuntimeError", "cannot assign attribute on non-namespace object");
  };
}

export function compileAssign(compiler: Compiler, node: Assign, scope: Scope): Execute {
  const check = compileNamespaceCheck(compiler, node.target, scope);
  compiler.line = node.line;
  const { line } = compiler;
  const store = compileStore(node.target, scope);
  const evaluate = compiler.expression(node.node, scope);
  const done = compilePublish(node.target, scope);
  compiler.provenance.assign(scope, node.target, compiler.provenance.of(scope, node.node));
  return (frame) => {
    check(frame);
    frame.run.line = line;
    store(frame, evaluate(frame));
    done(frame);
    return DONE;
  };
}

export function compileAssignBlock(compiler: Compiler, node: AssignBlock, scope: Scope): Execute {
  // What a set block captures is never printed by itself, so it need not ask who prints.
  const inner: Scope = { ...innerScope(scope), asksForParent: false };
  analyseAll(inner.symbols, node.filter === undefined ? node.body : [...node.body, node.filter]);
  const enter = enterScope(compiler, inner);
  const body = compiler.body(node.body, inner);
  compiler.line = node.line;
  const { line } = compiler;
  const store = compileStore(node.target, scope);
  let captured: Value = "";
  const printed: Evaluate = ({ context }) => escapedCapture(captured, inner, context.autoescape);
  const filter = node.filter === undefined ? undefined : compileFilter(compiler, node.filter, inner, printed);
  const done = compilePublish(node.target, scope);
  const leave = leaveScope(inner);
  compiler.provenance.assign(
    scope,
    node.target,
    node.body
      .flatMap((each) => (each.type === "Output" ? each.nodes : []))
      .flatMap((each) => compiler.provenance.of(inner, each)),
  );
  return (frame) => {
    enter(frame);
    const { text, result } = frame.run.capture(() => body(frame), line);
    if (result !== DONE) return result;
    frame.run.line = line;
    captured = text;
    const value = filter === undefined ? text : filter(frame);
    store(frame, frame.context.autoescape ? markSafe(value) : value);
    done(frame);
    leave(frame);
    return DONE;
  };
}

/** What a filter of a block gets: safe where the block was escaped. */
export function escapedCapture(text: Value, { escape }: Scope, autoescape: boolean): Value {
  const isSafe = escape.volatile ? autoescape : escape.autoescape;
  return isSafe ? markSafe(text) : text;
}

/** Python's `Markup(value)`. */
function markSafe(value: Value): Value {
  if (value instanceof Markup) return value;
  return new Markup(typeof value === "string" ? value : str(value));
}
