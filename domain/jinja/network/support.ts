import { JinjaError } from "../errors.ts";
import { isInt, toInt } from "../int.ts";
import { toList } from "../iterate.ts";
import { str } from "../print.ts";
import { typeName } from "../type-name.ts";
import { Dict, Lazy, Markup, Tuple, type Value } from "../values.ts";

export function fail(filter: string, message: string): never {
  throw new JinjaError("FilterArgumentError", `${filter}: ${message}`);
}

/** A number for a parameter that Ansible declares as an int: digits in a string will do. */
export function intParameter(filter: string, parameter: string, value: Value): bigint {
  if (isInt(value)) return BigInt(toInt(value));
  const text = value instanceof Markup ? value.text : value;
  if (typeof text === "string" && /^\s*[+-]?\d+\s*$/.test(text)) return BigInt(text.trim().replace(/^\+/, ""));
  return fail(filter, `${parameter} must be an integer, not ${shown(value)}`);
}

/** Texts for a parameter that Ansible declares as a list of strings: one string is cut at its commas. */
export function listParameter(value: Value): string[] {
  const text = stringOf(value);
  return text === undefined ? toList(value).map(str) : text.split(",");
}

/** What a message may show of a value: its type, and its text where it is short. */
export function shown(value: Value): string {
  const text = str(value);
  return text.length > 60 ? `${text.slice(0, 60)}… (${typeName(value)})` : `${text} (${typeName(value)})`;
}

export const isSequence = (value: Value): value is Value[] | Tuple => Array.isArray(value) || value instanceof Tuple;
export const itemsOf = (value: readonly Value[] | Tuple): readonly Value[] =>
  value instanceof Tuple ? value.items : value;

/** The string, or undefined for what is none. */
export function stringOf(value: Value): string | undefined {
  if (typeof value === "string") return value;
  return value instanceof Markup ? value.text : undefined;
}

export function* entriesOf(dict: Dict): Generator<[Value, Value]> {
  yield* dict.entries.values();
}

/** A generator gives a list: Ansible makes one of it before a filter sees it. */
export function withoutLazy(value: Value): Value {
  if (!(value instanceof Lazy)) return value;
  return Array.from({ [Symbol.iterator]: () => value.iterator });
}
