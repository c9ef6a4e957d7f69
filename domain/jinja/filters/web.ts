import { bind } from "../arguments.ts";
import { JinjaError } from "../errors.ts";
import type { Filter } from "../extension.ts";
import { iteratorOf, toList } from "../iterate.ts";
import { escape } from "../markup.ts";
import { str } from "../print.ts";
import { reprText } from "../repr.ts";
import { isTrue } from "../truth.ts";
import { typeName } from "../type-name.ts";
import { failUndefined } from "../undefined.ts";
import { Dict, Markup, Undefined, type Value } from "../values.ts";

/** Percent signs for everything but letters, digits and `_.-~`; a slash stays where it may. */
function quote(value: Value, forQuery: boolean): string {
  const text = str(value);
  if (!text.isWellFormed())
    throw new JinjaError("ValueError", "'utf-8' codec can't encode characters: surrogates not allowed");
  const quoted = encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return forQuery ? quoted.replaceAll("%20", "+") : quoted.replaceAll("%2F", "/");
}

const urlencode: Filter = (value, args, kwargs) => {
  bind("do_urlencode", [], args, kwargs);
  if (typeof value === "string" || value instanceof Markup) return quote(value, false);
  if (value instanceof Dict) return pairsToQuery(Array.from(value.entries.values()));
  if (iteratorOf(value) === undefined) return quote(value, false);
  return pairsToQuery(toList(value).map(pairOf));
};

function pairsToQuery(pairs: readonly (readonly [Value, Value])[]): string {
  return pairs.map(([key, value]) => `${quote(key, true)}=${quote(value, true)}`).join("&");
}

function pairOf(item: Value): [Value, Value] {
  if (iteratorOf(item) === undefined) {
    throw new JinjaError("TypeError", `cannot unpack non-iterable ${typeName(item)} object`);
  }
  const parts = toList(item);
  const [key, value] = parts;
  if (parts.length > 2) throw new JinjaError("ValueError", "too many values to unpack (expected 2)");
  if (key === undefined || value === undefined) {
    throw new JinjaError("ValueError", `not enough values to unpack (expected 2, got ${parts.length})`);
  }
  return [key, value];
}

const xmlattr: Filter = (value, args, kwargs, engine) => {
  const [autospace] = bind("do_xmlattr", [["autospace", true]], args, kwargs);
  if (value instanceof Undefined) failUndefined(value);
  if (!(value instanceof Dict)) {
    throw new JinjaError("AttributeError", `'${typeName(value)}' object has no attribute 'items'`);
  }
  const attributes: string[] = [];
  for (const [key, item] of value.entries.values()) {
    if (item === null || item instanceof Undefined) continue;
    if (typeof key !== "string" && !(key instanceof Markup)) {
      throw new JinjaError("TypeError", `expected string or bytes-like object, got '${typeName(key)}'`);
    }
    if (/[ \t\n\r\f\v/>=]/.test(str(key))) {
      throw new JinjaError("ValueError", `Invalid character in attribute name: ${reprText(str(key))}`);
    }
    attributes.push(`${escape(key).text}="${escape(item).text}"`);
  }
  const text = (isTrue(autospace) && attributes.length > 0 ? " " : "") + attributes.join(" ");
  return engine.autoescape ? new Markup(text) : text;
};

export const WEB_FILTERS: Record<string, Filter> = { urlencode, xmlattr };
