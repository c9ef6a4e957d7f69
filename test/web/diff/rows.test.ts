import { describe, expect, test } from "vitest";
import type { Hunk } from "../../../domain/contract/change.ts";
import { LARGE, buildRows, foldedAtFirst, headLabel } from "../../../web/src/components/diff/rows.ts";

const hunk = (path: string[], texts: string[], line = 1): Hunk => ({
  path,
  line,
  lines: texts.map((text, i) => ({ op: "+", text, line: line + i })),
});
const many = (n: number): string[] => Array.from({ length: n }, (_, i) => `line ${i}`);

describe("heads", () => {
  test("name the stanza and the line", () => {
    expect(headLabel(hunk(["router bgp 64510"], [], 412), "cisco_ios")).toBe("router bgp 64510, line 412");
    expect(headLabel(hunk(["router bgp 1", " address-family ipv4"], [], 7), "frr")).toBe(
      "router bgp 1 › address-family ipv4, line 7",
    );
    expect(headLabel(hunk(["protocols", "bgp"], [], 1544), "juniper_junos")).toBe("[edit protocols bgp], line 1544");
    expect(headLabel(hunk([], [], 60), "cisco_ios")).toBe("line 60");
  });
});

describe("folding", () => {
  test("leaves a diff of one stanza and a short diff open", () => {
    expect(foldedAtFirst([hunk(["a"], many(LARGE * 3))]).size).toBe(0);
    expect(foldedAtFirst([hunk(["a"], many(3)), hunk(["b"], many(3))]).size).toBe(0);
  });
  test("closes all stanzas of a large diff but the first, and says how much is in each", () => {
    const hunks = [hunk(["a"], many(LARGE)), hunk(["b"], many(2)), hunk(["c"], many(3))];
    const folded = foldedAtFirst(hunks);
    expect([...folded]).toEqual([1, 2]);
    const rows = buildRows(hunks, "cisco_ios", folded);
    expect(rows.filter((r) => r.kind === "line")).toHaveLength(LARGE);
    expect(rows.filter((r) => r.kind === "head").map((r) => [r.folded, r.added])).toEqual([
      [false, LARGE],
      [true, 2],
      [true, 3],
    ]);
  });
  test("an opened stanza shows every line", () => {
    const hunks = [hunk(["a"], many(2)), hunk(["b"], many(2))];
    expect(buildRows(hunks, null, new Set())).toHaveLength(6);
  });
});

test("words are marked within a block, never across a line that stayed", () => {
  const h: Hunk = {
    path: [],
    line: 1,
    lines: [
      { op: "-", text: "mtu 1500", line: 1 },
      { op: " ", text: "shutdown", line: 2 },
      { op: "+", text: "mtu 9000", line: 3 },
      { op: "-", text: "mtu 1600", line: 4 },
      { op: "+", text: "mtu 9100", line: 4 },
    ],
  };
  const lines = buildRows([h], null, new Set()).filter((r) => r.kind === "line");
  expect(lines.map((l) => l.marks)).toEqual([[], [], [[4, 8]], [[4, 8]], [[4, 8]]]);
});

test("a line with a character that deceives the eye is known", () => {
  const rows = buildRows([hunk([], ["description a\u202eb", "description ab"])], null, new Set());
  expect(rows.filter((r) => r.kind === "line").map((r) => r.hidden)).toEqual([true, false]);
});
