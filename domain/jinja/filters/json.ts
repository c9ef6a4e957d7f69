import { bind, wantInt } from "../arguments.ts";
import { less } from "../compare.ts";
import { JinjaError } from "../errors.ts";
import type { EngineContext, Filter } from "../extension.ts";
import { floatText } from "../float-text.ts";
import { intText } from "../int.ts";
import { str } from "../print.ts";
import { typeName } from "../type-name.ts";
import { Dict, Float, Markup, Tuple, type Value } from "../values.ts";

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\f": "\\f",
  "\b": "\\b",
};

/** Text as JSON in ASCII, which is how Python writes it. */
function jsonText(text: string): string {
  const escaped = text.replace(
    /["\\]|[^ -~]/g,
    (unit) => SHORT[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `"${escaped}"`;
}

function jsonFloat(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (Number.isFinite(value)) return floatText(value);
  return value > 0 ? "Infinity" : "-Infinity";
}

type Container = Value[] | Tuple | Dict;

/** Writes values as Python's `json.dumps(value, sort_keys=True, indent=…)` does. */
class Writer {
  private readonly indent: string | undefined;
  private readonly engine: EngineContext;
  private readonly open = new Set<Container>();
  constructor(indent: string | undefined, engine: EngineContext) {
    this.indent = indent;
    this.engine = engine;
  }

  write(value: Value): string {
    const text = this.text(value);
    this.engine.spend(text.length);
    return text;
  }

  private text(value: Value): string {
    if (value === null) return "null";
    if (typeof value === "string") return jsonText(value);
    if (typeof value === "boolean") return String(value);
    if (typeof value === "number" || typeof value === "bigint") return intText(value);
    if (value instanceof Float) return jsonFloat(value.value);
    if (value instanceof Markup) return jsonText(value.text);
    if (Array.isArray(value) || value instanceof Tuple || value instanceof Dict) return this.container(value);
    throw new JinjaError("TypeError", `Object of type ${typeName(value)} is not JSON serializable`);
  }

  private container(value: Container): string {
    if (this.open.has(value)) throw new JinjaError("ValueError", "Circular reference detected");
    this.open.add(value);
    const text = value instanceof Dict ? this.dict(value) : this.list(value instanceof Tuple ? value.items : value);
    this.open.delete(value);
    return text;
  }

  private list(items: readonly Value[]): string {
    return this.enclosed(
      "[",
      items.map((item) => () => this.write(item)),
      "]",
    );
  }

  private dict(dict: Dict): string {
    const pairs = [...dict.entries.values()].sort(([a], [b]) => (less(a, b) ? -1 : less(b, a) ? 1 : 0));
    return this.enclosed(
      "{",
      pairs.map(
        ([key, value]) =>
          () =>
            `${this.key(key)}: ${this.write(value)}`,
      ),
      "}",
    );
  }

  private key(key: Value): string {
    if (typeof key === "string") return jsonText(key);
    if (key === null || typeof key === "boolean") return `"${String(key)}"`;
    if (typeof key === "number" || typeof key === "bigint") return `"${intText(key)}"`;
    if (key instanceof Float) return `"${jsonFloat(key.value)}"`;
    if (key instanceof Markup) return jsonText(key.text);
    throw new JinjaError("TypeError", `keys must be str, int, float, bool or None, not ${typeName(key)}`);
  }

  private enclosed(start: string, parts: readonly (() => string)[], end: string): string {
    if (parts.length === 0) return start + end;
    if (this.indent === undefined) return `${start}${parts.map((part) => part()).join(", ")}${end}`;
    // Those that are open are as many as the text is deep.
    const inner = `\n${this.indent.repeat(this.open.size)}`;
    const outer = `\n${this.indent.repeat(this.open.size - 1)}`;
    this.engine.spend(inner.length * parts.length);
    return `${start}${inner}${parts.map((part) => part()).join(`,${inner}`)}${outer}${end}`;
  }
}

/** What could end a script or an attribute is written as an escape of JSON. */
function htmlSafe(json: string): string {
  return json.replace(/[<>&']/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function indentOf(indent: Value, engine: EngineContext): string | undefined {
  if (indent === null) return undefined;
  if (typeof indent === "string" || indent instanceof Markup) return str(indent);
  const spaces = Math.max(0, wantInt(indent));
  engine.spend(spaces);
  return " ".repeat(spaces);
}

const tojson: Filter = (value, args, kwargs, engine) => {
  const [indent] = bind("do_tojson", [["indent", null]], args, kwargs);
  return new Markup(htmlSafe(new Writer(indentOf(indent, engine), engine).write(value)));
};

export const JSON_FILTERS: Record<string, Filter> = { tojson };
