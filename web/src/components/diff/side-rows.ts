import type { BackupDiff, SideRow } from "../../../../domain/contract/backup.ts";
import type { Hunk } from "../../../../domain/contract/change.ts";
import type { PlatformId } from "../../../../domain/contract/device.ts";
import { pathLabel } from "./rows.ts";
import { holdsHidden } from "./tokens.ts";
import { compareWords, type Range } from "./words.ts";

/** A line of one side. */
export type Side = { line: number; text: string; marks: Range[] };
/** Where a change begins: the stanza it stands in. */
export type StanzaRow = { kind: "stanza"; label: string; change: number };
/** Lines that are left out, `[left, leftEnd)` and `[right, rightEnd)`: equal ones, and among them those that do not count. */
export type FoldRow = {
  kind: "fold";
  left: number;
  leftEnd: number;
  right: number;
  rightEnd: number;
  equal: number;
  end: boolean;
};
/**
 * Two lines beside one another. `change` counts the stretches that differ; null for lines that are equal. `ignored`: they
 * differ, but do not count.
 */
export type BesideRow = {
  kind: "lines";
  left: Side | null;
  right: Side | null;
  change: number | null;
  ignored: boolean;
};
export type TwoRow = StanzaRow | FoldRow | BesideRow;

const ALIKE = 0.5;

export const foldKey = (fold: FoldRow): string => `${fold.left} ${fold.right}`;
type Texts = { before: readonly string[]; after: readonly string[] };
type DiffRows = Pick<BackupDiff, "rows"> & { before: { lines: number }; after: { lines: number } };

/** What of the folds is open: by their keys; and whether lines that do not count, between others, are shown. */
export type Opened = { folds: ReadonlySet<string>; ignored: boolean };

/** The rows of a diff of two versions. What is opened shows its lines once both texts are there. */
export function twoRows(
  { rows, before, after }: DiffRows,
  stanzas: ReadonlyMap<string, string>,
  open: Opened,
  texts: Texts | null,
): TwoRow[] {
  const out: TwoRow[] = [];
  let [left, right] = [1, 1];
  let change = -1;
  let differs = false;
  let headed = false;
  const skip = (leftEnd: number, rightEnd: number, equal: number): void => {
    const end = leftEnd > before.lines && rightEnd > after.lines;
    const row: FoldRow = { kind: "fold", left, leftEnd, right, rightEnd, equal, end };
    const shown = equal === 0 ? open.ignored : open.folds.has(foldKey(row));
    if (texts && shown) out.push(...unfolded(row, texts));
    else if (equal > 0) out.push(row);
    [left, right] = [leftEnd, rightEnd];
  };
  for (const [i, row] of rows.entries()) {
    if (row.op === "…") {
      const later = rows.slice(i + 1);
      const nextLeft = later.find((each) => each.left !== null)?.left?.line ?? before.lines + 1;
      const nextRight = later.find((each) => each.right !== null)?.right?.line ?? after.lines + 1;
      skip(nextLeft, nextRight, row.skipped);
      differs = headed = false;
      continue;
    }
    // What does not count has no row: it shows as a gap between the numbers.
    skip(row.left?.line ?? left, row.right?.line ?? right, 0);
    if (!headed) {
      const label = stanzaOf(rows, i, stanzas);
      if (label !== null) out.push({ kind: "stanza", label, change: change + 1 });
      headed = true;
    }
    const equal = row.op === " ";
    if (!equal && !differs) change += 1;
    differs = !equal;
    out.push(beside(row, equal ? null : change));
    left = (row.left?.line ?? left - 1) + 1;
    right = (row.right?.line ?? right - 1) + 1;
  }
  skip(before.lines + 1, after.lines + 1, 0);
  return out;
}

