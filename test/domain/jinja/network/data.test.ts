import fc from "fast-check";
import { expect, test } from "vitest";
import { setItem } from "../../../../domain/jinja/hash.ts";
import { NETWORK_FILTERS } from "../../../../domain/jinja/network/index.ts";
import { repr } from "../../../../domain/jinja/print.ts";
import { Dict, Float, NO_KWARGS, type Value } from "../../../../domain/jinja/values.ts";
import { makeEngine } from "./engine.ts";

function call(name: string, value: Value, kwargs: Record<string, Value> = {}): Value {
  const filter = NETWORK_FILTERS.get(name);
  if (filter === undefined) throw new Error(`no filter ${name}`);
  return filter(value, [], new Map(Object.entries(kwargs)), makeEngine(500_000));
}

function dictOf(pairs: readonly (readonly [string, Value])[]): Dict {
  const dict = new Dict();
  for (const [key, value] of pairs) setItem(dict, key, value);
  return dict;
}

/** With what YAML finds hard: words that mean something else, indicators, blanks and breaks. */
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: fc.constantFrom(" ", "\n", ":", "#", "-", "'", '"', "a", "\t", ",", "\\") }),
  fc.constantFrom("yes", "null", "1", "1.5", "~", "", "2024-01-05", "0x1f", "=", "<<", "a: b", "word ".repeat(40)),
);
const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => new Float(number)),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(text, tie("value")), { maxLength: 4 }).map(dictOf),
  ),
})).value;

test("what to_json writes, from_json reads", () => {
  fc.assert(
    fc.property(value, fc.constantFrom(null, 0, 2), fc.boolean(), (given, indent, ensureAscii) => {
      const written = call("to_json", given, { indent, ensure_ascii: ensureAscii });
      expect(repr(call("from_json", written))).toBe(repr(given));
    }),
    { numRuns: 300 },
  );
});

test("what to_yaml and to_nice_yaml write, from_yaml reads, in any style and width", () => {
  fc.assert(
    fc.property(
      value,
      fc.constantFrom("to_yaml", "to_nice_yaml"),
      fc.constantFrom(20, 80, 1000),
      fc.constantFrom(null, true, false),
      (given, filter, width, flow) => {
        const options = { width, default_flow_style: flow, sort_keys: false };
        const written = call(filter, given, options);
        expect(repr(call("from_yaml", written)), repr(written)).toBe(repr(given));
      },
    ),
    { numRuns: 500 },
  );
});

test("YAML that refers to itself many times stays small", () => {
  const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${Array.from("bcdefghi", (name, i) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${"abcdefgh"[i]}`).join(", ")}]`).join("\n")}\n`;
  const loaded = call("from_yaml", bomb);
  expect(loaded).toBeInstanceOf(Dict);
  expect(() => call("to_json", loaded)).toThrow("too much work");
});

test.each([
  ["from_yaml", "[".repeat(2000)],
  ["from_json", "[".repeat(100_000)],
])("%s refuses what is nested too deep", (name, given) => {
  expect(() => call(name, given)).toThrow(/nested too deep|Flow sequence|from_yaml/);
});

test("no option is passed over in silence", () => {
  expect(() => call("to_yaml", 1, { default_style: "'" })).toThrow("there is no option 'default_style' here");
  expect(() => call("to_json", 1, { cls: 1 })).toThrow("there is no option 'cls' here");
  expect(NETWORK_FILTERS.get("to_json")?.(1, [], NO_KWARGS, makeEngine())).toBe("1");
});
