import type { Dialect } from "../config/dialect.ts";
import { compileModes } from "../config/dialect.ts";
import { findChild, type ConfigNode } from "../config/tree.ts";
import { IOS_MODES } from "./grammar.ts";
import { IOS_HOOKS } from "./hooks.ts";
import { IOS_VALUES, MACROS } from "./macros.ts";
import { iosPlace } from "./place.ts";

export const ios: Dialect = {
  modes: compileModes(IOS_MODES, IOS_VALUES, MACROS),
  hooks: IOS_HOOKS,
  place: iosPlace,
  searchUp: "global",
  /** The text stands between two delimiters; `^C` may be typed as the control character or as two characters. */
  banner(rest) {
    const delimiter = rest.startsWith("^C") ? "^C" : rest.slice(0, 1);
    const first = rest.slice(delimiter.length);
    const ends = (line: string): number =>
      [line.indexOf(delimiter), delimiter === "^C" ? line.indexOf("\u0003") : -1].filter((at) => at >= 0)[0] ?? -1;
    if (ends(first) >= 0) return { done: first.slice(0, ends(first)) };
    let head = first === "" ? "" : `${first}\n`;
    return {
      ask: `Enter TEXT message.  End with the character '${delimiter}'.\n`,
      until: (line) => {
        const at = ends(line);
        const keep = head + (at < 0 ? line : line.slice(0, at));
        head = "";
        return { last: at >= 0, keep };
      },
    };
  },
  bannerText: (text) => `^C\n${text.replace(/^\n+|\n+$/g, "")}\n^C`,
};

const hidden = (section: ConfigNode): string[] => {
  if (section.mode !== "if") return [];
  const addressed =
    section.children.some((c) => /^(ip address|ip unnumbered|switchport)/.test(c.key)) ||
    findChild(section, "switchport");
  return addressed ? [] : [" no ip address"];
};

/** Where an interface's `no ip address` stands among its lines. */
function sectionLines(section: ConfigNode, indent: string): string[] {
  const lines: string[] = [];
  const extra = hidden(section);
  for (const child of section.children) {
    if (extra.length > 0 && !/^(description|mtu|bandwidth|delay|encapsulation|vrf|ip vrf)/.test(child.key))
      lines.push(...extra.splice(0));
    if (child.mode !== undefined && section.mode?.startsWith("router")) lines.push(`${indent}!`);
    lines.push(indent + child.text, ...sectionLines(child, `${indent} `));
    if (child.mode === "router-af" || child.mode === "vrf-af") lines.push(`${indent}exit-address-family`);
  }
  return [...lines, ...extra];
}

/** The config's lines as `show running-config` prints them, without its header and `end`. */
export function iosLines(root: ConfigNode): string[] {
  const lines: string[] = [];
  let last = "";
  const separate = (): void => {
    if (lines.length > 0 && lines.at(-1) !== "!") lines.push("!");
  };
  for (const node of root.children) {
    const [word = ""] = node.text.replace(/^no /, "").split(" ");
    const group = node.mode ? `section ${node.key}` : /^(ip|ipv6|aaa)$/.test(word) ? `${word} ${node.place[0]}` : word;
    if (group !== last && !(node.key.startsWith("line ") && last.startsWith("section line "))) separate();
    last = group;
    lines.push(...node.text.split("\n"), ...sectionLines(node, " "));
  }
  separate();
  return lines;
}
