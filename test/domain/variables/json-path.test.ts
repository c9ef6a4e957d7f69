import fc from "fast-check";
import { expect, test } from "vitest";
import { JsonPathError, isJsonPath, pickJson } from "../../../domain/variables/json-path.ts";

const ANSWER = {
  count: 2,
  results: [
    { name: "fra-1", role: { slug: "core" }, tags: ["a", "b"], "odd key": 1 },
    { name: "ams-1", role: { slug: "edge" }, tags: [], nothing: null },
  ],
};

test.each([
  ["$", ANSWER],
  ["", ANSWER],
  ["$.count", 2],
  ["count", 2],
  ["results.0.name", "fra-1"],
  ["$.results[0].name", "fra-1"],
  ["$['results'][-1]['name']", "ams-1"],
  ['$.results[0]["odd key"]', 1],
  ["$.results[1].nothing", null],
  ["$.results[*].name", ["fra-1", "ams-1"]],
  ["$.results[*].tags[*]", ["a", "b"]],
  ["$.results[?@.role.slug == 'core'].name", ["fra-1"]],
  ["$.results[?(@.role.slug != 'core')].name", ["ams-1"]],
  ["$.results[?@.name == 'none']", []],
  ["$.results[0].role.*", ["core"]],
])("%s", (path, found) => {
  expect(isJsonPath(path)).toBe(true);
  expect(pickJson(ANSWER, path)).toEqual(found);
});

test.each([
  "$.nothing",
  "$.results[5]",
  "$.results[-3]",
  "$.count.x",
  "$.results.name",
  "$.constructor",
  "$.__proto__",
])("%s leads nowhere, and says so", (path) => {
  expect(() => pickJson(ANSWER, path)).toThrow(expect.objectContaining({ kind: "missing" }));
});

test.each(["$..name", "$.results[", "$.results[a]", "$[?@.x]", "$.a b", "$.results[?@.x == y]", "$.[", "a..b"])(
  "%s is no path, and says from where on",
  (path) => {
    expect(isJsonPath(path)).toBe(false);
    expect(() => pickJson({}, path)).toThrow(expect.objectContaining({ kind: "syntax" }));
  },
);

test("any text is a path or is refused as none", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...Array.from("$.[]*?@()='\"\\ab01-_ ")) }),
      fc.jsonValue(),
      (path, value) => {
        try {
          pickJson(value, path);
        } catch (error) {
          expect(error).toBeInstanceOf(JsonPathError);
        }
      },
    ),
    { numRuns: 2000 },
  );
});
