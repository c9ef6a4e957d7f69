import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FILTERS } from "../../../../domain/jinja/filters/index.ts";
import { compile } from "../../../../domain/jinja/index.ts";
import { LEFT_OUT, NETWORK_FILTERS, NETWORK_TESTS } from "../../../../domain/jinja/network/index.ts";
import { TESTS } from "../../../../domain/jinja/tests/index.ts";
import { readKnownNames } from "./recorded.ts";

const page = readFileSync(new URL("../../../../docs/jinja-filters.md", import.meta.url), "utf8");
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) =>
    line
      .slice(2, -2)
      .split(/(?<!\\) \| /)
      .map((cell) => cell.replace(/^`|`$/g, "").replaceAll("\\|", "|").replaceAll("⏎", "\n")),
  );
const examples = rows.filter((cells) => cells.length === 3);

test("every example of the page gives the result that stands beside it", () => {
  const wrong = examples.flatMap(([name = "", example = "", result = ""]) => {
    const { rendered } = compile(`{{ ${example} }}`, { keep_trailing_newline: true }).render({});
    const isAbout = new RegExp(`(\\| |is )${name}\\b`).test(example);
    return rendered === result && isAbout ? [] : [`${example}: ${JSON.stringify(rendered)}`];
  });
  expect(wrong).toEqual([]);
  expect(examples.length).toBeGreaterThan(150);
});

test("the page shows every filter and test, and names all that is left out with its reason", () => {
  const shown = new Set(examples.map(([name]) => name));
  const short = [...NETWORK_FILTERS.keys(), ...NETWORK_TESTS.keys()].filter((name) => !name.includes("."));
  expect(short.filter((name) => !shown.has(name))).toEqual([]);
  expect(rows.filter((cells) => cells.length === 2)).toEqual([...LEFT_OUT]);
});

test("every filter and test of Ansible's is here, is Jinja's own, or is left out by name", () => {
  const known = readKnownNames();
  const isAbsent =
    (...tables: ReadonlyMap<string, unknown>[]) =>
    (name: string): boolean =>
      [...tables, LEFT_OUT].every((table) => !table.has(name));
  expect(known.filters.filter(isAbsent(NETWORK_FILTERS, FILTERS))).toEqual([]);
  expect(known.tests.filter(isAbsent(NETWORK_TESTS, TESTS))).toEqual([]);
  const all = new Set([...known.filters, ...known.tests]);
  // Of the collection community.general, and asked for by name.
  expect([...LEFT_OUT.keys()].filter((name) => !all.has(name))).toEqual(["json_query"]);
});
