import type { SetConfig } from "../platforms/language.ts";
import { setInactive, setPath, pathsOf, toNodes, toTrie, trie, wordsOf } from "./junos-trie.ts";
import { type ConfigNode, node } from "./tree.ts";

const TOKEN = /\/\*[^]*?\*\/|#[^\n]*|"(?:[^"\\]|\\[^])*"|[{};]|\n|[^\s{};"]+/g;

/** Reads `show configuration`, in braces or as `set` lines. */
export function parseJunos(config: SetConfig, text: string): ConfigNode[] {
  const asSet = /^\s*(?:#[^\n]*\n\s*)*(set|deactivate) /.test(text);
  return asSet ? parseSet(config, text) : toNodes(config, toTrie(config, parseBraces(config, text)));
}

function parseBraces(config: SetConfig, text: string): ConfigNode[] {
  const root: ConfigNode[] = [];
  const stack: ConfigNode[] = [];
  let words: string[] = [];
  let line = 1;
  let started = 1;
  const put = (): ConfigNode => {
    const made = node(words.join(" "), started);
    words = [];
    (stack.at(-1)?.children ?? root).push(made);
    return made;
  };
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "\n") line += 1;
    else if (token.startsWith("/*") || token.startsWith("#")) line += token.split("\n").length - 1;
    else if (token === "{") {
      if (words.length > 0) stack.push(put());
    } else if (token === ";") {
      if (words.length > 0) put();
    } else if (token === "}") {
      stack.pop();
    } else {
      if (words.length === 0) started = line;
      line += token.split("\n").length - 1;
      if (token !== "protect:" && token !== "replace:") words.push(token);
    }
  }
  return root.filter((of) => !config.volatile.some((v) => v.test(`${of.text};`)));
}

function parseSet(config: SetConfig, text: string): ConfigNode[] {
  const root = trie();
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    if (config.volatile.some((v) => v.test(line))) continue;
    const words = wordsOf(line);
    const verb = words.shift();
    if (verb === "set") for (const path of pathsOf(config, words)) setPath(config, root, path, index + 1);
    if (verb === "deactivate") setInactive(root, words, true);
  }
  return toNodes(config, root);
}

export function renderJunos(config: SetConfig, nodes: readonly ConfigNode[], depth = 0): string[] {
  const lead = " ".repeat(depth * config.indent);
  return nodes.flatMap((of) =>
    of.children.length === 0
      ? [`${lead}${of.text};`]
      : [`${lead}${of.text} {`, ...renderJunos(config, of.children, depth + 1), `${lead}}`],
  );
}
