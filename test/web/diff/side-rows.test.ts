import { describe, expect, test } from "vitest";
import type { SideRow } from "../../../domain/contract/backup.ts";
import type { Hunk } from "../../../domain/contract/change.ts";
import {
  changeStarts,
  hiddenIn,
  ignoredIn,
  stanzasOf,
  twoRows,
  unified,
  type TwoRow,
} from "../../../web/src/components/diff/side-rows.ts";

const row = (op: SideRow["op"], left: [number, string] | null, right: [number, string] | null): SideRow => ({
  op,
  left: left && { line: left[0], text: left[1] },
  right: right && { line: right[0], text: right[1] },
  skipped: 0,
});
const skip = (skipped: number): SideRow => ({ op: "…", left: null, right: null, skipped });

// lines 1–4 equal, one line changed, one equal, one put in, then 4 equal
const ROWS: SideRow[] = [
  skip(3),
  row(" ", [4, "router bgp 64510"], [4, "router bgp 64510"]),
  row("~", [5, " neighbor 203.0.113.1 maximum-prefix 800"], [5, " neighbor 203.0.113.1 maximum-prefix 1000"]),
  row(" ", [6, " neighbor 203.0.113.2 activate"], [6, " neighbor 203.0.113.2 activate"]),
  row("+", null, [7, " neighbor 203.0.113.3 activate"]),
  skip(4),
];
const HUNKS: Hunk[] = [
  {
    path: ["router bgp 64510"],
    line: 5,
    lines: [
      { op: "-", text: " neighbor 203.0.113.1 maximum-prefix 800", line: 5 },
      { op: "+", text: " neighbor 203.0.113.1 maximum-prefix 1000", line: 5 },
      { op: "+", text: " neighbor 203.0.113.3 activate", line: 7 },
    ],
  },
];
const OLDER = ["! 1", "b", "c", "router bgp 64510", "5", "6", "w", "x", "y", "z"];
const NEWER = ["! 2", "b", "c", "router bgp 64510", "5", "6", "7", "w", "x", "y", "z"];
const TEXTS = { before: OLDER, after: NEWER };
const STANZAS = stanzasOf(HUNKS, "cisco_ios");
const diffOf = (all: SideRow[], before: number, after: number) => ({
  rows: all,
  before: { lines: before },
  after: { lines: after },
});
const opened = (folds: string[] = [], ignored = false) => ({ folds: new Set(folds), ignored });
const DIFF = diffOf(ROWS, OLDER.length, NEWER.length);
const rows = (open: string[] = [], texts: typeof TEXTS | null = null): TwoRow[] =>
  twoRows(DIFF, STANZAS, opened(open), texts);
const told = (all: readonly TwoRow[]): string[] =>
  all.map((r) => {
    if (r.kind === "fold") return `fold ${r.equal} from ${r.left}/${r.right}${r.end ? " to the end" : ""}`;
    if (r.kind === "stanza") return `stanza ${r.label}`;
    return `${r.left?.line ?? ""}|${r.right?.line ?? ""}${r.change === null ? "" : ` #${r.change}`}${r.ignored ? " ~" : ""}`;
  });

describe("two versions side by side", () => {
  test("what differs stands under its stanza, what is equal folds and says how much it is", () => {
    expect(told(rows())).toEqual([
      "fold 3 from 1/1",
      "stanza router bgp 64510",
      "4|4",
      "5|5 #0",
      "6|6",
      "|7 #1",
      "fold 4 from 7/8 to the end",
    ]);
  });

  test("an opened fold shows the lines of both texts with their numbers", () => {
    const open = rows(["7 8"], TEXTS);
    expect(told(open).slice(-4)).toEqual(["7|8", "8|9", "9|10", "10|11"]);
    const last = open.at(-1);
    expect(last?.kind === "lines" && [last.left?.text, last.right?.text]).toEqual(["z", "z"]);
  });

  test("a fold stays closed until the texts are there", () => {
    expect(told(rows(["7 8"]))).toContain("fold 4 from 7/8 to the end");
  });

  test("lines that do not count stand where they are once their fold is opened, and are no difference", () => {
    const skipped = { ...DIFF, rows: [skip(2), ...ROWS.slice(1)] };
    const all = (open: string[]): string[] => told(twoRows(skipped, STANZAS, opened(open), TEXTS));
    expect(all([])[0]).toBe("fold 2 from 1/1");
    expect(all(["1 1"]).slice(0, 3)).toEqual(["1|1 ~", "2|2", "3|3"]);
    expect(ignoredIn(skipped)).toBe(1);
    expect(ignoredIn(DIFF)).toBe(0);
  });

  test("between lines that are shown they are left out until asked for, on whichever side they stand", () => {
    const gap = [row(" ", [1, "a"], [1, "a"]), row("+", null, [3, "b"]), row(" ", [2, "c"], [4, "c"])];
    const texts = { before: ["a", "c"], after: ["a", "! now", "b", "c", "! end"] };
    const shown = (ignored: boolean): string[] =>
      told(twoRows(diffOf(gap, 2, 5), new Map(), opened([], ignored), texts));
    expect(shown(false)).toEqual(["1|1", "|3 #0", "2|4"]);
    expect(shown(true)).toEqual(["1|1", "|2 ~", "|3 #0", "2|4", "|5 ~"]);
    expect(ignoredIn(diffOf(gap, 2, 5))).toBe(2);
  });

  test("the words that changed are marked on both sides", () => {
    const changed = rows().find((r) => r.kind === "lines" && r.change === 0);
    const marked = (side: "left" | "right"): string[] =>
      changed?.kind === "lines"
        ? (changed[side]?.marks.map(([from, to]) => changed[side]?.text.slice(from, to) ?? "") ?? [])
        : [];
    expect([marked("left"), marked("right")]).toEqual([["800"], ["1000"]]);
  });

  test("in one column what was removed stands before what took its place, and nothing is lost", () => {
    expect(told(unified(rows())).slice(2, 7)).toEqual(["4|4", "5| #0", "|5 #0", "6|6", "|7 #1"]);
    const many = [row("~", [1, "a 1"], [1, "b 1"]), row("~", [2, "a 2"], [2, "b 2"]), row("-", [3, "a 3"], null)];
    expect(told(unified(twoRows(diffOf(many, 3, 2), new Map(), opened(), null)))).toEqual([
      "1| #0",
      "2| #0",
      "3| #0",
      "|1 #0",
      "|2 #0",
    ]);
  });

  test("each stretch that differs can be gone to, in both ways of showing it", () => {
    expect(changeStarts(rows())).toEqual([3, 5]);
    expect(changeStarts(unified(rows()))).toEqual([3, 6]);
  });

  test("lines that deceive the eye are counted once, whichever side they stand on", () => {
    expect(hiddenIn(ROWS)).toBe(0);
    expect(hiddenIn([row("~", [1, "a\u202eb"], [1, "a\u200bb"]), row(" ", [2, "x"], [2, "x"])])).toBe(1);
  });

  test("Junos stanzas are named as on the device; a line that stands at the top has none", () => {
    const junos = stanzasOf(
      [{ path: ["protocols", "bgp"], line: 9, lines: [{ op: "+", text: "x;", line: 9 }] }],
      "juniper_junos",
    );
    expect(junos.get("+9")).toBe("[edit protocols bgp]");
    expect(stanzasOf([{ path: [], line: 1, lines: [{ op: "-", text: "x", line: 1 }] }], "frr").size).toBe(0);
  });
});
