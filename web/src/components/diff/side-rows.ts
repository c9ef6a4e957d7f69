import type { SideRow } from "../../../../domain/contract/backup.ts";
import type { Hunk } from "../../../../domain/contract/change.ts";
import type { PlatformId } from "../../../../domain/contract/device.ts";
import { pathLabel } from "./rows.ts";
import { holdsHidden } from "./tokens.ts";
import { compareWords, type Range } from "./words.ts";

/** A line of one side. */
export type Side = { line: number; text: string; marks: Range[] };
/** Where a change begins: the stanza it stands in. */
export type StanzaRow = { kind: "stanza"; label: string; change: number };
/** Equal lines that are left out: `count` of them, from these lines on. */
export type FoldRow = { kind: "fold"; left: number; right: number; count: number; end: boolean };
/** Two lines beside one another. `change` counts the stretches that differ; null for lines that are equal. */
export type BesideRow = { kind: "lines"; left: Side | null; right: Side | null; change: number | null };
export type TwoRow = StanzaRow | FoldRow | BesideRow;

const ALIKE = 0.5;

/**
 * The rows of a diff of two versions. A fold whose first line on the right is in `open` shows its lines, from the text of the
 * newer version: they are equal on both sides.
 */
export function twoRows(
  rows: readonly SideRow[],
  stanzas: ReadonlyMap<string, string>,
  open: ReadonlySet<number>,
  newer: readonly string[] | undefined,
): TwoRow[] {
  const out: TwoRow[] = [];
  let [left, right] = [1, 1];
  let change = -1;
  let differs = false;
  let headed = false;
  for (const [i, row] of rows.entries()) {
    if (row.op === "…") {
      const fold: FoldRow = { kind: "fold", left, right, count: row.skipped, end: i === rows.length - 1 };
      out.push(...(newer && open.has(right) ? unfolded(fold, newer) : [fold]));
      left += row.skipped;
      right += row.skipped;
      differs = headed = false;
      continue;
    }
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
  return out;
}

function beside(row: SideRow, change: number | null): BesideRow {
  const side = (of: SideRow["left"], marks: Range[]): Side | null => of && { ...of, marks };
  const words = row.left && row.right && change !== null ? compareWords(row.left.text, row.right.text) : null;
  const marked = words !== null && words.alike >= ALIKE ? words : { before: [], after: [] };
  return { kind: "lines", left: side(row.left, marked.before), right: side(row.right, marked.after), change };
}

function unfolded(fold: FoldRow, newer: readonly string[]): BesideRow[] {
  return newer.slice(fold.right - 1, fold.right - 1 + fold.count).map((text, i) => ({
    kind: "lines",
    left: { line: fold.left + i, text, marks: [] },
    right: { line: fold.right + i, text, marks: [] },
    change: null,
  }));
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

export const hiddenIn = (rows: readonly SideRow[]): number =>
  rows.filter((row) => holdsHidden(row.left?.text ?? "") || holdsHidden(row.right?.text ?? "")).length;
