import type { SetConfig } from "../platforms/language.ts";
import type { Effect } from "./indented-edit.ts";
import { type Trie, deletePath, find, pathsOf, setInactive, setPath, wordsOf } from "./junos-trie.ts";

const nothing = (...notes: string[]): Effect => ({ changed: false, notes });

/** What a line does to a candidate configuration; it changes the tree that it is given. */
export function takeJunos(config: SetConfig, root: Trie, line: string): Effect {
  const words = wordsOf(line.trim());
  const verb = words.shift();
  switch (verb) {
    case "set":
      return {
        changed: pathsOf(config, words)
          .map((path) => setPath(config, root, path, null))
          .includes(true),
        notes: [],
      };
    case "delete": {
      const gone = pathsOf(config, words).map((path) => deletePath(root, path));
      return gone.includes(true) ? { changed: true, notes: [] } : nothing(`“${line}”: nothing to remove`);
    }
    case "deactivate":
    case "activate": {
      const done = setInactive(root, words, verb === "deactivate");
      return done === false ? nothing(`“${line}”: there is no such statement`) : { changed: done === true, notes: [] };
    }
    case "insert":
      return insert(root, words, line);
    default:
      return nothing(`“${line}” cannot be foreseen`);
  }
}

/** `insert … term A before term B`: A and B are entries of the same kind in the same place. */
function insert(root: Trie, words: readonly string[], line: string): Effect {
  const at = words.findLastIndex((w) => w === "before" || w === "after");
  const moved = words[at - 1];
  const target = words.at(-1);
  const parent = at > 1 ? find(root, words.slice(0, at - 1)) : undefined;
  const kid = moved === undefined ? undefined : parent?.kids.get(moved);
  if (!parent || moved === undefined || !kid || target === undefined || !parent.kids.has(target))
    return nothing(`“${line}”: there is no such statement`);
  const before = [...parent.kids.keys()];
  const order = before.filter((w) => w !== moved);
  order.splice(order.indexOf(target) + (words[at] === "after" ? 1 : 0), 0, moved);
  if (order.join("\u0000") === before.join("\u0000")) return nothing();
  const kids = order.flatMap((w) => {
    const k = parent.kids.get(w);
    return k ? [[w, k] as const] : [];
  });
  parent.kids = new Map(kids);
  return { changed: true, notes: [] };
}
