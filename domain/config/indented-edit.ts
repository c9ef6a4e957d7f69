import type { IndentedConfig } from "../platforms/language.ts";
import { entryOf, fullHeader, orderGroup, singleKey, wholeList, writeEntry } from "./indented-rules.ts";
import type { Place } from "./place.ts";
import { type ConfigNode, node, placeKey } from "./tree.ts";

/** What one line did: whether the config is another one now, and what there is to say about it. */
export type Effect = { changed: boolean; notes: string[] };

const nothing: Effect = { changed: false, notes: [] };
const done = (...notes: string[]): Effect => ({ changed: true, notes });

/** A configuration that takes lines as the device would. It changes the tree that it is given. */
export function editIndented(config: IndentedConfig, root: ConfigNode[], off: ReadonlySet<string>): { take(place: Place): Effect } {
  const sectionFor = (path: readonly string[]): { children: ConfigNode[]; parent: string | undefined; above: ConfigNode[] } => {
    let children = root;
    let above: ConfigNode[] = [];
    let parent: string | undefined;
    for (const header of path) {
      above = children;
      children = openSection(config, children, parent, header).children;
      parent = header;
    }
    return { children, parent, above };
  };
  return {
    take(place) {
      if (place.kind === "exit") return nothing;
      const { children, parent, above } = sectionFor(place.path);
      if (place.kind === "block") return takeBlock(children, place);
      if (place.kind === "header") return takeHeader(config, children, parent, place.text);
      return takeLeaf({ config, children, parent, above, wasOff: (text) => off.has(placeKey(place.path, text)) }, place.text);
    },
  };
}

/** Where a line is taken: the lines of its section, the section's header, what the device showed as `no …` in it. */
type Spot = { config: IndentedConfig; children: ConfigNode[]; parent: string | undefined; wasOff: (text: string) => boolean; /** The lines of the section around. */ above: readonly ConfigNode[] };

/** Something that is on by default: the config shows it only when it is off. */
const isDefault = ({ config, parent, wasOff, above }: Spot, text: string): boolean =>
  !config.shownEitherWay.some((r) => r.test(text)) &&
  (wasOff(text) ||
    config.shownWhenOff.some(
      (r) => r.match.test(text) && (r.under === undefined || (parent !== undefined && r.under.test(parent))) && !above.some((a) => a.text === r.unless),
    ));

const startsWithWords = (text: string, words: string): boolean => text === words || text.startsWith(`${words} `);

function takeBlock(children: ConfigNode[], place: Place): Effect {
  const body = place.block ?? [];
  const there = children.find((c) => c.text === place.text);
  if (there) {
    if (there.block?.join("\n") === body.join("\n")) return nothing;
    children.splice(children.indexOf(there), 1, { text: place.text, line: null, children: [], block: body });
    return done();
  }
  children.push({ text: place.text, line: null, children: [], block: body });
  return done();
}

function openSection(config: IndentedConfig, children: ConfigNode[], parent: string | undefined, header: string): ConfigNode {
  const text = fullHeader(config, header);
  const there = children.find((c) => c.text === text);
  if (there) return there;
  const key = singleKey(config, text, parent)?.key;
  const same = key === undefined ? undefined : children.find((c) => singleKey(config, c.text, parent)?.key === key);
  const made = node(text);
  if (same) {
    // `route-map X deny 10` over `route-map X permit 10`: another header for the same section
    made.children = same.children;
    children.splice(children.indexOf(same), 1, made);
  } else insert(config, children, parent, made, true);
  return made;
}

function takeHeader(config: IndentedConfig, children: ConfigNode[], parent: string | undefined, header: string): Effect {
  const text = fullHeader(config, header);
  if (children.some((c) => c.text === text)) return nothing;
  openSection(config, children, parent, header);
  const other = /^router (bgp|eigrp) /.exec(text)?.[0];
  const rival = other === undefined ? undefined : children.find((c) => c.text.startsWith(other) && c.text !== text);
  return rival ? done(`“${text}”: the device runs “${rival.text}” and may refuse a second one`) : done();
}

