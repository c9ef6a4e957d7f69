import { parseEscape } from "./escapes.ts";
import { parseSet } from "./sets.ts";
import { Scanner } from "./scanner.ts";
import type { CharSet, Flags, Node, Pattern } from "./syntax.ts";
import { widthOf } from "./width.ts";

const MAX_PATTERN = 10_000;
const MAX_REPEAT = 4_294_967_295;
const EMPTY: Node = { type: "empty" };

/** Reads a pattern as Python 3.12's `re` does; what it refuses is refused with its words. */
export function parsePattern(source: string, given: Partial<Flags>): Pattern {
  const reader = new Reader(source);
  const flags = { ignoreCase: false, multiLine: false, dotAll: false, verbose: false, ascii: false, ...given };
  const root = reader.parse(reader.globalFlags(flags));
  return { source, root, flags: reader.flags, groups: reader.groups, names: reader.names };
}

class Reader {
  readonly scanner: Scanner;
  readonly names = new Map<string, number>();
  /** Groups whose closing bracket has not come yet: they cannot be referred to. */
  readonly open = new Set<number>();
  groups = 0;
  flags: Flags = { ignoreCase: false, multiLine: false, dotAll: false, verbose: false, ascii: false };
  depth = 0;

  constructor(source: string) {
    this.scanner = new Scanner(source);
    if (source.length > MAX_PATTERN) this.scanner.fail(`a pattern may have ${MAX_PATTERN} characters`, 0);
  }

  /** `(?i)` and its like, which may only stand at the start. */
  globalFlags(flags: Flags): Flags {
    let result = flags;
    for (;;) {
      const letters = this.scanner.take(/\(\?([aiLmsux]+)\)/y);
      if (letters === undefined) break;
      result = { ...result, ...this.flagsOf(letters.slice(2, -1), true) };
    }
    this.flags = result;
    return result;
  }

  parse(flags: Flags): Node {
    const root = this.choice(flags);
    if (!this.scanner.done()) this.scanner.fail("unbalanced parenthesis");
    return root;
  }

  flagsOf(letters: string, on: boolean): Partial<Flags> {
    if (letters.includes("L")) this.scanner.fail("bad inline flags: cannot use 'L' flag with a str pattern");
    return {
      ...(letters.includes("i") ? { ignoreCase: on } : {}),
      ...(letters.includes("m") ? { multiLine: on } : {}),
      ...(letters.includes("s") ? { dotAll: on } : {}),
      ...(letters.includes("x") ? { verbose: on } : {}),
      ...(letters.includes("a") ? { ascii: on } : {}),
      ...(letters.includes("u") ? { ascii: false } : {}),
    };
  }

  choice(flags: Flags): Node {
    if (++this.depth > 100) this.scanner.fail("groups are nested more than 100 deep");
    const options = [this.sequence(flags)];
    while (this.scanner.accept("|")) options.push(this.sequence(flags));
    this.depth--;
    const [only] = options;
    return options.length === 1 && only !== undefined ? only : { type: "choice", options };
  }

  sequence(flags: Flags): Node {
    const items: Node[] = [];
    for (;;) {
      if (flags.verbose) this.scanner.skipVerbose();
      const next = this.scanner.peek();
      if (next === undefined || next === "|" || next === ")") break;
      const start = this.scanner.at;
      const atom = this.atom(flags);
      if (atom === undefined) continue;
      items.push(this.repeated(atom, start, flags));
    }
    const [only] = items;
    return items.length === 1 && only !== undefined ? only : { type: "sequence", items };
  }

  repeated(atom: Node, start: number, flags: Flags): Node {
    if (flags.verbose) this.scanner.skipVerbose();
    const bounds = this.quantifier();
    if (bounds === undefined) return atom;
    if (atom.type === "assert" && this.scanner.chars[start] !== "(") this.scanner.fail("nothing to repeat", start);
    const [min, max] = bounds;
    const mode = this.scanner.accept("?") ? "lazy" : this.scanner.accept("+") ? "possessive" : "greedy";
    if (flags.verbose) this.scanner.skipVerbose();
    const at = this.scanner.at;
    if (this.quantifier() !== undefined) this.scanner.fail("multiple repeat", at);
    return { type: "repeat", body: atom, min, max, mode };
  }

  quantifier(): [min: number, max: number] | undefined {
    const { scanner } = this;
    if (scanner.accept("*")) return [0, Infinity];
    if (scanner.accept("+")) return [1, Infinity];
    if (scanner.accept("?")) return [0, 1];
    const braces = scanner.take(/\{(\d*)(,(\d*))?\}/y);
    if (braces === undefined || braces === "{}") {
      if (braces !== undefined) scanner.at -= 2;
      return undefined;
    }
    const [low = "", high] = braces.slice(1, -1).split(",");
    const min = low === "" ? 0 : Number(low);
    const max = high === undefined ? min : high === "" ? Infinity : Number(high);
    if (min >= MAX_REPEAT || (max !== Infinity && max >= MAX_REPEAT)) {
      scanner.fail("the repetition number is too large");
    }
    if (max < min) scanner.fail("min repeat greater than max repeat");
    return [min, max];
  }

