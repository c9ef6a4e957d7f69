import type { Binary, CompareOperator, Expr, FilterNode } from "../ast.ts";
import { pythonQuote } from "../quote.ts";
import { describeToken } from "../tokens.ts";
import { parseCall, parseFilter, parseSubscript, parseTest } from "./postfix.ts";
import type { TokenStream } from "./stream.ts";

export type ExpressionParser = typeof expressionParser;

/** Jinja's grammar of expressions, one function a level. The lines of operators are Jinja's: that of what was read last. */
const expressionParser = { parseExpression, parsePrimary, parsePostfix };

export function parseExpression(stream: TokenStream, withCondition = true): Expr {
  return stream.deeper(() => (withCondition ? parseCondition(stream) : parseOr(stream)));
}

function parseCondition(stream: TokenStream): Expr {
  let { line } = stream.current;
  let node = parseOr(stream);
  while (stream.skipIf("name:if")) {
    const test = parseOr(stream);
    const whenFalse = stream.skipIf("name:else") ? stream.deeper(() => parseCondition(stream)) : undefined;
    node = { type: "CondExpr", test, whenTrue: node, whenFalse, line };
    ({ line } = stream.current);
  }
  return node;
}

function parseOr(stream: TokenStream): Expr {
  let { line } = stream.current;
  let left = parseAnd(stream);
  while (stream.skipIf("name:or")) {
    left = { type: "Or", left, right: parseAnd(stream), line };
    ({ line } = stream.current);
  }
  return left;
}

function parseAnd(stream: TokenStream): Expr {
  let { line } = stream.current;
  let left = parseNot(stream);
  while (stream.skipIf("name:and")) {
    left = { type: "And", left, right: parseNot(stream), line };
    ({ line } = stream.current);
  }
  return left;
}

function parseNot(stream: TokenStream): Expr {
  if (!stream.test("name:not")) return parseCompare(stream);
  const { line } = stream.next();
  return { type: "Not", node: stream.deeper(() => parseNot(stream)), line };
}

const COMPARISONS: ReadonlySet<string> = new Set(["eq", "ne", "lt", "lteq", "gt", "gteq"]);
const isComparison = (type: string): type is CompareOperator => COMPARISONS.has(type);

function parseCompare(stream: TokenStream): Expr {
  let { line } = stream.current;
  const expr = parseSum(stream);
  const ops: { op: CompareOperator; expr: Expr }[] = [];
  for (;;) {
    const { type } = stream.current;
    if (isComparison(type)) {
      stream.next();
      ops.push({ op: type, expr: parseSum(stream) });
    } else if (stream.skipIf("name:in")) {
      ops.push({ op: "in", expr: parseSum(stream) });
    } else if (stream.test("name:not") && isName(stream, "in")) {
      stream.next();
      stream.next();
      ops.push({ op: "notin", expr: parseSum(stream) });
    } else {
      break;
    }
    ({ line } = stream.current);
  }
  return ops.length === 0 ? expr : { type: "Compare", expr, ops, line };
}

function isName(stream: TokenStream, name: string): boolean {
  const ahead = stream.look();
  return ahead.type === "name" && ahead.value === name;
}

function parseSum(stream: TokenStream): Expr {
  let { line } = stream.current;
  let left = parseConcat(stream);
  while (stream.current.type === "add" || stream.current.type === "sub") {
    const type = stream.next().type === "add" ? "Add" : "Sub";
    left = { type, left, right: parseConcat(stream), line };
    ({ line } = stream.current);
  }
  return left;
}

function parseConcat(stream: TokenStream): Expr {
  const { line } = stream.current;
  const first = parseProduct(stream);
  if (stream.current.type !== "tilde") return first;
  const nodes = [first];
  while (stream.skipIf("tilde")) nodes.push(parseProduct(stream));
  return { type: "Concat", nodes, line };
}

const PRODUCTS: Readonly<Record<string, Binary["type"]>> = {
  mul: "Mul",
  div: "Div",
  floordiv: "FloorDiv",
  mod: "Mod",
};

function parseProduct(stream: TokenStream): Expr {
  let { line } = stream.current;
  let left = parsePower(stream);
  for (let type = PRODUCTS[stream.current.type]; type !== undefined; type = PRODUCTS[stream.current.type]) {
    stream.next();
    left = { type, left, right: parsePower(stream), line };
    ({ line } = stream.current);
  }
  return left;
}

/** Unlike Python's, it binds to the left, and a sign binds tighter: `-2 ** 2` is 4. */
function parsePower(stream: TokenStream): Expr {
  let { line } = stream.current;
  let left = parseUnary(stream, true);
  while (stream.skipIf("pow")) {
    left = { type: "Pow", left, right: parseUnary(stream, true), line };
    ({ line } = stream.current);
  }
  return left;
}

