import type { IndentedConfig } from "../platforms/language.ts";
import { listIn, spread, writeList } from "./indented-lists.ts";
import {
  type Entry,
  bareOf,
  entryOf,
  fullHeader,
  isUndo,
  keepsOptions,
  orderGroup,
  singleKey,
  undo,
  wholeList,
  wordBefore,
  writeEntry,
} from "./indented-rules.ts";
import type { Place } from "./place.ts";
import { translate } from "./translate.ts";
import { type Siblings, siblingsOf } from "./siblings.ts";
import { type ConfigNode, node, placeKey } from "./tree.ts";

/** What one line did: whether the config is another one now, and what there is to say about it. */
export type Effect = { changed: boolean; notes: string[] };

const nothing: Effect = { changed: false, notes: [] };
const done = (...notes: string[]): Effect => ({ changed: true, notes });
const nothingToRemove = (given: string): Effect => ({ changed: false, notes: [`“${given}”: nothing to remove`] });

/** Where a line is taken. */
type Spot = {
  config: IndentedConfig;
  /** The lines of the section, and those of the section around it. */
  lines: Siblings;
  above: Siblings | undefined;
  /** The section's header. */
  parent: string | undefined;
  /** What the device showed as `no …` in this section. */
  wasOff: (text: string) => boolean;
  within: (section: ConfigNode) => Siblings;
};

/** A configuration that takes lines as the device would. It changes the tree that it is given. */
export function editIndented(
  config: IndentedConfig,
  root: ConfigNode[],
  off: ReadonlySet<string>,
): { take(place: Place): Effect } {
  const known = new WeakMap<ConfigNode[], Siblings>();
  const lookup = (children: ConfigNode[], parent: string | undefined): Siblings => {
    const there = known.get(children) ?? siblingsOf(config, children, parent);
    known.set(children, there);
    return there;
  };
  const spotOf = (path: readonly string[]): Spot => {
    const within = (section: ConfigNode): Siblings => lookup(section.children, section.text);
    const wasOff = (text: string): boolean => off.has(placeKey(path, text));
    let spot: Spot = { config, lines: lookup(root, undefined), above: undefined, parent: undefined, wasOff, within };
    for (const header of path) {
      const section = openSection(spot, header);
      spot = { ...spot, lines: within(section), above: spot.lines, parent: section.text };
    }
    return spot;
  };
  return {
    take(given) {
      if (given.kind === "exit") return nothing;
      const place = translate(config, given);
      const spot = spotOf(place.path);
      if (place.kind === "block") return takeBlock(spot, place);
      if (place.kind === "header") return takeHeader(spot, place.text);
      const parts = spread(config, place.text);
      if (parts === undefined) return takeLeaf(spot, place.text);
      const effects = parts.map((part) => takeLeaf(spot, part));
      return { changed: effects.some((e) => e.changed), notes: effects.flatMap((e) => e.notes) };
    },
  };
}

const startsWithWords = (text: string, words: string): boolean => text === words || text.startsWith(`${words} `);

/** Something that is on by default: the config shows it only when it is off. */
const isDefault = ({ config, lines, parent, wasOff, above }: Spot, text: string): boolean =>
  !config.shownEitherWay.some((r) => r.test(text)) &&
  (wasOff(text) ||
    config.shownWhenOff.some(
      (r) =>
        r.match.test(text) &&
        (r.under === undefined || (parent !== undefined && r.under.test(parent))) &&
        (r.given === undefined || lines.find(r.given) !== undefined) &&
        (r.unless === undefined || above?.find(r.unless) === undefined),
    ));

function takeBlock({ lines }: Spot, place: Place): Effect {
  const made: ConfigNode = { text: place.text, line: null, children: [], block: place.block ?? [] };
  const there = lines.find(place.text);
  if (there?.block && there.block.join("\n") === made.block?.join("\n")) return nothing;
  if (there) lines.replace(there, made);
  else lines.put(made, lines.all.length);
  return done();
}

/** The lines of which this one takes the place. */
function sameKey({ config, lines, parent }: Spot, text: string): { stem: string; same: ConfigNode[] } | undefined {
  const key = singleKey(config, text, parent);
  return (
    key && {
      stem: key.stem,
      same: lines.beginning(key.stem).filter((c) => singleKey(config, c.text, parent)?.key === key.key),
    }
  );
}

/** `ospf 1` enters what is shown as `ospf 1 router-id 192.0.2.1`. */
const withOptions = ({ config, lines, parent }: Spot, text: string): ConfigNode | undefined =>
  keepsOptions(config, text, parent) ? lines.beginning(text)[0] : undefined;

function openSection(spot: Spot, header: string): ConfigNode {
  const text = fullHeader(spot.config, header);
  const there = spot.lines.find(text) ?? withOptions(spot, text);
  if (there) return there;
  const made = node(text);
  const same = sameKey(spot, text)?.same[0];
  if (same) {
    // `route-map X deny 10` over `route-map X permit 10`: another header for the same section
    made.children = same.children;
    spot.lines.replace(same, made);
  } else insert(spot, made, true);
  return made;
}

