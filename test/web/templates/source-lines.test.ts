import { expect, test } from "vitest";
import { linesMadeBy, originLabel, originWords, ownLines } from "../../../web/src/features/templates/source-lines.ts";

const MAP = [
  { sources: [{ line: 2 }], variables: ["asn"] },
  { sources: [{ line: 4 }, { line: 8 }], variables: ["peers"] },
  { sources: [{ line: 4 }], variables: [] },
  { sources: [{ template: "parts/bfd", line: 1 }], variables: [] },
  { sources: [{ template: "parts/bfd", line: 4 }, { line: 9 }], variables: [] },
  { sources: [{ line: 3 }, { line: 1 }, { line: 2 }], variables: [] },
];

test("a line of the text leads to all lines that it made, and not to those of an included one", () => {
  expect([...linesMadeBy(MAP, 4)]).toEqual([2, 3]);
  expect([...linesMadeBy(MAP, 1)]).toEqual([6]);
  expect([...linesMadeBy(MAP, 4, "parts/bfd")]).toEqual([5]);
  expect([...linesMadeBy(MAP, 99)]).toEqual([]);
});

test("a line of the output leads back", () => {
  expect(ownLines(MAP, 2)).toEqual([4, 8]);
  expect(ownLines(MAP, 4)).toEqual([]);
  expect(ownLines(MAP, 99)).toEqual([]);
});

test("and says so in the gutter and in words", () => {
  expect([1, 2, 4, 5, 6, 99].map((line) => originLabel(MAP, line))).toEqual(["2", "4+8", "↳", "9", "1…3", ""]);
  expect(originWords(MAP, 2)).toBe("lines 4 and 8");
  expect(originWords(MAP, 5)).toBe("line 4 of parts/bfd, line 9");
  expect(originWords(MAP, 6)).toBe("lines 1, 2 and 3");
  expect(originWords(MAP, 99)).toBe("");
});
