import type { IndentedConfig } from "../platforms/language.ts";
import { blockRule, indentOf, readBlock } from "./indented-parse.ts";
import { bareOf, fullHeader, isComment, singleKey } from "./indented-rules.ts";

/** A line as the device will take it: in which section, and whether it opens, leaves or fills one. */
export type Place = {
  kind: "header" | "leaf" | "exit" | "block";
  /** Without indentation. Of a block: its first line. */
  text: string;
  depth: number;
  /** The headers around it, outermost first. */
  path: string[];
  /** Index of those headers among the lines given. */
  parents: number[];
  /** The lines it stands for: one, or a block's many. -1 for an `exit` that was put in. */
  from: number;
  to: number;
  block: string[] | null;
  closed: boolean;
};

type Frame = { indent: number; text: string; index: number; filled: boolean };

/**
 * Walks lines as an IOS-like parser does: a header opens a section, a command of the top level leaves all of them, anything else
 * is tried where one stands. Indentation says what is meant; where the device would take a line for another section than
 * its indentation says, an `exit` is put in before it.
 */
export function placeLines(config: IndentedConfig, lines: readonly string[]): Place[] {
  const places: Place[] = [];
  const stack: Frame[] = [];
  const put = (
    kind: Place["kind"],
    text: string,
    from: number,
    to: number,
    block: string[] | null = null,
    closed = true,
  ): void => {
    places.push({
      kind,
      text,
      depth: stack.length,
      path: stack.map((f) => f.text),
      parents: stack.map((f) => f.index),
      from,
      to,
      block,
      closed,
    });
  };
  const leave = (count: number): void => {
    for (let n = 0; n < count; n++) {
      put("exit", config.words.leave, -1, -1);
      stack.pop();
    }
  };

  for (let i = 0; i < lines.length;) {
    const line = lines[i] ?? "";
    const text = line.trim();
    if (text === "" || isComment(config, text)) {
      i += 1;
      continue;
    }
    const indent = indentOf(line);
    if (config.closing.test(text)) {
      put("exit", text, i, i);
      stack.pop();
      i += 1;
      continue;
    }
    enter(config, stack, text, indent, leave);
    const parent = stack.at(-1)?.text;
    const rule = blockRule(config, text, parent);
    if (rule) {
      const read = readBlock(rule, lines, i);
      put("block", read.text, i, read.next - 1, read.block, read.closed);
      i = read.next;
      continue;
    }
    const header = isHeader(config, text, parent, indent, lines[i + 1]);
    put(header ? "header" : "leaf", text, i, i);
    if (header) stack.push({ indent, text: fullHeader(config, text), index: i, filled: false });
    i += 1;
  }
  return places;
}

/** Leaves the sections that the line does not belong to. */
function enter(
  config: IndentedConfig,
  stack: Frame[],
  text: string,
  indent: number,
  leave: (count: number) => void,
): void {
  if (stack.length === 0) return;
  const bare = bareOf(config, text);
  const inner = stack.findLastIndex((frame) => indent > frame.indent);
  // a deeper line belongs to the section that it stands under, whatever else it could be
  if (inner === stack.length - 1) {
    mark(stack);
    return;
  }
  const flat = !(stack.at(-1)?.filled ?? false);
  // where the device leaves sections by itself, nothing is put in
  const jump = (count: number): void => {
    if (config.leavesFirst) leave(count);
    else stack.length -= count;
  };
  const sub = stack.findLastIndex((frame) =>
    config.subHeaders.some((s) => s.under.test(frame.text) && s.header.test(bare)),
  );
  if (sub !== -1) {
    // after one address family the next; anything else the device could take for a line of the section that it is in
    const open = stack[sub + 1]?.text;
    const alike = open === undefined || config.subHeaders.some((s) => s.header.test(bare) && s.header.test(open));
    if (alike && (flat || (sub === inner && bare === text))) jump(stack.length - 1 - sub);
    else leave(stack.length - 1 - (flat ? sub : inner));
    return;
  }
  const global = config.globalLines.some((g) => g.test(bare)) || config.headers.some((h) => h.test(bare));
  if (global && (inner === -1 || flat)) {
    jump(stack.length);
    return;
  }
  // without any indentation the device decides: it tries the section first
  if (flat && indent === stack.at(-1)?.indent) return;
  leave(stack.length - 1 - inner);
}

const mark = (stack: Frame[]): void => {
  const top = stack.at(-1);
  if (top) top.filled = true;
};

function isHeader(
  config: IndentedConfig,
  text: string,
  parent: string | undefined,
  indent: number,
  next: string | undefined,
): boolean {
  const known =
    parent === undefined
      ? config.headers.some((h) => h.test(text))
      : config.subHeaders.some((s) => s.under.test(parent) && s.header.test(text));
  const negated = bareOf(config, text) !== text;
  if (known) return !negated;
  if (config.globalLines.some((g) => g.test(text)) || singleKey(config, text, parent) || negated) return false;
  // a section that this file does not know: what stands under it says so
  const following = next?.trim() ?? "";
  return (
    next !== undefined &&
    following !== "" &&
    !isComment(config, following) &&
    !config.closing.test(following) &&
    indentOf(next) > indent
  );
}
