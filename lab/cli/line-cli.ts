import { applyLine, currentMode, type Outcome, type Position } from "../config/apply.ts";
import type { ConfigNode } from "../config/tree.ts";
import { completions, match, type MatchResult } from "../grammar/match.ts";
import type { SessionInfo } from "../types.ts";
import type { ExecTable } from "./exec.ts";
import { hostnameOf, runConfig, type LineState } from "./line-box.ts";
import { applyPipe, splitPipes } from "./pipes.ts";
import type { Answer, Cli, Io } from "./types.ts";

export type Refusal = Exclude<MatchResult, { kind: "match" }>;

/** One session on a line-based router. */
export type LineSession<State extends LineState = LineState> = {
  state: State;
  info: SessionInfo;
  privileged: boolean;
  /** Undefined in exec mode. */
  position: Position | undefined;
  length: number;
  width: number;
};

/** What IOS and EOS do each in its own way. */
export type LinePlatform<S extends LineSession> = {
  style: "ios" | "eos";
  exec: ExecTable<S>;
  /** The box's words for a line it does not take; `column` is where the wrong character stands on the screen. */
  refuse: (why: Refusal, line: string, column: number) => string;
  /** Commands of config mode that are no config lines. */
  configCommand: (line: string, session: S, io: Io) => Promise<Answer | undefined> | undefined;
  /** What config lines change: the running config, or a session's candidate. */
  target: (session: S) => { root: ConfigNode; changed: () => void };
  configPrompt: (session: S) => string;
  /** `end`, or `exit` from global config mode. */
  leaveConfig: (session: S) => void;
  welcome: (session: S) => string;
  ended: (session: S) => void;
};

function promptOf<S extends LineSession>(platform: LinePlatform<S>, session: S): string {
  const host = hostnameOf(session.state);
  if (session.position) return `${host}(${platform.configPrompt(session)})#`;
  return `${host}${session.privileged ? "#" : ">"}`;
}

/** What `(config-if)` stands for, for the mode a session is in. */
export const modePrompt = (session: LineSession): string => {
  const position = session.position ?? [];
  return currentMode(session.state.dialect, position).prompt(position.at(-1)?.text ?? "");
};

export async function runExec<S extends LineSession>(
  platform: LinePlatform<S>,
  session: S,
  line: string,
  io: Io,
  column: number,
): Promise<Answer> {
  const { command, pipes } = splitPipes(line);
  const [machine, rules] = session.privileged
    ? [platform.exec.machine, platform.exec.rules]
    : [platform.exec.userMachine, platform.exec.userRules];
  const found = match(machine, command);
  if (found.kind !== "match")
    return { output: platform.refuse(found, line, column + offsetOf(found)), refused: true, unpaged: true };
  const rule = rules[found.match.rule];
  if (!rule) throw new Error("the matched command is not in the table");
  if (pipes.length > 0 && !rule.pipe) {
    const bar: Refusal = { kind: "invalid", offset: line.indexOf("|") };
    return { output: platform.refuse(bar, line, column + bar.offset), refused: true, unpaged: true };
  }
  const answer = await rule.handler(found.match.words, session, io);
  let output = answer.output ?? "";
  for (const pipe of pipes) {
    const piped = applyPipe(output, pipe, platform.style);
    if (piped === undefined) {
      const why: Refusal =
        pipe.rest === "" ? { kind: "incomplete" } : { kind: "invalid", offset: line.indexOf(pipe.verb) };
      return { output: platform.refuse(why, line, column + offsetOf(why)), refused: true, unpaged: true };
    }
    output = piped;
  }
  return { ...answer, output };
}
const offsetOf = (why: Refusal): number => (why.kind === "incomplete" ? 0 : why.offset);

async function runConfigLine<S extends LineSession>(
  platform: LinePlatform<S>,
  session: S,
  line: string,
  io: Io,
  column: number,
): Promise<Answer> {
  const { root, changed } = platform.target(session);
  const position = session.position ?? [];
  let outcome: Outcome = applyLine(session.state.dialect, root, position, line);
  if (outcome.kind === "text") {
    io.write(outcome.ask);
    outcome = outcome.finish(await io.readText(outcome.until));
  }
  switch (outcome.kind) {
    case "applied":
      session.position = outcome.position;
      if (outcome.changed) changed();
      return { changed: outcome.changed, output: outcome.say === undefined ? "" : `${outcome.say}\n` };
    case "error":
      return { refused: true, output: `${outcome.message}\n`, unpaged: true };
    case "refused":
      return {
        refused: true,
        output: platform.refuse(outcome.why, line, column + offsetOf(outcome.why)),
        unpaged: true,
      };
    case "text":
      throw new Error("a banner cannot hold another text");
  }
}

/** `abbreviates("ex", "exit", 2)`: at least two letters of exit. */
const abbreviates = (typed: string, word: string, least: number): boolean =>
  typed.length >= least && word.startsWith(typed.toLowerCase());

export function lineCli<S extends LineSession>(platform: LinePlatform<S>, session: S): Cli {
  const prompt = (): string => promptOf(platform, session);
  const handleConfig = async (line: string, io: Io): Promise<Answer> => {
    const words = line.trim().split(/\s+/);
    const [first = ""] = words;
    if (words.length === 1 && abbreviates(first, "end", 3)) {
      platform.leaveConfig(session);
      return {};
    }
    if (words.length === 1 && abbreviates(first, "exit", 2)) {
      if (session.position?.length) session.position = session.position.slice(0, -1);
      else platform.leaveConfig(session);
      return {};
    }
    if (first.toLowerCase() === "do" && words.length > 1) {
      const at = line.search(/\S/) + 3;
      const before = session.position;
      const answer = await runExec(platform, session, line.trim().slice(3), io, prompt().length + at);
      session.position = before;
      return answer;
    }
    const command = await platform.configCommand(line.trim(), session, io);
    return command ?? runConfigLine(platform, session, line, io, prompt().length);
  };
  return {
    welcome: () => platform.welcome(session),
    prompt,
    mode: () => {
      const config = session.position !== undefined;
      return {
        name: config ? modePrompt(session) : session.privileged ? "exec" : "user",
        config,
        section: (session.position ?? []).map((p) => p.text).join(" / "),
      };
    },
    paging: () => ({ length: session.length, style: platform.style }),
    width: () => session.width,
    handle: async (line, io) => {
      if (line === "\u001a" || line === "\u0003") {
        if (session.position && (line === "\u001a" || platform.style === "ios")) platform.leaveConfig(session);
        return {};
      }
      if (/^\s*(!.*)?$/.test(line)) return {};
      return session.position ? handleConfig(line, io) : runExec(platform, session, line, io, prompt().length);
    },
    help: (line) => helpFor(platform, session, line) + prompt(),
    ended: () => platform.ended(session),
  };
}

/** The list that `?` shows: what may come next in the mode one is in. */
function helpFor<S extends LineSession>(platform: LinePlatform<S>, session: S, line: string): string {
  const machine = session.position
    ? currentMode(session.state.dialect, session.position).machine
    : session.privileged
      ? platform.exec.machine
      : platform.exec.userMachine;
  const words = completions(machine, line);
  if (words.length === 0) return "% Unrecognized command\n";
  return `${words.map((word) => `  ${word}\n`).join("")}\n`;
}

/** The running config as the target of config lines. */
export const runningTarget = (session: LineSession): { root: ConfigNode; changed: () => void } => ({
  root: session.state.root,
  changed: () => runConfig(session.state, session.state.root, session.info.user),
});
