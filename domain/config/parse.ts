import type { PlatformId } from "../contract/device.ts";
import { languages } from "../platforms/index.ts";
import type { IndentedConfig } from "../platforms/language.ts";
import { gather } from "./indented-lists.ts";
import { parseIndented, renderIndented } from "./indented-parse.ts";
import { bareOf, isUndo } from "./indented-rules.ts";
import { parseOpaque, renderOpaque, steadyLines } from "./opaque.ts";
import { translateTree } from "./translate.ts";
import { parseJunos, renderJunos } from "./junos-text.ts";
import { type ConfigNode, type ConfigTree, placeKey } from "./tree.ts";

const unixLines = (text: string): string => text.replaceAll("\r\n", "\n").replaceAll("\r", "\n");

/** Reads a running configuration as the platform prints it. A platform without one gives an empty tree. */
export function parseConfig(platform: PlatformId, text: string): ConfigTree {
  const { config } = languages[platform];
  if (config.style === "indented") {
    const children = gather(config, translateTree(config, parseIndented(config, unixLines(text))));
    return { platform, children, off: shownOff(config, children) };
  }
  if (config.style === "set") return { platform, children: parseJunos(config, unixLines(text)), off: new Set() };
  if (config.style === "opaque") return { platform, children: parseOpaque(config, unixLines(text)), off: new Set() };
  return { platform, children: [], off: new Set() };
}

function shownOff(config: IndentedConfig, children: readonly ConfigNode[], path: readonly string[] = []): Set<string> {
  const off = new Set<string>();
  for (const of of children) {
    if (isUndo(config, of.text)) off.add(placeKey(path, bareOf(config, of.text)));
    for (const key of shownOff(config, of.children, [...path, of.text])) off.add(key);
  }
  return off;
}

/** The text without what differs from read to read, for hashing: timestamps, byte counts, trailing space, blank lines. */
export function normaliseConfig(platform: PlatformId, text: string): string {
  const { config } = languages[platform];
  const volatile = config.style === "none" ? [] : config.volatile;
  const kept =
    config.style === "opaque"
      ? steadyLines(config, unixLines(text)).flatMap(({ line, more }) => [line, ...more].map((l) => l.trimEnd()))
      : unixLines(text)
          .split("\n")
          .map((line) => line.trimEnd())
          .filter((line) => line !== "" && !volatile.some((v) => v.test(line.trim())));
  return kept.length === 0 ? "" : `${kept.join("\n")}\n`;
}

export function renderConfig(tree: ConfigTree): string {
  const { config } = languages[tree.platform];
  const lines =
    config.style === "indented"
      ? renderIndented(config, tree.children)
      : config.style === "set"
        ? renderJunos(config, tree.children)
        : config.style === "opaque"
          ? renderOpaque(config, tree.children)
          : [];
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}
