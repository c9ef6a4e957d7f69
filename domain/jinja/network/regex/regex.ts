import { JinjaError } from "../../errors.ts";
import { createMatcher, type Match, type Search, type Span } from "./match.ts";
import { parsePattern } from "./parse.ts";
import { compileProgram, type Program } from "./program.ts";
import type { Flags } from "./syntax.ts";

type Spend = (units: number) => void;
export type RegexFlags = Partial<Pick<Flags, "ignoreCase" | "multiLine">>;

/** A text as the machine reads it, and its pieces. */
export type Subject = { readonly chars: readonly number[]; slice(span: Span): string };

const KEPT = 200;
const programs = new Map<string, Program>();

export function compileRegex(source: string, { ignoreCase = false, multiLine = false }: RegexFlags = {}): Program {
  const key = `${ignoreCase ? "i" : ""}${multiLine ? "m" : ""}/${source}`;
  const known = programs.get(key);
  if (known !== undefined) return known;
  const program = compileProgram(parsePattern(source, { ignoreCase, multiLine }));
  if (programs.size >= KEPT) programs.clear();
  programs.set(key, program);
  return program;
}

export function subjectOf(text: string, spend: Spend): Subject {
  spend(1 + Math.floor(text.length / 64));
  const chars = Array.from(text, (char) => char.codePointAt(0) ?? 0);
  // Without pairs of surrogates, places in both are the same.
  if (chars.length === text.length) return { chars, slice: ([start, end]) => text.slice(start, end) };
  return {
    chars,
    slice: ([start, end]) =>
      chars
        .slice(start, end)
        .map((char) => String.fromCodePoint(char))
        .join(""),
  };
}

export function findFirst(program: Program, subject: Subject, kind: Search["kind"], spend: Spend): Match | undefined {
  return createMatcher(program, subject.chars, spend)({ kind, from: 0 });
}

/** All matches that do not overlap, empty ones included, as `re.finditer` finds them. */
export function* findAll(program: Program, subject: Subject, spend: Spend): Generator<Match> {
  const find = createMatcher(program, subject.chars, spend);
  let from = 0;
  let mustAdvance = false;
  for (;;) {
    const match = find({ kind: "search", from, mustAdvance });
    if (match === undefined) return;
    yield match;
    [[, from]] = match;
    mustAdvance = match[0][0] === from;
  }
}

/** The number of a group that was asked for by its number or name. */
export function groupNumber({ pattern }: Program, name: string): number {
  const index = /^\d+$/.test(name) ? Number(name) : pattern.names.get(name);
  if (index === undefined || index > pattern.groups) {
    const shown = [...pattern.names.keys()];
    throw new JinjaError(
      "IndexError",
      `no such group: ${name}; the pattern has ${pattern.groups} ${pattern.groups === 1 ? "group" : "groups"}${shown.length > 0 ? `, named ${shown.join(", ")}` : ""}`,
    );
  }
  return index;
}
