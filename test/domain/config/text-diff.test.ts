import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffTexts, sayingLines, unifiedRows } from "../../../domain/config/text-diff.ts";

const text = (...lines: string[]): string => lines.map((line) => `${line}\n`).join("");
const ops = (before: string, after: string): string[] =>
  diffTexts("cisco_ios", before, after).rows.map(({ op, left, right, skipped }) =>
    op === "…" ? `…${skipped}` : `${op}${left?.text ?? ""}|${right?.text ?? ""}`,
  );

describe("two texts side by side", () => {
  test("what takes the place of something stands beside it, and equal stretches are folded", () => {
    const numbers = Array.from({ length: 12 }, (_, i) => `line ${i}`);
    expect(ops(text(...numbers, "old a", "old b", "same", "gone"), text("new", ...numbers, "now a", "same"))).toEqual([
      "+|new",
      " line 0|line 0",
      " line 1|line 1",
      " line 2|line 2",
      "…6",
      " line 9|line 9",
      " line 10|line 10",
      " line 11|line 11",
      "~old a|now a",
      "-old b|",
      " same|same",
      "-gone|",
    ]);
  });

  test("dates, marks between sections and blank lines say nothing", () => {
    const before = text("! Last configuration change at 10:00:00 UTC Mon Nov 23 2026", "!", "hostname a", "", "end");
    const after = text("! Last configuration change at 11:22:33 UTC Tue Nov 24 2026", "hostname a", "!", "!", "end");
    expect(ops(before, after)).toEqual(["…2"]);
    expect(sayingLines("cisco_ios", before)).toBe(sayingLines("cisco_ios", after));
    expect(sayingLines("cisco_ios", text("hostname b", "end"))).not.toBe(sayingLines("cisco_ios", before));
  });

  test("an inserted section does not tear apart what is repeated around it", () => {
    const section = (n: number) => [`interface Ethernet${n}`, " no shutdown", " switchport"];
    const before = [1, 2, 4, 5].flatMap(section);
    const after = [1, 2, 3, 4, 5].flatMap(section);
    const { added, removed, rows } = diffTexts("cisco_ios", text(...before), text(...after));
    expect([added, removed]).toEqual([3, 0]);
    expect(rows.filter((r) => r.op === "+").map((r) => r.right?.line)).toEqual([7, 8, 9]);
  });
});

const lines = fc.array(fc.constantFrom("a", "b", " c", "d e", "interface x"), { maxLength: 40 });

test("the rows hold both texts, each line once and in order", () => {
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const { rows, added, removed } = diffTexts("cisco_ios", text(...before), text(...after));
      const equal = rows.filter((r) => r.op === " " || r.op === "…").reduce((n, r) => n + (r.skipped || 1), 0);
      expect(equal + removed).toBe(before.length);
      expect(equal + added).toBe(after.length);
      for (const side of ["left", "right"] as const) {
        const all = side === "left" ? before : after;
        const shown = rows.flatMap((r) => r[side] ?? []);
        expect(shown.map((l) => l.text)).toEqual(shown.map((l) => all[l.line - 1]));
        expect(shown.map((l) => l.line)).toEqual(shown.map((l) => l.line).sort((a, b) => a - b));
      }
      for (const { op, left, right } of rows) if (op === " ") expect(left?.text).toBe(right?.text);
    }),
  );
});

test("no pairing leaves fewer lines unpaired", () => {
  const longestCommon = (a: string[], b: string[]): number => {
    let row: number[] = Array.from({ length: b.length + 1 }, () => 0);
    for (const x of a) {
      const next = [0];
      for (const [j, y] of b.entries())
        next.push(x === y ? (row[j] ?? 0) + 1 : Math.max(next[j] ?? 0, row[j + 1] ?? 0));
      row = next;
    }
    return row.at(-1) ?? 0;
  };
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const { added, removed } = diffTexts("cisco_ios", text(...before), text(...after));
      const common = longestCommon(before, after);
      expect([added, removed]).toEqual([after.length - common, before.length - common]);
    }),
  );
});

test("texts that have nothing in common are still compared in no time", () => {
  const many = (word: string) => text(...Array.from({ length: 10_000 }, (_, i) => `${word} ${i}`));
  const { added, removed } = diffTexts("cisco_ios", many("one"), many("other"));
  expect([added, removed]).toEqual([10_000, 10_000]);
});

test("the unified form names both and gives each hunk its lines", () => {
  const { rows } = diffTexts("cisco_ios", text("a", "b", "c"), text("a", "x", "c"));
  expect(unifiedRows(rows, "r1 yesterday", "r1 today")).toBe(
    text("--- r1 yesterday", "+++ r1 today", "@@ -1,3 +1,3 @@", " a", "-b", "+x", " c"),
  );
  expect(unifiedRows(diffTexts("cisco_ios", "a\n", "a\n").rows, "x", "y")).toBe("");
});
