import { JinjaError } from "../errors.ts";
import type { EngineContext } from "../extension.ts";
import { escapeText } from "../markup.ts";
import { repr, str } from "../print.ts";
import { Markup, Undefined, type Kwargs, type Value } from "../values.ts";
import { asciiOf } from "./ascii.ts";
import { parseFields, splitFieldName } from "./fields.ts";
import { formatValue } from "./value.ts";

/** How deep fields may stand in the formats of fields, as in Python. */
const MAX_DEPTH = 2;

/** Python's `text.format(…)`. Attributes and items are found as templates find them, so nothing private is. */
export function formatText(format: string, args: readonly Value[], kwargs: Kwargs, engine: EngineContext): string {
  return new Filler(args, kwargs, engine, formatValue).fill(format, MAX_DEPTH);
}

/** The same of safe text: what is put into it is escaped. */
export function formatMarkup(format: Markup, args: readonly Value[], kwargs: Kwargs, engine: EngineContext): Markup {
  return new Markup(new Filler(args, kwargs, engine, formatEscaped).fill(format.text, MAX_DEPTH));
}

function formatEscaped(value: Value, spec: string, engine: EngineContext): string {
  if (!(value instanceof Markup)) {
    if (value instanceof Undefined && value.kind === "chainable") return "";
    return escapeText(formatValue(value, spec, engine));
  }
  if (spec !== "") throw new JinjaError("ValueError", "Unsupported format specification for Markup.");
  return value.text;
}

/** One call of `format`. */
class Filler {
  private readonly args: readonly Value[];
  private readonly kwargs: Kwargs;
  private readonly engine: EngineContext;
  private readonly write: (value: Value, spec: string, engine: EngineContext) => string;
  /** The number of the next field without one; undefined once fields are numbered by hand. */
  private counter: number | undefined = 0;

  constructor(
    args: readonly Value[],
    kwargs: Kwargs,
    engine: EngineContext,
    write: (value: Value, spec: string, engine: EngineContext) => string,
  ) {
    this.args = args;
    this.kwargs = kwargs;
    this.engine = engine;
    this.write = write;
  }

  fill(format: string, depth: number): string {
    if (depth < 0) throw new JinjaError("ValueError", "Max string recursion exceeded");
    let text = "";
    for (const { literal, field } of parseFields(format)) {
      text += literal;
      if (field === undefined) continue;
      const value = converted(this.valueOf(this.numbered(field.name)), field.conversion);
      const part = this.write(value, field.spec === "" ? "" : this.fill(field.spec, depth - 1), this.engine);
      this.engine.spend(part.length);
      text += part;
    }
    return text;
  }

  private numbered(name: string): string {
    if (name === "") {
      if (this.counter === undefined) {
        throw new JinjaError(
          "ValueError",
          "cannot switch from manual field specification to automatic field numbering",
        );
      }
      this.counter += 1;
      return String(this.counter - 1);
    }
    if (/^\d+$/.test(name)) {
      if (this.counter !== undefined && this.counter > 0) {
        throw new JinjaError(
          "ValueError",
          "cannot switch from manual field specification to automatic field numbering",
        );
      }
      this.counter = undefined;
    }
    return name;
  }

  private valueOf(name: string): Value {
    const { first, rest } = splitFieldName(name);
    let value = this.named(first);
    for (const { attribute, key } of rest) {
      value = attribute ? this.engine.getAttribute(value, String(key)) : this.engine.getItem(value, key);
    }
    return value;
  }

  private named(name: string | number): Value {
    const value = typeof name === "number" ? this.args[name] : this.kwargs.get(name);
    if (value !== undefined) return value;
    if (typeof name === "string") throw new JinjaError("KeyError", repr(name));
    throw new JinjaError("IndexError", `Replacement index ${name} out of range for positional args tuple`);
  }
}

function converted(value: Value, conversion: string | undefined): Value {
  switch (conversion) {
    case undefined:
      return value;
    case "s":
      return str(value);
    case "r":
      return repr(value);
    case "a":
      return asciiOf(repr(value));
    default:
      throw new JinjaError("ValueError", `Unknown conversion specifier ${conversion}`);
  }
}
