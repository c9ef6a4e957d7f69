import { expect, test } from "vitest";
import { arrange } from "../../web/src/components/fresh-rows.ts";

const id = (row: { name: string }): string => row.name;
const rows = [{ name: "new" }, { name: "b", v: 2 }, { name: "a", v: 2 }];

test("while rows are held nothing moves: they update in place, new ones wait, gone ones go", () => {
  expect(arrange(["a", "b", "gone"], rows, id)).toEqual({
    rows: [
      { name: "a", v: 2 },
      { name: "b", v: 2 },
    ],
    waiting: 1,
  });
});

test("rows that are not held are shown as they come", () => {
  expect(arrange(null, rows, id)).toEqual({ rows, waiting: 0 });
});
