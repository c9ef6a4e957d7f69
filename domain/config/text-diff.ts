import type { SideRow } from "../contract/backup.ts";
import type { PlatformId } from "../contract/device.ts";
import { languages } from "../platforms/index.ts";
import { align } from "./align.ts";
import { shortestEdit } from "./shortest-edit.ts";

const CONTEXT = 3;

type Line = { line: number; text: string };
type Step = { left: Line | null; right: Line | null };

/** Two texts of a platform, line by line; lines that change from read to read, and those that say nothing, are left out. */
export function diffTexts(
  platform: PlatformId,
  before: string,
  after: string,
): { rows: SideRow[]; added: number; removed: number } {
  return compare(linesOf(platform, before), linesOf(platform, after));
}

/** Two texts to the byte: empty lines, spaces at the end and the last line end count. */
export function diffPlainTexts(before: string, after: string): { rows: SideRow[]; added: number; removed: number } {
  const lines = (text: string): Line[] => text.split("\n").map((line, i) => ({ line: i + 1, text: line }));
  return compare(lines(before), lines(after));
}

function compare(left: readonly Line[], right: readonly Line[]): { rows: SideRow[]; added: number; removed: number } {
  const steps = walk(left, right);
  return {
    rows: folded(steps),
    added: steps.filter((s) => s.left === null).length,
    removed: steps.filter((s) => s.right === null).length,
  };
}

/** The rows as `diff -u` writes them. */
export function unifiedRows(rows: readonly SideRow[], before: string, after: string): string {
  const hunks: SideRow[][] = [[]];
  for (const row of rows) {
    if (row.op === "…") hunks.push([]);
    else hunks.at(-1)?.push(row);
  }
  const filled = hunks.filter((hunk) => hunk.some((row) => row.op !== " "));
  if (filled.length === 0) return "";
  return [`--- ${before}`, `+++ ${after}`, ...filled.flatMap(writeHunk), ""].join("\n");
}

function writeHunk(rows: readonly SideRow[]): string[] {
  const lines: string[] = [];
  let removed: string[] = [];
  let added: string[] = [];
  const changed = (): void => {
    lines.push(...removed, ...added);
    removed = [];
    added = [];
  };
  for (const { op, left, right } of rows) {
    if (op === " ") {
      changed();
      lines.push(` ${left?.text ?? ""}`);
      continue;
    }
    if (left) removed.push(`-${left.text}`);
    if (right) added.push(`+${right.text}`);
  }
  changed();
  const span = (side: "left" | "right"): string => {
    const numbers = rows.flatMap((row) => row[side]?.line ?? []);
    const [first = 0] = numbers;
    return `${first},${numbers.length}`;
  };
  return [`@@ -${span("left")} +${span("right")} @@`, ...lines];
}

/** A mark between sections, as `!` of IOS and `#` of VRP: it comes and goes without meaning. */
const MARK = /^\s*[!#]$/;

/** The lines of a configuration that say something: two with the same are the same version. */
export const sayingLines = (platform: PlatformId, text: string): string =>
  linesOf(platform, text)
    .map((line) => line.text)
    .join("\n");

function linesOf(platform: PlatformId, text: string): Line[] {
  const { config } = languages[platform];
  const volatile = config.style === "none" ? [] : config.volatile;
  return text
    .replaceAll("\r\n", "\n")
    .split("\n")
    .map((line, i) => ({ line: i + 1, text: line.trimEnd() }))
    .filter(({ text: line }) => line !== "" && !MARK.test(line) && !volatile.some((v) => v.test(line.trim())));
}

function walk(left: readonly Line[], right: readonly Line[]): Step[] {
  const pairs = pairUp(
    left.map((l) => l.text),
    right.map((r) => r.text),
  );
  const steps: Step[] = [];
  let i = 0;
  let j = 0;
  for (const [a, b] of [...pairs, [left.length, right.length] as const]) {
    for (; i < a; i++) steps.push({ left: left[i] ?? null, right: null });
    for (; j < b; j++) steps.push({ left: null, right: right[j] ?? null });
    if (a < left.length) steps.push({ left: left[a] ?? null, right: right[b] ?? null });
    i = a + 1;
    j = b + 1;
  }
  return steps;
}

/** Equal lines at both ends are set aside first; what is left between is mostly short. */
function pairUp(a: readonly string[], b: readonly string[]): [number, number][] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail])
    tail += 1;
  const [x, y] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
  const between = shortestEdit(x, y) ?? align(x, y);
  return [
    ...Array.from({ length: head }, (_, i): [number, number] => [i, i]),
    ...between.map(([i, j]): [number, number] => [i + head, j + head]),
    ...Array.from({ length: tail }, (_, i): [number, number] => [a.length - tail + i, b.length - tail + i]),
  ];
}

/** Removed and added lines of one stretch side by side, and equal stretches cut down to some lines around. */
function folded(steps: readonly Step[]): SideRow[] {
  const rows: SideRow[] = [];
  let removed: Line[] = [];
  let added: Line[] = [];
  let equal: Step[] = [];
  const putChanged = (): void => {
    for (let i = 0; i < Math.max(removed.length, added.length); i++) {
      const [left, right] = [removed[i] ?? null, added[i] ?? null];
      rows.push({ op: left && right ? "~" : left ? "-" : "+", left, right, skipped: 0 });
    }
    removed = [];
    added = [];
  };
  const putEqual = (isLast: boolean): void => {
    const head = rows.length === 0 ? 0 : CONTEXT;
    const tail = isLast ? 0 : CONTEXT;
    const skipped = equal.length - head - tail;
    const show = (step: Step): SideRow => ({ op: " ", left: step.left, right: step.right, skipped: 0 });
    if (skipped <= 1) rows.push(...equal.map(show));
    else
      rows.push(
        ...equal.slice(0, head).map(show),
        { op: "…", left: null, right: null, skipped },
        ...equal.slice(equal.length - tail).map(show),
      );
    equal = [];
  };
  for (const step of steps) {
    if (step.left && step.right) {
      putChanged();
      equal.push(step);
      continue;
    }
    if (equal.length > 0) putEqual(false);
    if (step.left) removed.push(step.left);
    if (step.right) added.push(step.right);
  }
  putChanged();
  if (equal.length > 0) putEqual(true);
  return rows;
}
