import type { CallNode, Expr, If, Name, NameUse, Signature, Stmt } from "../ast.ts";
import { parseBlockFilter, parseExpression, parseTuple } from "./expressions.ts";
import type { TokenStream } from "./stream.ts";

/** Reads the statements up to one of these tags, which is current afterwards, or passed where `pass` says so. */
export type BodyParser = (stream: TokenStream, endsAt: readonly string[], pass: boolean) => Stmt[];
type StatementParser = (stream: TokenStream, body: BodyParser) => Stmt;

export function parseName(stream: TokenStream): Name {
  const { value: name, line } = stream.expect("name");
  if (CONSTANTS.has(name)) stream.fail("can't assign to 'name'", line);
  return { type: "Name", name, use: "store", line };
}

const CONSTANTS: ReadonlySet<string> = new Set(["true", "false", "none", "True", "False", "None"]);

function parseTarget(stream: TokenStream, use: NameUse, inAssignment = false): Expr {
  const target = parseTuple(stream, { simplified: true, inAssignment });
  if (!isAssignable(target)) stream.fail(`can't assign to '${target.type.toLowerCase()}'`, target.line);
  bindNames(target, use);
  return target;
}

function isAssignable(target: Expr): boolean {
  if (target.type === "Tuple") return target.items.every(isAssignable);
  return target.type === "NSRef" || (target.type === "Name" && !CONSTANTS.has(target.name));
}

function bindNames(target: Expr, use: NameUse): void {
  if (target.type === "Name") target.use = use;
  else if (target.type === "Tuple") for (const item of target.items) bindNames(item, use);
}

const parseFor: StatementParser = (stream, body) => {
  const { line } = stream.next();
  const target = parseTarget(stream, "store");
  stream.expect("name:in");
  const iter = parseTuple(stream, { withCondition: false });
  const test = stream.skipIf("name:if") ? parseExpression(stream) : undefined;
  const recursive = stream.skipIf("name:recursive");
  const passes = body(stream, ["name:endfor", "name:else"], false);
  const otherwise = stream.next().value === "endfor" ? [] : body(stream, ["name:endfor"], true);
  return { type: "For", target, iter, body: passes, otherwise, test, recursive, line };
};

const parseIf: StatementParser = (stream, body) => {
  const { line } = stream.next();
  const branch = (at: number): If => ({
    type: "If",
    test: parseTuple(stream, { withCondition: false }),
    body: body(stream, ["name:elif", "name:else", "name:endif"], false),
    elifs: [],
    otherwise: [],
    line: at,
  });
  const first = branch(line);
  for (;;) {
    const { value } = stream.next();
    if (value === "elif") {
      first.elifs.push(branch(stream.current.line));
    } else {
      if (value === "else") first.otherwise = body(stream, ["name:endif"], true);
      return first;
    }
  }
};

const parseSet: StatementParser = (stream, body) => {
  const { line } = stream.next();
  const target = parseTarget(stream, "store", true);
  if (stream.skipIf("assign")) return { type: "Assign", target, node: parseTuple(stream), line };
  const filter = stream.skipIf("pipe") ? parseBlockFilter(stream) : undefined;
  return { type: "AssignBlock", target, filter, body: body(stream, ["name:endset"], true), line };
};

const parseWith: StatementParser = (stream, body) => {
  const { line } = stream.next();
  const targets: Expr[] = [];
  const values: Expr[] = [];
  while (stream.current.type !== "block_end") {
    if (targets.length > 0) stream.expect("comma");
    targets.push(parseTarget(stream, "param"));
    stream.expect("assign");
    values.push(parseExpression(stream));
  }
  return { type: "With", targets, values, body: body(stream, ["name:endwith"], true), line };
};

const parseAutoescape: StatementParser = (stream, body) => {
  const { line } = stream.next();
  const value = parseExpression(stream);
  return { type: "Autoescape", value, body: body(stream, ["name:endautoescape"], true), line };
};

function parseSignature(stream: TokenStream): Signature {
  const args: Name[] = [];
  const defaults: Expr[] = [];
  stream.expect("lparen");
  while (stream.current.type !== "rparen") {
    if (args.length > 0) stream.expect("comma");
    const arg: Name = { ...parseName(stream), use: "param" };
    if (args.some(({ name }) => name === arg.name))
      stream.fail(`duplicate argument '${arg.name}' in function definition`);
    if (stream.skipIf("assign")) defaults.push(parseExpression(stream));
    else if (defaults.length > 0) stream.fail("non-default argument follows default argument");
    args.push(arg);
  }
  stream.expect("rparen");
  return { args, defaults };
}

const parseMacro: StatementParser = (stream, body) => {
  const { line } = stream.next();
  const { name } = parseName(stream);
  const signature = parseSignature(stream);
  return { type: "Macro", name, ...signature, body: body(stream, ["name:endmacro"], true), line };
};

const parseCallBlock: StatementParser = (stream, body) => {
  const { line } = stream.next();
  const signature = stream.test("lparen") ? parseSignature(stream) : { args: [], defaults: [] };
  const call = requireCall(stream, parseExpression(stream), line);
  return { type: "CallBlock", call, ...signature, body: body(stream, ["name:endcall"], true), line };
};

const requireCall = (stream: TokenStream, node: Expr, line: number): CallNode =>
  node.type === "Call" ? node : stream.fail("expected call", line);

const parseFilterBlock: StatementParser = (stream, body) => {
  const { line } = stream.next();
  const filter = parseBlockFilter(stream);
  return { type: "FilterBlock", filter, body: body(stream, ["name:endfilter"], true), line };
};

const parsePrint: StatementParser = (stream) => {
  const { line } = stream.next();
  const nodes: Expr[] = [];
  while (stream.current.type !== "block_end") {
    if (nodes.length > 0) stream.expect("comma");
    nodes.push(parseExpression(stream));
  }
  return { type: "Output", nodes, line };
};

const parseDo: StatementParser = (stream) => {
  const { line } = stream.next();
  return { type: "ExprStmt", node: parseTuple(stream), line };
};

export const STATEMENTS: Readonly<Record<string, StatementParser>> = {
  for: parseFor,
  if: parseIf,
  set: parseSet,
  with: parseWith,
  autoescape: parseAutoescape,
  macro: parseMacro,
  call: parseCallBlock,
  filter: parseFilterBlock,
  print: parsePrint,
  do: parseDo,
  break: (stream) => ({ type: "Break", line: stream.next().line }),
  continue: (stream) => ({ type: "Continue", line: stream.next().line }),
};
