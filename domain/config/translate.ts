import type { IndentedConfig } from "../platforms/language.ts";
import { bareOf, isUndo } from "./indented-rules.ts";
import type { Place } from "./place.ts";
import { type ConfigNode, node } from "./tree.ts";

/** Where a line is shown that is shown elsewhere than it is given: `passive-interface eth0` of FRR's OSPF is `ip ospf passive` of the interface. */
function elsewhere(
  config: IndentedConfig,
  text: string,
  parent: string | undefined,
): { header: string; text: string } | undefined {
  const bare = isUndo(config, text) ? bareOf(config, text) : text;
  for (const { under, match, header, text: shown } of config.translations) {
    if (parent === undefined ? under !== undefined : !(under?.test(parent) ?? false)) continue;
    if (!match.test(bare)) continue;
    return {
      header: bare.replace(match, header),
      text: text.slice(0, text.length - bare.length) + bare.replace(match, shown),
    };
  }
  return undefined;
}

export function translate(config: IndentedConfig, place: Place): Place {
  const found = place.kind === "leaf" ? elsewhere(config, place.text, place.path.at(-1)) : undefined;
  return found ? { ...place, path: [found.header], text: found.text } : place;
}

/** A whole config in the form of the newest version, so that both forms are the same configuration. */
export function translateTree(config: IndentedConfig, children: readonly ConfigNode[]): ConfigNode[] {
  if (config.translations.length === 0) return [...children];
  const root: ConfigNode[] = [];
  const sections = new Map<string, ConfigNode>();
  const move = (header: string, line: ConfigNode): void => {
    let section = sections.get(header);
    if (!section) {
      section = node(header, line.line);
      sections.set(header, section);
      root.push(section);
    }
    if (!section.children.some((c) => c.text === line.text)) section.children.push(line);
  };
  const moves: { header: string; line: ConfigNode }[] = [];
  for (const of of children) {
    const found = of.children.length === 0 ? elsewhere(config, of.text, undefined) : undefined;
    if (found) {
      move(found.header, { ...of, text: found.text });
      continue;
    }
    const kept = of.children.filter((child) => {
      const inner = elsewhere(config, child.text, of.text);
      if (inner) moves.push({ header: inner.header, line: { ...child, text: inner.text } });
      return !inner;
    });
    const section = { ...of, children: kept };
    root.push(section);
    sections.set(of.text, section);
  }
  // after all sections are known: one may stand further down
  for (const { header, line } of moves) move(header, line);
  return root;
}
