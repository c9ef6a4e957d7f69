import { logEvent, runConfig, text } from "../cli/line-box.ts";
import type { Answer } from "../cli/types.ts";
import { loadConfig } from "../config/apply.ts";
import { unifiedDiff } from "../config/diff.ts";
import { cloneConfig, emptyConfig } from "../config/tree.ts";
import { eos, eosLines } from "./render.ts";
import type { ConfigSession, EosSession, EosState } from "./state.ts";

type Pending = { name: string; user: string; deadline: number; restore: string };

/** What a restart of the lab must not forget: a commit that still waits for its confirmation. */
function remember(state: EosState): void {
  const waiting = state.sessions.find((s) => s.state === "pendingCommitTimer");
  if (!waiting) state.context.store.remove("commit_timer.json");
  else
    state.context.store.write(
      "commit_timer.json",
      JSON.stringify({ name: waiting.name, user: waiting.user, deadline: waiting.deadline, restore: waiting.restore }),
    );
}
const parsePending = (kept: string): Pending => JSON.parse(kept) as Pending; // written by remember, above

/** Goes back to the config before the commit, unless it is confirmed before. */
function armTimer(state: EosState, session: ConfigSession): void {
  clearTimeout(state.timer);
  state.timer = setTimeout(
    () => {
      if (session.state !== "pendingCommitTimer" || session.restore === undefined) return;
      runConfig(state, loadConfig(eos, session.restore).root, "system");
      dropSession(state, session);
      logEvent(
        state,
        `%SYS-5-CONFIG_SESSION_COMMIT_TIMER_EXPIRED: Commit timer of session ${session.name} expired, configuration restored`,
      );
    },
    Math.max(0, (session.deadline ?? 0) - state.context.now()),
  );
}

export function resumeTimer(state: EosState): void {
  const kept = state.context.store.read("commit_timer.json");
  if (kept === undefined) return;
  const { name, user, deadline, restore } = parsePending(kept);
  const session: ConfigSession = {
    name,
    user,
    deadline,
    restore,
    root: cloneConfig(state.root),
    state: "pendingCommitTimer",
    terminal: undefined,
  };
  state.sessions.push(session);
  armTimer(state, session);
}

export function forgetSessions(state: EosState): void {
  clearTimeout(state.timer);
  state.sessions = [];
  remember(state);
}

function dropSession(state: EosState, session: ConfigSession): void {
  state.sessions = state.sessions.filter((s) => s !== session);
  remember(state);
}

/** `configure session NAME`: makes the session from the running config, or opens it again. */
export function openSession(session: EosSession, name: string | undefined): Answer {
  const { state, info } = session;
  const locked = state.context.faults.fire("config_locked");
  if (locked) return { refused: true, output: `% Configuration is locked by user ${locked.by} on vty0\n` };
  const wanted = name ?? `sess-${++state.made}`;
  const known = state.sessions.find((s) => s.name === wanted && s.state !== "completed");
  if (known?.state === "pendingCommitTimer")
    return { refused: true, output: `% Session ${wanted} is pending commit timer\n` };
  if (!known && state.sessions.filter((s) => s.state === "pending").length >= 5)
    return {
      refused: true,
      output:
        "% Maximum number of pending sessions has been reached. Please commit or abort previous sessions before creating a new one.\n",
    };
  const opened: ConfigSession = known ?? {
    name: wanted,
    root: cloneConfig(state.root),
    state: "pending",
    user: info.user,
    terminal: undefined,
    deadline: undefined,
    restore: undefined,
  };
  opened.terminal = info.line;
  opened.user = info.user;
  state.sessions = [...state.sessions.filter((s) => s.name !== wanted), opened];
  session.candidate = opened;
  session.position = [];
  return {};
}

export function leaveSession(session: EosSession): void {
  if (session.candidate) session.candidate.terminal = undefined;
  session.candidate = undefined;
  session.position = undefined;
}

