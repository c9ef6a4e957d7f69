import fc from "fast-check";
import { expect, test } from "vitest";
import { url } from "../../web/src/lib/api.ts";
import { keyOf } from "../../web/src/lib/commands.ts";
import { parseSearch, stringifySearch } from "../../web/src/lib/url-state.ts";

test("search parameters stay text both ways", () => {
  expect(parseSearch("?page=2&q=site%3Aams")).toEqual({ page: "2", q: "site:ams" });
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string({ minLength: 1 })), (search) => {
      fc.pre(!("__proto__" in search && Object.hasOwn(search, "__proto__")));
      expect(parseSearch(stringifySearch(search))).toEqual({ ...search });
    }),
  );
});

test("an API address leaves out what is empty and repeats what is many", () => {
  expect(
    url("/devices", { site: "ams", search: "", tag: ["a", "b"], offset: 0, state: undefined, is_lab: false }),
  ).toBe("/api/devices?site=ams&tag=a&tag=b&offset=0&is_lab=false");
  expect(url("/devices")).toBe("/api/devices");
});

test("a key is what it types, with what is held down", () => {
  const press = (key: string, more: Partial<KeyboardEvent> = {}): string =>
    keyOf({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });
  expect([
    press("J"),
    press("?"),
    press("k", { ctrlKey: true }),
    press("k", { metaKey: true }),
    press("Enter"),
  ]).toEqual(["j", "?", "mod+k", "mod+k", "enter"]);
});
