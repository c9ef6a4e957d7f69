import type { PlatformId } from "../contract/device.ts";

/** One line of a configuration, and what stands in it as a section. */
export type ConfigNode = {
  /** Without indentation. */
  text: string;
  /** Line number in the text it was read from; null where it was predicted. */
  line: number | null;
  children: ConfigNode[];
  /** Input of several lines that belongs to this one: a banner's text, a certificate. */
  block: readonly string[] | null;
};

export type ConfigTree = {
  platform: PlatformId;
  children: ConfigNode[];
  /** What the device showed as `no …`, by its place: it does so again when it is switched off again. Empty where nothing is shown that way. */
  off: ReadonlySet<string>;
};

export const placeKey = (path: readonly string[], text: string): string => [...path, text].join("\u0000");

export const node = (text: string, line: number | null = null): ConfigNode => ({
  text,
  line,
  children: [],
  block: null,
});

const copyNode = (from: ConfigNode): ConfigNode => ({ ...from, children: from.children.map(copyNode) });

export const copyTree = (from: ConfigTree): ConfigTree => ({ ...from, children: from.children.map(copyNode) });

/** How many lines a node is when written out. */
export const height = (of: ConfigNode): number =>
  of.children.reduce((sum, child) => sum + height(child), 1 + (of.block?.length ?? 0));
