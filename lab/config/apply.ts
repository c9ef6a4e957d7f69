import { match, matchIdentity, type Match, type MatchResult } from "../grammar/match.ts";
import type { Dialect, HookResult, Mode, Rule, TextQuestion } from "./dialect.ts";
import { emptyConfig, findChild, putChild, removeChildren, type ConfigNode } from "./tree.ts";

/** The sections one stands in, outermost first; global config mode is the empty list. */
export type Position = { key: string; text: string; mode: string }[];

export type Outcome =
  | { kind: "applied"; changed: boolean; position: Position; say: string | undefined }
  | { kind: "refused"; why: Exclude<MatchResult, { kind: "match" }> }
  | { kind: "error"; message: string }
  /** The line goes on: give the lines that follow, then `finish`. */
  | (TextQuestion & { kind: "text"; finish: (text: string) => Outcome });

const modeAt = (dialect: Dialect, position: Position, depth: number): Mode => {
  const name = depth === 0 ? "config" : (position[depth - 1]?.mode ?? "config");
  const mode = dialect.modes[name];
  if (!mode) throw new Error(`the mode ${name} is not in the grammar`);
  return mode;
};

export const currentMode = (dialect: Dialect, position: Position): Mode => modeAt(dialect, position, position.length);

/** The node of a section; made again when somebody else removed it meanwhile, as the box does. */
function sectionNode(root: ConfigNode, position: Position, dialect: Dialect): ConfigNode {
  let node = root;
  for (const { key, text, mode } of position) {
    if (!findChild(node, key))
      putChild(node, { text, key, mode, place: dialect.place(node.mode ?? "config", text), children: [] });
    const next = findChild(node, key);
    if (!next) throw new Error(`the section ${text} could not be made`);
    node = next;
  }
  return node;
}

type Found = { depth: number; rule: Rule; match: Match };

/** The rule for the line: in the section, then outside of it. A refusal is told from where the line went furthest. */
function findRule(
  dialect: Dialect,
  position: Position,
  line: string,
  negated: boolean,
  offset: number,
): Found | { why: Exclude<MatchResult, { kind: "match" }> } {
  const depths = [
    ...new Set(dialect.searchUp === "global" ? [position.length, 0] : [...position.keys(), position.length].reverse()),
  ];
  let why: Exclude<MatchResult, { kind: "match" }> | undefined;
  for (const depth of depths) {
    const mode = modeAt(dialect, position, depth);
    const result = (negated ? matchIdentity : match)(mode.machine, line);
    if (result.kind === "match") {
      const rule = mode.rules[result.match.rule];
      if (rule && (!rule.onlyNo || negated)) return { depth, rule, match: result.match };
      why ??= { kind: "incomplete" };
    } else if (why === undefined || reach(result) > reach(why)) why = result;
  }
  const told = why ?? { kind: "incomplete" };
  return { why: told.kind === "incomplete" ? told : { ...told, offset: told.offset + offset } };
}
const reach = (why: Exclude<MatchResult, { kind: "match" }>): number =>
  why.kind === "incomplete" ? Infinity : why.offset;

/** Applies one line as typed in the section `position`. `no` and `default` are handled here; `exit`, `end` and `do` by the CLI. */
export function applyLine(dialect: Dialect, root: ConfigNode, position: Position, line: string): Outcome {
  const negation = /^\s*(no|default)\s+(?=\S)/i.exec(line);
  const rest = negation ? line.slice(negation[0].length) : line;
  const resets = negation?.[1]?.toLowerCase() === "default";
  const found = findRule(dialect, position, rest, negation !== null, negation?.[0].length ?? 0);
  if ("why" in found) return { kind: "refused", why: found.why };
  const outside = position.slice(0, found.depth);
  if (found.rule.exit) return { kind: "applied", changed: false, position: outside.slice(0, -1), say: undefined };
  if (found.rule.text && !negation) return applyText(dialect, root, outside, found);
  return negation ? removeLine(dialect, root, outside, found, resets) : addLine(dialect, root, outside, found);
}

function runHook(
  dialect: Dialect,
  root: ConfigNode,
  parent: ConfigNode,
  { rule, match: found }: Found,
  negated: boolean,
): HookResult {
  if (rule.hook === undefined) return {};
  const hook = dialect.hooks[rule.hook];
  if (!hook) throw new Error(`the hook ${rule.hook} does not exist`);
  return hook(found, { root, parent, negated });
}

