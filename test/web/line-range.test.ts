import { expect, test } from "vitest";
import { linesBetween, parseLines } from "../../web/src/components/line-range.ts";

test("an address names a line or several, in either order", () => {
  expect(parseLines("12")).toEqual({ from: 12, to: 12 });
  expect(parseLines("12-20")).toEqual({ from: 12, to: 20 });
  expect(parseLines("20-12")).toEqual({ from: 12, to: 20 });
});

test("what is no line names none", () => {
  for (const text of [undefined, "", "0", "-3", "12-", "1e3", "12-0", "99999999", "12;drop"])
    expect(parseLines(text), String(text)).toBeNull();
});

test("with Shift the lines from the one chosen before are chosen, up or down", () => {
  expect(linesBetween(undefined, 7)).toBe("7");
  expect(linesBetween("5", 9)).toBe("5-9");
  expect(linesBetween("9", 5)).toBe("5-9");
  expect(linesBetween("5-9", 12)).toBe("5-12");
  expect(linesBetween("5", 5)).toBe("5");
});
