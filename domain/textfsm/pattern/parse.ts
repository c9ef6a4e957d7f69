import { PatternError } from "../errors.ts";
import { widthOf } from "./facts.ts";
import type { ClassItem, Node, Pattern, Shorthand } from "./tree.ts";

const LETTER = /^[A-Za-z]$/;
const DIGIT = /^[0-9]$/;
const OCTAL = /^[0-7]$/;
const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;
const CONTROL: Record<string, number> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };
const HEX_DIGITS: Record<string, number> = { x: 2, u: 4, U: 8 };

const refuse = (message: string): never => {
  throw new PatternError(message);
};
const unsupported = (what: string): never => {
  throw new PatternError(`${what} is not supported`, { unsupported: true });
};
const isShorthand = (c: string): c is Shorthand => c !== "" && "dDwWsS".includes(c);

/** Reads a regular expression as Python 3.11's `re` reads one of text, and refuses what it refuses. */
export function parsePattern(source: string): Pattern {
  const chars = Array.from(source);
  const names = new Map<string, number>();
  const open = new Set<number>();
  let at = 0;
  let groups = 0;
  let ignoreCase = false;

  const peek = (ahead = 0): string => chars[at + ahead] ?? "";
  const take = (): string => chars[at++] ?? "";
  const eat = (c: string): boolean => {
    if (peek() !== c) return false;
    at++;
    return true;
  };
  const takeWhile = (fits: RegExp, most: number): string => {
    let text = "";
    while (text.length < most && fits.test(peek())) text += take();
    return text;
  };

  function choice(): Node {
    const options = [sequence()];
    while (eat("|")) options.push(sequence());
    const [only] = options;
    return options.length === 1 && only ? only : { kind: "choice", options };
  }

  function sequence(): Node {
    const parts: Node[] = [];
    while (at < chars.length && peek() !== "|" && peek() !== ")") {
      const start = at;
      const c = take();
      const times = timesAt(c);
      if (times !== null) parts.push(repeated(parts.pop(), times));
      else if (c === "(") {
        const group = groupAfterParen(start);
        if (group !== null) parts.push(group);
      } else parts.push(atom(c));
    }
    const [only] = parts;
    return parts.length === 1 && only ? only : { kind: "sequence", parts };
  }

  /** After `*`, `+`, `?` or `{`: how often; null where the brace is only a brace. */
  function timesAt(c: string): { min: number; max: number } | null {
    if (c === "*") return { min: 0, max: Infinity };
    if (c === "+") return { min: 1, max: Infinity };
    if (c === "?") return { min: 0, max: 1 };
    if (c !== "{" || peek() === "}") return null;
    const back = at;
    const low = takeWhile(DIGIT, 10);
    const high = eat(",") ? takeWhile(DIGIT, 10) : low;
    if (!eat("}")) {
      at = back;
      return null;
    }
    const min = Number(low);
    const max = high === "" ? Infinity : Number(high);
    if (max < min) refuse("min repeat greater than max repeat");
    return { min, max };
  }

  function repeated(body: Node | undefined, { min, max }: { min: number; max: number }): Node {
    if (body === undefined || body.kind === "start" || body.kind === "end" || body.kind === "boundary")
      return refuse("nothing to repeat");
    if (body.kind === "repeat") return refuse("multiple repeat");
    const lazy = eat("?");
    if (!lazy && peek() === "+") unsupported("a possessive quantifier");
    return { kind: "repeat", min, max, lazy, body };
  }

  function atom(c: string): Node {
    if (c === ".") return { kind: "any" };
    if (c === "^") return { kind: "start" };
    if (c === "$") return { kind: "end" };
    if (c === "[") return charClass();
    if (c === "\\") return escape();
    return { kind: "char", code: codeOf(c) };
  }

  /** Null for what stands for nothing: a comment, flags. */
  function groupAfterParen(start: number): Node | null {
    if (!eat("?")) return closed(null);
    const c = take();
    if (c === "P") {
      if (eat("<")) return closed(nameUntil(">"));
      if (eat("=")) return back(names.get(nameUntil(")")) ?? refuse("unknown group name"));
      return refuse(`unknown extension ?P${peek()}`);
    }
    if (c === ":") return bare();
    if (c === "#") {
      while (at < chars.length && peek() !== ")") at++;
      if (!eat(")")) refuse("missing ), unterminated comment");
      return null;
    }
    if (c === "=" || c === "!") return look(false, c === "!");
    if (c === "<" && (peek() === "=" || peek() === "!")) return look(true, take() === "!");
    if (c === "(") return unsupported("a conditional group");
    if (c === ">") return unsupported("an atomic group");
    if (/^[aiLmsux-]$/.test(c)) {
      flags(c, start);
      return null;
    }
    return refuse(`unknown extension ?${c}`);
  }

  /** Flags of the whole expression. Lines have no line ends in them, so `m` and `s` change nothing. */
  function flags(first: string, start: number): void {
    const given = first + takeWhile(/^[A-Za-z-]$/, 20);
    if (!eat(")") || /[^imsu]/.test(given)) unsupported(`(?${given}`);
    if (start !== 0) refuse("global flags not at the start of the expression");
    if (given.includes("i")) ignoreCase = true;
  }

  function closed(name: string | null): Node {
    const index = ++groups;
    if (name !== null) {
      if (names.has(name)) refuse(`redefinition of group name ${JSON.stringify(name)}`);
      names.set(name, index);
    }
    open.add(index);
    const body = choice();
    if (!eat(")")) refuse("missing ), unterminated subpattern");
    open.delete(index);
    return { kind: "group", index, name, body };
  }

  function bare(): Node {
    const body = choice();
    if (!eat(")")) refuse("missing ), unterminated subpattern");
    return { kind: "group", index: null, name: null, body };
  }

  function look(behind: boolean, negated: boolean): Node {
    const node: Node = { kind: "look", behind, negated, body: bare() };
    const { min, max } = widthOf(node.body);
    if (behind && min !== max) refuse("look-behind requires fixed-width pattern");
    return node;
  }

  function nameUntil(end: string): string {
    let name = "";
    while (at < chars.length && peek() !== end) name += take();
    if (!eat(end)) refuse(`missing ${end}, unterminated name`);
    if (!NAME.test(name)) refuse(`bad character in group name ${JSON.stringify(name)}`);
    return name;
  }

  function back(index: number): Node {
    if (index > groups) refuse(`invalid group reference ${index}`);
    if (open.has(index)) refuse("cannot refer to an open group");
    return { kind: "back", index };
  }

  function escape(): Node {
    const c = take();
    if (c === "A") return { kind: "start" };
    if (c === "Z") return { kind: "end" };
    if (c === "b" || c === "B") return { kind: "boundary", negated: c === "B" };
    if (isShorthand(c)) return { kind: "class", negated: false, items: [{ shorthand: c }] };
    if (DIGIT.test(c) && c !== "0") {
      if (OCTAL.test(c) && OCTAL.test(peek()) && OCTAL.test(peek(1)))
        return { kind: "char", code: octal(c + take() + take()) };
      return back(Number(DIGIT.test(peek()) ? c + take() : c));
    }
    return { kind: "char", code: escapedCode(c) };
  }

  /** What an escape stands for that means the same inside of a class and outside. */
  function escapedCode(c: string): number {
    if (c === "") refuse("bad escape (end of pattern)");
    const control = CONTROL[c];
    if (control !== undefined) return control;
    const digits = HEX_DIGITS[c];
    if (digits !== undefined) {
      const hex = takeWhile(/^[0-9A-Fa-f]$/, digits);
      if (hex.length !== digits || parseInt(hex, 16) > 0x10ffff) refuse(`incomplete escape \\${c}${hex}`);
      return parseInt(hex, 16);
    }
    if (c === "0") return octal(`0${takeWhile(OCTAL, 2)}`);
    if (LETTER.test(c)) return c === "N" ? unsupported("\\N{…}") : refuse(`bad escape \\${c}`);
    return codeOf(c);
  }

  function charClass(): Node {
    const negated = eat("^");
    const items: ClassItem[] = [];
    for (let first = true; ; first = false) {
      if (at >= chars.length) refuse("unterminated character set");
      const c = take();
      if (c === "]" && !first) return { kind: "class", negated, items };
      const low = classItem(c);
      if (peek() !== "-" || peek(1) === "]" || peek(1) === "") {
        items.push(low);
        continue;
      }
      at++;
      const high = classItem(take());
      if ("shorthand" in low || "shorthand" in high || high.from < low.from) return refuse("bad character range");
      items.push({ from: low.from, to: high.to });
    }
  }

  function classItem(c: string): ClassItem {
    if (c !== "\\") return one(codeOf(c));
    const escaped = take();
    if (isShorthand(escaped)) return { shorthand: escaped };
    if (escaped === "b") return one(8);
    if (DIGIT.test(escaped) && escaped !== "0") {
      const digits = OCTAL.test(escaped) ? escaped + takeWhile(OCTAL, 2) : "";
      return digits.length === 3 ? one(octal(digits)) : refuse(`bad escape \\${escaped}`);
    }
    return one(escapedCode(escaped));
  }

  const root = choice();
  if (at < chars.length) refuse("unbalanced parenthesis");
  return { root, ignoreCase, names, groups };
}

const one = (code: number): ClassItem => ({ from: code, to: code });
const codeOf = (c: string): number => c.codePointAt(0) ?? 0;

function octal(digits: string): number {
  const code = parseInt(digits, 8);
  return code > 0o377 ? refuse(`octal escape value \\${digits} outside of range 0-0o377`) : code;
}
