import type { FromImport, Stmt } from "../ast.ts";
import { parseExpression } from "./expressions.ts";
import { parseName, type BodyParser } from "./statements.ts";
import type { TokenStream } from "./stream.ts";

/** The statements by which templates use each other. */

const ONLY_SPACE = /^[ \t\n\r\f\v\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/;

function parseBlock(stream: TokenStream, body: BodyParser): Stmt {
  const { line } = stream.next();
  const name = stream.expect("name").value;
  const scoped = stream.skipIf("name:scoped");
  const required = stream.skipIf("name:required");
  if (stream.test("sub"))
    stream.fail(
      "Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead.",
    );
  const content = body(stream, ["name:endblock"], true);
  if (required && !content.every(isBlank)) stream.fail("Required blocks can only contain comments or whitespace");
  stream.skipIf(`name:${name}`);
  return { type: "Block", name, body: content, scoped, required, line };
}

const isBlank = (statement: Stmt): boolean =>
  statement.type === "Output" &&
  statement.nodes.every((node) => node.type === "TemplateData" && ONLY_SPACE.test(node.text));

function parseExtends(stream: TokenStream): Stmt {
  const { line } = stream.next();
  return { type: "Extends", template: parseExpression(stream), line };
}

/** `with context` or `without context`; undefined where neither is said. */
function parseContext(stream: TokenStream): boolean | undefined {
  const { type, value } = stream.current;
  if (type !== "name" || (value !== "with" && value !== "without")) return undefined;
  const ahead = stream.look();
  if (ahead.type !== "name" || ahead.value !== "context") return undefined;
  stream.next();
  stream.next();
  return value === "with";
}

function parseInclude(stream: TokenStream): Stmt {
  const { line } = stream.next();
  const template = parseExpression(stream);
  let ignoreMissing = false;
  if (stream.test("name:ignore")) {
    const ahead = stream.look();
    if (ahead.type === "name" && ahead.value === "missing") {
      ignoreMissing = true;
      stream.next();
      stream.next();
    }
  }
  return { type: "Include", template, ignoreMissing, withContext: parseContext(stream) ?? true, line };
}

function parseImport(stream: TokenStream): Stmt {
  const { line } = stream.next();
  const template = parseExpression(stream);
  stream.expect("name:as");
  const target = parseName(stream).name;
  return { type: "Import", template, target, withContext: parseContext(stream) ?? false, line };
}

function parseFrom(stream: TokenStream): Stmt {
  const { line } = stream.next();
  const template = parseExpression(stream);
  stream.expect("name:import");
  const names: FromImport["names"] = [];
  let context: boolean | undefined;
  for (;;) {
    if (names.length > 0) stream.expect("comma");
    if (!stream.test("name")) stream.expect("name");
    context = parseContext(stream);
    if (context !== undefined) break;
    const { name, line: at } = parseName(stream);
    if (name.startsWith("_"))
      stream.fail("names starting with an underline can not be imported", at, "TemplateAssertionError");
    names.push({ name, alias: stream.skipIf("name:as") ? parseName(stream).name : name });
    context = parseContext(stream);
    if (context !== undefined || stream.current.type !== "comma") break;
  }
  return { type: "FromImport", template, names, withContext: context ?? false, line };
}

export const COMPOSITION: Readonly<Record<string, (stream: TokenStream, body: BodyParser) => Stmt>> = {
  block: parseBlock,
  extends: parseExtends,
  include: parseInclude,
  import: parseImport,
  from: parseFrom,
};
