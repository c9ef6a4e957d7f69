import type { PlatformId } from "../contract/device.ts";
import { languages } from "../platforms/index.ts";
import { parseIndented, renderIndented } from "./indented-parse.ts";
import { parseJunos, renderJunos } from "./junos-text.ts";
import type { ConfigTree } from "./tree.ts";

const unixLines = (text: string): string => text.replaceAll("\r\n", "\n").replaceAll("\r", "\n");

/** Reads a running configuration as the platform prints it. A platform without one gives an empty tree. */
export function parseConfig(platform: PlatformId, text: string): ConfigTree {
  const { config } = languages[platform];
  if (config.style === "indented") return { platform, children: parseIndented(config, unixLines(text)) };
  if (config.style === "set") return { platform, children: parseJunos(config, unixLines(text)) };
  return { platform, children: [] };
}

/** The text without what differs from read to read, for hashing: timestamps, byte counts, trailing space, blank lines. */
export function normaliseConfig(platform: PlatformId, text: string): string {
  const { config } = languages[platform];
  const volatile = config.style === "none" ? [] : config.volatile;
  const kept = unixLines(text)
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "" && !volatile.some((v) => v.test(line.trim())));
  return kept.length === 0 ? "" : `${kept.join("\n")}\n`;
}

export function renderConfig(tree: ConfigTree): string {
  const { config } = languages[tree.platform];
  const lines = config.style === "indented" ? renderIndented(config, tree.children) : config.style === "set" ? renderJunos(config, tree.children) : [];
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}
