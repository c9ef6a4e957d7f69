import { JinjaError } from "../errors.ts";
import type { EngineContext } from "../extension.ts";
import { hashKey, setItem } from "../hash.ts";
import { iteratorOf, toList } from "../iterate.ts";
import { repr } from "../print.ts";
import { typeName } from "../type-name.ts";
import { Dict, Tuple, type Kwargs, type Value } from "../values.ts";
import { DictView } from "../views.ts";
import { methods, positional, wrongClass } from "./method.ts";

/** Puts in the items of a dict, or pairs of key and value: what `dict()` and `update()` take. */
export function updateDict(
  dict: Dict,
  args: readonly Value[],
  kwargs: Kwargs,
  engine: Pick<EngineContext, "spend">,
): void {
  const [source] = args;
  if (source instanceof Dict) {
    engine.spend(source.entries.size);
    for (const [key, value] of source.entries.values()) setItem(dict, key, value);
  } else if (source !== undefined) {
    for (const [index, item] of toList(source).entries()) {
      engine.spend(1);
      const [key, value] = pairOf(item, index);
      setItem(dict, key, value);
    }
  }
  for (const [key, value] of kwargs) setItem(dict, key, value);
}

function pairOf(item: Value, index: number): [Value, Value] {
  if (iteratorOf(item) === undefined) {
    throw new JinjaError("TypeError", `cannot convert dictionary update sequence element #${index} to a sequence`);
  }
  const parts = toList(item);
  const [key = null, value = null] = parts;
  if (parts.length === 2) return [key, value];
  const message = `dictionary update sequence element #${index} has length ${parts.length}; 2 is required`;
  throw new JinjaError("ValueError", message);
}

const missingKey = (key: Value): JinjaError => new JinjaError("KeyError", repr(key));

/** `dict.fromkeys`: a dict in which all keys have one value. */
export function fromKeys(args: readonly Value[], kwargs: Kwargs, engine: Pick<EngineContext, "spend">): Dict {
  const [keys = null, value = null] = positional("fromkeys", args, kwargs, 1, 2);
  const made = new Dict();
  for (const key of toList(keys)) {
    engine.spend(1);
    setItem(made, key, value);
  }
  return made;
}

const view =
  (type: "keys" | "values" | "items") =>
  (self: Dict, args: readonly Value[], kwargs: Kwargs): Value => {
    positional(`dict.${type}`, args, kwargs, 0);
    return new DictView(`dict_${type}`, self);
  };

export const DICT_METHODS = methods((self) => (self instanceof Dict ? self : wrongClass("dict")), {
  get: (self: Dict, args, kwargs) => {
    const [key = null, byDefault = null] = positional("get", args, kwargs, 1, 2);
    const entry = self.entries.get(hashKey(key));
    return entry === undefined ? byDefault : entry[1];
  },
  items: view("items"),
  keys: view("keys"),
  values: view("values"),
  pop: (self: Dict, args, kwargs) => {
    const [key = null, byDefault] = positional("pop", args, kwargs, 1, 2);
    const hash = hashKey(key);
    const entry = self.entries.get(hash);
    self.entries.delete(hash);
    if (entry !== undefined) return entry[1];
    if (byDefault === undefined) throw missingKey(key);
    return byDefault;
  },
  popitem: (self: Dict, args, kwargs) => {
    positional("dict.popitem", args, kwargs, 0);
    const last = [...self.entries].at(-1);
    if (last === undefined) throw new JinjaError("KeyError", "'popitem(): dictionary is empty'");
    self.entries.delete(last[0]);
    return new Tuple(last[1]);
  },
  setdefault: (self: Dict, args, kwargs, engine) => {
    const [key = null, byDefault = null] = positional("setdefault", args, kwargs, 1, 2);
    const entry = self.entries.get(hashKey(key));
    if (entry !== undefined) return entry[1];
    engine.spend(1);
    setItem(self, key, byDefault);
    return byDefault;
  },
  update: (self: Dict, args, kwargs, engine) => {
    positional("update", args, new Map(), 0, 1);
    if (args[0] !== undefined && iteratorOf(args[0]) === undefined) {
      throw new JinjaError("TypeError", `'${typeName(args[0])}' object is not iterable`);
    }
    updateDict(self, args, kwargs, engine);
    return null;
  },
  copy: (self: Dict, args, kwargs, engine) => {
    positional("dict.copy", args, kwargs, 0);
    const copy = new Dict();
    updateDict(copy, [self], new Map(), engine);
    return copy;
  },
  clear: (self: Dict, args, kwargs) => {
    positional("dict.clear", args, kwargs, 0);
    self.entries.clear();
    return null;
  },
  fromkeys: (_self: Dict, args, kwargs, engine) => fromKeys(args, kwargs, engine),
});
