import { JinjaError } from "./errors.ts";
import { floatText } from "./float-text.ts";
import { intText } from "./int.ts";
import { Callable, Dict, Float, Markup, PyObject, Tuple, Undefined, type Value } from "./values.ts";

/** Lists that hold each other can print as more than any memory holds. */
const MAX_LENGTH = 16_000_000;

const PLAIN = /^[ -&(-[\]-~]*$/;
/** What is written as an escape: the quote comes to it by hand. Unicode's categories that Python does not print. */
const ESCAPED = /[\\\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;
const SHORT: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escapeCharacter(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x1_00) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code < 0x1_00_00 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
}

export function reprText(text: string): string {
  if (PLAIN.test(text)) return `'${text}'`;
  const escaped = text.replace(ESCAPED, escapeCharacter);
  if (!text.includes("'")) return `'${escaped}'`;
  return text.includes('"') ? `'${escaped.replaceAll("'", "\\'")}'` : `"${escaped}"`;
}

/** Python's `repr()`. */
export function repr(value: Value): string {
  if (typeof value === "string") return reprText(value);
  return Array.isArray(value) || value instanceof Dict || value instanceof Tuple
    ? new Printer().container(value)
    : reprSimple(value);
}

type Container = Value[] | Dict | Tuple;

function reprSimple(value: Exclude<Value, Container>): string {
  if (value === null) return "None";
  switch (typeof value) {
    case "string":
      return reprText(value);
    case "number":
    case "bigint":
      return intText(value);
    case "boolean":
      return value ? "True" : "False";
    default:
  }
  if (value instanceof Float) return floatText(value.value);
  if (value instanceof Markup) return `Markup(${reprText(value.text)})`;
  if (value instanceof Undefined) return "Undefined";
  if (value instanceof PyObject) return value.print() ?? `<${value.type} object>`;
  return value instanceof Callable ? `<${value.name}>` : `<${value.name} object>`;
}

/** Prints what holds others; remembers which it is inside of, for those that hold themselves. */
class Printer {
  private readonly open = new Set<Container>();
  private length = 0;

  container(value: Container): string {
    if (this.open.has(value)) return value instanceof Dict ? "{...}" : Array.isArray(value) ? "[...]" : "(...)";
    this.open.add(value);
    const text = this.print(value);
    this.open.delete(value);
    return text;
  }

  private print(value: Container): string {
    if (value instanceof Dict) {
      const parts: string[] = [];
      for (const [key, item] of value.entries.values()) parts.push(`${this.any(key)}: ${this.any(item)}`);
      return `{${parts.join(", ")}}`;
    }
    if (Array.isArray(value)) return `[${value.map((item) => this.any(item)).join(", ")}]`;
    const items = value.items.map((item) => this.any(item)).join(", ");
    return value.items.length === 1 ? `(${items},)` : `(${items})`;
  }

  private any(value: Value): string {
    const text =
      Array.isArray(value) || value instanceof Dict || value instanceof Tuple
        ? this.container(value)
        : reprSimple(value);
    this.length += text.length;
    if (this.length > MAX_LENGTH) throw new JinjaError("LimitReached", "The value is too large to print");
    return text;
  }
}
