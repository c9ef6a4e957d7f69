import { junosTime, logTime } from "../clock.ts";
import { emptyJunos, cloneStatement, deleteStatement, setStatement, type Statement } from "./tree.ts";
import { checkConfig } from "./check.ts";
import { loadBraces } from "./parse.ts";
import { printBraces } from "./print.ts";
import { candidateOf, type Candidate, type Commit, type JunosSession, type JunosState } from "./state.ts";

export const printConfig = (root: Statement): string => `${printBraces(root.children).join("\n")}\n`;
export const sameConfig = (a: Statement, b: Statement): boolean => printConfig(a) === printConfig(b);

export function readConfig(text: string): Statement {
  const root = emptyJunos();
  const wrong = loadBraces(root, text);
  if (wrong) throw new Error(`the lab's Junos schema does not know this config: ${wrong.message}`);
  return root;
}

export const freshCandidate = (state: JunosState): Candidate => ({
  root: cloneStatement(state.active),
  edits: [],
  base: state.version,
});
export const isDirty = (state: JunosState, candidate: Candidate): boolean =>
  candidate.edits.length > 0 && !sameConfig(candidate.root, state.active);

type Kept = { commits: Commit[]; pending: JunosState["pending"] };
const parseKept = (text: string): Kept => JSON.parse(text) as Kept; // written by persist, below

export function persist(state: JunosState): void {
  const { store } = state.context;
  store.write("active.conf", printConfig(state.active));
  store.write("commits.json", JSON.stringify({ commits: state.commits, pending: state.pending }));
}
export function restore(state: JunosState): void {
  const kept = state.context.store.read("commits.json");
  const active = state.context.store.read("active.conf");
  if (kept === undefined || active === undefined) return;
  Object.assign(state, { ...parseKept(kept), active: readConfig(active), facts: undefined });
  state.shared = freshCandidate(state);
  armRollback(state);
}

export function activate(state: JunosState, root: Statement, commit: Omit<Commit, "at" | "config">): void {
  state.active = root;
  state.facts = undefined;
  state.version++;
  state.commits = [{ ...commit, at: state.context.now(), config: printConfig(root) }, ...state.commits].slice(0, 50);
  state.log = [
    ...state.log.slice(-199),
    `${logTime(state.context.now())}  mgd: UI_COMMIT_COMPLETED: commit complete by ${commit.user}`,
  ];
  persist(state);
}

/** Goes back by itself when nobody confirms in time; also right at the start, when the time passed while the lab was off. */
function armRollback(state: JunosState): void {
  clearTimeout(state.timer);
  const { pending } = state;
  if (!pending) return;
  state.timer = setTimeout(
    () => {
      if (state.pending !== pending) return;
      state.pending = undefined;
      activate(state, readConfig(pending.restore), {
        user: "root",
        via: "other",
        comment: "",
        confirmMinutes: undefined,
      });
      if (state.shared.edits.length === 0) state.shared = freshCandidate(state);
      state.context.broadcast(
        `\nBroadcast Message from root@${state.context.spec.name}\n        (no tty) at ${junosTime(state.context.now()).slice(11, 16)} UTC...\n\nCommit was not confirmed; automatic rollback complete.\n\n`,
      );
    },
    Math.max(0, pending.deadline - state.context.now()),
  );
}

export type CommitOptions = { check: boolean; comment: string; confirmed: number | undefined };

/** A private candidate on top of what others committed since it was made. */
function merged(state: JunosState, candidate: Candidate): Statement {
  if (candidate.base === state.version) return cloneStatement(candidate.root);
  let root = cloneStatement(state.active);
  for (const edit of candidate.edits) {
    if (edit.kind === "replace") root = cloneStatement(edit.root);
    else if (edit.kind === "set") setStatement(root, edit.path);
    else deleteStatement(root, edit.path);
  }
  return root;
}

/** Commits the session's candidate. Gives what the box prints, and whether something else runs now. */
export function commitCandidate(
  session: JunosSession,
  options: CommitOptions,
): { output: string; changed: boolean; refused: boolean } {
  const { state, info } = session;
  const candidate = candidateOf(session);
  const refuse = (output: string) => ({ output, changed: false, refused: true });
  const locked = lockMessage(session);
  if (locked !== undefined) return refuse(locked);
  const root = merged(state, candidate);
  const wrong = state.context.faults.fire("commit_failure", "commit")?.text ?? checkConfig(root);
  if (wrong !== undefined)
    return refuse(
      `${wrong.replace(/\n?$/, "\n")}${wrong.includes("check-out failed") ? "" : "error: configuration check-out failed\n"}`,
    );
  if (options.check) return { output: "configuration check succeeds\n", changed: false, refused: false };
  const changed = !sameConfig(root, state.active);
  const before = state.pending?.restore ?? state.commits[0]?.config ?? printConfig(state.active);
  clearTimeout(state.timer);
  state.pending =
    options.confirmed === undefined
      ? undefined
      : {
          minutes: options.confirmed,
          restore: before,
          deadline: state.context.now() + (options.confirmed * 60_000) / state.context.timeScale,
        };
  activate(state, root, { user: info.user, via: "cli", comment: options.comment, confirmMinutes: options.confirmed });
  armRollback(state);
  if (candidate === state.shared || state.shared.edits.length === 0) state.shared = freshCandidate(state);
  if (session.privateCandidate) session.privateCandidate = freshCandidate(state);
  const notice =
    options.confirmed === undefined
      ? ""
      : `commit confirmed will be automatically rolled back in ${options.confirmed} minutes unless confirmed\n`;
  return { output: `${notice}commit complete\n`, changed, refused: false };
}

/** What is said when somebody else holds the lock, or undefined. */
export function lockMessage(session: JunosSession): string | undefined {
  const { state, info } = session;
  const fault = state.context.faults.fire("config_locked");
  const holder = state.editors.find((e) => e.how === "exclusive" && e.session.id !== info.id);
  if (!fault && !holder) return undefined;
  const user = holder?.session.user ?? fault?.by ?? "";
  const terminal = holder ? `p${holder.session.line}` : "p9";
  return `error: configuration database locked by:\n  ${user} terminal ${terminal} (pid ${processId(holder?.session.line ?? 9)}) on since ${junosTime(holder?.since ?? state.context.bootedAt())}, idle 00:00:05\n      exclusive [edit]\n`;
}
export const processId = (line: number): number => 13_000 + line;
