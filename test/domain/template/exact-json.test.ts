import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exactAt, exactItems, hostJson, parseExact } from "../../../domain/template/exact-json.ts";
import { Dict, Float, type Value } from "../../../domain/jinja/values.ts";

/** The value as JSON.parse would have it: what is lost in that is looked at below. */
function plain(value: Value): unknown {
  if (value instanceof Float) return value.value;
  if (value instanceof Dict) return Object.fromEntries([...value.entries.values()].map(([k, v]) => [k, plain(v)]));
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === "bigint" ? Number(value) : value;
}

describe("JSON is read as Python reads it", () => {
  test("whatever JSON.parse makes of a text, this does too", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(undefined, 2), (text, indent) => {
        const spaced = JSON.stringify(JSON.parse(text), null, indent);
        // A key __proto__ is refused with the body.
        fc.pre(!spaced.includes("__proto__"));
        expect(plain(parseExact(spaced))).toEqual(JSON.parse(spaced));
      }),
    );
  });

  test("a number with a point or an exponent is a float, however round", () => {
    for (const text of ["1.0", "1e3", "2E0", "-0.0"]) expect(parseExact(text)).toBeInstanceOf(Float);
    for (const text of ["1", "0", "-7", "9007199254740991"]) expect(parseExact(text)).toBe(Number(text));
    expect(Object.is(parseExact("-0"), 0)).toBe(true);
  });

  test("a large integer keeps its digits", () => {
    expect(parseExact("12345678901234567890123")).toBe(12345678901234567890123n);
    expect(parseExact("-9007199254740993")).toBe(-9007199254740993n);
    expect(() => parseExact("9".repeat(5000))).toThrow(/4300 digits/);
  });

  test("keys keep their order, those that look like numbers too", () => {
    const read = parseExact('{"30": "voice", "10": "data", "a": 1, "2": null}');
    expect(read instanceof Dict && [...read.entries.keys()]).toEqual(["30", "10", "a", "2"]);
  });

  test("of a key that stands twice, the last value counts", () => {
    const text = '{"a": 1, "a": 2.0}';
    const read = parseExact(text);
    expect(read instanceof Dict && [...read.entries.values()]).toEqual([["a", new Float(2)]]);
    expect(exactAt(text, ["a"])).toBe("2.0");
  });

  test("a text that JSON.parse refuses ends in an error, not in a loop", () => {
    for (const text of ["", "{", "[1", '{"a"', '{"a":', '"', "nul", "[1,", '{"a":1'])
      expect(() => parseExact(text)).toThrow();
  });
});

describe("a part of a text to the letter", () => {
  test("by its path, whatever stands in strings around it", () => {
    const text = '{"x": "}\\"{", "deep": {"y": [1.0, {"z": "]"}]}, "variables": { "mtu" : 1500.0 } }';
    expect(exactAt(text, ["variables"])).toBe('{ "mtu" : 1500.0 }');
    expect(exactAt(text, ["deep", "y"])).toBe('[1.0, {"z": "]"}]');
    expect(exactAt(text, ["deep", "none"])).toBeUndefined();
    expect(exactAt(text, ["x", "y"])).toBeUndefined();
    expect(exactAt("", ["variables"])).toBeUndefined();
  });

  test("the items of a list", () => {
    expect(exactItems(' [ {"a": 1.0} , "," ,[2,3], null ] ')).toEqual(['{"a": 1.0}', '","', "[2,3]", "null"]);
    expect(exactItems("[]")).toEqual([]);
    expect(exactItems("{}")).toEqual([]);
  });

  test("written out again with its numbers as they came", () => {
    const text = '[{"a":1.0,"b":12345678901234567890123,"c":[1,"2.0"]}]';
    expect(JSON.stringify(hostJson(text))).toBe(text);
  });
});
