import type { OpaqueConfig } from "../platforms/language.ts";
import { indentOf } from "./indented-parse.ts";
import { type ConfigNode, node } from "./tree.ts";

/** Without the breaks that the platform puts into long lines. */
export const joined = (config: OpaqueConfig, text: string): string =>
  config.continued === null ? text : text.replace(new RegExp(config.continued, "g"), "");

/** Reads a config whose lines are not understood: sections by indentation; a value in quotes may go on over several lines. */
export function parseOpaque(config: OpaqueConfig, text: string): ConfigNode[] {
  const root: ConfigNode[] = [];
  const stack: { indent: number; of: ConfigNode }[] = [];
  for (const { line, number, more } of steadyLines(config, text)) {
    const content = line.trim();
    if (config.closing.test(content)) continue;
    const indent = indentOf(line);
    while (stack.length > 0 && (stack.at(-1)?.indent ?? 0) >= indent) stack.pop();
    const made = node(config.opening === null ? content : content.replace(config.opening, ""), number);
    (stack.at(-1)?.of.children ?? root).push(made);
    if (more.length > 0) made.block = more;
    else stack.push({ indent, of: made });
  }
  return root;
}

type Steady = { line: string; number: number; /** The rest of a value in quotes that goes on. */ more: string[] };

/** The lines that mean something, each with what its quotes hold: what is volatile goes with all of its value. */
export function steadyLines(config: OpaqueConfig, text: string): Steady[] {
  const found: Steady[] = [];
  let open: Steady | null = null;
  for (const [index, line] of joined(config, text).split("\n").entries()) {
    if (open !== null) {
      open.more.push(line);
      if (opensQuote(line)) open = null;
      continue;
    }
    if (line.trim() === "") continue;
    const made: Steady = { line, number: index + 1, more: [] };
    if (!config.volatile.some((v) => v.test(line.trim()))) found.push(made);
    if (config.quotes === true && opensQuote(line)) open = made;
  }
  return found;
}

/** Does a line open a quote that it does not close? */
const opensQuote = (line: string): boolean =>
  (line
    .replace(/\\./g, "")
    .replace(/ '[^']*'$/, "")
    .split('"').length -
    1) %
    2 ===
  1;

export function renderOpaque(config: OpaqueConfig, nodes: readonly ConfigNode[], depth = 0): string[] {
  return nodes.flatMap((of) => [
    " ".repeat(depth * config.indent) + of.text,
    ...(of.block ?? []),
    ...renderOpaque(config, of.children, depth + 1),
  ]);
}
