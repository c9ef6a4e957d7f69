import { holdsKept, mayBeEmpty } from "./facts.ts";
import type { ClassItem, Node, Pattern, Shorthand } from "./tree.ts";

/**
 * `plain` is for text of tabs and printable ASCII, where JavaScript's own classes are Python's; `wide` writes Python's
 * Unicode classes out, for any text.
 */
export type Alphabet = "plain" | "wide";

/** Matches at the beginning of a line: an expression of JavaScript, or our own. The kept groups follow the first entry. */
export type Matcher = { exec(text: string): ArrayLike<string | undefined> | null; test(text: string): boolean };

/** The same expression for JavaScript, matched at the beginning of a line only. Keeps the text of `kept`, in their order. */
export function writePattern(pattern: Pattern, kept: ReadonlySet<number>, alphabet: Alphabet): RegExp {
  const order = [...kept].sort((a, b) => a - b);
  const places = new Map(order.map((index, i) => [index, i + 1]));
  const body = alternatives(pattern.root);
  const [first] = pattern.root.kind === "sequence" ? pattern.root.parts : [pattern.root];
  const source = first?.kind === "start" ? body : `^(?:${body})`;
  return new RegExp(source, `${pattern.ignoreCase ? "i" : ""}${alphabet === "wide" ? "v" : ""}`);

  function alternatives(node: Node): string {
    return node.kind === "choice" ? node.options.map(write).join("|") : write(node);
  }

  function write(node: Node): string {
    switch (node.kind) {
      case "char":
        return charText(node.code);
      case "any":
        return alphabet === "wide" ? "[^\\n]" : ".";
      case "class":
        return classText(node.negated, node.items);
      case "start":
        return "^";
      case "end":
        return "$";
      case "boundary":
        return boundary(node.negated);
      case "group": {
        const keeps = node.index !== null && places.has(node.index);
        return `(${keeps ? "" : "?:"}${alternatives(node.body)})`;
      }
      case "back":
        return `(?:\\${places.get(node.index) ?? 0})`;
      case "look":
        return `(?${node.behind ? "<" : ""}${node.negated ? "!" : "="}${alternatives(node.body)})`;
      case "repeat":
        return repeat(node);
      case "sequence":
        return node.parts.map(write).join("");
      case "choice":
        return `(?:${alternatives(node)})`;
    }
  }

  function repeat(node: Extract<Node, { kind: "repeat" }>): string {
    const { min, max, lazy, body } = node;
    const inner = write(body);
    // A turn that takes nothing is none to JavaScript, and its groups stay without text.
    if (min === 0 && max === 1 && mayBeEmpty(body) && holdsKept(body, kept))
      return lazy ? `(?:|${inner})` : `(?:${inner}|)`;
    const single = body.kind === "char" || body.kind === "any" || body.kind === "class" || body.kind === "group";
    return `${single ? inner : `(?:${inner})`}${times(min, max)}${lazy ? "?" : ""}`;
  }

  function charText(code: number): string {
    if (code < 0x80) {
      const c = String.fromCharCode(code);
      return /[A-Za-z0-9]/.test(c) ? c : `\\x${hex(code, 2)}`;
    }
    // No character of a plain text.
    return alphabet === "wide" ? `\\u{${hex(code, 1)}}` : "(?!)";
  }

  function classText(negated: boolean, items: readonly ClassItem[]): string {
    const parts = items.map((item) => ("shorthand" in item ? shorthand(item.shorthand) : range(item.from, item.to)));
    return `[${negated ? "^" : ""}${parts.join("")}]`;
  }

  function range(from: number, to: number): string {
    if (alphabet === "wide") return from === to ? point(from) : `${point(from)}-${point(to)}`;
    if (from > 0x7f) return "";
    return from === to ? point(from) : `${point(from)}-${point(Math.min(to, 0x7f))}`;
  }

  function point(code: number): string {
    return alphabet === "wide" ? `\\u{${hex(code, 1)}}` : `\\x${hex(code, 2)}`;
  }

  function shorthand(kind: Shorthand): string {
    if (alphabet === "plain") return `\\${kind}`;
    const small = kind.toLowerCase();
    const set = small === "d" ? DIGITS : small === "w" ? WORD : SPACES;
    return kind === small ? set : `[^${set}]`;
  }

  function boundary(negated: boolean): string {
    if (alphabet === "plain") return negated ? "\\B" : "\\b";
    const word = `[${WORD}]`;
    return negated
      ? `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`
      : `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;
  }
}

/** What `str.isdecimal`, `str.isalnum` and `str.isspace` say yes to, as classes of their Unicode properties. */
const DIGITS = "\\p{Nd}";
const WORD = "\\p{L}\\p{N}_";
const SPACES = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, "0");

function times(min: number, max: number): string {
  if (min === 0 && max === Infinity) return "*";
  if (min === 1 && max === Infinity) return "+";
  if (min === 0 && max === 1) return "?";
  return max === Infinity ? `{${min},}` : min === max ? `{${min}}` : `{${min},${max}}`;
}
