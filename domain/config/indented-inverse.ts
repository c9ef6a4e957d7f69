import type { IndentedConfig } from "../platforms/language.ts";
import { writeBlock } from "./indented-parse.ts";
import { listIn, listSteps, writeList } from "./indented-lists.ts";
import {
  bareOf,
  definitionRank,
  entryOf,
  isSilent,
  isUndo,
  keepsOptions,
  negate,
  orderGroup,
  singleKey,
  undo,
} from "./indented-rules.ts";
import { placeLines } from "./place.ts";
import type { ConfigNode } from "./tree.ts";

/** A line by its depth below the step's section; null: a banner's text, which is sent as it is. */
type Line = { text: string; depth: number | null };
/** One thing to do: lines in a section. */
type Step = { path: readonly string[]; lines: readonly Line[] };
const line = (text: string): Line => ({ text, depth: 0 });

/**
 * What others refer to is made before it is referred to and removed after; within a section, the sections inside of it lose
 * their lines first, then its own lines go from the last to the first, then all that is missing comes back in order.
 */
export function inverseIndented(
  config: IndentedConfig,
  before: readonly ConfigNode[],
  after: readonly ConfigNode[],
): string[] {
  const taken: Step[] = [];
  const given: Step[] = [];
  section(config, before, after, [], taken, given);
  const rank = (step: Step): number =>
    definitionRank(config, step.path[0] ?? bareOf(config, step.lines[0]?.text ?? ""));
  const defines = (step: Step): boolean => rank(step) !== -1;
  const ends = (step: Step): boolean => step.path.length === 0;
  const inRank = (a: Step, b: Step): number => rank(a) - rank(b);
  const steps = [
    ...taken.filter((s) => defines(s) && !ends(s)),
    ...given.filter(defines).sort(inRank),
    ...taken.filter((s) => !defines(s)),
    ...given.filter((s) => !defines(s)),
    ...taken.filter((s) => defines(s) && ends(s)).sort((a, b) => inRank(b, a)),
  ];
  return write(config, steps);
}

function section(
  config: IndentedConfig,
  before: readonly ConfigNode[],
  after: readonly ConfigNode[],
  path: readonly string[],
  taken: Step[],
  given: Step[],
): void {
  const parent = path.at(-1);
  const old = new Map(before.map((n) => [n.text, n]));
  const now = new Map(after.map((n) => [n.text, n]));
  const rewritten = rewriteOrdered(config, before, after, path, given);
  const isRewritten = (of: ConfigNode): boolean => rewritten.has(orderGroup(config, of.text, parent) ?? "\u0000");

  const inner: { taken: Step[]; given: Step[] } = { taken: [], given: [] };
  for (const of of before) {
    const there = now.get(of.text);
    if (there && !of.block && !isRewritten(of))
      section(config, of.children, there.children, [...path, of.text], inner.taken, inner.given);
  }
  // what cannot be removed as a section is emptied
  const emptied = (of: ConfigNode): boolean =>
    !old.has(of.text) && !of.block && config.unremovable.some((u) => u.test(of.text));
  for (const of of after)
    if (emptied(of)) section(config, [], of.children, [...path, of.text], inner.taken, inner.given);
  taken.push(...inner.taken);

  const lists = listSteps(config, before, after);
  for (const { stem, gone } of lists)
    for (const text of writeList(stem, gone)) taken.push({ path, lines: [line(undo(config, text))] });
  const isList = (of: ConfigNode): boolean => listIn(config, of.text) !== undefined;

  const gone = after.filter(
    (of) => !old.has(of.text) && !isRewritten(of) && !isSilent(config, of.text, parent) && !emptied(of) && !isList(of),
  );
  const back = before.filter(
    (of) =>
      !isList(of) &&
      (!now.has(of.text) || of.block?.join("\n") !== now.get(of.text)?.block?.join("\n")) &&
      !isRewritten(of),
  );
  const replaced = new Set<ConfigNode>();
  const keyOf = (text: string): string | undefined => {
    const entry = entryOf(config, text, parent);
    if (entry && entry.seq !== null) return `${entry.stem}\u0000${entry.seq}`;
    return singleKey(config, text, parent)?.key;
  };
  const keys = new Map(
    back.flatMap((of) => {
      const key = keyOf(of.text);
      return key === undefined ? [] : [[key, of] as const];
    }),
  );
  for (const of of gone) {
    const key = keyOf(of.text);
    const opposite = isUndo(config, of.text) ? bareOf(config, of.text) : undo(config, of.text);
    const positive = back.some((b) => b.text === opposite);
    const taker = key === undefined ? undefined : keys.get(key);
    // given again with fewer options it would keep those it has
    const keeps = taker !== undefined && keepsOptions(config, taker.text, parent);
    if (positive || (taker && !keeps)) replaced.add(of);
  }
  for (const text of takeBack(
    config,
    gone.filter((of) => !replaced.has(of)),
    before,
    after,
    parent,
  ))
    taken.push({ path, lines: [line(text)] });
  for (const of of back) {
    // a section whose header is written differently keeps its lines: only the others are sent
    const key = singleKey(config, of.text, parent)?.key;
    const twin =
      key === undefined
        ? undefined
        : gone.find((g) => singleKey(config, g.text, parent)?.key === key && g.children.length > 0);
    if (twin) {
      given.push({ path, lines: [line(of.text)] });
      section(config, of.children, twin.children, [...path, of.text], taken, given);
    } else given.push({ path, lines: whole(config, of, parent, 0) });
  }
  // a port takes its VLANs once it is of the kind that has them
  for (const { stem, back: missing } of lists)
    for (const text of writeList(stem, missing)) given.push({ path, lines: [line(text)] });
  given.push(...inner.given);
}

