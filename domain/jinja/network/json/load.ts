import { JinjaError } from "../../errors.ts";
import { setItem } from "../../hash.ts";
import { normalize } from "../../int.ts";
import { Dict, Float, type Value } from "../../values.ts";

const MAX_DEPTH = 500;
const CONSTANTS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ["null", null],
  ["true", true],
  ["false", false],
  ["NaN", new Float(Number.NaN)],
  ["Infinity", new Float(Infinity)],
  ["-Infinity", new Float(-Infinity)],
]);

/** Python's `json.loads`: keeps integers of any size, tells `1` from `1.0`, and takes NaN and Infinity. */
export function loadJson(text: string, spend: (units: number) => void): Value {
  let at = 0;

  const fail = (message: string, place = at): never => {
    const before = text.slice(0, place).split("\n");
    const column = (before.at(-1)?.length ?? 0) + 1;
    throw new JinjaError("ValueError", `from_json: ${message}: line ${before.length} column ${column} (char ${place})`);
  };
  const take = (expression: RegExp): string | undefined => {
    expression.lastIndex = at;
    const found = expression.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const space = (): void => void take(/[ \t\n\r]*/y);

  const value = (depth: number): Value => {
    spend(1);
    if (depth > MAX_DEPTH) throw new JinjaError("RecursionError", "from_json: the text is nested too deep");
    const start = at;
    if (text[at] === '"') return string();
    if (text[at] === "[") return list(depth);
    if (text[at] === "{") return dict(depth);
    const word = take(/null|true|false|NaN|-?Infinity/y);
    if (word !== undefined) return CONSTANTS.get(word) ?? null;
    const number = take(/-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y);
    if (number === undefined) return fail("Expecting value", start);
    return /[.eE]/.test(number) ? new Float(Number(number)) : normalize(BigInt(number));
  };

  const string = (): string => {
    const start = at;
    const found = take(/"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y);
    if (found === undefined)
      return fail("Unterminated string, control character or invalid escape in the string starting", start);
    spend(Math.floor(found.length / 16));
    const parsed: unknown = JSON.parse(found);
    return typeof parsed === "string" ? parsed : fail("Expecting value", start);
  };

  const list = (depth: number): Value[] => {
    const items: Value[] = [];
    at++;
    space();
    if (take(/\]/y) !== undefined) return items;
    for (;;) {
      space();
      items.push(value(depth + 1));
      space();
      if (take(/\]/y) !== undefined) return items;
      if (take(/,/y) === undefined) fail("Expecting ',' delimiter");
    }
  };

  const dict = (depth: number): Dict => {
    const result = new Dict();
    at++;
    space();
    if (take(/\}/y) !== undefined) return result;
    for (;;) {
      space();
      if (text[at] !== '"') fail("Expecting property name enclosed in double quotes");
      const key = string();
      space();
      if (take(/:/y) === undefined) fail("Expecting ':' delimiter");
      space();
      setItem(result, key, value(depth + 1));
      space();
      if (take(/\}/y) !== undefined) return result;
      if (take(/,/y) === undefined) fail("Expecting ',' delimiter");
    }
  };

  space();
  const result = value(0);
  space();
  if (at < text.length) fail("Extra data");
  return result;
}