function takeLeaf(spot: Spot, given: string): Effect {
  const { config, children, parent } = spot;
  if (config.traceless.some((t) => t.test(given))) return { changed: true, notes: [`“${given}” does not show in the configuration: it can be neither compared nor taken back`] };
  const side = config.sideEffects.find((s) => s.match.test(given) && (s.under === undefined || (parent !== undefined && s.under.test(parent))));
  const effect = takePlain(spot, given);
  if (!side || !effect.changed) return effect;
  const dropped = children.filter((c) => side.drops.test(c.text));
  for (const d of dropped) children.splice(children.indexOf(d), 1);
  return dropped.length > 0 ? done(...effect.notes, `“${given}” in “${parent ?? ""}”: ${side.say}`) : effect;
}

function takePlain(spot: Spot, given: string): Effect {
  const { config, children, parent } = spot;
  const whole = wholeList(config, given, children);
  const text = fullHeader(config, whole ?? given);
  if (text.startsWith("default ")) return takeDefault(spot, text.slice(8));
  if (text.startsWith("no ")) return takeNo(spot, text.slice(3));
  if (config.lists.some((l) => l.remove?.test(text))) return nothingToRemove(given);

  const off = children.findIndex((c) => c.text === `no ${text}`);
  if (off !== -1) {
    children.splice(off, 1);
    if (isDefault(spot, text)) return done();
    if (!children.some((c) => c.text === text)) insert(config, children, parent, node(text), false);
    return done();
  }
  if (isDefault(spot, text) && !children.some((c) => c.text === text)) return nothing;
  const entry = entryOf(config, text, parent);
  if (entry) return takeEntry(config, children, parent, text, entry);
  if (children.some((c) => c.text === text)) return nothing;

  const key = singleKey(config, text, parent);
  if (key) {
    const same = children.filter((c) => startsWithWords(c.text, key.stem) && singleKey(config, c.text, parent)?.key === key.key);
    const silent = children.find((c) => c.text === `no ${key.stem}`);
    const first = same[0] ?? silent;
    if (first) {
      children.splice(children.indexOf(first), 1, node(text));
      for (const other of [...same.slice(1), ...(silent && silent !== first ? [silent] : [])]) children.splice(children.indexOf(other), 1);
      return done();
    }
  }
  insert(config, children, parent, node(text), false);
  return done();
}

function takeEntry(config: IndentedConfig, children: ConfigNode[], parent: string | undefined, text: string, entry: NonNullable<ReturnType<typeof entryOf>>): Effect {
  const list = children.flatMap((c) => {
    if (entry.stem !== "" && !startsWithWords(c.text, entry.stem)) return [];
    const e = entryOf(config, c.text, parent);
    return e && e.stem === entry.stem ? [{ of: c, e }] : [];
  });
  if (list.some(({ e }) => e.rest === entry.rest && (entry.seq === null || e.seq === entry.seq))) return nothing;
  const numbers = list.flatMap(({ e }) => (e.seq === null ? [] : [e.seq]));
  let { seq } = entry;
  if (seq === null && (numbers.length > 0 || entry.rule.numbered)) seq = Math.floor(Math.max(0, ...numbers) / entry.rule.step) * entry.rule.step + entry.rule.step;
  const made = node(seq === null ? text : writeEntry(entry.rule.write, entry.stem, seq, entry.rest));
  const taken = list.find(({ e }) => seq !== null && e.seq === seq);
  if (taken) {
    children.splice(children.indexOf(taken.of), 1, made);
    return done();
  }
  const after = list.filter(({ e }) => seq === null || e.seq === null || e.seq < seq).at(-1);
  const next = after ? undefined : list[0];
  if (after) children.splice(children.indexOf(after.of) + 1, 0, made);
  else if (next) children.splice(children.indexOf(next.of), 0, made);
  else insert(config, children, parent, made, false);
  return done();
}

const nothingToRemove = (given: string): Effect => ({ changed: false, notes: [`“${given}”: nothing to remove`] });