function parseUnary(stream: TokenStream, withFilter: boolean): Expr {
  const { type, line } = stream.current;
  let node: Expr;
  if (type === "sub" || type === "add") {
    stream.next();
    node = { type: type === "sub" ? "Neg" : "Pos", node: stream.deeper(() => parseUnary(stream, false)), line };
  } else {
    node = parsePrimary(stream);
  }
  node = parsePostfix(stream, node);
  return withFilter ? parseFilters(stream, node) : node;
}

/** `inAssignment`: `name.attribute` stands for an attribute of a namespace. */
function parsePrimary(stream: TokenStream, inAssignment = false): Expr {
  const token = stream.current;
  const { line } = token;
  switch (token.type) {
    case "name":
      stream.next();
      return parseName(stream, token.value, line, inAssignment);
    case "string": {
      let value = "";
      while (stream.current.type === "string") value += stream.next().value;
      return { type: "Const", value, line };
    }
    case "integer":
    case "float":
      stream.next();
      return { type: "Const", value: token.constant, line };
    case "lparen": {
      stream.next();
      const node = parseTuple(stream, { inParentheses: true });
      stream.expect("rparen");
      return node;
    }
    case "lbracket":
      return parseList(stream);
    case "lbrace":
      return parseDict(stream);
    default:
      return stream.fail(`unexpected ${pythonQuote(describeToken(token))}`, line);
  }
}

function parseName(stream: TokenStream, name: string, line: number, inAssignment: boolean): Expr {
  if (name === "true" || name === "True") return { type: "Const", value: true, line };
  if (name === "false" || name === "False") return { type: "Const", value: false, line };
  if (name === "none" || name === "None") return { type: "Const", value: null, line };
  if (inAssignment && stream.skipIf("dot"))
    return { type: "NSRef", name, attribute: stream.expect("name").value, line };
  return { type: "Name", name, use: "load", line };
}

type TupleRules = {
  /** Only names and literals: what can be assigned to. */
  simplified?: boolean;
  withCondition?: boolean;
  inParentheses?: boolean;
  inAssignment?: boolean;
};

/** One expression, or a tuple where a comma follows it. */
export function parseTuple(stream: TokenStream, rules: TupleRules = {}): Expr {
  let { line } = stream.current;
  const items: Expr[] = [];
  let isTuple = false;
  for (;;) {
    if (items.length > 0) stream.expect("comma");
    if (isTupleEnd(stream)) break;
    items.push(
      rules.simplified === true
        ? parsePrimary(stream, rules.inAssignment)
        : parseExpression(stream, rules.withCondition),
    );
    if (stream.current.type !== "comma") break;
    isTuple = true;
    ({ line } = stream.current);
  }
  if (!isTuple) {
    const [only] = items;
    if (only !== undefined) return only;
    if (rules.inParentheses !== true)
      stream.fail(`Expected an expression, got ${pythonQuote(describeToken(stream.current))}`);
  }
  return { type: "Tuple", items, line };
}

/** A word never ends one, not even `in`: `for x, in pairs` reads `in` as a name, in Jinja too. */
function isTupleEnd(stream: TokenStream): boolean {
  const { type } = stream.current;
  return type === "variable_end" || type === "block_end" || type === "rparen";
}

function parseList(stream: TokenStream): Expr {
  const { line } = stream.expect("lbracket");
  const items: Expr[] = [];
  while (stream.current.type !== "rbracket") {
    if (items.length > 0) stream.expect("comma");
    if (stream.test("rbracket")) break;
    items.push(parseExpression(stream));
  }
  stream.expect("rbracket");
  return { type: "List", items, line };
}

function parseDict(stream: TokenStream): Expr {
  const { line } = stream.expect("lbrace");
  const pairs: { key: Expr; value: Expr }[] = [];
  while (stream.current.type !== "rbrace") {
    if (pairs.length > 0) stream.expect("comma");
    if (stream.test("rbrace")) break;
    const key = parseExpression(stream);
    stream.expect("colon");
    pairs.push({ key, value: parseExpression(stream) });
  }
  stream.expect("rbrace");
  return { type: "Dict", pairs, line };
}

function parsePostfix(stream: TokenStream, start: Expr): Expr {
  let node = start;
  for (;;) {
    const { type } = stream.current;
    if (type === "dot" || type === "lbracket") node = parseSubscript(stream, node, expressionParser);
    else if (type === "lparen") node = parseCall(stream, node, expressionParser);
    else return node;
  }
}

function parseFilters(stream: TokenStream, start: Expr): Expr {
  let node = start;
  for (;;) {
    const { type } = stream.current;
    if (type === "pipe") node = parseFilter(stream, node, expressionParser);
    else if (type === "name" && stream.current.value === "is") node = parseTest(stream, node, expressionParser);
    else if (type === "lparen") node = parseCall(stream, node, expressionParser);
    else return node;
  }
}

/** The filters of a filter block, or of `{% set x | upper %}` once its bar is read: the innermost has no value yet. */
export const parseBlockFilter = (stream: TokenStream): FilterNode => parseFilter(stream, undefined, expressionParser);
