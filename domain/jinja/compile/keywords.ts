import { JinjaError } from "../errors.ts";
import { typeName } from "../type-name.ts";
import { failUndefined } from "../undefined.ts";
import { Dict, Undefined, type Value } from "../values.ts";

/** The keyword arguments of a call: those that are written, and those of a dict behind `**`. */
export function keywordArguments(
  written: readonly (readonly [string, Value])[],
  doubleStar: Value | undefined,
): Map<string, Value> {
  const result = new Map(written);
  if (doubleStar === undefined) return result;
  if (doubleStar instanceof Undefined) return failUndefined(doubleStar);
  if (!(doubleStar instanceof Dict))
    throw new JinjaError("TypeError", `argument after ** must be a mapping, not ${typeName(doubleStar)}`);
  for (const [key, value] of doubleStar.entries.values()) {
    if (typeof key !== "string") throw new JinjaError("TypeError", "keywords must be strings");
    if (result.has(key)) throw new JinjaError("TypeError", `got multiple values for keyword argument '${key}'`);
    result.set(key, value);
  }
  return result;
}
