import { JinjaError, type PythonError } from "../errors.ts";
import { Lexer, type Whitespace } from "../lexer.ts";
import { pythonQuote } from "../quote.ts";
import { describeToken, describeType, type Token } from "../tokens.ts";

/** How deep brackets and blocks may lie in each other; Python's own limits are 200 and 20. */
const DEEPEST = 250;

/** The tokens of a template with one of them current, and what the parser must know to say what is missing. */
export class TokenStream {
  readonly #lexer: Lexer;
  #pushed: Token | undefined;
  current: Token;
  /** The tags that are open, and those that would close what is open. */
  readonly tags: string[] = [];
  readonly endTokens: (readonly string[])[] = [];
  #depth = 0;

  constructor(source: string, space: Whitespace) {
    this.#lexer = new Lexer(source, space);
    this.current = { type: "initial", value: "", line: 1, at: 0, constant: null };
    this.next();
  }

  /** Goes on by one and gives the token that was current. */
  next(): Token {
    const before = this.current;
    if (this.#pushed !== undefined) {
      this.current = this.#pushed;
      this.#pushed = undefined;
    } else if (before.type !== "eof") {
      this.current = this.#lexer.next() ?? {
        type: "eof",
        value: "",
        line: before.line,
        at: this.#lexer.source.length,
        constant: null,
      };
    }
    return before;
  }

  /** The token after the current one. */
  look(): Token {
    const before = this.next();
    const ahead = this.current;
    this.#pushed = ahead;
    this.current = before;
    return ahead;
  }

  /** `rule` is a type (`comma`) or, after `name:`, a name. */
  test(rule: string): boolean {
    return matches(this.current, rule);
  }

  skipIf(rule: string): boolean {
    if (!this.test(rule)) return false;
    this.next();
    return true;
  }

  expect(rule: string): Token {
    if (this.test(rule)) return this.next();
    const wanted = pythonQuote(describeRule(rule));
    if (this.current.type === "eof") this.fail(`unexpected end of template, expected ${wanted}.`);
    this.fail(`expected token ${wanted}, got ${pythonQuote(describeToken(this.current))}`);
  }

  fail(message: string, line = this.current.line, kind: PythonError = "TemplateSyntaxError"): never {
    const { current } = this;
    const column = current.line === line ? { column: this.#lexer.columnOf(current.at) } : {};
    throw new JinjaError(kind, message, { line, ...column });
  }

  /** Runs `work` one level deeper; what lies deeper than the stack of any machine is refused first. */
  deeper<T>(work: () => T): T {
    if (++this.#depth > DEEPEST)
      this.fail(`blocks and brackets lie more than ${DEEPEST} deep in each other`, this.current.line, "RecursionError");
    const result = work();
    this.#depth--;
    return result;
  }
}

const matches = (token: Token, rule: string): boolean =>
  token.type === rule || (rule.startsWith("name:") && token.type === "name" && token.value === rule.slice(5));

export const describeRule = (rule: string): string => (rule.startsWith("name:") ? rule.slice(5) : describeType(rule));
