import { JinjaError } from "./errors.ts";
import { lengthOf, toList } from "./iterate.ts";
import { Range } from "./range.ts";
import { characters } from "./text.ts";
import { typeName } from "./type-name.ts";
import { DictView } from "./views.ts";
import { Dict, Markup, Tuple, Undefined, type Value } from "./values.ts";

/** Python's `reversed()`: the items from the last to the first, if it has a last; undefined for what has none. */
export function reversedItems(value: Value): { name: string; items: Value[] } | undefined {
  if (Array.isArray(value)) return { name: "list_reverseiterator", items: value.toReversed() };
  if (typeof value === "string") return { name: "reversed", items: characters(value).toReversed() };
  if (value instanceof Markup) {
    return {
      name: "reversed",
      items: characters(value.text)
        .toReversed()
        .map((text) => new Markup(text)),
    };
  }
  if (value instanceof Tuple) return { name: "reversed", items: value.items.toReversed() };
  if (value instanceof Dict) return { name: "dict_reversekeyiterator", items: toList(value).toReversed() };
  if (value instanceof Range) return { name: "range_iterator", items: toList(value).toReversed() };
  if (value instanceof DictView) return { name: "dict_reverseiterator", items: value.items().toReversed() };
  if (!(value instanceof Undefined)) return undefined;
  // Asking for its length is what fails where nothing may be asked.
  lengthOf(value);
  return { name: "reversed", items: [] };
}

export function notReversible(value: Value): JinjaError {
  return new JinjaError("TypeError", `'${typeName(value)}' object is not reversible`);
}
