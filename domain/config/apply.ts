import type { PlatformId } from "../contract/device.ts";
import { languages } from "../platforms/index.ts";
import { type Effect, editIndented } from "./indented-edit.ts";
import { takeJunos } from "./junos-edit.ts";
import { toNodes, toTrie } from "./junos-trie.ts";
import { type Place, placeLines } from "./place.ts";
import { type ConfigNode, type ConfigTree, copyTree } from "./tree.ts";

/** Takes lines one by one, as the device would; `tree()` is the configuration so far. */
export function simulate(platform: PlatformId, start: ConfigTree): { take(place: Place): Effect; tree(): ConfigTree } {
  const { config } = languages[platform];
  if (config.style === "indented") {
    const tree = copyTree(start);
    const editor = editIndented(config, tree.children, tree.off);
    const shown = (nodes: readonly ConfigNode[]): ConfigNode[] =>
      nodes.flatMap((of) => {
        const children = shown(of.children);
        return children.length === 0 && !of.block && config.shownWhenFilled.some((s) => s.test(of.text))
          ? []
          : [{ ...of, children }];
      });
    return { take: (place) => editor.take(place), tree: () => ({ ...tree, children: shown(tree.children) }) };
  }
  if (config.style === "set") {
    const root = toTrie(config, start.children);
    return {
      take: (place) => takeJunos(config, root, place.text),
      tree: () => ({ ...start, children: toNodes(config, root) }),
    };
  }
  return {
    take: (place) => ({
      changed: true,
      notes: [
        `“${place.text}”: what a command changes on ${languages[platform].label} cannot be foreseen or taken back`,
      ],
    }),
    tree: () => start,
  };
}

/** Lines as the device will take them. */
export function placesOf(platform: PlatformId, lines: readonly string[]): Place[] {
  const { config } = languages[platform];
  if (config.style === "indented") return placeLines(config, lines);
  return lines.flatMap((line, i) => {
    const text = line.trim();
    return text === ""
      ? []
      : [{ kind: "leaf", text, depth: 0, path: [], parents: [], from: i, to: i, block: null, closed: true }];
  });
}

/** The configuration that a device holding `tree` will have after `lines`, and what there is to say about them. */
export function applyLines(
  platform: PlatformId,
  tree: ConfigTree,
  lines: readonly string[],
): { tree: ConfigTree; notes: string[] } {
  const run = simulate(platform, tree);
  const notes = placesOf(platform, lines).flatMap((place) => run.take(place).notes);
  return { tree: run.tree(), notes: [...new Set(notes)] };
}
