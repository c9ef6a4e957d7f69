import type { Edge, Machine } from "./pattern.ts";

export type Match = {
  /** Index of the pattern. */
  rule: number;
  /** The line as the box prints it, word by word. */
  words: string[];
  /** How many of the words are the line's identity. */
  keyLength: number;
};
export type MatchResult =
  | { kind: "match"; match: Match }
  /** `offset`: where in the line the first wrong character stands. */
  | { kind: "invalid"; offset: number }
  | { kind: "ambiguous"; offset: number }
  | { kind: "incomplete" };

type Token = { text: string; start: number };
const tokenize = (line: string): Token[] => [...line.matchAll(/\S+/g)].map((m) => ({ text: m[0], start: m.index }));

type Thread = { state: number; words: string[]; keyLength: number | undefined };

function closure(machine: Machine, threads: Thread[]): Thread[] {
  const out: Thread[] = [];
  const seen = new Set<string>();
  const visit = (thread: Thread): void => {
    const state = machine.states[thread.state];
    if (!state) return;
    const here =
      state.endsKey && thread.keyLength === undefined ? { ...thread, keyLength: thread.words.length } : thread;
    const id = `${here.state} ${here.keyLength}`;
    if (seen.has(id)) return;
    seen.add(id);
    out.push(here);
    for (const to of state.empty) visit({ ...here, state: to });
  };
  threads.forEach(visit);
  return out;
}

const starts = new WeakMap<Machine, Thread[]>();
function startThreads(machine: Machine): Thread[] {
  const known = starts.get(machine);
  if (known) return known;
  const made = closure(machine, [{ state: machine.start, words: [], keyLength: undefined }]);
  starts.set(machine, made);
  return made;
}

/** How well a token fits an edge: exact keyword, then a strict argument, a keyword's beginning, a loose argument. */
function fit(edge: Edge, token: string): { rank: number; word: string } | undefined {
  if (edge.kind === "rest") return undefined;
  if (edge.kind === "keyword") {
    const [text, typed] = [edge.text.toLowerCase(), token.toLowerCase()];
    if (text === typed) return { rank: 4, word: edge.text };
    return text.startsWith(typed) ? { rank: 2, word: edge.text } : undefined;
  }
  const word = edge.value.parse(token);
  return word === undefined ? undefined : { rank: edge.value.loose ? 1 : 3, word };
}

const commonStart = (a: string, b: string): number => {
  let n = 0;
  while (n < a.length && n < b.length && a[n]?.toLowerCase() === b[n]?.toLowerCase()) n++;
  return n;
};

type Step = { threads: Thread[]; ended: Thread[] };

function step(machine: Machine, threads: Thread[], token: Token, rest: string): Step | MatchResult {
  const fits: { rank: number; keyword: string | undefined; thread: Thread }[] = [];
  const ended: Thread[] = [];
  let matched = 0;
  for (const thread of threads) {
    for (const edge of machine.states[thread.state]?.edges ?? []) {
      if (edge.kind === "rest") {
        ended.push({ state: edge.to, words: [...thread.words, rest], keyLength: thread.keyLength });
        continue;
      }
      if (edge.kind === "keyword") matched = Math.max(matched, commonStart(edge.text, token.text));
      const found = fit(edge, token.text);
      if (!found) continue;
      const glued = edge.kind === "value" && edge.glue;
      const words = glued
        ? [...thread.words.slice(0, -1), (thread.words.at(-1) ?? "") + found.word]
        : [...thread.words, found.word];
      fits.push({
        rank: found.rank,
        keyword: edge.kind === "keyword" ? edge.text : undefined,
        thread: { state: edge.to, words, keyLength: thread.keyLength },
      });
    }
  }
  if (fits.length === 0 && ended.length === 0)
    return { kind: "invalid", offset: token.start + Math.min(matched, token.text.length - 1) };
  const best = Math.max(0, ...fits.map((f) => f.rank));
  const chosen = fits.filter((f) => f.rank === best);
  if (best === 2 && new Set(chosen.map((f) => f.keyword)).size > 1) return { kind: "ambiguous", offset: token.start };
  return {
    threads: closure(
      machine,
      chosen.map((f) => f.thread),
    ),
    ended: closure(machine, ended),
  };
}

type Run = { threads: Thread[] } | Exclude<MatchResult, { kind: "match" }>;

function run(machine: Machine, line: string): Run {
  let threads = startThreads(machine);
  let ended: Thread[] = [];
  for (const token of tokenize(line)) {
    const next = step(machine, threads, token, line.slice(token.start).trimEnd());
    if ("kind" in next) {
      if (ended.length > 0) return { threads: ended };
      if (next.kind === "match") throw new Error("a step never matches a whole line");
      return next;
    }
    ended = [...ended, ...next.ended];
    threads = next.threads;
  }
  return { threads: [...threads, ...ended] };
}

function asMatch(machine: Machine, thread: Thread): MatchResult {
  const rule = machine.states[thread.state]?.pattern ?? -1;
  return { kind: "match", match: { rule, words: thread.words, keyLength: thread.keyLength ?? thread.words.length } };
}

export function match(machine: Machine, line: string): MatchResult {
  const found = run(machine, line);
  if (!("threads" in found)) return found;
  const thread = found.threads.find((t) => machine.states[t.state]?.accepts);
  return thread ? asMatch(machine, thread) : { kind: "incomplete" };
}

/** As `match`, but it is enough that the line's identity is complete: what follows `no`. */
export function matchIdentity(machine: Machine, line: string): MatchResult {
  const full = match(machine, line);
  if (full.kind !== "incomplete") return full;
  const found = run(machine, line);
  const thread = "threads" in found ? found.threads.find((t) => t.keyLength !== undefined) : undefined;
  return thread ? asMatch(machine, thread) : full;
}

/** What may stand after `line`, or complete its last word: keywords, and kinds of argument in capitals. */
export function completions(machine: Machine, line: string): string[] {
  const partial = /\S*$/.exec(line)?.[0] ?? "";
  const found = run(machine, line.slice(0, line.length - partial.length));
  if (!("threads" in found)) return [];
  const edges = found.threads.flatMap((thread) => machine.states[thread.state]?.edges ?? []);
  const words = edges.map((edge) =>
    edge.kind === "keyword" ? edge.text : edge.kind === "rest" ? "LINE" : edge.name.toUpperCase(),
  );
  const ends = partial === "" && found.threads.some((thread) => machine.states[thread.state]?.accepts);
  return [...new Set(words)]
    .filter((word) => word.toLowerCase().startsWith(partial.toLowerCase()))
    .sort()
    .concat(ends ? ["<cr>"] : []);
}
