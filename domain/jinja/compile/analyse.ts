import { childrenOf, type Autoescape, type Expr, type For, type Node, type Stmt } from "../ast.ts";
import { Symbols } from "./symbols.ts";

/** Finds the names that a scope reads and assigns, in the order of the source: what comes first decides how a name starts. */
export function analyseAll(symbols: Symbols, nodes: Iterable<Node>): void {
  for (const node of nodes) visit(symbols, node);
}

export function analyseLoop(symbols: Symbols, node: For, part: "body" | "otherwise" | "test"): void {
  if (part === "otherwise") return analyseAll(symbols, node.otherwise);
  visitTarget(symbols, node.target);
  if (part === "body") analyseAll(symbols, node.body);
  else if (node.test !== undefined) visit(symbols, node.test);
}

/** `autoescape` is a scope whose first expression belongs to it already. */
export const analyseAutoescape = (symbols: Symbols, node: Autoescape): void =>
  analyseAll(symbols, [node.value, ...node.body]);

function visitTarget(symbols: Symbols, target: Expr): void {
  if (target.type === "Name") symbols.declareParameter(target.name);
  else for (const child of childrenOf(target)) if (isExpr(child)) visitTarget(symbols, child);
}

const isExpr = (node: Node): node is Expr => node.type === "Name" || node.type === "Tuple" || node.type === "NSRef";

function visit(symbols: Symbols, node: Node): void {
  switch (node.type) {
    case "Name":
      if (node.use === "param") symbols.declareParameter(node.name);
      else if (node.use === "store") symbols.store(node.name);
      else symbols.load(node.name);
      return;
    case "NSRef":
      return symbols.load(node.name);
    case "If": {
      visit(symbols, node.test);
      const branch = (nodes: readonly Stmt[]): Symbols => {
        const copy = symbols.copy();
        analyseAll(copy, nodes);
        return copy;
      };
      return symbols.mergeBranches([branch(node.body), branch(node.elifs), branch(node.otherwise)]);
    }
    case "Macro":
      return symbols.store(node.name);
    case "Import":
      visit(symbols, node.template);
      return symbols.store(node.target);
    case "FromImport":
      visit(symbols, node.template);
      for (const { alias } of node.names) symbols.store(alias);
      return;
    case "Assign":
      visit(symbols, node.node);
      return visit(symbols, node.target);
    // These have scopes of their own; what of them belongs to the one around is looked at.
    case "For":
      return visit(symbols, node.iter);
    case "CallBlock":
      return visit(symbols, node.call);
    case "FilterBlock":
      return visit(symbols, node.filter);
    case "With":
      return analyseAll(symbols, node.values);
    case "AssignBlock":
      return visit(symbols, node.target);
    case "Block":
    case "Autoescape":
      return;
    default:
      for (const child of childrenOf(node)) visit(symbols, child);
  }
}

/** Which of these names are read without being bound before, in or below the nodes, blocks aside. */
export function findUndeclared(nodes: Iterable<Node>, names: readonly string[]): Set<string> {
  const wanted = new Set(names);
  const found = new Set<string>();
  const walk = (node: Node): boolean => {
    if (node.type === "Block") return false;
    if (node.type !== "Name") return childrenOf(node).some(walk);
    if (node.use === "load" && wanted.has(node.name)) {
      found.add(node.name);
      return found.size === wanted.size && [...found].every((name) => wanted.has(name));
    }
    wanted.delete(node.name);
    return false;
  };
  for (const node of nodes) if (walk(node)) break;
  return found;
}
