import type { Value } from "./values.ts";

/** What a template is made of. Each node has the line that Jinja gives it, which for an operator may be that of its right side. */
type Place = { readonly line: number };

/** Names are read first; what assigns turns them round. `param`: bound by the construct itself, so never missing. */
export type NameUse = "load" | "store" | "param";
export type Name = Place & { type: "Name"; name: string; use: NameUse };
export type NamespaceRef = Place & { type: "NSRef"; name: string; attribute: string };
export type Const = Place & { type: "Const"; value: Value };
export type TemplateData = Place & { type: "TemplateData"; text: string };
export type TupleNode = Place & { type: "Tuple"; items: Expr[] };
export type ListNode = Place & { type: "List"; items: Expr[] };
export type DictNode = Place & { type: "Dict"; pairs: { key: Expr; value: Expr }[] };
export type CondExpr = Place & { type: "CondExpr"; test: Expr; whenTrue: Expr; whenFalse: Expr | undefined };
export type Keyword = { key: string; value: Expr };
export type Arguments = {
  args: Expr[];
  kwargs: Keyword[];
  star: Expr | undefined;
  doubleStar: Expr | undefined;
};
/** `node` is undefined in a filter block: there it filters what the block printed. */
export type FilterNode = Place & Arguments & { type: "Filter"; node: Expr | undefined; name: string };
export type TestNode = Place & Arguments & { type: "Test"; node: Expr; name: string };
export type CallNode = Place & Arguments & { type: "Call"; node: Expr };
export type Getitem = Place & { type: "Getitem"; node: Expr; arg: Expr };
export type Getattr = Place & { type: "Getattr"; node: Expr; attribute: string };
export type SliceNode = Place & {
  type: "Slice";
  start: Expr | undefined;
  stop: Expr | undefined;
  step: Expr | undefined;
};
export type Concat = Place & { type: "Concat"; nodes: Expr[] };
export type CompareOperator = "eq" | "ne" | "gt" | "gteq" | "lt" | "lteq" | "in" | "notin";
export type Compare = Place & { type: "Compare"; expr: Expr; ops: { op: CompareOperator; expr: Expr }[] };
export type BinaryOperator = "Add" | "Sub" | "Mul" | "Div" | "FloorDiv" | "Mod" | "Pow";
export type Binary = Place & { type: BinaryOperator; left: Expr; right: Expr };
export type Logical = Place & { type: "And" | "Or"; left: Expr; right: Expr };
export type Unary = Place & { type: "Not" | "Neg" | "Pos"; node: Expr };

export type Expr =
  | Name
  | NamespaceRef
  | Const
  | TemplateData
  | TupleNode
  | ListNode
  | DictNode
  | CondExpr
  | FilterNode
  | TestNode
  | CallNode
  | Getitem
  | Getattr
  | SliceNode
  | Concat
  | Compare
  | Binary
  | Logical
  | Unary;

export type Output = Place & { type: "Output"; nodes: Expr[] };
export type Extends = Place & { type: "Extends"; template: Expr };
export type For = Place & {
  type: "For";
  target: Expr;
  iter: Expr;
  body: Stmt[];
  otherwise: Stmt[];
  test: Expr | undefined;
  recursive: boolean;
};
export type If = Place & { type: "If"; test: Expr; body: Stmt[]; elifs: If[]; otherwise: Stmt[] };
export type Signature = { args: Name[]; defaults: Expr[] };
export type MacroNode = Place & Signature & { type: "Macro"; name: string; body: Stmt[] };
export type CallBlock = Place & Signature & { type: "CallBlock"; call: CallNode; body: Stmt[] };
export type FilterBlock = Place & { type: "FilterBlock"; filter: FilterNode; body: Stmt[] };
export type With = Place & { type: "With"; targets: Expr[]; values: Expr[]; body: Stmt[] };
export type Block = Place & { type: "Block"; name: string; body: Stmt[]; scoped: boolean; required: boolean };
export type Include = Place & { type: "Include"; template: Expr; withContext: boolean; ignoreMissing: boolean };
export type Import = Place & { type: "Import"; template: Expr; target: string; withContext: boolean };
export type FromImport = Place & {
  type: "FromImport";
  template: Expr;
  names: { name: string; alias: string }[];
  withContext: boolean;
};
export type ExprStmt = Place & { type: "ExprStmt"; node: Expr };
export type Assign = Place & { type: "Assign"; target: Expr; node: Expr };
export type AssignBlock = Place & { type: "AssignBlock"; target: Expr; filter: FilterNode | undefined; body: Stmt[] };
export type Break = Place & { type: "Break" | "Continue" };
/** `{% autoescape %}`: a scope of its own. */
export type Autoescape = Place & { type: "Autoescape"; value: Expr; body: Stmt[] };
export type Template = Place & { type: "Template"; body: Stmt[] };

