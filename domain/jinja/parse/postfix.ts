import type { Arguments, CallNode, Expr, FilterNode } from "../ast.ts";
import type { ExpressionParser } from "./expressions.ts";
import type { TokenStream } from "./stream.ts";

/** What follows an expression: subscripts, calls, filters, tests. `parser` reads the expressions within. */

export function parseSubscript(stream: TokenStream, node: Expr, parser: ExpressionParser): Expr {
  const { type, line } = stream.next();
  if (type === "dot") {
    const attribute = stream.next();
    if (attribute.type === "name") return { type: "Getattr", node, attribute: attribute.value, line };
    if (attribute.type !== "integer") stream.fail("expected name or number", attribute.line);
    const arg: Expr = { type: "Const", value: attribute.constant, line: attribute.line };
    return { type: "Getitem", node, arg, line };
  }
  const items: Expr[] = [];
  while (stream.current.type !== "rbracket") {
    if (items.length > 0) stream.expect("comma");
    items.push(parseSubscribed(stream, parser));
  }
  stream.expect("rbracket");
  const [only] = items;
  const arg: Expr = items.length === 1 && only !== undefined ? only : { type: "Tuple", items, line };
  return { type: "Getitem", node, arg, line };
}

function parseSubscribed(stream: TokenStream, { parseExpression }: ExpressionParser): Expr {
  const { line } = stream.current;
  let start: Expr | undefined;
  if (stream.current.type !== "colon") {
    start = parseExpression(stream);
    if (!stream.test("colon")) return start;
  }
  stream.next();
  const ends = (): boolean => stream.test("rbracket") || stream.test("comma");
  const stop = stream.test("colon") || ends() ? undefined : parseExpression(stream);
  const step = stream.skipIf("colon") && !ends() ? parseExpression(stream) : undefined;
  return { type: "Slice", start, stop, step, line };
}

function parseArguments(stream: TokenStream, { parseExpression }: ExpressionParser): Arguments {
  const { line } = stream.expect("lparen");
  const found: Arguments = { args: [], kwargs: [], star: undefined, doubleStar: undefined };
  const ensure = (allowed: boolean): void => {
    if (!allowed) stream.fail("invalid syntax for function call expression", line);
  };
  let afterFirst = false;
  while (stream.current.type !== "rparen") {
    if (afterFirst) {
      stream.expect("comma");
      if (stream.test("rparen")) break;
    }
    afterFirst = true;
    if (stream.test("mul")) {
      ensure(found.star === undefined && found.doubleStar === undefined);
      stream.next();
      found.star = parseExpression(stream);
    } else if (stream.test("pow")) {
      ensure(found.doubleStar === undefined);
      stream.next();
      found.doubleStar = parseExpression(stream);
    } else if (stream.current.type === "name" && stream.look().type === "assign") {
      ensure(found.doubleStar === undefined);
      const key = stream.next().value;
      stream.next();
      found.kwargs.push({ key, value: parseExpression(stream) });
    } else {
      ensure(found.star === undefined && found.doubleStar === undefined && found.kwargs.length === 0);
      found.args.push(parseExpression(stream));
    }
  }
  stream.expect("rparen");
  return found;
}

export function parseCall(stream: TokenStream, node: Expr, parser: ExpressionParser): CallNode {
  const { line } = stream.current;
  return { type: "Call", node, ...parseArguments(stream, parser), line };
}

const noArguments = (): Arguments => ({ args: [], kwargs: [], star: undefined, doubleStar: undefined });

/** A name that may have dots in it. */
function parseDottedName(stream: TokenStream): { name: string; line: number } {
  const token = stream.expect("name");
  let name = token.value;
  while (stream.skipIf("dot")) name += `.${stream.expect("name").value}`;
  return { name, line: token.line };
}

/** One filter and those that follow it; a filter block's first has neither a value nor a bar before it. */
export function parseFilter(stream: TokenStream, node: Expr | undefined, parser: ExpressionParser): FilterNode {
  if (node !== undefined) stream.expect("pipe");
  let filter = parseOneFilter(stream, node, parser);
  while (stream.skipIf("pipe")) filter = parseOneFilter(stream, filter, parser);
  return filter;
}

function parseOneFilter(stream: TokenStream, node: Expr | undefined, parser: ExpressionParser): FilterNode {
  const { name, line } = parseDottedName(stream);
  const given = stream.test("lparen") ? parseArguments(stream, parser) : noArguments();
  return { type: "Filter", node, name, ...given, line };
}

/** What may follow a test without parentheses, as its one argument: `x is divisibleby 3`. */
const ARGUMENT_STARTS: ReadonlySet<string> = new Set(["name", "string", "integer", "float", "lbracket", "lbrace"]);
const NO_ARGUMENT: ReadonlySet<string> = new Set(["else", "or", "and"]);

export function parseTest(stream: TokenStream, node: Expr, parser: ExpressionParser): Expr {
  const { line } = stream.next();
  const negated = stream.skipIf("name:not");
  const { name } = parseDottedName(stream);
  let given = noArguments();
  const { type, value } = stream.current;
  if (type === "lparen") {
    given = parseArguments(stream, parser);
  } else if (ARGUMENT_STARTS.has(type) && !(type === "name" && NO_ARGUMENT.has(value))) {
    if (type === "name" && value === "is") stream.fail("You cannot chain multiple tests with is");
    given.args.push(parser.parsePostfix(stream, parser.parsePrimary(stream)));
  }
  const test: Expr = { type: "Test", node, name, ...given, line };
  return negated ? { type: "Not", node: test, line } : test;
}