function takeNo(spot: Spot, text: string): Effect {
  const { config, children, parent } = spot;
  const off = `no ${text}`;
  if (children.some((c) => c.text === off)) return nothing;
  // `no interface` alone is incomplete to any device
  const complete = text.includes(" ");
  let gone = children.filter((c) => c.text === text || (startsWithWords(c.text, text) && (complete || c.children.length === 0)));
  const entry = entryOf(config, text, parent);
  if (entry) {
    const exact = (c: ConfigNode): boolean => {
      if (entry.stem !== "" && !startsWithWords(c.text, entry.stem)) return false;
      const e = entryOf(config, c.text, parent);
      return e !== undefined && e.stem === entry.stem && e.rest === entry.rest && (entry.seq === null || e.seq === entry.seq);
    };
    gone = children.filter(exact).slice(0, 1);
  }
  if (gone.length === 0 && !config.exactNo.some((e) => e.test(text))) {
    const key = singleKey(config, text, parent);
    if (key) gone = children.filter((c) => startsWithWords(c.text, key.stem) && singleKey(config, c.text, parent)?.key === key.key);
  }
  const list = config.wholeNo.map((w) => w.exec(text)?.[1]).find((stem) => stem !== undefined);
  if (list !== undefined) gone = children.filter((c) => startsWithWords(c.text, list));
  for (const g of gone) children.splice(children.indexOf(g), 1);
  const notes: string[] = [];
  let more = 0;
  const stem = config.stems.find((s) => parent !== undefined && s.under.test(parent) && s.match.exec(`${text} `)?.[1] === text);
  if (stem) more = dropBelow(children, text);
  if (gone.length + more > 1) notes.push(`“${off}” removes ${gone.length + more} lines`);
  if (isDefault(spot, text) || config.shownEitherWay.some((r) => r.test(text))) {
    insert(config, children, parent, node(off), false);
    return done(...notes);
  }
  const silent = gone.length === 0 ? undefined : config.silent.find((s) => parent !== undefined && s.under.test(parent) && startsWithWords(text, s.instead));
  if (silent && !children.some((c) => startsWithWords(c.text, silent.instead))) insert(config, children, parent, node(silent.text), false);
  return gone.length + more > 0 ? done(...notes) : nothingToRemove(off);
}

/** `no neighbor X` in the router takes the neighbour's lines out of its address families, too. */
function dropBelow(children: ConfigNode[], words: string): number {
  let count = 0;
  for (const section of children) {
    const gone = section.children.filter((c) => startsWithWords(c.text, words) || startsWithWords(c.text, `no ${words}`));
    for (const g of gone) section.children.splice(section.children.indexOf(g), 1);
    count += gone.length + dropBelow(section.children, words);
  }
  return count;
}

function takeDefault(spot: Spot, text: string): Effect {
  const { config, children } = spot;
  const section = children.find((c) => c.text === fullHeader(config, text) && text.startsWith("interface "));
  if (section) {
    if (section.children.length === 0) return nothing;
    section.children = [];
    return done(`“default ${text}” empties the section`);
  }
  const off = children.findIndex((c) => c.text === `no ${text}`);
  if (off === -1) {
    return isDefault(spot, text) ? nothing : takeNo(spot, text);
  }
  children.splice(off, 1);
  return done();
}

/** Beside its like: after the sibling that begins with most of the same words; a line before the sections of its section. */
function insert(config: IndentedConfig, children: ConfigNode[], parent: string | undefined, made: ConfigNode, section: boolean): void {
  const isSection = (c: ConfigNode): boolean => c.children.length > 0 || (parent !== undefined && config.subHeaders.some((s) => s.under.test(parent) && s.header.test(c.text)));
  const group = orderGroup(config, made.text, parent);
  const words = made.text.split(" ");
  let best = -1;
  let most = 0;
  for (const [i, child] of children.entries()) {
    const common = sharedWords(child.text, words);
    if (common >= most && common > 0 && (group === undefined || group === "" || startsWithWords(child.text, group))) {
      best = i;
      most = common;
    }
  }
  if (group === "") best = children.length - 1;
  if (parent !== undefined && /^description /.test(made.text)) {
    children.unshift(made);
    return;
  }
  if (best === -1) {
    const firstSection = section || parent === undefined ? -1 : children.findIndex(isSection);
    best = (firstSection === -1 ? children.length : firstSection) - 1;
  }
  children.splice(best + 1, 0, made);
}

function sharedWords(text: string, words: readonly string[]): number {
  let at = 0;
  let count = 0;
  for (const word of words) {
    if (!text.startsWith(word, at)) return count;
    at += word.length;
    if (at < text.length && text[at] !== " ") return count;
    count += 1;
    if (at >= text.length) return count;
    at += 1;
  }
  return count;
}

