import { languages } from "../platforms/index.ts";
import { orderMatters } from "./diff.ts";
import { type FlatLine, flatten } from "./flat.ts";
import { toTrie, type Trie } from "./junos-trie.ts";
import { isSilent, orderGroup } from "./indented-rules.ts";
import type { ConfigNode, ConfigTree } from "./tree.ts";
import { renderOpaque } from "./opaque.ts";
import type { SetConfig } from "../platforms/language.ts";

/** Two configurations that do the same: the same lines, in the same order where order matters. */
export function sameConfig(a: ConfigTree, b: ConfigTree): boolean {
  const linesA = meaning(a);
  const linesB = meaning(b);
  if (linesA.size !== linesB.size) return false;
  for (const key of linesA) if (!linesB.has(key)) return false;
  return order(a).join("\n") === order(b).join("\n");
}

function meaning(tree: ConfigTree): Set<string> {
  const { config } = languages[tree.platform];
  const flat = flatten(tree);
  if (config.style !== "indented") return new Set(flat.keys());
  const lines = [...flat].filter(([, l]) => !isSilent(config, l.text, l.path.at(-1)));
  const filled = new Set(lines.map(([, l]) => l.path.join("\u0000")));
  // a section that can only be emptied means nothing when it is empty
  const empty = (key: string, { text }: FlatLine): boolean =>
    config.unremovable.some((u) => u.test(text)) && !filled.has(key);
  return new Set(lines.filter(([key, l]) => !empty(key, l)).map(([key]) => key));
}

/** The lines whose place matters, group by group, in their order. */
function order(tree: ConfigTree): string[] {
  const { config } = languages[tree.platform];
  if (config.style === "set") return trieOrder(config, toTrie(config, tree.children), []).sort();
  if (config.style === "opaque") return renderOpaque(config, tree.children);
  if (config.style === "none") return [];
  const groups = new Map<string, string[]>();
  const walk = (nodes: readonly ConfigNode[], path: readonly string[]): void => {
    for (const of of nodes) {
      const parent = path.at(-1);
      if (orderMatters(languages[tree.platform], of.text, parent)) {
        const key = [...path, orderGroup(config, of.text, parent) ?? ""].join("\u0000");
        groups.set(key, [...(groups.get(key) ?? []), of.text]);
      }
      walk(of.children, [...path, of.text]);
    }
  };
  walk(tree.children, []);
  return [...groups].map(([key, lines]) => [key, ...lines].join("\u0001")).sort();
}

function trieOrder(config: SetConfig, of: Trie, path: readonly string[]): string[] {
  const word = path.at(-1) ?? "";
  const own =
    config.ordered.includes(word) || config.lists.has(word) ? [[...path, "\u0001", ...of.kids.keys()].join(" ")] : [];
  return [...own, ...[...of.kids].flatMap(([w, k]) => trieOrder(config, k, [...path, w]))];
}
