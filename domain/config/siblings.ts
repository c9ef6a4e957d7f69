import type { IndentedConfig } from "../platforms/language.ts";
import { type Entry, entryOf } from "./indented-rules.ts";
import type { ConfigNode } from "./tree.ts";

type Listed = { of: ConfigNode; entry: Entry };

/**
 * The lines of one section, found by how they begin: a change of thousands of lines against a config of thousands must not
 * compare each with each. All changes of the section go through here, so that what is found stays true.
 */
export type Siblings = {
  all: ConfigNode[];
  find(text: string): ConfigNode | undefined;
  /** The lines that begin with these words. */
  beginning(words: string): readonly ConfigNode[];
  /** The last line that shares most of its first words with this text. */
  like(text: string): ConfigNode | undefined;
  /** The entries of a numbered list, in their order. */
  entries(stem: string): readonly Listed[];
  put(made: ConfigNode, at: number): void;
  remove(gone: ConfigNode): void;
  replace(old: ConfigNode, made: ConfigNode): void;
};

export function siblingsOf(config: IndentedConfig, all: ConfigNode[], parent: string | undefined): Siblings {
  const byWords = new Map<string, ConfigNode[]>();
  const lists = new Map<string, Listed[]>();
  const note = (of: ConfigNode): void => {
    for (const words of beginnings(of.text)) {
      const there = byWords.get(words);
      if (there) there.push(of);
      else byWords.set(words, [of]);
    }
  };
  const forget = (of: ConfigNode): void => {
    for (const words of beginnings(of.text)) {
      const there = byWords.get(words);
      const at = there?.indexOf(of) ?? -1;
      if (at !== -1) there?.splice(at, 1);
      if (there?.length === 0) byWords.delete(words);
    }
  };
  for (const of of all) note(of);

  const beginning = (words: string): readonly ConfigNode[] => byWords.get(words) ?? [];
  const entries = (stem: string): Listed[] => {
    const known = lists.get(stem);
    if (known) return known;
    // by their place in the section: what was added later stands at the end of what was found
    const found = new Set(stem === "" ? all : beginning(stem));
    const list = all.flatMap((of) => {
      const entry = found.has(of) ? entryOf(config, of.text, parent) : undefined;
      return entry && entry.stem === stem ? [{ of, entry }] : [];
    });
    lists.set(stem, list);
    return list;
  };
  /** Keeps a list that is in use; any other is read again when it is asked for. */
  const enlist = (made: ConfigNode): void => {
    const entry = entryOf(config, made.text, parent);
    const list = entry ? lists.get(entry.stem) : undefined;
    if (!entry || !list) return;
    const at =
      entry.seq === null
        ? list.length
        : list.findLastIndex((l) => l.entry.seq === null || l.entry.seq < (entry.seq ?? 0)) + 1;
    list.splice(at, 0, { of: made, entry });
  };
  const delist = (gone: ConfigNode): void => {
    for (const list of lists.values()) {
      const at = list.findIndex((l) => l.of === gone);
      if (at !== -1) list.splice(at, 1);
    }
  };

  return {
    all,
    beginning,
    entries,
    find: (text) => beginning(text).find((of) => of.text === text),
    like(text) {
      for (const words of beginnings(text).reverse()) {
        const last = byWords.get(words)?.at(-1);
        if (last) return last;
      }
      return undefined;
    },
    put(made, at) {
      all.splice(at, 0, made);
      note(made);
      enlist(made);
    },
    remove(gone) {
      const at = all.indexOf(gone);
      if (at === -1) return;
      all.splice(at, 1);
      forget(gone);
      delist(gone);
    },
    replace(old, made) {
      all[all.indexOf(old)] = made;
      // in its place among those that begin alike, so that the last of them stays the last
      const shared = new Set(beginnings(made.text));
      for (const words of beginnings(old.text)) {
        const there = byWords.get(words);
        if (!there || !shared.delete(words)) continue;
        there[there.indexOf(old)] = made;
      }
      forget(old);
      for (const words of shared) byWords.set(words, [...beginning(words), made]);
      delist(old);
      enlist(made);
    },
  };
}

/** `a b c` → `a`, `a b`, `a b c`. */
function beginnings(text: string): string[] {
  const found: string[] = [];
  for (let at = text.indexOf(" "); at !== -1; at = text.indexOf(" ", at + 1)) found.push(text.slice(0, at));
  found.push(text);
  return found;
}
