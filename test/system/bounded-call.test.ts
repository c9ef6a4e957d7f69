import { expect, test } from "vitest";
import { withinTime } from "../../system/bounded-call.ts";

test("gives what the work gives, and lets through what it throws", () => {
  expect(withinTime(1000, () => [1])).toEqual({ result: [1] });
  expect(withinTime(1000, () => undefined)).toEqual({ result: undefined });
  class Own extends Error {}
  expect(() =>
    withinTime(1000, () => {
      throw new Own("mine");
    }),
  ).toThrow(Own);
});

test("stops in the middle of an expression that backtracks for ever, and works again after it", () => {
  const forEver = /^(?:\S+\s?)+:$/;
  expect(withinTime(50, () => forEver.test("word".repeat(40)))).toBeUndefined();
  expect(withinTime(1000, () => 2)).toEqual({ result: 2 });
});
