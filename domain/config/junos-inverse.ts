import type { SetConfig } from "../platforms/language.ts";
import { takeJunos } from "./junos-edit.ts";
import { type Trie, inactives, leaves, steps, toTrie } from "./junos-trie.ts";
import type { ConfigNode } from "./tree.ts";

/** `delete` for what came, `set` for what went, `insert` where the order is another one. */
export function inverseJunos(config: SetConfig, before: readonly ConfigNode[], after: readonly ConfigNode[]): string[] {
  const old = toTrie(config, before);
  const now = toTrie(config, after);
  const lines: string[] = [];
  const send = (line: string): void => {
    lines.push(line);
    takeJunos(config, now, line);
  };
  // the walk reads a copy of what to do first: sending changes the tree it compares with
  const { removed, added } = compare(config, old, now, []);
  for (const path of removed) send(`delete ${path.join(" ")}`);
  for (const path of added) send(`set ${path.join(" ")}`);
  const off = new Set([...inactives(now)].map((p) => p.join(" ")));
  const wasOff = new Set([...inactives(old)].map((p) => p.join(" ")));
  for (const path of off) if (!wasOff.has(path)) send(`activate ${path}`);
  for (const path of wasOff) if (!off.has(path)) send(`deactivate ${path}`);
  reorder(config, old, now, [], send);
  return lines;
}

function compare(
  config: SetConfig,
  old: Trie,
  now: Trie,
  path: readonly string[],
): { removed: string[][]; added: string[][] } {
  const removed: string[][] = [];
  const added: string[][] = [];
  const isList = config.lists.has(path.at(-1) ?? "");
  if (isList && old.kids.size > 0 && listMoved(old, now))
    return { removed: [[...path]], added: [...leaves(old, path)] };
  // a new value takes the place of a single one by itself
  const replaced = old.kids.size > 0 && isSingle(config, path);
  for (const [word] of now.kids) if (!old.kids.has(word) && !replaced) removed.push([...path, word]);
  for (const [word, kid] of old.kids) {
    const there = now.kids.get(word);
    if (!there) added.push(...leaves(kid, [...path, word]));
    else {
      const inner = compare(config, kid, there, [...path, word]);
      removed.push(...inner.removed);
      added.push(...inner.added);
    }
  }
  return { removed, added };
}

const isSingle = (config: SetConfig, path: readonly string[]): boolean =>
  [...steps(config, path)].at(-1)?.single ?? false;

/** Values are added at a list's end, so one that must come back in the middle needs the list written anew. */
function listMoved(old: Trie, now: Trie): boolean {
  const kept = [...now.kids.keys()].filter((w) => old.kids.has(w));
  return [...old.kids.keys()].slice(0, kept.length).join(" ") !== kept.join(" ");
}

function reorder(config: SetConfig, old: Trie, now: Trie, path: readonly string[], send: (line: string) => void): void {
  if (config.ordered.includes(path.at(-1) ?? "")) {
    const wanted = [...old.kids.keys()].filter((w) => now.kids.has(w));
    for (const [i, word] of wanted.entries()) {
      const present = [...now.kids.keys()];
      if (present[i] === word) continue;
      const place = i === 0 ? `before ${path.at(-1)} ${present[0]}` : `after ${path.at(-1)} ${wanted[i - 1]}`;
      send(`insert ${[...path, word].join(" ")} ${place}`);
    }
  }
  for (const [word, kid] of old.kids) {
    const there = now.kids.get(word);
    if (there) reorder(config, kid, there, [...path, word], send);
  }
}
