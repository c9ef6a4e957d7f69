import fc from "fast-check";
import { expect, test } from "vitest";
import { ORIGIN_KINDS, type OriginKind } from "../../../domain/contract/variables.ts";
import { mergeLayers, valuesOf, type Layer } from "../../../domain/variables/effective.ts";
import { KINDS_IN_ORDER, ORDER } from "../../../domain/variables/order.ts";

const layer = (kind: OriginKind, name: string, variables: Record<string, unknown>): Layer => ({
  origin: { kind, id: null, name },
  variables,
});

test("the order holds every kind once, a run first and what is built in last", () => {
  expect(KINDS_IN_ORDER).toEqual(ORIGIN_KINDS);
  expect(new Set(Object.values(ORDER).map((o) => o.rank)).size).toBe(ORIGIN_KINDS.length);
});

test("a name has the value of the strongest layer that gives it, and tells what that hides", () => {
  const merged = mergeLayers([
    layer("global", "all", { ntp: "192.0.2.1", mtu: 1500 }),
    layer("site", "fra", { ntp: "192.0.2.2" }),
    layer("run", "this run", { ntp: "192.0.2.9" }),
    layer("device", "fra-1", { ntp: "192.0.2.3" }),
  ]);
  expect(merged.map(({ name, value, origin }) => [name, value, origin.kind])).toEqual([
    ["mtu", 1500, "global"],
    ["ntp", "192.0.2.9", "run"],
  ]);
  expect(merged[1]?.hides.map(({ value, origin }) => [origin.kind, value])).toEqual([
    ["device", "192.0.2.3"],
    ["site", "192.0.2.2"],
    ["global", "192.0.2.1"],
  ]);
});

test("an object is replaced as a whole, never mixed from two places", () => {
  const [bgp] = mergeLayers([
    layer("global", "all", { bgp: { asn: 65000, timers: { hold: 30 } } }),
    layer("device", "r", { bgp: { asn: 65001 } }),
  ]);
  expect(bgp?.value).toEqual({ asn: 65001 });
});

test("of two layers of one kind the first stands before the second", () => {
  const merged = mergeLayers([layer("group", "core", { x: 1 }), layer("group", "edge", { x: 2 })]);
  expect(merged[0]).toMatchObject({ value: 1, hides: [{ value: 2, origin: { name: "edge" } }] });
});

test("null and false are values, and names of the language are names like any other", () => {
  const given = JSON.parse('{"__proto__": {"polluted": true}, "constructor": false, "x": null}') as Record<
    string,
    unknown
  >;
  const values = valuesOf(mergeLayers([layer("run", "r", given), layer("global", "all", { x: 1, constructor: 1 })]));
  expect(Object.keys(values)).toEqual(["__proto__", "constructor", "x"]);
  expect(values["constructor"]).toBe(false);
  expect(values["x"]).toBe(null);
  expect(({} as Record<string, unknown>)["polluted"]).toBe(undefined);
});

test("however layers are ordered and filled, nothing is lost and the strongest wins", () => {
  const layers = fc.array(
    fc.record({
      kind: fc.constantFrom(...ORIGIN_KINDS),
      variables: fc.dictionary(fc.constantFrom("a", "b", "c"), fc.integer()),
    }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(layers, (given) => {
      const merged = mergeLayers(given.map(({ kind, variables }, i) => layer(kind, `${i}`, variables)));
      const all = given.flatMap((l) => Object.keys(l.variables)).length;
      expect(merged.reduce((sum, v) => sum + 1 + v.hides.length, 0)).toBe(all);
      for (const v of merged)
        for (const hidden of v.hides)
          expect(ORDER[hidden.origin.kind].rank).toBeGreaterThanOrEqual(ORDER[v.origin.kind].rank);
    }),
  );
});
