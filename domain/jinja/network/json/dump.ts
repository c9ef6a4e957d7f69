import type { EngineContext } from "../../extension.ts";
import { JinjaError } from "../../errors.ts";
import { compareTexts } from "../../compare.ts";
import { intText } from "../../int.ts";
import { str } from "../../print.ts";
import { typeName } from "../../type-name.ts";
import { failUndefined } from "../../undefined.ts";
import { Dict, Float, Lazy, Markup, Tuple, Undefined, type Value } from "../../values.ts";
import { entriesOf, withoutLazy } from "../support.ts";

export type DumpOptions = {
  readonly indent: string | undefined;
  readonly sortKeys: boolean;
  readonly asciiOnly: boolean;
  readonly allowNan: boolean;
  readonly itemSeparator: string;
  readonly keySeparator: string;
  readonly skipKeys: boolean;
};

const MAX_DEPTH = 500;

/** Python's `json.dumps`. */
export function dumpJson(value: Value, options: DumpOptions, engine: EngineContext): string {
  const write = (item: Value, depth: number): string => {
    engine.spend(1);
    if (depth > MAX_DEPTH) throw new JinjaError("RecursionError", "to_json: the value is nested too deep");
    if (item === null) return "null";
    if (typeof item === "boolean") return String(item);
    if (typeof item === "number" || typeof item === "bigint") return intText(item);
    if (typeof item === "string") return quote(item, engine);
    if (item instanceof Markup) return quote(item.text, engine);
    if (item instanceof Float) return floatText(item, options);
    if (item instanceof Dict) return writeDict(item, depth);
    if (Array.isArray(item))
      return block(
        "[",
        item.map((part) => write(part, depth + 1)),
        "]",
        depth,
      );
    if (item instanceof Tuple)
      return block(
        "[",
        item.items.map((part) => write(part, depth + 1)),
        "]",
        depth,
      );
    if (item instanceof Lazy) return write(withoutLazy(item), depth);
    if (item instanceof Undefined) return failUndefined(item);
    throw new JinjaError("TypeError", `Object of type ${typeName(item)} is not JSON serializable`);
  };

  const quote = (text: string, { spend }: EngineContext): string => {
    spend(1 + Math.floor(text.length / 16));
    const quoted = JSON.stringify(text);
    return options.asciiOnly ? quoted.replace(/[\u007f-\uffff]/g, escape) : quoted;
  };

  const block = (open: string, parts: readonly string[], close: string, depth: number): string => {
    if (parts.length === 0) return open + close;
    if (options.indent === undefined) return open + parts.join(options.itemSeparator) + close;
    const line = `\n${options.indent.repeat(depth + 1)}`;
    engine.spend(parts.length * (depth + 1));
    return open + line + parts.join(options.itemSeparator + line) + `\n${options.indent.repeat(depth)}` + close;
  };

  const writeDict = (dict: Dict, depth: number): string => {
    const entries = Array.from(entriesOf(dict)).flatMap(([key, item]) => {
      const name = keyText(key, options);
      return name === undefined ? [] : [[name, item] as const];
    });
    if (options.sortKeys) entries.sort(([a], [b]) => compareTexts(a, b));
    const parts = entries.map(([name, item]) => quote(name, engine) + options.keySeparator + write(item, depth + 1));
    return block("{", parts, "}", depth);
  };

  return write(value, 0);
}

const escape = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;

function floatText(float: Float, options: DumpOptions): string {
  if (Number.isFinite(float.value)) return str(float);
  if (!options.allowNan) throw new JinjaError("ValueError", "Out of range float values are not JSON compliant");
  return Number.isNaN(float.value) ? "NaN" : float.value > 0 ? "Infinity" : "-Infinity";
}

/** Undefined: it is no key of JSON, and is to be left out. */
function keyText(key: Value, options: DumpOptions): string | undefined {
  if (typeof key === "string") return key;
  if (key instanceof Markup) return key.text;
  if (key === null) return "null";
  if (typeof key === "boolean" || typeof key === "number" || typeof key === "bigint") return String(key);
  if (key instanceof Float) return floatText(key, options);
  if (options.skipKeys) return undefined;
  throw new JinjaError("TypeError", `keys must be str, int, float, bool or None, not ${typeName(key)}`);
}
