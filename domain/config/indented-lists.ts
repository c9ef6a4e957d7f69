import type { IndentedConfig } from "../platforms/language.ts";
import { wordBefore } from "./indented-rules.ts";
import { type ConfigNode, node } from "./tree.ts";

/*
 * Lists of numbers as VRP and Comware write them, `2 to 4 7`: a line adds to the list, `undo` takes from it.
 */

/** The numbers of `2 to 4 7`, or of `2-4,7`. */
function numbersOf(values: string): Set<number> {
  const found = new Set<number>();
  for (const [, from = "", to = from] of (values === "all" ? "1 to 4094" : values).matchAll(
    /(\d+)(?:(?: to |-)(\d+))?/g,
  ))
    for (let n = Number(from); n <= Number(to) && n <= 4094; n++) found.add(n);
  return found;
}

/** A line that holds a list which grows: what it is called, and its numbers. */
export function listIn(config: IndentedConfig, text: string): { stem: string; numbers: Set<number> } | undefined {
  for (const rule of config.lists) {
    if (rule.values !== "to") continue;
    const found = rule.match.exec(text);
    if (found?.[1] === undefined || found[2] === undefined) continue;
    const numbers = numbersOf(found[2]);
    if (rule.implied !== undefined) numbers.delete(rule.implied);
    return { stem: found[1], numbers };
  }
  return undefined;
}

/** Devices take so many ranges in one line. */
const MOST_RANGES = 10;

/** A list that grows, in as many lines as the device takes it in; or in one, as it is shown here. */
export function writeList(stem: string, numbers: ReadonlySet<number>, most = MOST_RANGES): string[] {
  const sorted = [...numbers].sort((a, b) => a - b);
  const ranges: string[] = [];
  for (let i = 0; i < sorted.length;) {
    let j = i;
    while (sorted[j + 1] === (sorted[j] ?? 0) + 1) j++;
    ranges.push(i === j ? `${sorted[i]}` : j === i + 1 ? `${sorted[i]} ${sorted[j]}` : `${sorted[i]} to ${sorted[j]}`);
    i = j + 1;
  }
  const lines: string[] = [];
  for (let i = 0; i < ranges.length; i += most) lines.push(`${stem} ${ranges.slice(i, i + most).join(" ")}`);
  return lines;
}

/** The lines that a line stands for. */
export function spread(config: IndentedConfig, text: string): string[] | undefined {
  const before = wordBefore(config, text);
  const bare = text.slice(before.length);
  for (const { match, write } of config.spreads) {
    const numbers = match.exec(bare)?.[1];
    if (numbers !== undefined) return [...numbersOf(numbers)].map((n) => before + write.replace("$", String(n)));
  }
  return undefined;
}

/** A whole config with each list in one line and each of the lines that stand for several by itself. */
export function gather(config: IndentedConfig, children: readonly ConfigNode[]): ConfigNode[] {
  if (config.spreads.length === 0 && !config.lists.some((l) => l.values === "to")) return [...children];
  const gathered: ConfigNode[] = [];
  const lists = new Map<string, { of: ConfigNode; numbers: Set<number> }>();
  const byText = new Map<string, ConfigNode>();
  /** One of those that a line can stand for: named by such a line and shown as a section, it is the same. */
  const put = (of: ConfigNode): void => {
    const there = byText.get(of.text);
    if (there) there.children.push(...of.children);
    else {
      byText.set(of.text, of);
      gathered.push(of);
    }
  };
  for (const of of children) {
    const list = listIn(config, of.text);
    const known = list && lists.get(list.stem);
    const parts = spread(config, of.text);
    if (list && known) {
      for (const n of list.numbers) known.numbers.add(n);
    } else if (list) {
      const made = node(of.text, of.line);
      lists.set(list.stem, { of: made, numbers: list.numbers });
      gathered.push(made);
    } else if (parts)
      for (const part of parts) put({ ...node(part, of.line), children: parts.length === 1 ? of.children : [] });
    else gathered.push({ ...of, children: gather(config, of.children) });
  }
  for (const [stem, { of, numbers }] of lists) of.text = writeList(stem, numbers, Infinity)[0] ?? of.text;
  return gathered;
}

/** What takes a section's lists back to what they were: numbers that go, numbers that come. */
export function listSteps(
  config: IndentedConfig,
  before: readonly ConfigNode[],
  after: readonly ConfigNode[],
): { stem: string; gone: Set<number>; back: Set<number> }[] {
  const listsOf = (nodes: readonly ConfigNode[]): Map<string, Set<number>> =>
    new Map(
      nodes.flatMap((of) => {
        const list = listIn(config, of.text);
        return list ? [[list.stem, list.numbers] as const] : [];
      }),
    );
  const old = listsOf(before);
  const now = listsOf(after);
  const none: ReadonlySet<number> = new Set();
  return [...new Set([...old.keys(), ...now.keys()])].map((stem) => {
    const [was, is] = [old.get(stem) ?? none, now.get(stem) ?? none];
    return {
      stem,
      gone: new Set([...is].filter((n) => !was.has(n))),
      back: new Set([...was].filter((n) => !is.has(n))),
    };
  });
}