  /** Undefined: a comment, which stands for nothing, not even for what a quantifier could repeat. */
  atom(flags: Flags): Node | undefined {
    const { scanner } = this;
    const start = scanner.at;
    const char = scanner.next();
    switch (char) {
      case ".":
        return flags.dotAll ? set({ negative: true, ranges: [], classes: [] }) : { type: "any" };
      case "^":
        return { type: "assert", what: flags.multiLine ? "line-start" : "start" };
      case "$":
        return { type: "assert", what: flags.multiLine ? "line-end" : "last-line-end" };
      case "(":
        return this.group(flags, start);
      case "[":
        return set(parseSet(scanner));
      case "\\":
        return this.escape(start);
      case "*":
      case "+":
      case "?":
        return scanner.fail("nothing to repeat", start);
      case "{":
        scanner.at = start;
        if (this.quantifier() !== undefined) return scanner.fail("nothing to repeat", start);
        scanner.at = start + 1;
        return literal("{");
      default:
        return literal(char);
    }
  }

  escape(start: number): Node {
    const found = parseEscape(this.scanner, start);
    if (found.type !== "backreference") return found;
    if (found.index > this.groups) this.scanner.fail(`invalid group reference ${found.index}`, start);
    if (this.open.has(found.index)) this.scanner.fail("cannot refer to an open group", start);
    return found;
  }

  group(flags: Flags, start: number): Node | undefined {
    const { scanner } = this;
    if (!scanner.accept("?")) return this.capture(flags, start);
    const named = scanner.take(/P<([^>)]*)>/y);
    if (named !== undefined) return this.capture(flags, start, this.checkName(named.slice(2, -1), start));
    const reference = scanner.take(/P=([^)]*)\)/y);
    if (reference !== undefined) return this.namedReference(reference.slice(2, -1), start);
    if (scanner.accept("#")) {
      while (!scanner.accept(")")) {
        if (scanner.done()) scanner.fail("missing ), unterminated comment", start);
        scanner.next();
      }
      return undefined;
    }
    if (scanner.accept(":")) return this.body(flags, start);
    if (scanner.accept(">")) return { type: "atomic", body: this.body(flags, start) };
    if (scanner.accept("(")) return this.conditional(flags, start);
    const look = scanner.take(/<?[=!]/y);
    if (look !== undefined) return this.look(look, flags, start);
    return this.scopedFlags(flags, start);
  }

  capture(flags: Flags, start: number, name?: string): Node {
    const index = ++this.groups;
    if (name !== undefined) {
      const before = this.names.get(name);
      if (before !== undefined) {
        this.scanner.fail(`redefinition of group name '${name}' as group ${index}; was group ${before}`, start);
      }
      this.names.set(name, index);
    }
    this.open.add(index);
    const body = this.body(flags, start);
    this.open.delete(index);
    return { type: "group", index, body };
  }

  body(flags: Flags, start: number): Node {
    const body = this.choice(flags);
    if (!this.scanner.accept(")")) this.scanner.fail("missing ), unterminated subpattern", start);
    return body;
  }

  look(sign: string, flags: Flags, start: number): Node {
    const body = this.body(flags, start);
    const ahead = !sign.startsWith("<");
    const width = ahead ? 0 : widthOf(body);
    if (width === undefined) return this.scanner.fail("look-behind requires fixed-width pattern", start);
    return { type: "look", ahead, negative: sign.endsWith("!"), body, width };
  }

  conditional(flags: Flags, start: number): Node {
    const { scanner } = this;
    const name = scanner.take(/[^)]*\)/y)?.slice(0, -1) ?? scanner.fail("missing group name", start);
    const index = /^\d+$/.test(name) ? Number(name) : this.names.get(this.checkName(name, start));
    if (index === undefined) return scanner.fail(`unknown group name '${name}'`, start);
    if (index === 0 || index > this.groups) return scanner.fail(`invalid group reference ${index}`, start);
    const whenSet = this.sequence(flags);
    const otherwise = scanner.accept("|") ? this.sequence(flags) : EMPTY;
    if (scanner.peek() === "|") scanner.fail("conditional backref with more than two branches");
    if (!scanner.accept(")")) scanner.fail("missing ), unterminated subpattern", start);
    return { type: "conditional", index, whenSet, otherwise };
  }

  scopedFlags(flags: Flags, start: number): Node {
    const letters = this.scanner.take(/([aiLmsux]*)(-[imsx]+)?:/y);
    if (letters === undefined) {
      if (this.scanner.take(/[aiLmsux]+\)/y) !== undefined) {
        return this.scanner.fail("global flags not at the start of the expression", start);
      }
      return this.scanner.fail(`unknown extension ?${this.scanner.peek() ?? ""}`, start);
    }
    const [on = "", off = ""] = letters.slice(0, -1).split("-");
    const inner = { ...flags, ...this.flagsOf(on, true), ...this.flagsOf(off, false) };
    return { type: "flags", flags: inner, body: this.body(inner, start) };
  }

  namedReference(name: string, start: number): Node {
    const index = this.names.get(this.checkName(name, start));
    if (index === undefined) return this.scanner.fail(`unknown group name '${name}'`, start);
    if (this.open.has(index)) return this.scanner.fail("cannot refer to an open group", start);
    return { type: "backreference", index };
  }

  checkName(name: string, start: number): string {
    if (name === "") this.scanner.fail("missing group name", start);
    if (!/^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}_]*$/u.test(name)) {
      this.scanner.fail(`bad character in group name '${name}'`, start);
    }
    return name;
  }
}

const set = (value: CharSet): Node => ({ type: "set", set: value });

function literal(char: string): Node {
  return { type: "char", char: char.codePointAt(0) ?? 0 };
}