function beside(row: SideRow, change: number | null): BesideRow {
  const side = (of: SideRow["left"], marks: Range[]): Side | null => of && { ...of, marks };
  const words = row.left && row.right && change !== null ? compareWords(row.left.text, row.right.text) : null;
  const marked = words !== null && words.alike >= ALIKE ? words : { before: [], after: [] };
  return {
    kind: "lines",
    left: side(row.left, marked.before),
    right: side(row.right, marked.after),
    change,
    ignored: false,
  };
}

/** The lines of a fold, from both texts: what is not equal there does not count. */
function unfolded(fold: FoldRow, texts: Texts): BesideRow[] {
  const old = texts.before.slice(fold.left - 1, fold.leftEnd - 1);
  const now = texts.after.slice(fold.right - 1, fold.rightEnd - 1);
  let top = 0;
  while (top < Math.min(old.length, now.length) && old[top] === now[top]) top++;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - top && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const side = (lines: readonly string[], at: number, first: number): Side | null =>
    at < 0 || at >= lines.length ? null : { line: first + at, text: lines[at] ?? "", marks: [] };
  const row = (i: number, j: number, ignored: boolean): BesideRow => ({
    kind: "lines",
    left: side(old, i, fold.left),
    right: side(now, j, fold.right),
    change: null,
    ignored,
  });
  const [restOld, restNow] = [old.length - tail, now.length - tail];
  const middle = Math.max(restOld, restNow) - top;
  return [
    ...Array.from({ length: top }, (_, i) => row(i, i, false)),
    ...Array.from({ length: middle }, (_, i) => {
      const [x, y] = [top + i < restOld ? top + i : -1, top + i < restNow ? top + i : -1];
      return row(x, y, old[x] !== now[y]);
    }),
    ...Array.from({ length: tail }, (_, i) => row(restOld + i, restNow + i, false)),
  ];
}

/** The stanza of the first line that differs from here to the next fold; null where nothing is known of it. */
function stanzaOf(rows: readonly SideRow[], from: number, stanzas: ReadonlyMap<string, string>): string | null {
  for (const { op, left, right } of rows.slice(from)) {
    if (op === "…") return null;
    if (op === " ") continue;
    return (right && stanzas.get(`+${right.line}`)) ?? (left && stanzas.get(`-${left.line}`)) ?? null;
  }
  return null;
}

/** For each line that differs (`+12`, `-9`), the stanza it stands in. */
export function stanzasOf(hunks: readonly Hunk[], platform: PlatformId | null): Map<string, string> {
  const found = new Map<string, string>();
  for (const hunk of hunks) {
    const label = pathLabel(hunk, platform);
    if (label === "") continue;
    for (const { op, line } of hunk.lines) if (op !== " " && line !== null) found.set(op + line, label);
  }
  return found;
}

/** One side after the other, stretch by stretch: for narrow screens. Lines that only changed come as removed, then added. */
export function unified(rows: readonly TwoRow[]): TwoRow[] {
  const out: TwoRow[] = [];
  let later: BesideRow[] = [];
  for (const row of rows) {
    if (row.kind === "lines" && row.change !== null) {
      if (row.left) out.push({ ...row, right: null });
      if (row.right) later.push({ ...row, left: null });
      continue;
    }
    out.push(...later, row);
    later = [];
  }
  return [...out, ...later];
}

/** Where each stretch that differs begins, as the index of its row. */
export function changeStarts(rows: readonly TwoRow[]): number[] {
  const starts: number[] = [];
  for (const [i, row] of rows.entries())
    if (row.kind === "lines" && row.change !== null && row.change === starts.length) starts.push(i);
  return starts;
}

/** Lines of the newer version that the diff left out because they do not count: comments, the time it was printed. */
export function ignoredIn({ rows, after }: DiffRows): number {
  const told = rows.reduce((sum, row) => sum + (row.op === "…" ? row.skipped : row.right ? 1 : 0), 0);
  return Math.max(0, after.lines - told);
}

export const hiddenIn = (rows: readonly SideRow[]): number =>
  rows.filter((row) => holdsHidden(row.left?.text ?? "") || holdsHidden(row.right?.text ?? "")).length;
