import type { SetConfig } from "../platforms/language.ts";
import { type ConfigNode, node } from "./tree.ts";

/**
 * A Junos configuration as a tree of single words: the one form in which braces, `set` lines and one-line statements are the same.
 */
export type Trie = {
  kids: Map<string, Trie>;
  line: number | null;
  /** May hold others in braces. */
  boundary: boolean;
  /** Is shown with braces. */
  brace: boolean;
  /** Stays when it has become empty: an entry with a name. */
  keyed: boolean;
  inactive: boolean;
};

export const trie = (): Trie => ({
  kids: new Map(),
  line: null,
  boundary: false,
  brace: false,
  keyed: false,
  inactive: false,
});

const WORDS = /"(?:[^"\\]|\\.)*"|[[\]]|[^\s[\]"]+/g;
export const wordsOf = (text: string): string[] => text.match(WORDS) ?? [];

/** The paths that a line names: `a [ b c ]` is `a b` and `a c`; `user x class y uid 5` is two leaves of one entry. */
export function pathsOf(config: SetConfig, words: readonly string[]): string[][] {
  const open = words.indexOf("[");
  if (open !== -1) {
    const close = words.indexOf("]", open);
    const end = close === -1 ? words.length : close;
    const tail = words.slice(end + 1);
    return words.slice(open + 1, end).map((value) => [...words.slice(0, open), value, ...tail]);
  }
  let entry = 0;
  let index = 0;
  let single = -1;
  for (const step of steps(config, words)) {
    // the word after a single value begins something else, if it is the name of anything
    if (single !== -1 && index === single + 2 && isName(config, step.word)) {
      const head = words.slice(0, entry);
      return [words.slice(0, index), ...pathsOf(config, [...head, ...words.slice(index)])];
    }
    if (step.boundary) entry = index + 1;
    if (step.single && single === -1) single = index;
    index += 1;
  }
  return [[...words]];
}

const isName = (config: SetConfig, word: string): boolean =>
  config.containers.has(word) || config.singles.has(word) || config.lists.has(word);

type Step = { word: string; boundary: boolean; keyed: boolean; oneLine: boolean; single: boolean; list: boolean };

/** What each word of a path is by the grammar: a container, one of its keys, or a leaf with its values. */
export function* steps(config: SetConfig, words: readonly string[]): Generator<Step> {
  let keysLeft = 0;
  const onOneLine = (at: string): boolean => config.oneLine.some((o) => o.test(at));
  let parent = "";
  let leaf = false;
  let path = "";
  for (const word of words) {
    path = path === "" ? word : `${path} ${word}`;
    if (leaf) {
      yield { word, boundary: false, keyed: false, oneLine: false, single: false, list: false };
      continue;
    }
    if (keysLeft > 0) {
      keysLeft -= 1;
      yield {
        word,
        boundary: keysLeft === 0,
        keyed: keysLeft === 0,
        oneLine: onOneLine(path),
        single: false,
        list: false,
      };
      continue;
    }
    const named = config.namedChildren.includes(parent);
    const keys = named ? 0 : config.containers.get(word);
    parent = word;
    const single =
      config.singlePaths.some((s) => s.test(path)) ||
      (config.singles.has(word) && !config.notSingle.some((n) => n.test(path)));
    if (keys === undefined || single) {
      const list = config.lists.has(word);
      // an unknown word may be a container: what follows it can still be known
      leaf = single || list;
      yield { word, boundary: false, keyed: false, oneLine: false, single, list };
      continue;
    }
    keysLeft = keys;
    const stays = named || config.presence.some((p) => p.test(path));
    yield { word, boundary: keys === 0, keyed: stays, oneLine: onOneLine(path), single: false, list: false };
    if (named) parent = "";
  }
}

/** Adds a path; a single-valued leaf's other values go. True when the configuration is another one now. */
export function setPath(
  config: SetConfig,
  root: Trie,
  words: readonly string[],
  line: number | null,
  shown?: { braces: boolean; depth: number },
): boolean {
  let at = root;
  let changed = false;
  let single = false;
  let index = 0;
  for (const step of steps(config, words)) {
    if (single) {
      for (const other of at.kids.keys()) {
        if (other === step.word) continue;
        at.kids.delete(other);
        changed = true;
      }
    }
    single = step.single && shown === undefined;
    let next = at.kids.get(step.word);
    if (!next) {
      next = trie();
      at.kids.set(step.word, next);
      changed = true;
    }
    if (shown === undefined && step.boundary && next.kids.size === 0) next.brace = !step.oneLine;
    next.boundary ||= step.boundary;
    next.keyed ||= step.keyed;
    at = next;
    index += 1;
    if (shown && index <= shown.depth) continue;
    if (index === words.length) at.line ??= line;
  }
  if (shown?.braces) {
    at.brace = true;
    at.boundary = true;
    at.keyed ||= words.length - shown.depth > 1;
  }
  return changed;
}

