import { bind } from "../arguments.ts";
import { equals } from "../compare.ts";
import type { EngineContext, Filter } from "../extension.ts";
import { setItem } from "../hash.ts";
import { toList } from "../iterate.ts";
import { repr, str } from "../print.ts";
import { isTrue } from "../truth.ts";
import { typeName } from "../type-name.ts";
import { Dict, Tuple, Undefined, type Value } from "../values.ts";
import { LIST_MERGES, type ListMerge, mergeDicts, ValueSet } from "./merge-dicts.ts";
import { entriesOf, fail, intParameter, isSequence, itemsOf, shown, stringOf, withoutLazy } from "./support.ts";

const combine: Filter = (value, args, kwargs, engine) => {
  for (const key of kwargs.keys()) {
    if (key !== "recursive" && key !== "list_merge")
      fail("combine", "'recursive' and 'list_merge' are the only valid keyword arguments");
  }
  const asked = str(kwargs.get("list_merge") ?? "replace");
  const listMerge: ListMerge =
    LIST_MERGES.find((name) => name === asked) ??
    fail("combine", `list_merge must be one of ${LIST_MERGES.join(", ")}, not ${asked}`);
  const options = { recursive: isTrue(kwargs.get("recursive") ?? false), listMerge };
  const terms = flattened([value, ...args].map(withoutLazy), { levels: 1, skipNulls: true }, engine);
  if (terms.length < 2) return terms[0] ?? new Dict();
  const dicts = terms.map((term) =>
    term instanceof Dict ? term : fail("combine", `expected dicts, but got ${shown(term)}`),
  );
  return dicts.reduceRight((high, low) => mergeDicts(low, high, options, engine));
};

function flattened(
  items: readonly Value[],
  options: { levels: number; skipNulls: boolean },
  engine: EngineContext,
): Value[] {
  engine.spend(items.length);
  return items.flatMap((item) => {
    if (options.skipNulls && (item === null || item === "None" || item === "null")) return [];
    if (!isSequence(item) || options.levels < 1) return [item];
    return flattened(itemsOf(item), { ...options, levels: options.levels - 1 }, engine);
  });
}

const flatten: Filter = (value, args, kwargs, engine) => {
  const [levels, skipNulls] = bind(
    "flatten",
    [
      ["levels", null],
      ["skip_nulls", true],
    ],
    args,
    kwargs,
  );
  const depth = levels === null ? Infinity : Number(intParameter("flatten", "levels", levels));
  return flattened(toList(value), { levels: depth, skipNulls: isTrue(skipNulls) }, engine);
};

const dict2items: Filter = (value, args, kwargs, engine) => {
  const [keyName, valueName] = bind(
    "dict2items",
    [
      ["key_name", "key"],
      ["value_name", "value"],
    ],
    args,
    kwargs,
  );
  if (!(value instanceof Dict)) return fail("dict2items", `requires a dictionary, got ${typeName(value)} instead`);
  engine.spend(value.entries.size);
  return Array.from(entriesOf(value), ([key, item]) => dictOf([keyName, key], [valueName, item]));
};

function dictOf(...pairs: readonly (readonly [Value, Value])[]): Dict {
  const dict = new Dict();
  for (const [key, value] of pairs) setItem(dict, key, value);
  return dict;
}

const items2dict: Filter = (value, args, kwargs, engine) => {
  const [keyName, valueName] = bind(
    "items2dict",
    [
      ["key_name", "key"],
      ["value_name", "value"],
    ],
    args,
    kwargs,
  );
  if (!isSequence(value)) return fail("items2dict", `requires a list, got ${typeName(value)} instead`);
  const dict = new Dict();
  for (const item of itemsOf(value)) {
    engine.spend(1);
    if (!(item instanceof Dict))
      return fail("items2dict", `requires a list of dictionaries, but it holds ${shown(item)}`);
    setItem(dict, member(item, keyName, "items2dict"), member(item, valueName, "items2dict"));
  }
  return dict;
};

function member(dict: Dict, key: Value, filter: string): Value {
  for (const [name, value] of entriesOf(dict)) if (equals(name, key)) return value;
  return fail(filter, `each dictionary needs the key ${repr(key)}, which ${shown(dict)} has not`);
}

