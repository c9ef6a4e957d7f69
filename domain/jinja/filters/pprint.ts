import { bind } from "../arguments.ts";
import { less } from "../compare.ts";
import { JinjaError } from "../errors.ts";
import type { Filter } from "../extension.ts";
import { splitLines } from "../methods/str-split.ts";
import { NamedTuple } from "../named-tuple.ts";
import { repr, reprText } from "../repr.ts";
import { WHITESPACE } from "../strip.ts";
import { textLength } from "../text.ts";
import { typeName } from "../type-name.ts";
import { Dict, Tuple, type Value } from "../values.ts";

const WIDTH = 80;
/** Structures that share parts can print as more than any memory holds. */
const MAX_LENGTH = 4_000_000;

type Container = Value[] | Tuple | Dict;
type Entry = readonly [Value, Value];

const isContainer = (value: Value): value is Container =>
  Array.isArray(value) || value instanceof Dict || (value instanceof Tuple && !(value instanceof NamedTuple));

/** By their keys; keys that cannot be compared go by the names of their classes. */
function sortedEntries(dict: Dict): Entry[] {
  return [...dict.entries.values()].sort(([a], [b]) => orderKeys(a, b));
}

function orderKeys(a: Value, b: Value): number {
  try {
    if (less(a, b)) return -1;
    return less(b, a) ? 1 : 0;
  } catch (error) {
    if (!(error instanceof JinjaError) || error.kind !== "TypeError") throw error;
    const [left, right] = [typeName(a), typeName(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  }
}

/** What fits its line as `repr` would have it, and what does not over several: Python's pprint, 80 columns wide. */
class PrettyPrinter {
  private readonly open = new Set<Container>();
  private length = 0;

  /** `indent` columns are taken to the left, `allowance` are needed to the right. */
  format(value: Value, indent: number, allowance: number, level: number): string {
    const short = this.short(value);
    if (textLength(short) <= WIDTH - indent - allowance) return short;
    if (typeof value === "string") return this.string(value, indent, allowance, level + 1);
    if (!isContainer(value) || this.open.has(value)) return short;
    this.open.add(value);
    const text = this.container(value, indent, allowance, level + 1);
    this.open.delete(value);
    return text;
  }

  private container(value: Container, indent: number, allowance: number, level: number): string {
    if (value instanceof Dict) return `{${this.entries(sortedEntries(value), indent + 1, allowance + 1, level)}}`;
    if (Array.isArray(value)) return `[${this.items(value, indent + 1, allowance + 1, level)}]`;
    const end = value.items.length === 1 ? ",)" : ")";
    return `(${this.items(value.items, indent + 1, allowance + end.length, level)}${end}`;
  }

  private entries(entries: readonly Entry[], indent: number, allowance: number, level: number): string {
    const parts = entries.map(([key, value], index) => {
      const head = `${this.short(key)}: `;
      const isLast = index === entries.length - 1;
      return head + this.format(value, indent + textLength(head), isLast ? allowance : 1, level);
    });
    return parts.join(`,\n${" ".repeat(indent)}`);
  }

  private items(items: readonly Value[], indent: number, allowance: number, level: number): string {
    const parts = items.map((item, index) =>
      this.format(item, indent, index === items.length - 1 ? allowance : 1, level),
    );
    return parts.join(`,\n${" ".repeat(indent)}`);
  }

  /** Long text over several lines, broken behind blanks; in parentheses where it stands alone. */
  private string(text: string, indent: number, allowance: number, level: number): string {
    const [left, right] = level === 1 ? [indent + 1, allowance + 1] : [indent, allowance];
    const chunks: string[] = [];
    const lines = splitLines(text, true);
    for (const [index, line] of lines.entries()) {
      const isLast = index === lines.length - 1;
      const shown = reprText(line);
      if (textLength(shown) <= WIDTH - left - (isLast ? right : 0)) chunks.push(shown);
      else chunks.push(...brokenLine(line, WIDTH - left, isLast ? right : 0));
    }
    if (chunks.length === 1) return chunks[0] ?? "";
    const joined = chunks.join(`\n${" ".repeat(left)}`);
    return level === 1 ? `(${joined})` : joined;
  }

  /** As `repr` has it, but with the keys of dicts in order. */
  private short(value: Value): string {
    if (!isContainer(value)) return this.count(repr(value));
    if (this.open.has(value)) return `<Recursion on ${typeName(value)}>`;
    this.open.add(value);
    const text = this.shortContainer(value);
    this.open.delete(value);
    return text;
  }

  private shortContainer(value: Container): string {
    if (value instanceof Dict) {
      const pairs = sortedEntries(value).map(([key, item]) => `${this.short(key)}: ${this.short(item)}`);
      return `{${pairs.join(", ")}}`;
    }
    if (Array.isArray(value)) return `[${value.map((item) => this.short(item)).join(", ")}]`;
    const items = value.items.map((item) => this.short(item)).join(", ");
    return value.items.length === 1 ? `(${items},)` : `(${items})`;
  }

  private count(text: string): string {
    this.length += text.length;
    if (this.length > MAX_LENGTH) throw new JinjaError("LimitReached", "The value is too large to print");
    return text;
  }
}

const PARTS = new RegExp(`[^${WHITESPACE}]+[${WHITESPACE}]*|[${WHITESPACE}]+`, "g");

function brokenLine(line: string, width: number, lastAllowance: number): string[] {
  const chunks: string[] = [];
  const parts = line.match(PARTS) ?? [];
  let current = "";
  for (const [index, part] of parts.entries()) {
    const room = index === parts.length - 1 ? width - lastAllowance : width;
    if (textLength(reprText(current + part)) > room) {
      if (current !== "") chunks.push(reprText(current));
      current = part;
    } else {
      current += part;
    }
  }
  if (current !== "") chunks.push(reprText(current));
  return chunks;
}

const pprint: Filter = (value, args, kwargs) => {
  bind("do_pprint", [], args, kwargs);
  return new PrettyPrinter().format(value, 0, 0, 0);
};

export const PPRINT_FILTERS: Record<string, Filter> = { pprint };
