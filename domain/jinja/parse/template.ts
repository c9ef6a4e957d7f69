import type { Expr, Stmt, Template } from "../ast.ts";
import type { Whitespace } from "../lexer.ts";
import { pythonQuote } from "../quote.ts";
import { COMPOSITION } from "./composition.ts";
import { refuseLongChains } from "./depth.ts";
import { parseTuple } from "./expressions.ts";
import { STATEMENTS } from "./statements.ts";
import { describeRule, TokenStream } from "./stream.ts";

/** Throws a JinjaError of kind TemplateSyntaxError or TemplateAssertionError that knows its line. */
export function parseTemplate(source: string, space: Whitespace): Template {
  const template: Template = {
    type: "Template",
    body: parseStatements(new TokenStream(source, space), undefined),
    line: 1,
  };
  refuseLongChains(template);
  return template;
}

/** Up to one of the tags in `endsAt`, or to the end of the template. */
function parseStatements(stream: TokenStream, endsAt: readonly string[] | undefined): Stmt[] {
  const body: Stmt[] = [];
  let output: Expr[] = [];
  const flush = (): void => {
    const [first] = output;
    if (first === undefined) return;
    body.push({ type: "Output", nodes: output, line: first.line });
    output = [];
  };
  while (stream.current.type !== "eof") {
    const token = stream.next();
    if (token.type === "data") {
      output.push({ type: "TemplateData", text: token.value, line: token.line });
    } else if (token.type === "variable_begin") {
      output.push(parseTuple(stream));
      stream.expect("variable_end");
    } else {
      flush();
      if (endsAt?.some((rule) => stream.test(rule)) === true) return body;
      body.push(parseStatement(stream));
      stream.expect("block_end");
    }
  }
  flush();
  return body;
}

function parseStatement(stream: TokenStream): Stmt {
  const token = stream.current;
  if (token.type !== "name") stream.fail("tag name expected", token.line);
  const parse = own(STATEMENTS, token.value) ?? own(COMPOSITION, token.value);
  if (parse === undefined) failOnTag(stream, token.value, stream.endTokens, token.line);
  stream.tags.push(token.value);
  const statement = stream.deeper(() => parse(stream, parseBody));
  stream.tags.pop();
  return statement;
}

const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

function parseBody(stream: TokenStream, endsAt: readonly string[], pass: boolean): Stmt[] {
  // As Python's, a statement may end in a colon.
  stream.skipIf("colon");
  stream.expect("block_end");
  stream.endTokens.push(endsAt);
  const body = parseStatements(stream, endsAt);
  stream.endTokens.pop();
  if (stream.current.type === "eof") failOnTag(stream, undefined, [...stream.endTokens, endsAt], stream.current.line);
  if (pass) stream.next();
  return body;
}

/** A tag that is not known here, or the end of the template (no name) where a tag was awaited. */
function failOnTag(
  stream: TokenStream,
  name: string | undefined,
  endTokens: readonly (readonly string[])[],
  line: number,
): never {
  const wanted = endTokens
    .at(-1)
    ?.map((rule) => pythonQuote(describeRule(rule)))
    .join(" or ");
  const innermost = stream.tags.at(-1);
  const sentences = [
    name === undefined ? "Unexpected end of template." : `Encountered unknown tag ${pythonQuote(name)}.`,
  ];
  if (wanted !== undefined)
    sentences.push(
      name !== undefined && endTokens.some((rules) => rules.some((rule) => describeRule(rule) === name))
        ? `You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for ${wanted}.`
        : `Jinja was looking for the following tags: ${wanted}.`,
    );
  if (innermost !== undefined)
    sentences.push(`The innermost block that needs to be closed is ${pythonQuote(innermost)}.`);
  stream.fail(sentences.join(" "), line);
}
