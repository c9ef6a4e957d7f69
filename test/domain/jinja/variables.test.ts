import fc from "fast-check";
import { expect, test } from "vitest";
import { findVariables } from "../../../domain/jinja/index.ts";
import { requires } from "../../support/requires.ts";
import { differs, expectedDifference } from "./differences.ts";
import { templates } from "./generate.ts";
import { PROBES } from "./probes.ts";
import { askVariables, variablesHere } from "./reference.ts";

requires("jinja2")("the variables of a template", () => {
  test("are those that Jinja2's meta.find_undeclared_variables finds", () => {
    const sources = [...Object.values(PROBES).flat(), ...fc.sample(templates, { seed: 7, numRuns: 500 })];
    const theirs = askVariables(sources);
    const wrong = sources.flatMap((source, index) => {
      const expected = theirs[index];
      if (expected === undefined) throw new Error("Jinja2 gave no answer");
      const got = variablesHere(source);
      // What Python would refuse later, in the code that Jinja2 writes, is not found by looking at the template.
      const isRefusedLater =
        "names" in expected && "error" in got && /repeated|outside loop|duplicate/.test(got.message);
      const isExpected = isRefusedLater || expectedDifference({ source }, got, expected) !== undefined;
      return differs(got, expected) && !isExpected ? [{ source, got, expected }] : [];
    });
    expect(wrong).toEqual([]);
  }, 60_000);
});

test("each has the line where it is read first, in the order of the template", () => {
  expect(findVariables("{{ b }}\n{% if a %}\n{{ b }}{{ c }}{% endif %}").map(({ name, line }) => [name, line])).toEqual(
    [
      ["b", 1],
      ["a", 2],
      ["c", 3],
    ],
  );
});

test.each([
  ["{{ x | upper }}", { type: "string" }],
  ["{{ x.split(',')[0] }}", { type: "string" }],
  ["{{ x == 'a' }}", { type: "string" }],
  ["{{ x + 1 }}", { type: "number" }],
  ["{% if x > 5 %}{% endif %}", { type: "number" }],
  ["{% if x %}a{% elif not x %}b{% endif %}", { type: "boolean" }],
  ["{% if x %}{{ x }}{% endif %}", {}],
  ["{{ x }}", {}],
  ["{% for i in x %}{{ i }}{% endfor %}", { type: "list" }],
  ["{% for i in x %}{{ i.name }}{{ i['mtu'] }}{% endfor %}", { type: "list", keys: ["name", "mtu"] }],
  ["{{ x | join(',') }}", { type: "list" }],
  ["{{ x.name }}{{ x['asn'] }}", { type: "object", keys: ["name", "asn"] }],
  ["{% for k, v in x.items() %}{{ k }}{% endfor %}", { type: "object" }],
  ["{{ x + 1 }}{{ x | upper }}", {}],
  ["{% for x2 in y %}{{ x2.a }}{% endfor %}{{ x | length }}", {}],
])("%s says of x %o", (source, guess) => {
  const found = findVariables(source).find(({ name }) => name === "x");
  expect(found).toEqual({ name: "x", line: 1, ...guess });
});