function addLine(dialect: Dialect, root: ConfigNode, outside: Position, found: Found): Outcome {
  const parent = sectionNode(root, outside, dialect);
  const hooked = runHook(dialect, root, parent, found, false);
  if (hooked.refuse !== undefined) return { kind: "error", message: hooked.refuse };
  const words = hooked.words ?? found.match.words;
  const key = hooked.key ?? words.slice(0, found.match.keyLength).join(" ");
  const text = words.join(" ");
  if (hooked.discard) return { kind: "applied", changed: false, position: outside, say: hooked.say };
  const { mode } = found.rule;
  const place = dialect.place(parent.mode ?? "config", text);
  const node: ConfigNode = {
    text,
    key,
    mode,
    place: hooked.sequence === undefined ? place : [...place, hooked.sequence],
    children: [],
  };
  const changed =
    (found.rule.on || hooked.on) && text === key
      ? removeChildren(parent, (child) => child.key === key)
      : putChild(parent, node);
  const position =
    mode === undefined ? outside : [...outside, { key, text: findChild(parent, key)?.text ?? text, mode }];
  return { kind: "applied", changed, position, say: hooked.say };
}

function removeLine(dialect: Dialect, root: ConfigNode, outside: Position, found: Found, resets: boolean): Outcome {
  const parent = sectionNode(root, outside, dialect);
  const { rule } = found;
  const section = found.match.words.join(" ");
  if (resets && rule.mode === "if") {
    const node = findChild(parent, section);
    const changed = node !== undefined && node.children.length > 0;
    if (node) node.children = [];
    return {
      kind: "applied",
      changed,
      position: outside,
      say: `Interface ${section.replace(/^interface /, "")} set to default configuration`,
    };
  }
  const hooked = runHook(dialect, root, parent, found, true);
  if (hooked.refuse !== undefined) return { kind: "error", message: hooked.refuse };
  const key = hooked.key ?? (hooked.words ?? found.match.words).slice(0, found.match.keyLength).join(" ");
  if ((rule.on || hooked.on) && !resets) {
    const changed = putChild(parent, {
      text: `no ${key}`,
      key,
      mode: undefined,
      place: dialect.place(parent.mode ?? "config", key),
      children: [],
    });
    return { kind: "applied", changed, position: outside, say: hooked.say };
  }
  const changed =
    hooked.prefix || rule.prefix ? removeBeginning(parent, key) : removeChildren(parent, (child) => child.key === key);
  return { kind: "applied", changed, position: outside, say: hooked.say };
}

/** `no neighbor 10.0.0.1` takes the neighbor's lines out of the address families too. */
function removeBeginning(parent: ConfigNode, key: string): boolean {
  const here = removeChildren(parent, (child) => child.key === key || child.key.startsWith(`${key} `));
  return parent.children.map((child) => removeBeginning(child, key)).includes(true) || here;
}

function applyText(dialect: Dialect, root: ConfigNode, outside: Position, found: Found): Outcome {
  const { words, keyLength } = found.match;
  const store = (text: string): Outcome =>
    addLine(dialect, root, outside, {
      ...found,
      match: { ...found.match, words: [...words.slice(0, keyLength), dialect.bannerText(text)] },
    });
  const banner = dialect.banner(words.slice(keyLength).join(" "));
  return "done" in banner ? store(banner.done) : { kind: "text", ...banner, finish: store };
}

/** Reads a whole config, as at boot, into `root`. Lines that this dialect does not know are given back. */
export function loadConfig(
  dialect: Dialect,
  text: string,
  root: ConfigNode = emptyConfig(),
): { root: ConfigNode; unknown: string[] } {
  const unknown: string[] = [];
  let position: Position = [];
  let indents: number[] = [];
  const lines = text.split(/\r?\n/);
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    if (/^\s*(!.*|end|exit-address-family)?$/.test(line)) continue;
    // A file's indentation tells where a section ends, so that a line never lands in the one above by chance.
    const indent = line.search(/\S/);
    const depth = indents.findIndex((header) => header >= indent);
    if (depth >= 0) [position, indents] = [position.slice(0, depth), indents.slice(0, depth)];
    let outcome = applyLine(dialect, root, position, line);
    if (outcome.kind === "text") {
      const kept: string[] = [];
      for (let last = false; !last && i + 1 < lines.length;) {
        const next = outcome.until(lines[++i] ?? "");
        last = next.last;
        if (!last || next.keep !== "") kept.push(next.keep);
      }
      outcome = outcome.finish(kept.join("\n"));
    }
    if (outcome.kind === "applied") {
      position = outcome.position;
      indents = position.map((_, d) => indents[d] ?? indent);
    } else unknown.push(line);
  }
  return { root, unknown };
}
