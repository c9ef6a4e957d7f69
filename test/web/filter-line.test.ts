import fc from "fast-check";
import { expect, test } from "vitest";
import { formatFilterLine, parseFilterLine, valuesOf } from "../../web/src/lib/filter-line.ts";
import { deviceQuery } from "../../web/src/features/devices/queries.ts";

const KEYS = ["site", "tag", "state"];

test("terms and words are told apart", () => {
  expect(parseFilterLine("site:ams,fra edge tag:core 01", KEYS)).toEqual({
    terms: [
      { key: "site", values: ["ams", "fra"] },
      { key: "tag", values: ["core"] },
    ],
    words: "edge 01",
  });
});

test("the same key twice is one term, and no value stands twice", () => {
  const line = parseFilterLine("site:ams SITE:fra,ams site:fra", KEYS);
  expect(line.terms).toEqual([{ key: "site", values: ["ams", "fra"] }]);
  expect(valuesOf(line, "site")).toBe("ams,fra");
  expect(valuesOf(line, "tag")).toBeUndefined();
});

test("what is no term stays a word, so that nothing typed is lost", () => {
  expect(parseFilterLine("os:xe site: :ams 2001:db8::1", KEYS)).toEqual({
    terms: [],
    words: "os:xe site: :ams 2001:db8::1",
  });
});

test("a line that was written is read back the same", () => {
  const value = fc.stringMatching(/^[a-z0-9._-]{1,12}$/);
  const term = fc.record({
    key: fc.constantFrom(...KEYS),
    values: fc.uniqueArray(value, { minLength: 1, maxLength: 4 }),
  });
  fc.assert(
    fc.property(fc.uniqueArray(term, { selector: (t) => t.key }), fc.array(value), (terms, words) => {
      const line = { terms, words: words.join(" ") };
      expect(parseFilterLine(formatFilterLine(line), KEYS)).toEqual(line);
    }),
  );
});

test("a line becomes the API's query", () => {
  expect(deviceQuery("lab:yes type:cisco_ios state:unreachable ams")).toMatchObject({
    is_lab: true,
    device_type: "cisco_ios",
    state: "unreachable",
    search: "ams",
    site: undefined,
  });
  expect(deviceQuery("lab:no").is_lab).toBe(false);
  expect(deviceQuery("").is_lab).toBeUndefined();
});
