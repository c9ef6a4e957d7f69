import { range, type Value, type Values } from "./values.ts";

/**
 * Commands are written as patterns, one line each:
 *   word            a keyword; any unambiguous beginning of it is accepted
 *   <kind>          an argument (values.ts); <1-4094> a number; <line> the rest of the line; <ifname> an interface
 *   [ a ]           optional;  ( a | b ) one of;  { a | b } any number of, in any order
 *   /               what stands before it is the line's identity: a later line with the same identity replaces this one
 *   $name           a macro
 * A pattern is compiled to a small state machine that all patterns of a mode share, so that a wrong word is found at
 * the place where no pattern goes on: that is where the box puts its caret.
 */
export type Edge =
  | { kind: "keyword"; text: string; to: number }
  | { kind: "value"; name: string; value: Value; glue: boolean; to: number }
  | { kind: "rest"; to: number };
export type State = { pattern: number; edges: Edge[]; empty: number[]; endsKey: boolean; accepts: boolean };
export type Machine = { states: State[]; start: number };

type Part =
  | { kind: "keyword"; text: string }
  | { kind: "value"; name: string; glue?: boolean }
  | { kind: "key" }
  | { kind: "sequence"; parts: Part[] }
  | { kind: "choice"; parts: Part[]; optional: boolean; repeat: boolean };

const TOKEN = /<[^>]+>|[()[\]{}|/]|[^\s()[\]{}|<>/]+/g;
const CLOSERS: Record<string, string> = { "(": ")", "[": "]", "{": "}" };

export function expandMacros(pattern: string, macros: Record<string, string>): string {
  let text = pattern;
  for (let depth = 0; depth < 5 && text.includes("$"); depth++) {
    text = text.replace(/\$([a-z0-9-]+)/g, (_, name: string) => {
      const macro = macros[name];
      if (macro === undefined) throw new Error(`pattern "${pattern}" uses the unknown macro $${name}`);
      return macro;
    });
  }
  return text;
}

function parsePattern(pattern: string): Part {
  const tokens = pattern.match(TOKEN) ?? [];
  let at = 0;
  const alternatives = (closer: string | undefined): Part[] => {
    const all: Part[][] = [[]];
    for (; at < tokens.length; at++) {
      const token = tokens[at] ?? "";
      if (token === closer) break;
      const current = all.at(-1) ?? [];
      const group = CLOSERS[token];
      if (token === "|") all.push([]);
      else if (group !== undefined) {
        at++;
        current.push({ kind: "choice", parts: alternatives(group), optional: token !== "(", repeat: token === "{" });
        if (tokens[at] !== group) throw new Error(`pattern "${pattern}" lacks ${group}`);
      } else current.push(simplePart(token));
    }
    return all.map((parts) => ({ kind: "sequence", parts }));
  };
  return { kind: "sequence", parts: alternatives(undefined).slice(0, 1) };
}

function simplePart(token: string): Part {
  if (token === "/") return { kind: "key" };
  if (!token.startsWith("<")) return { kind: "keyword", text: token };
  const name = token.slice(1, -1);
  if (name !== "ifname") return { kind: "value", name };
  const split: Part = {
    kind: "sequence",
    parts: [
      { kind: "value", name: "if-type" },
      { kind: "value", name: "if-number", glue: true },
    ],
  };
  return { kind: "choice", parts: [{ kind: "value", name: "if-full" }, split], optional: false, repeat: false };
}

function valueNamed(name: string, values: Values): Value {
  const numbers = /^(\d+)-(\d+)$/.exec(name);
  if (numbers) return range(Number(numbers[1]), Number(numbers[2]));
  const value = values[name];
  if (!value) throw new Error(`no kind of argument is called <${name}>`);
  return value;
}

/** Compiles the patterns of one mode; every state but the start belongs to one pattern. */
export function compile(patterns: string[], values: Values): Machine {
  const states: State[] = [];
  let pattern = -1;
  const state = (): number => states.push({ pattern, edges: [], empty: [], endsKey: false, accepts: false }) - 1;
  const at = (n: number): State => {
    const found = states[n];
    if (!found) throw new Error(`state ${n} does not exist`);
    return found;
  };
  const build = (part: Part, from: number): number => {
    switch (part.kind) {
      case "sequence":
        return part.parts.reduce((here, next) => build(next, here), from);
      case "key": {
        const to = state();
        at(to).endsKey = true;
        at(from).empty.push(to);
        return to;
      }
      case "keyword": {
        const to = state();
        at(from).edges.push({ kind: "keyword", text: part.text, to });
        return to;
      }
      case "value": {
        const to = state();
        if (part.name === "line") at(from).edges.push({ kind: "rest", to });
        else
          at(from).edges.push({
            kind: "value",
            name: part.name,
            value: valueNamed(part.name, values),
            glue: part.glue ?? false,
            to,
          });
        return to;
      }
      case "choice": {
        const entry = state();
        const exit = state();
        at(from).empty.push(entry);
        for (const alternative of part.parts) at(build(alternative, entry)).empty.push(part.repeat ? entry : exit);
        if (part.optional || part.repeat) at(entry).empty.push(exit);
        return exit;
      }
    }
  };
  const start = state();
  for (const text of patterns) {
    pattern++;
    const first = state();
    at(start).empty.push(first);
    at(build(parsePattern(text), first)).accepts = true;
  }
  return { states, start };
}
