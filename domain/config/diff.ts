import type { DiffLine, Hunk } from "../contract/change.ts";
import { languages } from "../platforms/index.ts";
import type { PlatformLanguage } from "../platforms/language.ts";
import { align } from "./align.ts";
import { writeBlock } from "./indented-parse.ts";
import { orderGroup } from "./indented-rules.ts";
import { wordsOf } from "./junos-trie.ts";
import { type ConfigNode, type ConfigTree, height } from "./tree.ts";

const CONTEXT = 2;

type Row = DiffLine & { /** First line of a stretch that cannot be torn apart. */ gap: boolean };
type Walk = {
  language: PlatformLanguage;
  hunks: Hunk[];
  /** Line number of the last line of `after`. */ at: number;
  /** How far `after` has moved against `before`. */ shift: number;
};

/** What differs, section by section. Lines that only moved count where their order does. */
export function diffTrees(before: ConfigTree, after: ConfigTree): Hunk[] {
  const walk: Walk = { language: languages[after.platform], hunks: [], at: 0, shift: 0 };
  section(walk, before.children, after.children, []);
  return walk.hunks.sort((a, b) => a.line - b.line || a.path.length - b.path.length);
}

type Pairing = { before: ConfigNode | null; after: ConfigNode | null };

function section(
  walk: Walk,
  before: readonly ConfigNode[],
  after: readonly ConfigNode[],
  headers: readonly string[],
): void {
  const rows: Row[] = [];
  for (const pair of pairUp(walk.language, before, after, headers.at(-1))) {
    const { before: old, after: now } = pair;
    if (old && now) {
      walk.at = now.line !== null && now.line !== old.line ? now.line : (old.line ?? walk.at) + walk.shift;
      walk.shift = old.line === null ? walk.shift : walk.at - old.line;
      rows.push({
        op: " ",
        text: text(walk, now, headers),
        line: old.line,
        gap: old.children.length > 0 || now.children.length > 0,
      });
      const end = walk.at;
      if (old.children.length > 0 || now.children.length > 0)
        section(walk, old.children, now.children, [...headers, now.text]);
      walk.at = Math.max(end, walk.at);
    } else if (now) {
      const lines = write(walk, now, headers, 0, headers.at(-1));
      for (const [i, line] of lines.entries()) {
        const number = now.line === null ? walk.at + 1 : now.line + i;
        if (now.line === null) walk.shift += 1;
        walk.at = number;
        rows.push({ op: "+", text: line, line: number, gap: false });
      }
    } else if (old) {
      const lines = write(walk, old, headers, 0, headers.at(-1));
      const numbers = numbersOf(old, walk.language.config.style === "set");
      for (const [i, line] of lines.entries()) rows.push({ op: "-", text: line, line: numbers[i] ?? null, gap: false });
      walk.shift -= lines.length;
    }
  }
  cut(walk, rows, pathOf(walk.language, headers));
}

/** Lines of both sides in one order, each once; what was removed stands before what took its place. */
function pairUp(
  language: PlatformLanguage,
  before: readonly ConfigNode[],
  after: readonly ConfigNode[],
  parent: string | undefined,
): Pairing[] {
  const keyOf = (of: ConfigNode): string => (of.block ? `${of.text}\u0000${of.block.join("\n")}` : of.text);
  const runs = align(before.map(keyOf), after.map(keyOf));
  const pairs: Pairing[] = [];
  let i = 0;
  let j = 0;
  for (const [a, b] of [...runs, [before.length, after.length] as const]) {
    for (; i < a; i++) pairs.push({ before: before[i] ?? null, after: null });
    for (; j < b; j++) pairs.push({ before: null, after: after[j] ?? null });
    const old = before[a];
    const now = after[b];
    if (old && now) pairs.push({ before: old, after: now });
    i = a + 1;
    j = b + 1;
  }
  return withoutMoves(language, pairs, parent, keyOf);
}

