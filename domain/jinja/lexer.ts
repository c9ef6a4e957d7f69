import { JinjaError } from "./errors.ts";
import { BadEscape, unescapeString } from "./lex-string.ts";
import { integerOf } from "./lex-number.ts";
import { pythonQuote } from "./quote.ts";
import { OPERATORS, type Token } from "./tokens.ts";
import { Float, type Value } from "./values.ts";

export type Whitespace = { trimBlocks: boolean; lstripBlocks: boolean; keepTrailingNewline: boolean };

/** Python's white space, which is not JavaScript's. */
const S = String.raw`[ \t\n\r\f\v\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]`;
const SPACE = new RegExp(`${S}+`, "y");
const ONLY_SPACE = new RegExp(`^${S}+$`);
const SPACE_CHARACTER = new RegExp(S);
const OPENING = /\{[%{#]/g;
const RAW_OPENING = new RegExp(String.raw`\{%([-+]?)${S}*raw${S}*(?:-%\}${S}*|%\})`, "y");
const FLOAT = /(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy;
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const PLAIN_NAME = /\w+/y;
const NAME = /[\p{L}\p{M}\p{N}\p{Pc}\u00b7]+/uy;
const IDENTIFIER = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;
const PLAIN_IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
const STRING = /'[^'\\]*(?:\\[^][^'\\]*)*'|"[^"\\]*(?:\\[^][^"\\]*)*"/y;
const OPERATOR = /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}><=.:|,;]/y;
const CLOSING: Readonly<Record<string, string>> = { "{": "}", "(": ")", "[": "]" };

type TagEnds = { block: RegExp; comment: RegExp; raw: RegExp };

/** `suffix`: what a tag takes with it of what follows. */
const tagEnds = (suffix: string): TagEnds => ({
  block: new RegExp(String.raw`\+%\}|-%\}${S}*|%\}${suffix}`, "y"),
  comment: new RegExp(String.raw`\+#\}|-#\}${S}*|#\}${suffix}`, "g"),
  raw: new RegExp(String.raw`\{%([-+]?)${S}*endraw${S}*(?:\+%\}|-%\}${S}*|%\}${suffix})`, "g"),
});
const PLAIN_ENDS = tagEnds("");
const TRIMMING_ENDS = tagEnds(String.raw`\n?`);

type State = "root" | "block" | "variable" | "comment" | "raw";

/** Splits a template into tokens, one at a time: what is wrong further down is not found before the parser comes there. */
export class Lexer {
  readonly source: string;
  readonly #space: Whitespace;
  readonly #ends: TagEnds;
  readonly #waiting: Token[] = [];
  readonly #open: string[] = [];
  #state: State = "root";
  #at = 0;
  #line = 1;
  #lineStarting = true;

  constructor(source: string, space: Whitespace) {
    const lines = source.includes("\r") ? source.replaceAll(/\r\n|\r/g, "\n") : source;
    this.source = !space.keepTrailingNewline && lines.endsWith("\n") ? lines.slice(0, -1) : lines;
    this.#space = space;
    this.#ends = space.trimBlocks ? TRIMMING_ENDS : PLAIN_ENDS;
  }

  /** Undefined at the end of the template. */
  next(): Token | undefined {
    while (this.#waiting.length === 0) {
      if (this.#at >= this.source.length) return undefined;
      switch (this.#state) {
        case "root":
          this.#root();
          break;
        case "comment":
          this.#comment();
          break;
        case "raw":
          this.#raw();
          break;
        default:
          this.#inside(this.#state);
      }
    }
    return this.#waiting.shift();
  }

  columnOf(at: number): number {
    return at - this.source.lastIndexOf("\n", at - 1);
  }

  #fail(message: string): never {
    throw new JinjaError("TemplateSyntaxError", message, { line: this.#line, column: this.columnOf(this.#at) });
  }

  #emit(type: string, value: string, constant: Value = null): void {
    this.#waiting.push({ type, value, line: this.#line, at: this.#at, constant });
  }

  #pass(matched: string): void {
    this.#at += matched.length;
    this.#line += countNewlines(matched);
    if (matched !== "") this.#lineStarting = matched.endsWith("\n");
  }

  /** Text up to the next tag, and the tag's opening. */
  #root(): void {
    OPENING.lastIndex = this.#at;
    const found = OPENING.exec(this.source);
    if (found === null) {
      const rest = this.source.slice(this.#at);
      this.#emit("data", rest);
      this.#pass(rest);
      return;
    }
    RAW_OPENING.lastIndex = found.index;
    const raw = RAW_OPENING.exec(this.source);
    const sign = raw === null ? this.source.charAt(found.index + 2) : (raw[1] ?? "");
    const signed = sign === "-" || sign === "+";
    this.#data(this.source.slice(this.#at, found.index), sign, found[0] === "{{");
    if (raw !== null) {
      this.#state = "raw";
      this.#pass(raw[0]);
      return;
    }
    this.#state = found[0] === "{%" ? "block" : found[0] === "{{" ? "variable" : "comment";
    if (this.#state !== "comment") this.#emit(`${this.#state}_begin`, found[0]);
    this.#pass(found[0] + (signed ? sign : ""));
  }

  /** What stands before a tag, with the white space that the tag takes away. */
  #data(text: string, sign: string, isVariable: boolean): void {
    let kept = text;
    if (sign === "-") {
      kept = trimEnd(text);
    } else if (sign !== "+" && this.#space.lstripBlocks && !isVariable) {
      const start = text.lastIndexOf("\n") + 1;
      if ((start > 0 || this.#lineStarting) && ONLY_SPACE.test(text.slice(start))) kept = text.slice(0, start);
    }
    if (kept !== "") this.#emit("data", kept);
    this.#at += text.length;
    this.#line += countNewlines(text);
  }

  #comment(): void {
    this.#ends.comment.lastIndex = this.#at;
    const found = this.#ends.comment.exec(this.source);
    if (found === null) this.#fail("Missing end of comment tag");
    this.#pass(this.source.slice(this.#at, found.index + found[0].length));
    this.#state = "root";
  }

  #raw(): void {
    this.#ends.raw.lastIndex = this.#at;
    const found = this.#ends.raw.exec(this.source);
    if (found === null) this.#fail("Missing end of raw directive");
    this.#data(this.source.slice(this.#at, found.index), found[1] ?? "", false);
    this.#pass(found[0]);
    this.#state = "root";
  }

  #inside(state: "block" | "variable"): void {
    if (this.#open.length === 0) {
      const end = this.#match(state === "block" ? this.#ends.block : VARIABLE_END);
      if (end !== undefined) {
        this.#emit(`${state}_end`, end);
        this.#pass(end);
        this.#state = "root";
        return;
      }
    }
    const space = this.#match(SPACE);
    if (space !== undefined) return this.#pass(space);
    const code = this.source.charCodeAt(this.#at);
    if (code >= 48 && code <= 57 && this.#number()) return;
    const name = this.#name();
    if (name !== undefined) {
      if (!PLAIN_IDENTIFIER.test(name) && !IDENTIFIER.test(name)) this.#fail("Invalid character in identifier");
      this.#emit("name", name);
      return this.#pass(name);
    }
    const string = this.#match(STRING);
    if (string !== undefined) {
      this.#emit("string", this.#unescape(string.slice(1, -1)));
      return this.#pass(string);
    }
    const operator = this.#match(OPERATOR);
    if (operator !== undefined) {
      this.#balance(operator);
      this.#emit(OPERATORS[operator] ?? operator, operator);
      return this.#pass(operator);
    }
    const char = String.fromCodePoint(this.source.codePointAt(this.#at) ?? 0);
    this.#fail(`unexpected char ${pythonQuote(char)} at ${this.#at}`);
  }

  #number(): boolean {
    const float = this.#match(FLOAT);
    const matched = float ?? this.#match(INTEGER);
    if (matched === undefined) return false;
    if (float === undefined) this.#emit("integer", matched, integerOf(matched));
    else this.#emit("float", matched, new Float(Number(matched.replaceAll("_", ""))));
    this.#pass(matched);
    return true;
  }

  #name(): string | undefined {
    const plain = this.#match(PLAIN_NAME);
    const after = this.source.charCodeAt(this.#at + (plain?.length ?? 0));
    return after >= 128 ? (this.#match(NAME) ?? plain) : plain;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.source)?.[0];
  }

  #unescape(raw: string): string {
    try {
      return unescapeString(raw);
    } catch (error) {
      if (error instanceof BadEscape) this.#fail(error.message);
      throw error;
    }
  }

  /** The end of a tag counts only where no bracket is open: `{{ {"a": {}} }}`. */
  #balance(operator: string): void {
    const closing = CLOSING[operator];
    if (closing !== undefined) {
      this.#open.push(closing);
    } else if (operator === "}" || operator === ")" || operator === "]") {
      const expected = this.#open.pop();
      if (expected === undefined) this.#fail(`unexpected '${operator}'`);
      if (expected !== operator) this.#fail(`unexpected '${operator}', expected '${expected}'`);
    }
  }
}

const VARIABLE_END = new RegExp(String.raw`-\}\}${S}*|\}\}`, "y");

/** A pattern that ends in `$` would try at every space of a long text. */
function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && SPACE_CHARACTER.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

function countNewlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
