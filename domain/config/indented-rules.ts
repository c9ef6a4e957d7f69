import type { IndentedConfig, ListRule } from "../platforms/language.ts";
import type { ConfigNode } from "./tree.ts";

/** What two lines share of which one takes the place of the other; undefined for lines that stand beside each other. */
export type SingleKey = { stem: string; key: string };

/** The word before a line that takes it back or gives it its default again, with its space; empty where there is none. */
export const wordBefore = ({ words }: IndentedConfig, text: string): string =>
  [words.undo, words.reset].find((word) => word !== null && text.startsWith(`${word} `))?.concat(" ") ?? "";

export const bareOf = (config: IndentedConfig, text: string): string => text.slice(wordBefore(config, text).length);
export const isUndo = ({ words }: IndentedConfig, text: string): boolean => text.startsWith(`${words.undo} `);
export const undo = ({ words }: IndentedConfig, text: string): string => `${words.undo} ${text}`;
export const isComment = ({ words }: IndentedConfig, text: string): boolean => text.startsWith(words.comment);

const fits = (under: RegExp | undefined, parent: string | undefined): boolean =>
  under === undefined || (parent !== undefined && under.test(parent));

export function singleKey(config: IndentedConfig, text: string, parent: string | undefined): SingleKey | undefined {
  for (const rule of config.singles) {
    if (!fits(rule.under, parent)) continue;
    const found = rule.match.exec(text);
    const stem = found?.[1];
    if (stem !== undefined) return { stem, key: `${stem}\u0000${found?.[2] ?? ""}` };
  }
  return undefined;
}

const fullInterfaceName = (config: IndentedConfig, name: string): string => {
  const rule = config.interfaceNames.find((r) => r.short.test(name));
  return rule ? name.replace(rule.short, rule.full) : name;
};

/** A header as the platform shows it: interface names in full, without the spaces that people put into them. */
export function fullHeader(config: IndentedConfig, text: string): string {
  const found = /^(interface )\s*([A-Za-z-]+)\s*([\d/.:]*)\s*$/.exec(bareOf(config, text));
  if (!found) return text;
  return `${wordBefore(config, text)}${found[1]}${fullInterfaceName(config, `${found[2]}${found[3]}`)}`;
}

const NAMES_INTERFACE =
  /((?:^|\s)(?:source-interface|update-source|unnumbered|passive-interface|local-interface|source|vxlan source-interface) )([A-Za-z-]+[\d/.:]+)/;

/** Writes out short forms, so that what is planned is what the platform will show. */
export function writeOut(config: IndentedConfig, text: string): string {
  let rest = bareOf(config, text);
  if (/^(description|banner) /.test(rest)) return text;
  const before = wordBefore(config, text);
  for (const { match, full } of config.shortForms) rest = rest.replace(match, full);
  return fullHeader(config, before + rest).replace(
    NAMES_INTERFACE,
    (_, words: string, name: string) => words + fullInterfaceName(config, name),
  );
}

export type Entry = { rule: IndentedConfig["sequences"][number]; stem: string; seq: number | null; rest: string };

export function entryOf(config: IndentedConfig, text: string, parent: string | undefined): Entry | undefined {
  for (const rule of config.sequences) {
    if (!fits(rule.under, parent)) continue;
    const found = rule.match.exec(text);
    if (found)
      return {
        rule,
        stem: found[1] ?? "",
        seq: found[2] === undefined ? null : Number(found[2]),
        rest: found[3] ?? "",
      };
  }
  return undefined;
}

export const writeEntry = (form: string, stem: string, seq: number, rest: string): string =>
  form.replace(/\$([123])/g, (_, n: string) => (n === "1" ? stem : n === "2" ? String(seq) : rest));

/** The group within which a line's place matters; undefined where it does not. */
export function orderGroup(config: IndentedConfig, text: string, parent: string | undefined): string | undefined {
  const entry = entryOf(config, text, parent);
  if (entry?.seq !== null && entry !== undefined) return undefined;
  if (parent !== undefined && config.orderedSections.some((r) => r.test(parent))) return "";
  for (const rule of config.orderedGroups) {
    const found = rule.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A line that, given again with fewer options, keeps those it has. */
export const keepsOptions = (config: IndentedConfig, text: string, parent: string | undefined): boolean =>
  config.keepsOptions.some((k) => k.match.test(text) && fits(k.under, parent));

/** A line that means the same as its absence: `no ip address`, `no ip http server`. */
export const isSilent = (config: IndentedConfig, text: string, parent: string | undefined): boolean =>
  (isUndo(config, text) && config.shownEitherWay.some((s) => s.test(bareOf(config, text)))) ||
  (parent !== undefined && config.silent.some((s) => s.text === text && s.under.test(parent)));

/** A top-level line that other lines refer to has a rank; what refers has none. */
export const definitionRank = (config: IndentedConfig, text: string): number =>
  config.definitions.findIndex((r) => r.test(text));

const ranges = (values: string): Set<number> => {
  const found = new Set<number>();
  for (const part of values.split(",")) {
    const [from = Number.NaN, to = from] = part.split("-").map(Number);
    for (let n = from; n <= to && n <= 4096; n++) found.add(n);
  }
  return found;
};

const writeRanges = (values: Set<number>): string => {
  const sorted = [...values].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let i = 0; i < sorted.length;) {
    let j = i;
    while (sorted[j + 1] === (sorted[j] ?? 0) + 1) j++;
    parts.push(i === j ? `${sorted[i]}` : j === i + 1 ? `${sorted[i]},${sorted[j]}` : `${sorted[i]}-${sorted[j]}`);
    i = j + 1;
  }
  return parts.join(",");
};

/** A line that adds to a list or takes from it, as the line that sets the whole list. */
export function wholeList(config: IndentedConfig, text: string, siblings: readonly ConfigNode[]): string | undefined {
  for (const rule of config.lists) {
    if (rule.values === "to") continue;
    const added = rule.add?.exec(text);
    const removed = added ? null : rule.remove?.exec(text);
    const stem = added?.[1] ?? removed?.[1];
    if (stem === undefined) continue;
    const now = siblings.map((s) => rule.match.exec(s.text)).find((m) => m?.[1] === stem)?.[2];
    if (now === undefined) return added ? `${stem} ${added[2] ?? ""}` : undefined;
    return `${stem} ${change(rule, now, added?.[2] ?? "", removed?.[2] ?? "")}`;
  }
  return undefined;
}

function change(rule: ListRule, now: string, added: string, removed: string): string {
  if (rule.values === "words")
    return [...new Set([...now.split(" "), ...added.split(" ")])]
      .filter((w) => w !== "" && !removed.split(" ").includes(w))
      .join(" ");
  const values = ranges(now);
  if (added !== "") for (const v of ranges(added)) values.add(v);
  if (removed !== "") for (const v of ranges(removed)) values.delete(v);
  return values.size === 0 ? "none" : writeRanges(values);
}

/** The line that takes a line back. */
export function negate(config: IndentedConfig, text: string, parent: string | undefined): string {
  if (isUndo(config, text)) return bareOf(config, text);
  const entry = entryOf(config, text, parent);
  if (entry && entry.seq !== null)
    return undo(config, writeEntry(entry.rule.remove, entry.stem, entry.seq, entry.rest));
  for (const { match, write } of config.removals) if (match.test(text)) return text.replace(match, write);
  return undo(config, text);
}
