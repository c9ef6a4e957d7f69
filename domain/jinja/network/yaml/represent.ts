import { compare } from "../../compare.ts";
import { JinjaError } from "../../errors.ts";
import type { EngineContext } from "../../extension.ts";
import { intText } from "../../int.ts";
import { str } from "../../print.ts";
import { typeName } from "../../type-name.ts";
import { failUndefined } from "../../undefined.ts";
import { Dict, Float, Lazy, Markup, Tuple, Undefined, type Value } from "../../values.ts";
import { entriesOf, withoutLazy } from "../support.ts";
import { kindOfPlain } from "./resolve.ts";

/** What is to be written: the styles are chosen by `emit.ts`. */
export type YamlNode =
  | { type: "scalar"; text: string; tag: string; mayBePlain: boolean }
  | { type: "sequence"; flow: boolean; items: readonly YamlNode[] }
  | { type: "mapping"; flow: boolean; pairs: readonly (readonly [YamlNode, YamlNode])[] };

export type RepresentOptions = {
  readonly sortKeys: boolean;
  /** Null: what holds nothing but scalars is written in one line. */
  readonly flow: boolean | null;
};

const MAX_DEPTH = 500;

export function represent(value: Value, options: RepresentOptions, engine: EngineContext): YamlNode {
  const nodeOf = (item: Value, depth: number): YamlNode => {
    engine.spend(1);
    if (depth > MAX_DEPTH) throw new JinjaError("RecursionError", "to_yaml: the value is nested too deep");
    if (item === null) return scalar("null", "null");
    if (typeof item === "boolean") return scalar("bool", String(item));
    if (typeof item === "number" || typeof item === "bigint") return scalar("int", intText(item));
    if (typeof item === "string") return text(item, engine);
    if (item instanceof Markup) return text(item.text, engine);
    if (item instanceof Float) return scalar("float", floatText(item));
    if (item instanceof Dict) return mappingOf(item, depth);
    if (Array.isArray(item)) return sequenceOf(item, depth);
    if (item instanceof Tuple) return sequenceOf(item.items, depth);
    if (item instanceof Lazy) return nodeOf(withoutLazy(item), depth);
    if (item instanceof Undefined) return failUndefined(item);
    throw new JinjaError("TypeError", `to_yaml: ${typeName(item)} cannot be represented`);
  };

  const flowOf = (parts: readonly YamlNode[]): boolean => options.flow ?? parts.every((part) => part.type === "scalar");

  const sequenceOf = (values: readonly Value[], depth: number): YamlNode => {
    const items = values.map((item) => nodeOf(item, depth + 1));
    return { type: "sequence", flow: flowOf(items), items };
  };

  const mappingOf = (dict: Dict, depth: number): YamlNode => {
    const entries = [...entriesOf(dict)];
    const pairs = (options.sortKeys ? sorted(entries) : entries).map(
      ([key, item]) => [nodeOf(key, depth + 1), nodeOf(item, depth + 1)] as const,
    );
    return { type: "mapping", flow: flowOf(pairs.flat()), pairs };
  };

  return nodeOf(value, 0);
}

/** Keys that cannot be compared stay in their order. */
function sorted(entries: readonly [Value, Value][]): readonly [Value, Value][] {
  try {
    return entries.toSorted(([a], [b]) => (compare("lt", a, b) ? -1 : compare("lt", b, a) ? 1 : 0));
  } catch (error) {
    if (error instanceof JinjaError && error.kind === "TypeError") return entries;
    throw error;
  }
}

const scalar = (tag: string, content: string): YamlNode => ({ type: "scalar", text: content, tag, mayBePlain: true });

function text(content: string, { spend }: EngineContext): YamlNode {
  spend(1 + Math.floor(content.length / 16));
  return { type: "scalar", text: content, tag: "str", mayBePlain: kindOfPlain(content) === "str" };
}

function floatText(float: Float): string {
  if (Number.isNaN(float.value)) return ".nan";
  if (!Number.isFinite(float.value)) return float.value > 0 ? ".inf" : "-.inf";
  const printed = str(float).toLowerCase();
  return printed.includes(".") ? printed : printed.replace("e", ".0e");
}
