import type { IndentedConfig, BlockRule } from "../platforms/language.ts";
import { isComment } from "./indented-rules.ts";
import { type ConfigNode, node } from "./tree.ts";

export const indentOf = (line: string): number => {
  const lead = /^[ \t]*/.exec(line)?.[0] ?? "";
  return lead.replaceAll("\t", "        ").length;
};

export const blockRule = (config: IndentedConfig, text: string, parent: string | undefined): BlockRule | undefined =>
  config.blocks.find(
    (rule) => rule.start.test(text) && (rule.under === undefined || (parent !== undefined && rule.under.test(parent))),
  );

/** Where the input that begins on a line ends. `delimiter` as the config shows it can be the two characters `^C`. */
export function readBlock(
  rule: BlockRule,
  lines: readonly string[],
  at: number,
): { text: string; block: string[]; next: number; closed: boolean } {
  const first = (lines[at] ?? "").trim();
  const block: string[] = [];
  if (rule.close.by === "line") {
    for (let i = at + 1; i < lines.length; i++) {
      const line = lines[i] ?? "";
      if (rule.close.end.test(line)) return { text: first, block, next: i + 1, closed: true };
      block.push(line);
    }
    return { text: first, block, next: lines.length, closed: false };
  }
  const start = rule.start.exec(first)?.[0] ?? first;
  const rest = first.slice(start.length).trimStart();
  const delimiter = rest.startsWith("^C") ? "^C" : rest.slice(0, 1);
  if (delimiter === "") return { text: start, block, next: at + 1, closed: false };
  let piece = rest.slice(delimiter.length);
  for (let i = at; ;) {
    const end = piece.indexOf(delimiter);
    if (end !== -1) {
      block.push(piece.slice(0, end));
      return { text: start, block, next: i + 1, closed: true };
    }
    block.push(piece);
    i += 1;
    const following = lines[i];
    if (following === undefined) return { text: start, block, next: i, closed: false };
    piece = following;
  }
}

const DELIMITERS = ["#", "%", "~", "@", "|", "=", "+", "_"];

/** A node with block input as the lines that enter it. */
export function writeBlock(
  config: IndentedConfig,
  of: ConfigNode,
  parent: string | undefined,
  show: boolean,
): string[] {
  const block = of.block ?? [];
  const rule = blockRule(config, of.text, parent);
  if (!rule) return [of.text, ...block];
  if (rule.close.by === "line") return [of.text, ...block, rule.close.write];
  const body = block.join("\n");
  const delimiter = show ? "^C" : (DELIMITERS.find((d) => !body.includes(d)) ?? "\u0003");
  return `${of.text} ${delimiter}${body}${delimiter}`.split("\n");
}

/** Reads a running config by its indentation. */
export function parseIndented(config: IndentedConfig, text: string): ConfigNode[] {
  const lines = text.split("\n").map((line) => line.trimEnd());
  const root: ConfigNode[] = [];
  const stack: { indent: number; of: ConfigNode }[] = [];
  for (let i = 0; i < lines.length;) {
    const line = lines[i] ?? "";
    const content = line.trim();
    if (config.separated && content !== "" && isComment(config, content))
      while (stack.length > 0 && (stack.at(-1)?.indent ?? 0) >= indentOf(line)) stack.pop();
    if (
      content === "" ||
      isComment(config, content) ||
      config.volatile.some((v) => v.test(content)) ||
      config.closing.test(content)
    ) {
      i += 1;
      continue;
    }
    const indent = indentOf(line);
    while (stack.length > 0 && (stack.at(-1)?.indent ?? 0) >= indent) stack.pop();
    const parent = stack.at(-1)?.of;
    const rule = blockRule(config, content, parent?.text);
    const made = node(content, i + 1);
    if (rule) {
      const read = readBlock(rule, lines, i);
      made.text = read.text;
      made.block = read.block;
      i = read.next;
    } else {
      i += 1;
      stack.push({ indent, of: made });
    }
    (parent?.children ?? root).push(made);
  }
  return root;
}

export function renderIndented(
  config: IndentedConfig,
  nodes: readonly ConfigNode[],
  depth = 0,
  parent?: string,
): string[] {
  return nodes.flatMap((of) => {
    const lead = " ".repeat(depth * config.indent);
    if (of.block) return writeBlock(config, of, parent, true).map((line, i) => (i === 0 ? lead + line : line));
    return [lead + of.text, ...renderIndented(config, of.children, depth + 1, of.text)];
  });
}
