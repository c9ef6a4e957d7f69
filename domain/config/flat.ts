import { languages } from "../platforms/index.ts";
import { inactives, leaves, toTrie } from "./junos-trie.ts";
import type { ConfigNode, ConfigTree } from "./tree.ts";

/** One line of a configuration with the sections around it. */
export type FlatLine = { path: readonly string[]; text: string };

/** Every line of a configuration by itself; of Junos, as `set` lines. A key stands for one line wherever it is shown. */
export function flatten(tree: ConfigTree): Map<string, FlatLine> {
  const { config } = languages[tree.platform];
  const flat = new Map<string, FlatLine>();
  const add = (path: readonly string[], text: string): void => {
    const key = [...path, text].join("\u0000");
    for (let n = 0; ; n++) {
      const unique = n === 0 ? key : `${key}\u0000\u0000${n}`;
      if (flat.has(unique)) continue;
      flat.set(unique, { path, text });
      return;
    }
  };
  if (config.style === "set") {
    const root = toTrie(config, tree.children);
    for (const words of leaves(root)) add([], `set ${words.join(" ")}`);
    for (const words of inactives(root)) add([], `deactivate ${words.join(" ")}`);
    return flat;
  }
  const walk = (nodes: readonly ConfigNode[], path: readonly string[]): void => {
    for (const of of nodes) {
      add(path, of.block ? [of.text, ...of.block].join("\n") : of.text);
      walk(of.children, [...path, of.text]);
    }
  };
  walk(tree.children, []);
  return flat;
}