export function abortSession(session: EosSession, target: ConfigSession): Answer {
  const { state } = session;
  const live = target.state === "pendingCommitTimer" && target.restore !== undefined;
  if (live && target.restore !== undefined) runConfig(state, loadConfig(eos, target.restore).root, session.info.user);
  dropSession(state, target);
  if (session.candidate === target) leaveSession(session);
  return { changed: live };
}

/** `HH:MM:SS` in milliseconds. */
const timerMs = (timer: string): number => {
  const [hours = 0, minutes = 0, seconds = 0] = timer.split(":").map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
};

export function commitSession(session: EosSession, target: ConfigSession, timer: string | undefined): Answer {
  const { state, info } = session;
  const refused = state.context.faults.fire("commit_failure", "commit");
  if (refused) return { refused: true, output: `% ${refused.text.replace(/^(error: |% )/, "")}\n` };
  const before = text(state);
  if (target.state === "pendingCommitTimer") {
    // The second commit keeps what is already running.
    if (timer === undefined) finishSession(state, target);
    else restartTimer(state, target, timer);
    if (session.candidate === target) leaveSession(session);
    return {};
  }
  if (state.sessions.some((s) => s.state === "pendingCommitTimer"))
    return { refused: true, output: "% Another session is pending commit timer\n" };
  runConfig(state, cloneConfig(target.root), info.user);
  logEvent(
    state,
    `%SYS-5-CONFIG_SESSION_COMMIT_SUCCESS: User ${info.user} committed configuration session ${target.name} successfully on vty${info.line} (${info.from})`,
  );
  if (timer === undefined) finishSession(state, target);
  else {
    target.restore = before;
    restartTimer(state, target, timer);
  }
  if (session.candidate === target) leaveSession(session);
  return { changed: text(state) !== before };
}

function restartTimer(state: EosState, target: ConfigSession, timer: string): void {
  target.state = "pendingCommitTimer";
  target.deadline = state.context.now() + timerMs(timer) / state.context.timeScale;
  remember(state);
  armTimer(state, target);
}

function finishSession(state: EosState, target: ConfigSession): void {
  clearTimeout(state.timer);
  Object.assign(target, { state: "completed", deadline: undefined, restore: undefined, terminal: undefined });
  state.sessions = [...state.sessions.filter((s) => s.state !== "completed"), target];
  remember(state);
}

/** `rollback clean-config`: the candidate is the box's factory config. */
export const cleanConfig = (session: EosSession): void => {
  if (session.candidate) session.candidate.root = emptyConfig();
};

export const sessionDiff = (state: EosState, target: ConfigSession): string =>
  unifiedDiff(
    eosLines(state.root),
    eosLines(target.root),
    "system:/running-config",
    `session:/${target.name}-session-config`,
  );

const left = (ms: number): string => {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((n) => String(n).padStart(2, "0"))
    .join(":");
};

export function listSessions(state: EosState, detail: boolean): string {
  const { now, timeScale } = state.context;
  const name = Math.max(4, ...state.sessions.map((s) => s.name.length));
  const head = `  ${"Name".padEnd(name)} State              User   Terminal${detail ? "   Commit Time Left" : ""}`;
  const rule = `  ${"-".repeat(name)} ------------------ ------ --------${detail ? "   ----------------" : ""}`;
  const rows = state.sessions.map((s) => {
    const time = detail && s.deadline !== undefined ? `   ${left((s.deadline - now()) * timeScale)}` : "";
    return `${s.terminal === undefined ? " " : "*"} ${s.name.padEnd(name)} ${s.state.padEnd(18)} ${s.user.padEnd(6)} ${(s.terminal === undefined ? "" : `vty${s.terminal}`).padEnd(8)}${time}`.trimEnd();
  });
  return `Maximum number of completed sessions: 1\nMaximum number of pending sessions: 5\n\n${head}\n${rule}\n${rows.map((row) => `${row}\n`).join("")}`;
}
