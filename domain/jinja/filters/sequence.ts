import { bind } from "../arguments.ts";
import { attributeOf } from "../attributes.ts";
import { JinjaError } from "../errors.ts";
import type { EngineContext, Filter } from "../extension.ts";
import { hashKey } from "../hash.ts";
import { iterate, iteratorOf, lengthOf, toList } from "../iterate.ts";
import { escape, escapeText, isHtml } from "../markup.ts";
import { add } from "../operators.ts";
import { str } from "../print.ts";
import { notReversible, reversedItems } from "../reversed.ts";
import { slice as sliceValue } from "../slice.ts";
import { isTrue } from "../truth.ts";
import { typeName } from "../type-name.ts";
import { Dict, Lazy, Markup, Tuple, Undefined, type DictKey, type Value } from "../values.ts";
import { caseGetter, getterOf } from "./attribute-path.ts";
import { generator, itemsOf } from "./lazy.ts";
import { PORTION_FILTERS } from "./portions.ts";

const length: Filter = (value, args, kwargs) => {
  bind("len", [], args, kwargs);
  const found = lengthOf(value);
  if (found === undefined) throw new JinjaError("TypeError", `object of type '${typeName(value)}' has no len()`);
  return found;
};

const first: Filter = (value, args, kwargs, engine) => {
  bind("do_first", [], args, kwargs);
  const next = iterate(value).next();
  return next.done === true ? engine.undefined("No first item, sequence was empty.") : next.value;
};

const last: Filter = (value, args, kwargs, engine) => {
  bind("do_last", [], args, kwargs);
  const reversed = reversedItems(value);
  if (reversed === undefined) throw notReversible(value);
  const [item] = reversed.items;
  return item === undefined ? engine.undefined("No last item, sequence was empty.") : item;
};

const list: Filter = (value, args, kwargs) => {
  bind("do_list", [], args, kwargs);
  return toList(value);
};

const reverse: Filter = (value, args, kwargs) => {
  bind("do_reverse", [], args, kwargs);
  if (typeof value === "string" || value instanceof Markup) return sliceValue(value, null, null, -1) ?? null;
  const reversed = reversedItems(value);
  if (reversed !== undefined) return new Lazy(reversed.name, reversed.items.values());
  if (iteratorOf(value) === undefined) throw new JinjaError("FilterArgumentError", "argument must be iterable");
  return toList(value).reverse();
};

const join: Filter = (value, args, kwargs, engine) => {
  const [separator, attribute] = bind(
    "do_join",
    [
      ["d", ""],
      ["attribute", null],
    ],
    args,
    kwargs,
  );
  const items = attribute === null ? toList(value) : toList(value).map(getterOf(engine, attribute));
  if (!engine.autoescape)
    return joined(
      str(separator),
      items.map((item) => str(item)),
      engine,
    );
  if (!isHtml(separator) && !items.some(isHtml))
    return joined(
      str(separator),
      items.map((item) => str(item)),
      engine,
    );
  const parts = items.map((item) => (isHtml(item) ? str(item) : escapeText(str(item))));
  return new Markup(joined(escape(separator).text, parts, engine));
};

function joined(separator: string, parts: readonly string[], engine: EngineContext): string {
  let size = separator.length * parts.length;
  for (const part of parts) size += part.length;
  engine.spend(size);
  return parts.join(separator);
}

function* uniques(value: Value, get: (item: Value) => Value): Generator<Value> {
  const seen = new Set<DictKey>();
  for (const item of itemsOf(value)) {
    const key = hashKey(get(item));
    if (seen.has(key)) continue;
    seen.add(key);
    yield item;
  }
}

const unique: Filter = (value, args, kwargs, engine) => {
  const [caseSensitive, attribute] = bind(
    "do_unique",
    [
      ["case_sensitive", false],
      ["attribute", null],
    ],
    args,
    kwargs,
  );
  return generator(uniques(value, caseGetter(engine, attribute, isTrue(caseSensitive))));
};

function* pairs(value: Value): Generator<Value> {
  if (value instanceof Undefined) return;
  if (!(value instanceof Dict)) throw new JinjaError("TypeError", "Can only get item pairs from a mapping.");
  for (const entry of value.entries.values()) yield new Tuple([entry[0], entry[1]]);
}

const items: Filter = (value, args, kwargs) => {
  bind("do_items", [], args, kwargs);
  return generator(pairs(value));
};

const sum: Filter = (value, args, kwargs, engine) => {
  const [attribute, start] = bind(
    "do_sum",
    [
      ["attribute", null],
      ["start", 0],
    ],
    args,
    kwargs,
  );
  if (typeof start === "string" || start instanceof Markup) {
    throw new JinjaError("TypeError", "sum() can't sum strings [use ''.join(seq) instead]");
  }
  const get = getterOf(engine, attribute);
  let total: Value = start;
  for (const item of itemsOf(value)) total = add(total, get(item), engine);
  return total;
};

const byDefault: Filter = (value, args, kwargs) => {
  const [instead, boolean] = bind(
    "do_default",
    [
      ["default_value", ""],
      ["boolean", false],
    ],
    args,
    kwargs,
  );
  return value instanceof Undefined || (isTrue(boolean) && !isTrue(value)) ? instead : value;
};

const attr: Filter = (value, args, kwargs, engine) => {
  const [wanted] = bind("do_attr", ["name"], args, kwargs);
  const name = wanted instanceof Markup ? wanted.text : wanted;
  if (typeof name !== "string")
    throw new JinjaError("TypeError", `attribute name must be string, not '${typeName(wanted)}'`);
  return attributeOf(value, name, engine) ?? missing(value, name, engine);
};

const missing = (of: Value, name: string, engine: EngineContext): Undefined =>
  new Undefined(engine.undefinedKind, name, of);

/** What is planned is approved and sent later: it must come out the same each time. */
const random: Filter = () => {
  throw new JinjaError(
    "FilterArgumentError",
    "random gives another item each time, and what is rendered here must be repeatable: choose by index instead",
  );
};

export const SEQUENCE_FILTERS: Record<string, Filter> = {
  length,
  count: length,
  first,
  last,
  list,
  reverse,
  join,
  ...PORTION_FILTERS,
  unique,
  items,
  sum,
  default: byDefault,
  d: byDefault,
  attr,
  random,
};