/** The lines that take others back, last first; a neighbour that is all new goes with one line. */
function takeBack(
  config: IndentedConfig,
  gone: readonly ConfigNode[],
  before: readonly ConfigNode[],
  after: readonly ConfigNode[],
  parent: string | undefined,
): string[] {
  const lines: string[] = [];
  const stemOf = (text: string): string | undefined => {
    const rule = config.stems.find((s) => parent !== undefined && s.under.test(parent) && s.match.test(text));
    return rule?.match.exec(text)?.[1];
  };
  for (const of of [...gone].reverse()) {
    const stem = stemOf(of.text);
    const allNew =
      stem !== undefined &&
      ![...before].some((b) => stemOf(b.text) === stem) &&
      after.every((a) => stemOf(a.text) !== stem || gone.includes(a));
    const line = allNew ? undo(config, stem) : negate(config, of.text, parent);
    if (!lines.includes(line)) lines.push(line);
  }
  return lines;
}

const whole = (config: IndentedConfig, of: ConfigNode, parent: string | undefined, depth: number): Line[] => {
  if (of.block)
    return writeBlock(config, of, parent, false).map((text, i) => ({ text, depth: i === 0 ? depth : null }));
  const list = listIn(config, of.text);
  if (list) return writeList(list.stem, list.numbers).map((text) => ({ text, depth }));
  return [{ text: of.text, depth }, ...of.children.flatMap((child) => whole(config, child, of.text, depth + 1))];
};

/**
 * Lines that work in order and have no number can only be added at the end: everything from the first difference on is taken back and
 * given again. Returns the groups that this took care of.
 */
function rewriteOrdered(
  config: IndentedConfig,
  before: readonly ConfigNode[],
  after: readonly ConfigNode[],
  path: readonly string[],
  given: Step[],
): Set<string> {
  const parent = path.at(-1);
  const groups = new Map<string, { old: ConfigNode[]; now: ConfigNode[] }>();
  const sort = (nodes: readonly ConfigNode[], side: "old" | "now"): void => {
    for (const of of nodes) {
      const group = orderGroup(config, of.text, parent);
      if (group === undefined) continue;
      const lists = groups.get(group) ?? { old: [], now: [] };
      lists[side].push(of);
      groups.set(group, lists);
    }
  };
  sort(before, "old");
  sort(after, "now");
  const rewritten = new Set<string>();
  for (const [group, { old, now }] of groups) {
    if (old.length === 0 || now.length === 0) continue;
    const oldTexts = new Set(old.map((n) => n.text));
    const kept = now.filter((n) => oldTexts.has(n.text));
    const inOrder = kept.every((n, i) => n.text === old[i]?.text);
    if (inOrder) continue;
    let same = 0;
    while (same < now.length && same < old.length && now[same]?.text === old[same]?.text) same += 1;
    rewritten.add(group);
    const back = new Set(
      now
        .slice(same)
        .reverse()
        .map((n) => negate(config, n.text, parent)),
    );
    given.push({
      path,
      lines: [...[...back].map(line), ...old.slice(same).flatMap((n) => whole(config, n, parent, 0))],
    });
  }
  return rewritten;
}

/** Steps as lines: the headers on the way, an `exit` where the next line would be taken for one of the section. */
function write(config: IndentedConfig, steps: readonly Step[]): string[] {
  const all: Line[] = [];
  let open: readonly string[] = [];
  for (const { path, lines } of steps) {
    let shared = 0;
    while (shared < open.length && shared < path.length && open[shared] === path[shared]) shared += 1;
    for (const [depth, header] of path.entries()) if (depth >= shared) all.push({ text: header, depth });
    all.push(...lines.map((own) => ({ text: own.text, depth: own.depth === null ? null : own.depth + path.length })));
    open = path;
  }
  const around: string[] = [];
  const written = all.flatMap((own, i) => {
    if (own.depth === null) return [own.text];
    around.length = own.depth;
    const parent = around.at(-1);
    around.push(own.text);
    const next = all[i + 1];
    const text = " ".repeat(own.depth) + own.text;
    // the device stays in a section that was opened and got no line
    const empty =
      next !== undefined && next.depth !== null && next.depth <= own.depth && opens(config, own.text, parent);
    return empty ? [text, `${" ".repeat(own.depth + 1)}${config.words.leave}`] : [text];
  });
  return settle(config, written);
}

const opens = (config: IndentedConfig, text: string, parent: string | undefined): boolean =>
  parent === undefined
    ? config.headers.some((h) => h.test(text))
    : config.subHeaders.some((s) => s.under.test(parent) && s.header.test(text));

/** Runs lines through the same reading that a user's lines get, which puts in the `exit`s. */
export function settle(config: IndentedConfig, lines: readonly string[]): string[] {
  return placeLines(config, lines).flatMap((place) => {
    const lead = " ".repeat(place.depth);
    if (place.kind === "exit" && place.depth === 0) return []; // would leave configuration mode
    if (place.kind !== "block") return [lead + place.text];
    return lines.slice(place.from, place.to + 1).map((text, n) => (n === 0 ? lead + text.trim() : text));
  });
}
