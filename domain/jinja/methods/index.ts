import { Dict, Float, Markup, Tuple, type Value } from "../values.ts";
import { DICT_METHODS } from "./dict.ts";
import { LIST_METHODS } from "./list.ts";
import { MARKUP_METHODS } from "./markup.ts";
import type { Method } from "./method.ts";
import { FLOAT_METHODS, INT_METHODS } from "./number.ts";
import { STR_METHODS } from "./str.ts";
import { TUPLE_METHODS } from "./tuple.ts";
import { Range } from "../range.ts";

/** The method of that name that Python's class of the value has. */
export function findMethod(of: Value, name: string): Method | undefined {
  if (of instanceof Dict) return DICT_METHODS.get(name);
  if (typeof of === "string") return STR_METHODS.get(name);
  if (Array.isArray(of)) return LIST_METHODS.get(name);
  if (of instanceof Tuple || of instanceof Range) return TUPLE_METHODS.get(name);
  if (typeof of === "number" || typeof of === "bigint" || typeof of === "boolean") return INT_METHODS.get(name);
  if (of instanceof Markup) return MARKUP_METHODS.get(name);
  return of instanceof Float ? FLOAT_METHODS.get(name) : undefined;
}
