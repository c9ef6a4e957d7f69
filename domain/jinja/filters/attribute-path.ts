import { isInt, toInt } from "../int.ts";
import type { EngineContext } from "../extension.ts";
import { parseInteger } from "../parse-number.ts";
import { isDigits } from "../methods/str-kind.ts";
import { lowerText } from "./case.ts";
import { Markup, Undefined, type Value } from "../values.ts";

/** Finds what an attribute's path (`a.b.0`) leads to. */
export type Getter = (item: Value) => Value;

/** `a.b.0` as the keys it is made of; numbers are places in lists. */
function partsOf(attribute: Value): Value[] {
  if (attribute === null) return [];
  const path = attribute instanceof Markup ? attribute.text : attribute;
  if (typeof path !== "string") return [isInt(path) ? toInt(path) : path];
  return path.split(".").map((part) => (isDigits(part) ? (parseInteger(part, 10) ?? part) : part));
}

/** How filters look up `attribute`; where there is nothing, `byDefault` stands for it, unless that is None. */
export function getterOf(engine: EngineContext, attribute: Value, byDefault: Value = null): Getter {
  const parts = partsOf(attribute);
  return (item) => {
    let found = item;
    for (const part of parts) {
      found = engine.getItem(found, part);
      if (byDefault !== null && found instanceof Undefined) found = byDefault;
    }
    return found;
  };
}

/** The same without regard to case where that is not asked for. */
export function caseGetter(
  engine: EngineContext,
  attribute: Value,
  caseSensitive: boolean,
  byDefault: Value = null,
): Getter {
  const get = getterOf(engine, attribute, byDefault);
  return caseSensitive ? get : (item) => lowerText(get(item));
}

/** Several paths, `a,b.c`: the keys of a sort. */
export function multiGetter(engine: EngineContext, attribute: Value, caseSensitive: boolean): (item: Value) => Value[] {
  const paths: Value[] = typeof attribute === "string" ? attribute.split(",") : [attribute];
  const getters = paths.map((path) => caseGetter(engine, path, caseSensitive));
  return (item) => getters.map((get) => get(item));
}