function takeHeader(spot: Spot, header: string): Effect {
  const text = fullHeader(spot.config, header);
  if (spot.lines.find(text) ?? withOptions(spot, text)) return nothing;
  openSection(spot, header);
  if (spot.config.shownWhenFilled.some((s) => s.test(text))) return nothing;
  const kind = /^router (bgp|eigrp)(?= )/.exec(text)?.[0];
  const rival = kind === undefined ? undefined : spot.lines.beginning(kind).find((c) => c.text !== text);
  return rival ? done(`“${text}”: the device runs “${rival.text}” and may refuse a second one`) : done();
}

function takeLeaf(spot: Spot, given: string): Effect {
  const { config, lines, parent } = spot;
  if (config.traceless.some((t) => t.test(given)))
    return done(`“${given}” does not show in the configuration: it can be neither compared nor taken back`);
  const side = config.sideEffects.find(
    (s) => s.match.test(given) && (s.under === undefined || (parent !== undefined && s.under.test(parent))),
  );
  const effect = takePlain(spot, given);
  if (!side || !effect.changed) return effect;
  const dropped = lines.all.filter((c) => side.drops.test(c.text));
  for (const d of dropped) lines.remove(d);
  return dropped.length > 0 ? done(...effect.notes, `“${given}” in “${parent ?? ""}”: ${side.say}`) : effect;
}

/** A line that adds to a list or takes from it; undefined where it is none, or where its opposite says it by itself. */
function takeList(spot: Spot, given: string): Effect | undefined {
  const { config, lines } = spot;
  const bare = bareOf(config, given);
  const asked = listIn(config, bare);
  if (!asked || isDefault(spot, bare) || lines.find(undo(config, bare))) return undefined;
  const there = lines.beginning(asked.stem).find((c) => listIn(config, c.text)?.stem === asked.stem);
  const now = (there && listIn(config, there.text)?.numbers) ?? new Set<number>();
  const takes = isUndo(config, given);
  const next = new Set(takes ? [...now].filter((n) => !asked.numbers.has(n)) : [...now, ...asked.numbers]);
  if (next.size === now.size) return takes ? nothingToRemove(given) : nothing;
  const [text] = writeList(asked.stem, next, Infinity);
  if (text === undefined) {
    if (there) lines.remove(there);
  } else if (there) lines.replace(there, node(text));
  else insert(spot, node(text), false);
  return done();
}

function takePlain(spot: Spot, given: string): Effect {
  const { config, lines, parent } = spot;
  const list = takeList(spot, given);
  if (list) return list;
  const text = fullHeader(config, wholeList(config, given, lines.all) ?? given);
  const before = wordBefore(config, text);
  if (before !== "") {
    const bare = text.slice(before.length);
    return isUndo(config, text) ? takeNo(spot, bare) : takeDefault(spot, bare);
  }
  if (config.lists.some((l) => l.remove?.test(text))) return nothingToRemove(given);

  const there = lines.find(text);
  const off = lines.find(undo(config, text));
  if (off) {
    lines.remove(off);
    if (!isDefault(spot, text) && !there) insert(spot, node(text), false);
    return done();
  }
  if (there || isDefault(spot, text)) return nothing;
  const single = sameKey(spot, text);
  if (config.defaults.some((d) => d.text === text && parent !== undefined && d.under.test(parent))) {
    for (const other of single?.same ?? []) lines.remove(other);
    return { changed: (single?.same.length ?? 0) > 0, notes: [] };
  }
  const entry = entryOf(config, text, parent);
  if (entry) return takeEntry(spot, text, entry);

  if (keepsOptions(config, text, parent) && single?.same.some((s) => startsWithWords(s.text, text))) return nothing;
  const silent = single && lines.find(undo(config, single.stem));
  const [first, ...others] = [...(single?.same ?? []), ...(silent ? [silent] : [])];
  if (first) {
    lines.replace(first, node(text));
    for (const other of others) lines.remove(other);
  } else insert(spot, node(text), false);
  return done();
}

function takeEntry(spot: Spot, text: string, entry: Entry): Effect {
  const { lines } = spot;
  const list = lines.entries(entry.stem);
  const twin = list.find(({ entry: e }) => e.rest === entry.rest);
  if (twin)
    return twin.entry.seq === entry.seq || entry.seq === null
      ? nothing
      : { changed: false, notes: [`“${text}”: the list has this entry already, as “${twin.of.text}”`] };
  let { seq } = entry;
  const last = list.reduce((most, { entry: e }) => Math.max(most, e.seq ?? 0), 0);
  if (seq === null && (last > 0 || entry.rule.numbered))
    seq =
      list.length === 0 && entry.rule.first !== undefined
        ? entry.rule.first
        : Math.floor(last / entry.rule.step) * entry.rule.step + entry.rule.step;
  const made = node(seq === null ? text : writeEntry(entry.rule.write, entry.stem, seq, entry.rest));
  const taken = seq === null ? undefined : list.find(({ entry: e }) => e.seq === seq);
  const after = list.findLast(({ entry: e }) => seq === null || e.seq === null || e.seq < seq);
  const [next] = list;
  if (taken) lines.replace(taken.of, made);
  else if (after) lines.put(made, lines.all.indexOf(after.of) + 1);
  else if (next) lines.put(made, lines.all.indexOf(next.of));
  else insert(spot, made, false);
  return done();
}

