import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { FAILURES, type FailureCode } from "../../../domain/contract/failures.ts";
import { failure, mayTryAgain } from "../../../devices/failures.ts";
import { FAULTS } from "../../../lab/faults.ts";

const ROOT = new URL("../../../", import.meta.url);
const PAGE = readFileSync(new URL("docs/failures.md", ROOT), "utf8");
const CODES = Object.keys(FAILURES) as FailureCode[]; // the table's own keys

/** The rows of the table under a heading, head and rule left out. */
function rowsUnder(heading: string): string[][] {
  const from = PAGE.indexOf(`\n## ${heading}\n`);
  if (from === -1) throw new Error(`docs/failures.md has no heading “${heading}”`);
  const end = PAGE.indexOf("\n## ", from + 1);
  const rows = PAGE.slice(from, end === -1 ? undefined : end)
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.trim()),
    );
  return rows.slice(2);
}

const inTicks = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);

/** Is there a test with this very title in the file? */
function hasTest(file: string, title: string): boolean {
  const path = new URL(file, ROOT);
  if (!existsSync(path)) return false;
  const quoted = title.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?:test|\\))\\(\\s*["'\`]${quoted}["'\`]\\s*,`).test(readFileSync(path, "utf8"));
}

describe("the ways a session fails, in docs/failures.md", () => {
  const rows = rowsUnder("The ways");

  test("are 21, each with what it means and what is done", () => {
    expect(rows.map(([n]) => n)).toEqual(Array.from({ length: 21 }, (_, n) => String(n + 1)));
    for (const row of rows) {
      expect(row, `row ${row[0]}`).toHaveLength(7);
      for (const cell of row) expect(cell, `row ${row[0]}`).not.toBe("");
    }
  });

  test.each(rows)(
    "row %s: its codes, faults and tests exist",
    (n, _wire, _does, codes = "", _todo, faults = "", tests = "") => {
      const named = inTicks(codes);
      expect(named.length, `codes of row ${n}`).toBeGreaterThan(0);
      expect(named.filter((code) => !(code in FAILURES))).toEqual([]);
      const kinds = inTicks(faults);
      expect(kinds.length, `faults of row ${n}`).toBeGreaterThan(0);
      expect(kinds.filter((kind) => !(kind in FAULTS))).toEqual([]);
      const shown = [...tests.matchAll(/`([^`]+)` “(.+?)”(?:;|$)/g)];
      expect(shown.length, `tests of row ${n}`).toBeGreaterThan(0);
      expect(shown.filter(([, file = "", title = ""]) => !hasTest(file, title)).map(([text]) => text)).toEqual([]);
      // Nothing in the cell escaped the look above.
      expect(shown.length).toBe(inTicks(tests).length);
    },
  );
});

describe("the names of failures, in docs/failures.md", () => {
  const rows = rowsUnder("The names");
  const tries = (code: FailureCode): string => {
    const again = (n: number, reading: boolean) => mayTryAgain(failure(code, "x"), { tries: n, reading });
    if (again(2, false)) return "yes";
    if (again(1, false)) return "once";
    return again(1, true) ? "reads" : "never";
  };

  test("are all there, in the order of the code", () => {
    expect(rows.map(([code = ""]) => inTicks(code)[0])).toEqual(CODES);
  });

  test.each(CODES)("%s says what it says everywhere, and whether it is tried again", (code) => {
    const row = rows.find(([cell = ""]) => inTicks(cell)[0] === code);
    expect(row?.slice(1)).toEqual([tries(code), FAILURES[code]]);
  });
});
