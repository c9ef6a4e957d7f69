import type { DiffLine, Hunk } from "../../../../domain/contract/change.ts";
import type { PlatformId } from "../../../../domain/contract/device.ts";
import { holdsHidden } from "./tokens.ts";
import { markBlock, type Range } from "./words.ts";

export type HeadRow = { kind: "head"; hunk: number; label: string; added: number; removed: number; folded: boolean };
export type LineRow = {
  kind: "line";
  hunk: number;
  op: DiffLine["op"];
  text: string;
  line: number | null;
  marks: Range[];
  hidden: boolean;
};
export type Row = HeadRow | LineRow;

/** A diff longer than this is shown by stanza, the first one open. */
export const LARGE = 400;
/** A list longer than this renders only what is seen. */
export const WINDOWED = 500;

const NO_MARKS: Range[] = [];

export const countLines = (hunks: readonly Hunk[]): number => hunks.reduce((sum, h) => sum + h.lines.length, 0);

/** `router bgp 64510 › address-family ipv4`; on Junos `[edit protocols bgp]`; "" at the top. */
export function pathLabel({ path }: Hunk, platform: PlatformId | null): string {
  if (platform === "juniper_junos") return `[edit${path.map((p) => ` ${p.trim()}`).join("")}]`;
  return path.map((p) => p.trim()).join(" › ");
}

/** `router bgp 64510, line 412`; on Junos `[edit protocols bgp], line 1544`. */
export function headLabel(hunk: Hunk, platform: PlatformId | null): string {
  const where = pathLabel(hunk, platform);
  return where === "" ? `line ${hunk.line}` : `${where}, line ${hunk.line}`;
}

/** Which stanzas are closed at first. */
export function foldedAtFirst(hunks: readonly Hunk[]): Set<number> {
  if (hunks.length < 2 || countLines(hunks) <= LARGE) return new Set();
  return new Set(hunks.map((_, i) => i).slice(1));
}

export function buildRows(hunks: readonly Hunk[], platform: PlatformId | null, folded: ReadonlySet<number>): Row[] {
  return hunks.flatMap((hunk, i): Row[] => {
    const head: HeadRow = {
      kind: "head",
      hunk: i,
      label: headLabel(hunk, platform),
      added: hunk.lines.filter((l) => l.op === "+").length,
      removed: hunk.lines.filter((l) => l.op === "-").length,
      folded: folded.has(i),
    };
    return head.folded ? [head] : [head, ...lineRows(hunk, i)];
  });
}

function lineRows(hunk: Hunk, index: number): LineRow[] {
  const marks = marksOf(hunk.lines);
  return hunk.lines.map((l, i) => ({
    kind: "line",
    hunk: index,
    ...l,
    marks: marks[i] ?? NO_MARKS,
    hidden: holdsHidden(l.text),
  }));
}

/** The words to mark in each line: those that changed between the removed and added lines of one block. */
function marksOf(lines: readonly DiffLine[]): Range[][] {
  const marks: Range[][] = lines.map(() => NO_MARKS);
  for (let from = 0; from < lines.length;) {
    let to = from;
    while (to < lines.length && lines[to]?.op !== " ") to++;
    const block = lines.slice(from, to).map((line, i) => ({ line, at: from + i }));
    const removed = block.filter((b) => b.line.op === "-");
    const added = block.filter((b) => b.line.op === "+");
    const found = markBlock(
      removed.map((b) => b.line.text),
      added.map((b) => b.line.text),
    );
    removed.forEach((b, i) => (marks[b.at] = found.removed[i] ?? NO_MARKS));
    added.forEach((b, i) => (marks[b.at] = found.added[i] ?? NO_MARKS));
    from = to + 1;
  }
  return marks;
}
