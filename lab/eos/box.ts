import type { Box, BoxContext } from "../box.ts";
import { bannerText, createLineState, lineBox, logEvent } from "../cli/line-box.ts";
import { lineCli, modePrompt, runExec, runningTarget, type LinePlatform } from "../cli/line-cli.ts";
import type { Answer } from "../cli/types.ts";
import { match } from "../grammar/match.ts";
import { compile } from "../grammar/pattern.ts";
import { EOS_EXEC } from "./exec.ts";
import { EOS_VALUES } from "./grammar.ts";
import { eos, eosLines } from "./render.ts";
import { abortSession, cleanConfig, commitSession, forgetSessions, leaveSession, resumeTimer } from "./sessions.ts";
import type { EosSession, EosState } from "./state.ts";

const SESSION_COMMANDS = ["commit", "commit timer <timer>", "abort", "rollback clean-config"];
const sessionMachine = compile(SESSION_COMMANDS, EOS_VALUES);

/** What only a config session knows, and the show commands that EOS takes in config mode too. */
function configCommand(
  line: string,
  session: EosSession,
  io: Parameters<NonNullable<typeof platform.configCommand>>[2],
): Promise<Answer | undefined> | undefined {
  if (/^sh(o|ow)?\s/i.test(line)) return runExec(platform, session, line, io, 0);
  const { candidate } = session;
  const found = match(sessionMachine, line);
  if (!candidate || found.kind !== "match" || !/^(com|ab|rollb)/i.test(line)) return undefined;
  switch (SESSION_COMMANDS[found.match.rule]) {
    case "abort":
      return Promise.resolve(abortSession(session, candidate));
    case "rollback clean-config":
      cleanConfig(session);
      return Promise.resolve({ changed: true });
    default:
      return Promise.resolve(commitSession(session, candidate, found.match.words[2]));
  }
}

const platform: LinePlatform<EosSession> = {
  style: "eos",
  exec: EOS_EXEC,
  refuse: (why) => {
    if (why.kind === "incomplete") return "% Incomplete command\n";
    return why.kind === "ambiguous" ? "% Ambiguous command\n" : "% Invalid input\n";
  },
  configCommand,
  target: (session) =>
    session.candidate ? { root: session.candidate.root, changed: () => undefined } : runningTarget(session),
  configPrompt: (session) => {
    const mode = modePrompt(session);
    return session.candidate ? mode.replace(/^config/, `config-s-${session.candidate.name.slice(0, 6)}`) : mode;
  },
  leaveConfig: (session) => {
    if (!session.candidate)
      logEvent(
        session.state,
        `%SYS-5-CONFIG_I: Configured from console by ${session.info.user} on vty${session.info.line} (${session.info.from})`,
      );
    leaveSession(session);
  },
  welcome: (session) => bannerText(session.state.root, "motd"),
  ended: (session) => {
    if (session.candidate) session.candidate.terminal = undefined;
  },
};

export function createEosBox(context: BoxContext): Box {
  const state: EosState = { ...createLineState(context, eos, eosLines), sessions: [], timer: undefined, made: 0 };
  resumeTimer(state);
  const open: Box["open"] = (info) =>
    lineCli(platform, {
      state,
      info,
      privileged: false,
      position: undefined,
      length: info.rows,
      width: info.columns,
      candidate: undefined,
    });
  return lineBox(state, open, { boot: () => forgetSessions(state), stop: () => clearTimeout(state.timer) });
}