export type Stmt =
  | Output
  | Extends
  | For
  | If
  | MacroNode
  | CallBlock
  | FilterBlock
  | With
  | Block
  | Include
  | Import
  | FromImport
  | ExprStmt
  | Assign
  | AssignBlock
  | Break
  | Autoescape;

export type Node = Expr | Stmt | Template;

const present = (...nodes: (Expr | undefined)[]): Expr[] => nodes.filter((node) => node !== undefined);

const argumentNodes = ({ args, kwargs, star, doubleStar }: Arguments): Expr[] => [
  ...args,
  ...kwargs.map((keyword) => keyword.value),
  ...present(star, doubleStar),
];

/** The nodes right below, in the order in which Jinja walks them: what is undeclared depends on it. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.type) {
    case "Name":
    case "NSRef":
    case "Const":
    case "TemplateData":
    case "Break":
    case "Continue":
      return [];
    case "Tuple":
    case "List":
      return node.items;
    case "Dict":
      return node.pairs.flatMap(({ key, value }) => [key, value]);
    case "CondExpr":
      return present(node.test, node.whenTrue, node.whenFalse);
    case "Filter":
    case "Test":
    case "Call":
      return [...present(node.node), ...argumentNodes(node)];
    case "Getitem":
      return [node.node, node.arg];
    case "Slice":
      return present(node.start, node.stop, node.step);
    case "Getattr":
    case "Not":
    case "Neg":
    case "Pos":
    case "ExprStmt":
      return [node.node];
    case "Concat":
    case "Output":
      return node.nodes;
    case "Compare":
      return [node.expr, ...node.ops.map(({ expr }) => expr)];
    case "Extends":
    case "Include":
    case "Import":
    case "FromImport":
      return [node.template];
    case "For":
      return [node.target, node.iter, ...node.body, ...node.otherwise, ...present(node.test)];
    case "If":
      return [node.test, ...node.body, ...node.elifs, ...node.otherwise];
    case "Macro":
      return [...node.args, ...node.defaults, ...node.body];
    case "CallBlock":
      return [node.call, ...node.args, ...node.defaults, ...node.body];
    case "FilterBlock":
      return [...node.body, node.filter];
    case "With":
      return [...node.targets, ...node.values, ...node.body];
    case "Block":
    case "Template":
      return node.body;
    case "Assign":
      return [node.target, node.node];
    case "AssignBlock":
      return [node.target, ...present(node.filter), ...node.body];
    case "Autoescape":
      return [node.value, ...node.body];
    default:
      return [node.left, node.right];
  }
}

/** Every node below this one, outermost first, in the order of the source. */
export function* descendants(node: Node): Generator<Node> {
  const waiting = [...childrenOf(node)].reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next;
    const children = childrenOf(next);
    for (let index = children.length - 1; index >= 0; index--) {
      const child = children[index];
      if (child !== undefined) waiting.push(child);
    }
  }
}