const subelements: Filter = (value, args, kwargs, engine) => {
  const [path, skipMissing] = bind("subelements", ["subelement_obj", ["skip_missing", false]], args, kwargs);
  const elements =
    value instanceof Dict
      ? Array.from(entriesOf(value), ([, item]) => item)
      : isSequence(value)
        ? itemsOf(value)
        : fail("subelements", "needs a list of dicts, or a dict of them");
  const keys = isSequence(path)
    ? itemsOf(path)
    : (stringOf(path)?.split(".") ??
      fail("subelements", `the subelements must be a list or a string, got ${typeName(path)}`));
  return elements.flatMap((element) => {
    const found = followKeys(element, keys, isTrue(skipMissing));
    if (!isSequence(found))
      return fail("subelements", `the key ${keys.map(str).join(".")} should point to a list, got ${shown(found)}`);
    engine.spend(1 + itemsOf(found).length);
    return itemsOf(found).map((item) => new Tuple([element, item]));
  });
};

function followKeys(element: Value, keys: readonly Value[], skipMissing: boolean): Value {
  let value = element;
  for (const key of keys) {
    if (!(value instanceof Dict))
      return fail("subelements", `the key ${str(key)} should point to a dictionary, got ${shown(value)}`);
    const entry = Array.from(entriesOf(value)).find(([name]) => equals(name, key));
    if (entry === undefined && skipMissing) return [];
    value =
      entry === undefined
        ? fail("subelements", `could not find ${repr(key)} key in iterated item ${shown(value)}`)
        : entry[1];
  }
  return value;
}

/** `item` is the key, the value of the filter: `[0, 2] | map("extract", names)`. */
const extract: Filter = (value, args, kwargs, engine) => {
  const [container, more] = bind("extract", ["container", ["morekeys", null]], args, kwargs);
  const keys = more === null ? [value] : [value, ...(Array.isArray(more) ? more : [more])];
  return keys.reduce((found, key) => engine.getItem(found, key), container);
};

const rekeyOnMember: Filter = (value, args, kwargs, engine) => {
  const [key, duplicates] = bind("rekey_on_member", ["key", ["duplicates", "error"]], args, kwargs);
  if (duplicates !== "error" && duplicates !== "overwrite") {
    return fail("rekey_on_member", `duplicates must be error or overwrite, not ${shown(duplicates)}`);
  }
  if (stringOf(value) !== undefined) return fail("rekey_on_member", "needs a list or a dict");
  const items = value instanceof Dict ? Array.from(entriesOf(value), ([, item]) => item) : toList(value);
  const dict = new Dict();
  const seen = new ValueSet([], engine);
  for (const item of items) {
    if (!(item instanceof Dict)) return fail("rekey_on_member", `the item ${shown(item)} is not a dict`);
    const name = member(item, key, "rekey_on_member");
    if (!seen.add(name) && duplicates === "error") {
      return fail("rekey_on_member", `key ${str(name)} is not unique, cannot correctly turn into dict`);
    }
    setItem(dict, name, item);
  }
  return dict;
};

const ternary: Filter = (value, args, kwargs) => {
  const [whenTrue, whenFalse, whenNone] = bind("ternary", ["true_val", "false_val", ["none_val", null]], args, kwargs);
  if (value === null && whenNone !== null) return whenNone;
  return isTrue(value) ? whenTrue : whenFalse;
};

const mandatory: Filter = (value, args, kwargs) => {
  const [message] = bind("mandatory", [["msg", null]], args, kwargs);
  if (!(value instanceof Undefined)) return value;
  if (message !== null) return fail("mandatory", str(message));
  return fail("mandatory", `the variable ${value.name === undefined ? "" : `'${value.name}' `}is not defined`);
};

const typeDebug: Filter = (value, args, kwargs) => {
  bind("type_debug", [], args, kwargs);
  return typeName(value);
};

/** Yes, on, true and 1, in any case; everything else is false. */
const bool: Filter = (value, args, kwargs) => {
  bind("bool", [], args, kwargs);
  const text = stringOf(value)?.toLowerCase();
  return text === undefined ? equals(value, 1) : ["yes", "on", "true", "1"].includes(text);
};

export const COLLECTION_FILTERS: readonly (readonly [string, Filter])[] = [
  ["combine", combine],
  ["flatten", flatten],
  ["dict2items", dict2items],
  ["items2dict", items2dict],
  ["subelements", subelements],
  ["extract", extract],
  ["rekey_on_member", rekeyOnMember],
  ["ternary", ternary],
  ["mandatory", mandatory],
  ["type_debug", typeDebug],
  ["bool", bool],
];