/** The lines that `no` and this text take away. */
function goneBy(spot: Spot, text: string): ConfigNode[] {
  const { config, lines, parent } = spot;
  const list = config.wholeNo.map((w) => w.exec(text)?.[1]).find((stem) => stem !== undefined);
  if (list !== undefined) return [...lines.beginning(list)];
  const entry = entryOf(config, text, parent);
  if (entry) {
    const byNumber = entry.rule.noByNumber === true && entry.seq !== null;
    const exact = lines
      .entries(entry.stem)
      .find(({ entry: e }) => (byNumber || e.rest === entry.rest) && (entry.seq === null || e.seq === entry.seq));
    if (exact) return [exact.of];
  } else {
    // `no interface` alone is incomplete to any device
    const complete = text.includes(" ");
    const gone = lines.beginning(text).filter((c) => complete || c.text === text || c.children.length === 0);
    if (gone.length > 0) return gone;
  }
  return config.exactNo.some((e) => e.test(text)) ? [] : (sameKey(spot, text)?.same ?? []);
}

function takeNo(spot: Spot, text: string): Effect {
  const { config, lines, parent } = spot;
  const off = undo(config, text);
  if (lines.find(off)) return nothing;
  const gone = goneBy(spot, text);
  for (const g of gone) lines.remove(g);
  const stem = wholeStem(config, parent, text);
  const rest = stem === undefined ? [] : lines.beginning(stem).slice();
  for (const r of rest) lines.remove(r);
  const count = gone.length + rest.length + (stem === undefined ? 0 : dropBelow(spot, lines, stem));
  const notes = count > 1 ? [`“${off}” removes ${count} lines`] : [];
  if (isDefault(spot, text) || config.shownEitherWay.some((r) => r.test(text))) {
    insert(spot, node(off), false);
    return done(...notes);
  }
  const silent =
    gone.length === 0
      ? undefined
      : config.silent.find((s) => parent !== undefined && s.under.test(parent) && startsWithWords(text, s.instead));
  if (silent && lines.beginning(silent.instead).length === 0) insert(spot, node(silent.text), false);
  return count > 0 ? done(...notes) : nothingToRemove(off);
}

/** What a `no` takes with it: `neighbor X` for `no neighbor X`, on some platforms for `no neighbor X remote-as` too. */
function wholeStem(config: IndentedConfig, parent: string | undefined, text: string): string | undefined {
  for (const { under, match, alsoBy } of config.stems) {
    if (parent === undefined || !under.test(parent)) continue;
    const stem = match.exec(`${text} `)?.[1];
    if (stem === text) return stem;
    const also = alsoBy?.exec(text)?.[1];
    if (also !== undefined) return also;
  }
  return undefined;
}

/** `no neighbor X` in the router takes the neighbour's lines out of its address families, too. */
function dropBelow(spot: Spot, lines: Siblings, words: string): number {
  let count = 0;
  for (const section of lines.all) {
    if (section.children.length === 0) continue;
    const inner = spot.within(section);
    const gone = [...inner.beginning(words), ...inner.beginning(undo(spot.config, words))];
    for (const g of gone) inner.remove(g);
    count += gone.length + dropBelow(spot, inner, words);
  }
  return count;
}

function takeDefault(spot: Spot, text: string): Effect {
  const section = text.startsWith("interface ") ? spot.lines.find(fullHeader(spot.config, text)) : undefined;
  if (section) {
    const inner = spot.within(section);
    if (inner.all.length === 0) return nothing;
    for (const of of inner.all.slice()) inner.remove(of);
    return done(`“${spot.config.words.reset} ${text}” empties the section`);
  }
  const off = spot.lines.find(undo(spot.config, text));
  if (!off) return isDefault(spot, text) ? nothing : takeNo(spot, text);
  spot.lines.remove(off);
  return done();
}

/** Beside its like: after the line that begins with most of the same words; a line before the sections of its section. */
function insert({ config, lines, parent }: Spot, made: ConfigNode, section: boolean): void {
  const { all } = lines;
  const isSection = (c: ConfigNode): boolean =>
    c.children.length > 0 ||
    (parent !== undefined && config.subHeaders.some((s) => s.under.test(parent) && s.header.test(c.text)));
  const place = (): number => {
    if (parent !== undefined && made.text.startsWith("description ")) return 0;
    const group = orderGroup(config, made.text, parent);
    if (group === "") return all.length;
    const like = group === undefined ? lines.like(made.text) : (lines.beginning(group).at(-1) ?? lines.like(made.text));
    if (like) return all.indexOf(like) + 1;
    const first = section || parent === undefined ? -1 : all.findIndex(isSection);
    return first === -1 ? all.length : first;
  };
  lines.put(made, place());
}