export function find(root: Trie, words: readonly string[]): Trie | undefined {
  let at: Trie | undefined = root;
  for (const word of words) at = at?.kids.get(word);
  return at;
}

/** Removes a path and the containers that it leaves empty. */
export function deletePath(root: Trie, words: readonly string[]): boolean {
  const chain: Trie[] = [root];
  for (const word of words) {
    const next = chain.at(-1)?.kids.get(word);
    if (!next) return false;
    chain.push(next);
  }
  for (let i = words.length - 1; i >= 0; i--) {
    const parent = chain[i];
    const word = words[i];
    if (!parent || word === undefined) break;
    parent.kids.delete(word);
    if (parent.kids.size > 0 || parent.keyed || i === 0) break;
  }
  return true;
}

/** Every statement as the words of its path; entries that stand by themselves too. */
export function* leaves(of: Trie, path: readonly string[] = []): Generator<string[]> {
  if (of.kids.size === 0 && path.length > 0) yield [...path];
  for (const [word, kid] of of.kids) yield* leaves(kid, [...path, word]);
}

export function* inactives(of: Trie, path: readonly string[] = []): Generator<string[]> {
  if (of.inactive) yield [...path];
  for (const [word, kid] of of.kids) yield* inactives(kid, [...path, word]);
}

const pathsWithin = (config: SetConfig, path: readonly string[], words: readonly string[]): string[][] =>
  pathsOf(config, [...path, ...words]).map((full) => full.slice(path.length));

/** What `inactive:` before a statement switches off: its first entry or container, or the leaf that it is. */
function statementNode(at: Trie, words: readonly string[]): Trie | undefined {
  const [first] = words;
  let node = first === undefined ? undefined : at.kids.get(first);
  const leaf = node;
  for (const word of words.slice(1)) {
    if (!node || node.boundary) break;
    node = node.kids.get(word);
  }
  return node?.boundary ? node : leaf;
}

/** Switches a path off or on; false when there is no such path, null when it is so already. */
export function setInactive(root: Trie, words: readonly string[], inactive: boolean): boolean | null {
  const chain: Trie[] = [root];
  for (const word of words) {
    const next = chain.at(-1)?.kids.get(word);
    if (!next) return false;
    chain.push(next);
  }
  // a leaf's value stands for the leaf
  let index = chain.length - 1;
  while (index > 1 && !chain[index]?.boundary && !chain[index - 1]?.boundary) index -= 1;
  const found = chain[index];
  if (!found) return false;
  // `family` without its key: all of them
  const entries = [...found.kids.values()];
  const all = !found.boundary && entries.length > 0 && entries.every((k) => k.boundary) ? entries : [found];
  const changed = all.some((t) => t.inactive !== inactive);
  for (const t of all) t.inactive = inactive;
  return changed ? true : null;
}

export function toTrie(config: SetConfig, nodes: readonly ConfigNode[]): Trie {
  const root = trie();
  const add = (of: ConfigNode, path: readonly string[]): void => {
    const words = wordsOf(of.text);
    const inactive = words[0] === "inactive:";
    if (inactive) words.shift();
    for (const each of pathsWithin(config, path, words)) {
      const full = [...path, ...each];
      setPath(config, root, full, of.line, { braces: of.children.length > 0, depth: path.length });
      const section = find(root, path);
      const made = inactive && section ? statementNode(section, each) : undefined;
      if (made) made.inactive = true;
      for (const child of of.children) add(child, full);
    }
  };
  for (const of of nodes) add(of, []);
  return root;
}

const hasInactive = (of: Trie): boolean => of.inactive || [...of.kids.values()].some(hasInactive);

export function toNodes(config: SetConfig, root: Trie): ConfigNode[] {
  const write = (word: string, of: Trie, before: string, first: string): ConfigNode[] => {
    const text = before === "" ? word : `${before} ${word}`;
    const mark = of.inactive ? "inactive: " : "";
    if (of.kids.size === 0) return [node(mark + text, of.line)];
    const isList =
      before === "" && config.lists.has(first) && [...of.kids.values()].every((k) => k.kids.size === 0 && !k.inactive);
    if (isList && !of.brace) {
      const values = [...of.kids.keys()];
      const line = [...of.kids.values()].find((k) => k.line !== null)?.line ?? null;
      return [node(`${mark}${text} ${values.length === 1 ? values.join(" ") : `[ ${values.join(" ")} ]`}`, line)];
    }
    const offInside = [...of.kids.values()].some((k) => (!k.boundary ? hasInactive(k) : k.inactive));
    if (of.brace || (of.boundary && (of.kids.size > 1 || offInside))) {
      const made = node(mark + text, of.line);
      made.children = [...of.kids].flatMap(([w, k]) => write(w, k, "", w));
      return [made];
    }
    const inner = [...of.kids].flatMap(([w, k]) => write(w, k, text, first));
    return mark === "" ? inner : inner.map((n) => ({ ...n, text: mark + n.text }));
  };
  return [...root.kids].flatMap(([word, kid]) => write(word, kid, "", word));
}
