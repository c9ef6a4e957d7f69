import { expect, test } from "vitest";
import { JinjaError } from "../../../../domain/jinja/errors.ts";
import { compileRegex } from "../../../../domain/jinja/network/regex/regex.ts";
import { NETWORK_FILTERS } from "../../../../domain/jinja/network/index.ts";
import type { Value } from "../../../../domain/jinja/values.ts";
import { makeEngine } from "./engine.ts";

function call(name: string, value: Value, args: Value[], kwargs: Record<string, Value> = {}): Value {
  const filter = NETWORK_FILTERS.get(name);
  if (filter === undefined) throw new Error(`no filter ${name}`);
  return filter(value, args, new Map(Object.entries(kwargs)), makeEngine(500_000));
}

function kindOf(run: () => unknown): string {
  try {
    run();
    return "no error";
  } catch (error) {
    if (error instanceof JinjaError) return error.kind;
    throw error;
  }
}

test.each([
  ["(a+)+$", "a"],
  ["(a|a)*$", "a"],
  ["(a|aa)+$", "a"],
  ["(.*a){12}$", "a"],
  ["^(([a-z])+.)+[A-Z]([a-z])+$", "a"],
  [String.raw`(\w+\s?)*$`, "word "],
  [String.raw`(x+x+)+y`, "x"],
  ["(?:(?:a?)*)*$", "a"],
])("a pattern that tries exponentially many ways ends in LimitReached: %s", (pattern, unit) => {
  const text = `${unit.repeat(40)}!`;
  expect(kindOf(() => call("regex_replace", text, [pattern, ""]))).toBe("LimitReached");
  expect(kindOf(() => call("regex_search", text, [pattern]))).toBe("LimitReached");
});

test("a long text with a harmless pattern is done with little work", () => {
  const line = "interface GigabitEthernet0/0/1 description uplink to core\n";
  const text = line.repeat(2000);
  const found = call("regex_findall", text, [String.raw`^interface (\S+)`], { multiline: true });
  expect(Array.isArray(found) && found.length).toBe(2000);
  // Repeats of groups need no depth of calls either.
  expect(call("regex_replace", "ab,".repeat(20_000), ["(?:(?:ab|cd),)*", "x"])).toBe("xx");
});

test.each([
  ["", "missing ), unterminated subpattern", "(a"],
  ["", "nothing to repeat", "*a"],
  ["", "multiple repeat", "a**"],
  ["", "bad character range z-a", "[z-a]"],
  ["", "look-behind requires fixed-width pattern", "(?<=a+)b"],
  ["", "global flags not at the start of the expression", "a(?i)b"],
  ["", String.raw`bad escape \q`, String.raw`\q`],
  ["", "groups are nested more than 100 deep", "(".repeat(200)],
  ["", "a pattern may have 10000 characters", "a".repeat(10_001)],
  ["", "the repetition number is too large", "a{9999999999}"],
])("a wrong pattern says what is wrong with it (%s%s)", (_, message, pattern) => {
  expect(() => compileRegex(pattern)).toThrow(message);
});

test("large counts neither take memory nor time", () => {
  expect(call("regex_search", "b", [String.raw`(?:(?:(?:a{1000}){1000}){1000})?b`])).toBe("b");
});

test("characters outside of the first plane count as one", () => {
  expect(call("regex_findall", "a😀b", ["."])).toEqual(["a", "😀", "b"]);
  expect(call("regex_replace", "😀😀x", ["^.", "-"])).toBe("-😀x");
});
