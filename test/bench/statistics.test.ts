import fc from "fast-check";
import { expect, test } from "vitest";
import { figure, verdictOf } from "../../bench/lib/rows.ts";
import { interleave, median, percentile, ratio } from "../../bench/lib/stats.ts";

test("the median lies in the middle, whatever the order", () => {
  expect(median([])).toBeNull();
  expect(median([3])).toBe(3);
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
      const middle = median(values) ?? Number.NaN;
      const below = values.filter((v) => v < middle).length;
      const above = values.filter((v) => v > middle).length;
      expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
    }),
  );
});

test("a percentile is one of the values, and at least that share lies at or below it", () => {
  expect(percentile([], 0.95)).toBeNull();
  expect(percentile([10, 20, 30, 40, 50, 60, 70, 80, 90, 100], 0.95)).toBe(100);
  expect(percentile([10, 20, 30, 40, 50, 60, 70, 80, 90, 100], 0.5)).toBe(50);
  fc.assert(
    fc.property(
      fc.array(fc.integer(), { minLength: 1 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (values, share) => {
        const found = percentile(values, share) ?? Number.NaN;
        expect(values).toContain(found);
        expect(values.filter((v) => v <= found).length / values.length).toBeGreaterThanOrEqual(share - 1e-9);
      },
    ),
  );
});

test("a ratio of what is missing is missing", () => {
  expect(ratio(6, 3)).toBe(2);
  expect(ratio(null, 3)).toBeNull();
  expect(ratio(6, 0)).toBeNull();
  expect(ratio(undefined, 3)).toBeNull();
});

test("clients take turns, and one with fewer runs drops out early", () => {
  const names = interleave([
    { name: "a", runs: 3 },
    { name: "b", runs: 1 },
    { name: "c", runs: 2 },
  ]);
  expect(names).toEqual(["a", "b", "c", "a", "c", "a"]);
});

test("a figure reaches its bar from the right side only", () => {
  const speed = figure({ line: "l", name: "n", value: 6, unit: "×", bar: 5, aim: 7 });
  expect(verdictOf(speed)).toBe("met");
  expect(verdictOf({ ...speed, value: 7 })).toBe("aim");
  expect(verdictOf({ ...speed, value: 4.9 })).toBe("missed");
  expect(verdictOf({ ...speed, value: null })).toBe("none");
  expect(verdictOf({ ...speed, bar: null })).toBe("shown");
  expect(verdictOf({ ...speed, better: "lower", bar: 5, aim: 3 })).toBe("missed");
  expect(verdictOf({ ...speed, better: "lower", bar: 6, aim: 3 })).toBe("met");
});
