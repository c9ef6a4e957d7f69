import { compile, expandMacros, type Machine } from "../grammar/pattern.ts";
import type { Match } from "../grammar/match.ts";
import type { Values } from "../grammar/values.ts";
import type { ConfigNode } from "./tree.ts";

/** What a hook sees of the line being applied. */
export type HookContext = { root: ConfigNode; parent: ConfigNode; negated: boolean };
/** A hook may rewrite the line, give it a place among its siblings, refuse it, or say something about it. */
export type HookResult = {
  words?: string[];
  /** The line's identity, where it is not its first words. */
  key?: string;
  /** After `no`: everything that begins with the key goes, in sub-sections too. */
  prefix?: boolean;
  sequence?: number;
  /** Here and now the setting is on by default, as with the rule's `@on`. */
  on?: boolean;
  /** Accepted, but the config does not hold it. */
  discard?: boolean;
  refuse?: string;
  say?: string;
};
export type Hook = (match: Match, context: HookContext) => HookResult;

export type Rule = {
  pattern: string;
  /** The mode the line leads into. */
  mode: string | undefined;
  /** On by default: `no …` is what the config holds. */
  on: boolean;
  /** Only after `no`. */
  onlyNo: boolean;
  /** Only after `no`: removes every line that begins so. */
  prefix: boolean;
  /** Leaves the section instead of being stored. */
  exit: boolean;
  /** Its last argument is a text of several lines. */
  text: boolean;
  hook: string | undefined;
};
export type Mode = { name: string; rules: Rule[]; machine: Machine; prompt: (section: string) => string };

/** A mode as it is written: how its prompt reads, and its rules one per line: `pattern  => mode @flag …`. */
export type ModeText = { prompt: string | ((section: string) => string); rules: string };

/** A text of several lines: what the box says before it, and how its last line is known. */
export type TextQuestion = { ask: string; until: (line: string) => { last: boolean; keep: string } };

export type Dialect = {
  modes: Record<string, Mode>;
  hooks: Record<string, Hook>;
  /** The place of a line among its siblings in a section of `mode`. */
  place: (mode: string, text: string) => readonly (number | string)[];
  /** IOS looks a line up in the section, then globally; EOS tries every section on the way up. */
  searchUp: "global" | "parents";
  /** Reads what a banner's first line holds: the text when it is complete, or how its last line is known. */
  banner: (rest: string) => { done: string } | TextQuestion;
  bannerText: (text: string) => string;
};

function parseRule(line: string, macros: Record<string, string>): Rule {
  const flags = new Set([...line.matchAll(/ @([a-z]+)(?::([\w-]+))?/g)].map((m) => m[1]));
  const hook = / @hook:([\w-]+)/.exec(line)?.[1];
  const mode = / => ([\w-]+)/.exec(line)?.[1];
  const pattern = expandMacros(line.replace(/ (@|=> )\S+/g, "").trim(), macros);
  return {
    pattern,
    mode,
    on: flags.has("on"),
    onlyNo: flags.has("no") || flags.has("prefix"),
    prefix: flags.has("prefix"),
    exit: flags.has("exit"),
    text: flags.has("text"),
    hook,
  };
}

export function compileModes(
  texts: Record<string, ModeText>,
  values: Values,
  macros: Record<string, string>,
): Record<string, Mode> {
  const modes: Record<string, Mode> = {};
  for (const [name, { prompt, rules: text }] of Object.entries(texts)) {
    const rules = text
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => parseRule(line, macros));
    const machine = compile(
      rules.map((rule) => rule.pattern),
      values,
    );
    modes[name] = { name, rules, machine, prompt: typeof prompt === "string" ? () => prompt : prompt };
  }
  return modes;
}
