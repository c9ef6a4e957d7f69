import { JinjaError } from "./errors.ts";
import type { EngineContext } from "./extension.ts";
import { hashKey } from "./hash.ts";
import { isInt, toInt } from "./int.ts";
import { isInternal } from "./internal-names.ts";
import { findMethod } from "./methods/index.ts";
import { NamedTuple } from "./named-tuple.ts";
import { Range } from "./range.ts";
import { reprText } from "./repr.ts";
import { isPlain } from "./text.ts";
import { typeName } from "./type-name.ts";
import { failUndefined } from "./undefined.ts";
import { Callable, Dict, Float, Lazy, Markup, PyObject, Tuple, Undefined, type Kwargs, type Value } from "./values.ts";

/** `value.name`: the attribute, or else the item, or else what stands for neither. */
export function getAttribute(of: Value, name: string, engine: EngineContext): Value {
  const attribute = attributeOf(of, name, engine);
  if (attribute !== undefined) return attribute;
  // Nearly every dot in a template is this.
  const item = of instanceof Dict ? of.entries.get(name)?.[1] : itemOf(of, name);
  return item === undefined ? new Undefined(engine.undefinedKind, name, of) : item;
}

/** `value[key]`: the item, or else the attribute of that name, or else what stands for neither. */
export function getItem(of: Value, key: Value, engine: EngineContext): Value {
  const item = itemOf(of, key);
  if (item !== undefined) return item;
  const name = key instanceof Markup ? key.text : key;
  if (typeof name !== "string") return new Undefined(engine.undefinedKind, undefined, of, undefined, undefined, key);
  const attribute = attributeOf(of, name, engine);
  return attribute === undefined ? new Undefined(engine.undefinedKind, name, of) : attribute;
}

/** Calls a method without making a value of it first; undefined where there is no such method. */
export function callMethod(
  of: Value,
  name: string,
  args: readonly Value[],
  kwargs: Kwargs,
  engine: EngineContext,
): Value | undefined {
  return findMethod(of, name)?.(of, args, kwargs, engine);
}

/** What Python's `getattr` finds, with what starts with an underscore refused; undefined where it finds nothing. */
export function attributeOf(of: Value, name: string, engine: EngineContext): Value | undefined {
  const method = findMethod(of, name);
  if (method !== undefined) {
    return new Callable(`built-in method ${name} of ${typeName(of)} object`, (args, kwargs) =>
      method(of, args, kwargs, engine),
    );
  }
  if (name.startsWith("_")) return privateAttribute(of, name, engine);
  if (typeof of === "string" || of instanceof Dict || Array.isArray(of)) return undefined;
  if (of instanceof PyObject) return of.getAttribute(name);
  if (of instanceof Callable && of.attributes.has(name)) return of.attributes.get(name);
  if (of instanceof Callable || of instanceof Lazy) return privateAttribute(of, name, engine);
  if (of instanceof NamedTuple) return of.items[of.fields.indexOf(name)];
  if (isInt(of)) return intAttribute(toInt(of), name);
  if (of instanceof Float) return name === "real" ? of : name === "imag" ? new Float(0) : undefined;
  if (of instanceof Undefined) return of.kind === "chainable" ? of : failUndefined(of);
  return undefined;
}

function intAttribute(value: number | bigint, name: string): Value | undefined {
  if (name === "real" || name === "numerator") return value;
  if (name === "imag") return 0;
  return name === "denominator" ? 1 : undefined;
}

/** As Jinja's sandbox has it: what is there is not given out, and using it says why. */
function privateAttribute(of: Value, name: string, engine: EngineContext): Value | undefined {
  const type = typeName(of);
  const exists =
    isInternal(type, name) ||
    (of instanceof PyObject && of.getAttribute(name) !== undefined) ||
    (of instanceof Callable && of.attributes.has(name));
  if (exists) {
    const hint = `access to attribute ${reprText(name)} of ${reprText(type)} object is unsafe.`;
    return new Undefined(engine.undefinedKind, name, of, hint, "SecurityError");
  }
  if (!(of instanceof Undefined) || (name.startsWith("__") && name.endsWith("__"))) return undefined;
  return of.kind === "chainable" ? of : failUndefined(of);
}

/** What Python's `value[key]` gives; undefined where that is a TypeError, KeyError or IndexError. */
function itemOf(of: Value, key: Value): Value | undefined {
  if (of instanceof Dict) return typeof key === "string" ? of.entries.get(key)?.[1] : dictItem(of, key);
  if (of instanceof Undefined) return of.kind === "chainable" ? of : failUndefined(of);
  if (of instanceof PyObject && !(of instanceof Range)) return of.getItem(key);
  if (!isInt(key)) return undefined;
  const index = Number(key);
  if (Array.isArray(of)) return of.at(index);
  if (typeof of === "string") return characterAt(of, index);
  if (of instanceof Tuple) return of.items.at(index);
  if (of instanceof Range) {
    const place = index < 0 ? index + of.size : index;
    return place >= 0 && place < of.size ? of.at(place) : undefined;
  }
  const character = of instanceof Markup ? characterAt(of.text, index) : undefined;
  return character === undefined ? undefined : new Markup(character);
}

const characterAt = (text: string, index: number): string | undefined =>
  isPlain(text) ? text.at(index) : Array.from(text).at(index);

function dictItem(dict: Dict, key: Value): Value | undefined {
  try {
    return dict.entries.get(hashKey(key))?.[1];
  } catch (error) {
    if (error instanceof JinjaError && error.kind === "TypeError") return undefined;
    throw error;
  }
}