/** A line that is removed here and added there has moved: where order does not matter it is the same line. */
function withoutMoves(
  language: PlatformLanguage,
  pairs: Pairing[],
  parent: string | undefined,
  keyOf: (of: ConfigNode) => string,
): Pairing[] {
  const gone = new Map<string, Pairing[]>();
  for (const pair of pairs) {
    if (!pair.before || pair.after) continue;
    const key = keyOf(pair.before);
    gone.set(key, [...(gone.get(key) ?? []), pair]);
  }
  if (gone.size === 0) return pairs;
  const dropped = new Set<Pairing>();
  const merged = pairs.map((pair) => {
    if (pair.before || !pair.after || orderMatters(language, pair.after.text, parent)) return pair;
    const moved = gone.get(keyOf(pair.after))?.shift();
    if (!moved) return pair;
    dropped.add(moved);
    return { before: moved.before, after: pair.after };
  });
  return merged.filter((pair) => !dropped.has(pair));
}

export function orderMatters(language: PlatformLanguage, line: string, parent: string | undefined): boolean {
  const { config } = language;
  if (config.style === "indented") return orderGroup(config, line, parent) !== undefined;
  if (config.style === "set") return config.ordered.includes(wordsOf(line.replace("inactive: ", ""))[0] ?? "");
  return true;
}

/** `[edit system ntp]` on Junos, the headers themselves elsewhere. */
const pathOf = (language: PlatformLanguage, headers: readonly string[]): string[] =>
  language.config.style === "set" ? headers.flatMap((h) => wordsOf(h).filter((w) => w !== "inactive:")) : [...headers];

function lead(walk: Walk, headers: readonly string[], depth: number): string {
  const { config } = walk.language;
  return config.style === "none" ? "" : " ".repeat(config.indent * (depth + (headers.length > 0 ? 1 : 0)));
}

function text(walk: Walk, of: ConfigNode, headers: readonly string[]): string {
  const { config } = walk.language;
  const end = config.style === "set" ? (of.children.length > 0 ? " { … }" : ";") : "";
  return lead(walk, headers, 0) + of.text + end;
}

/** A whole node as the platform shows it. */
function write(
  walk: Walk,
  of: ConfigNode,
  headers: readonly string[],
  depth: number,
  parent: string | undefined,
): string[] {
  const { config } = walk.language;
  const before = lead(walk, headers, depth);
  if (config.style === "opaque" && of.block) return [before + of.text, ...of.block];
  if (config.style === "indented" && of.block)
    return writeBlock(config, of, parent, true).map((line, i) => (i === 0 ? before + line : line));
  const inner = of.children.flatMap((child) => write(walk, child, headers, depth + 1, of.text));
  if (config.style === "set")
    return inner.length === 0 ? [`${before}${of.text};`] : [`${before}${of.text} {`, ...inner, `${before}}`];
  return [before + of.text, ...inner];
}

function numbersOf(of: ConfigNode, closed: boolean): (number | null)[] {
  if (of.block) return Array.from({ length: height(of) }, (_, i) => (of.line === null ? null : of.line + i));
  const inner = of.children.flatMap((child) => numbersOf(child, closed));
  return [of.line, ...inner, ...(closed && of.children.length > 0 ? [null] : [])];
}

/** Keeps what changed with some lines around it. */
function cut(walk: Walk, rows: readonly Row[], path: string[]): void {
  const keep = new Set<number>();
  for (const [i, row] of rows.entries()) {
    if (row.op === " ") continue;
    for (let n = Math.max(0, i - CONTEXT); n <= Math.min(rows.length - 1, i + CONTEXT); n++) keep.add(n);
  }
  let lines: DiffLine[] = [];
  const close = (): void => {
    const first = lines.find((l) => l.line !== null)?.line ?? 1;
    if (lines.length > 0) walk.hunks.push({ path, line: first, lines });
    lines = [];
  };
  for (const [i, row] of rows.entries()) {
    if (!keep.has(i)) close();
    else lines.push({ op: row.op, text: row.text, line: row.line });
  }
  close();
}

export function countHunks(hunks: readonly Hunk[]): { added: number; removed: number } {
  const all = hunks.flatMap((h) => h.lines);
  return { added: all.filter((l) => l.op === "+").length, removed: all.filter((l) => l.op === "-").length };
}
