import fc from "fast-check";
import { expect, test } from "vitest";
import { compareWords, markBlock, type Range } from "../../../web/src/components/diff/words.ts";

const marked = (text: string, ranges: readonly Range[]): string[] => ranges.map(([a, b]) => text.slice(a, b));

test("the words that changed are marked, neighbours as one", () => {
  const before = " neighbor 198.51.100.9 maximum-prefix 1000 80";
  const after = " neighbor 198.51.100.9 maximum-prefix 1200 90";
  const found = compareWords(before, after);
  expect(marked(before, found.before)).toEqual(["1000 80"]);
  expect(marked(after, found.after)).toEqual(["1200 90"]);
});

test("one removed line stands against each added line that is like it", () => {
  const removed = ["ntp server 192.0.2.10"];
  const added = ["ntp server 192.0.2.123 prefer", "ntp server 192.0.2.124", "logging trap informational"];
  const marks = markBlock(removed, added);
  expect(added.map((line, i) => marked(line, marks.added[i] ?? []))).toEqual([
    ["192.0.2.123 prefer"],
    ["192.0.2.124"],
    [],
  ]);
  expect(marked(removed[0] ?? "", marks.removed[0] ?? [])).toEqual(["192.0.2.10"]);
});

test("lines that have little in common are not compared", () => {
  expect(markBlock(["interface Loopback0"], ["router bgp 64510"])).toEqual({ removed: [[]], added: [[]] });
});

test("a block of thousands of lines still marks lines at the same place", () => {
  const lines = (n: number) => Array.from({ length: 3000 }, (_, i) => `ip route 10.0.${i}.0 mask gw 192.0.2.${n}`);
  const marks = markBlock(lines(1), lines(2));
  expect(marks.added.every((m) => m.length > 0)).toBe(true);
});

test("marks lie inside the line, in order; equal lines have none", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      const found = compareWords(a, b);
      let at = 0;
      for (const [from, to] of found.after) {
        expect(from).toBeGreaterThanOrEqual(at);
        expect(to).toBeGreaterThan(from);
        at = to;
      }
      expect(at).toBeLessThanOrEqual(b.length);
      expect(compareWords(a, a).before).toEqual([]);
    }),
  );
});
