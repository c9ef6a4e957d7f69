import type { Expr, Name, SliceNode } from "../ast.ts";
import { setItem } from "../hash.ts";
import { escape } from "../markup.ts";
import type { Evaluate } from "../run/frame.ts";
import { str } from "../print.ts";
import { Dict, Markup, PyObject, Tuple, Undefined, type Value } from "../values.ts";
import { compileCall, compileFilter, compileTest } from "./calls.ts";
import type { Compiler } from "./compiler.ts";
import { canBeWritten, constantOf, makeAnew } from "./fold.ts";
import { compileBinary, compileCompare, compileCondition, compileLogical, compileUnary } from "./operators.ts";
import { readSlot, type Scope } from "./scope.ts";
import { sliceOf } from "./slice-of.ts";

/** Those that Jinja replaces by their value while it compiles, where they have one. */
const FOLDED: ReadonlySet<Expr["type"]> = new Set([
  "Add",
  "Sub",
  "Mul",
  "Div",
  "FloorDiv",
  "Mod",
  "Pow",
  "And",
  "Or",
  "Not",
  "Neg",
  "Pos",
  "Concat",
  "Compare",
  "Getattr",
  "Getitem",
  "Filter",
  "Test",
  "CondExpr",
]);

export function compileExpression(compiler: Compiler, node: Expr, scope: Scope): Evaluate {
  if (FOLDED.has(node.type) && !scope.escape.volatile) {
    const constant = constantOf(compiler, scope, node);
    if (constant !== undefined && canBeWritten(constant.value)) return makeAnew(constant.value);
  }
  const of = (child: Expr): Evaluate => compiler.expression(child, scope);
  switch (node.type) {
    case "Const":
      return makeAnew(node.value);
    case "TemplateData":
      return compileData(node.text, scope);
    case "Name":
      return compileName(compiler, node, scope);
    case "Tuple":
    case "List":
    case "Dict":
      return compileLiteral(node, of);
    case "Getattr":
      return compileAttribute(of(node.node), node.attribute);
    case "Getitem":
      return node.arg.type === "Slice"
        ? compileSlice(of(node.node), node.arg, of)
        : compileItem(of(node.node), of(node.arg));
    case "Slice":
      // Only within a tuple: `x[1:2, 3]`, which nothing here takes as a key.
      return () => new SliceObject();
    case "Concat":
      return compileConcat(node.nodes.map(of), scope);
    case "Compare":
      return compileCompare(node, of);
    case "CondExpr":
      return compileCondition(compiler, node, scope);
    case "And":
    case "Or":
      return compileLogical(node, of);
    case "Not":
    case "Neg":
    case "Pos":
      return compileUnary(node, of);
    case "Filter":
      return compileFilter(compiler, node, scope, undefined);
    case "Test":
      return compileTest(compiler, node, scope);
    case "Call":
      return compileCall(compiler, node, scope);
    case "NSRef":
      throw new Error("an attribute of a namespace is assigned to, not read");
    default:
      return compileBinary(node, of);
  }
}

class SliceObject extends PyObject {
  readonly type = "slice";
}

function compileData(text: string, { escape: known }: Scope): Evaluate {
  if (known.volatile) return (frame) => (frame.context.autoescape ? new Markup(text) : text);
  return known.autoescape ? () => new Markup(text) : () => text;
}

function compileName(compiler: Compiler, node: Name, scope: Scope): Evaluate {
  const slot = scope.symbols.slotOf(node.name);
  const { name } = node;
  const kind = compiler.options.undefinedKind;
  if (scope.layout.distanceTo(slot) === 0) {
    const { index } = slot;
    return (frame) => {
      const value = frame.slots[index];
      return value === undefined ? new Undefined(kind, name) : value;
    };
  }
  const read = readSlot(scope, slot);
  return (frame) => {
    const value = read(frame);
    return value === undefined ? new Undefined(kind, name) : value;
  };
}

function compileLiteral(
  node: Extract<Expr, { type: "Tuple" | "List" | "Dict" }>,
  of: (node: Expr) => Evaluate,
): Evaluate {
  if (node.type === "Dict") {
    const pairs = node.pairs.map(({ key, value }) => [of(key), of(value)] as const);
    return (frame) => {
      const dict = new Dict();
      for (const [key, value] of pairs) setItem(dict, key(frame), value(frame));
      return dict;
    };
  }
  const items = node.items.map(of);
  if (node.type === "List") return (frame) => items.map((item) => item(frame));
  return (frame) => new Tuple(items.map((item) => item(frame)));
}

/** What every dict has besides its items, and so hides an item of that name. */
const OF_EVERY_DICT: ReadonlySet<string> = new Set(
  "clear copy fromkeys get items keys pop popitem setdefault update values".split(" "),
);

function compileAttribute(object: Evaluate, name: string): Evaluate {
  if (name.startsWith("_") || OF_EVERY_DICT.has(name))
    return (frame) => frame.context.getAttribute(object(frame), name);
  return (frame) => {
    const of = object(frame);
    if (of instanceof Dict) {
      const found = of.entries.get(name);
      if (found !== undefined) return found[1];
    }
    return frame.context.getAttribute(of, name);
  };
}

function compileItem(object: Evaluate, key: Evaluate): Evaluate {
  return (frame) => {
    const of = object(frame);
    const at = key(frame);
    if (typeof at === "string" && of instanceof Dict) {
      const found = of.entries.get(at);
      if (found !== undefined) return found[1];
    }
    return frame.context.getItem(of, at);
  };
}

function compileSlice(object: Evaluate, { start, stop, step }: SliceNode, of: (node: Expr) => Evaluate): Evaluate {
  const [from, to, by] = [start, stop, step].map((bound) => (bound === undefined ? none : of(bound)));
  return (frame) => sliceOf(object(frame), (from ?? none)(frame), (to ?? none)(frame), (by ?? none)(frame));
}

const none = (): null => null;

function compileConcat(nodes: readonly Evaluate[], { escape: known }: Scope): Evaluate {
  if (known.autoescape && !known.volatile) return (frame) => joinMarkup(nodes.map((node) => node(frame)));
  const [first, second] = nodes;
  if (nodes.length === 2 && first !== undefined && second !== undefined)
    return (frame) => {
      const left = first(frame);
      const right = second(frame);
      const text = str(left) + str(right);
      frame.run.spendText(text);
      return text;
    };
  return (frame) => {
    let text = "";
    for (const value of nodes.map((node) => node(frame))) text += str(value);
    frame.run.spendText(text);
    return text;
  };
}

/** Where one of the values is safe, those after it are escaped and so are those before. */
function joinMarkup(values: readonly Value[]): Value {
  if (!values.some((value) => value instanceof Markup)) return values.map(str).join("");
  return new Markup(values.map((value) => escape(value instanceof Markup ? value : str(value)).text).join(""));
}
