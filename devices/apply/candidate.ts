import type { ApprovedChange } from "../approved-change.ts";
import { failure, isFailure } from "../failures.ts";
import type { Candidate } from "../platforms/platform.ts";
import type { Session } from "../session.ts";
import { COMMIT_IDLE_MS } from "./configure-session.ts";
import { enterWhenFree, oneLine } from "./enter.ts";
import { Halt, type ApplyDeps, type ApplyOutcome } from "./outcome.ts";
import type { Line, Sender } from "./sender.ts";
import { labelOf, load, markDiscarded } from "./staged.ts";

/** Loads the lines into the candidate, which this session alone holds, and commits it with our label. */
export async function applyCandidate(
  session: Session,
  approved: ApprovedChange,
  sender: Sender,
  transaction: Candidate,
  lines: readonly Line[],
  deps: ApplyDeps,
  { commitSeq, confirmMinutes }: { commitSeq: number; confirmMinutes: number },
): Promise<ApplyOutcome> {
  const label = labelOf(approved.changeId, sender.direction, sender.attempt);
  if (sender.direction === "apply") await refuseWaitingCommit(session, transaction);
  const isInside = (): boolean => transaction.inside.test(session.prompt().text);
  await enterCandidate(session, transaction, deps.signal);
  const abandon = async (except: number | null): Promise<void> => {
    await leave(session, transaction, true);
    await markDiscarded(deps, approved, sender, lines, except);
  };
  const refused =
    lines.length === 0
      ? null
      : await load(session, approved, sender, lines).catch(async (error: unknown) => {
          if (error instanceof Halt && error.outcome.status === "in_doubt" && error.outcome.seqs.length > 0)
            session.close();
          else await leave(session, transaction, true);
          throw error;
        });
  if (refused !== null) {
    await abandon(refused.seq);
    return { status: "rejected", ...refused };
  }
  const confirmed = confirmMinutes > 0 ? transaction.commitConfirmed : null;
  const command = confirmed === null ? transaction.commit(label) : confirmed(confirmMinutes, label);
  try {
    const [exchange] = await sender.send([{ seq: commitSeq, line: command }], { idleMs: COMMIT_IDLE_MS });
    const answer = exchange?.answers[0];
    const committed =
      answer !== undefined && (transaction.committed?.test(answer.text) ?? (answer.refused === null && isInside()));
    const text = committed ? answer.text : await whyRefused(session, transaction, answer?.text ?? "");
    sender.answered(commitSeq, committed ? "taken" : "refused", text);
    if (committed) {
      await sender.flush();
      await leave(session, transaction, false);
      return { status: "done", confirmBy: confirmed !== null ? new Date(Date.now() + confirmMinutes * 60_000) : null };
    }
    await abandon(null);
    return {
      status: "failed",
      failure: failure("commit_failed", `${approved.device} refused the commit: ${oneLine(text)}`),
      nothingSent: true,
    };
  } catch (error) {
    if (!(error instanceof Halt)) throw error;
    if (error.outcome.status === "in_doubt" && error.outcome.seqs.length > 0) {
      session.close();
      throw error;
    }
    await abandon(null);
    throw error.outcome.status === "stopped" ? new Halt({ ...error.outcome, nextSeq: lines[0]?.seq ?? 0 }) : error;
  }
}

/** Enters the configuration mode, which this session alone then holds. What somebody else left in the candidate stays. */
export async function enterCandidate(
  session: Session,
  { enter, inside, locked, dirty, compare }: Candidate,
  signal: AbortSignal | undefined,
): Promise<void> {
  const isInside = (): boolean => inside.test(session.prompt().text);
  await enterWhenFree(session, { enter, locked, isInside, ...(dirty === null ? {} : { dirty }) }, signal);
  const foreign = compare === null ? "" : ((await session.exchange([compare])).answers[0]?.text.trim() ?? "");
  if (foreign === "") return;
  // Not ours, so it is not thrown away either: leaving is left to the end of the connection.
  session.close();
  throw failure(
    "dirty_candidate",
    `${session.device.name} holds uncommitted changes of somebody else: ${oneLine(foreign)}`,
  );
}

/** A commit on top of one that waits for its confirmation would confirm it: somebody else's change would stay unseen. */
async function refuseWaitingCommit(session: Session, transaction: Candidate): Promise<void> {
  const { waiting } = transaction.log;
  if (waiting === null) return;
  const [top] = await readCommits(session, transaction);
  if (top !== undefined && waiting.test(top.text))
    throw failure(
      "device_locked",
      `${session.device.name} waits for a commit to be confirmed, or to be taken back by itself: ${oneLine(top.text)}`,
    );
}

/** What the device says about a refused commit, and what it says when it is asked. */
async function whyRefused(session: Session, { why }: Candidate, text: string): Promise<string> {
  if (why === null || !session.isOpen()) return text;
  const more = (await session.exchange([why], { reads: true })).answers[0]?.text ?? "";
  return `${text.trim()}\n${more.trim()}`.trim();
}

/** Leaves the candidate, emptied of what was loaded. Where that fails, the end of an exclusive session discards it. */
export async function leave(
  session: Session,
  { leave: command, discard, inside }: Candidate,
  dirty: boolean,
): Promise<void> {
  const isInside = (): boolean => session.isOpen() && inside.test(session.prompt().text);
  try {
    if (dirty && isInside()) await session.exchange([discard], { quick: true });
    if (isInside()) await session.exchange([command], { quick: true });
  } catch (error) {
    if (!isFailure(error)) throw error;
    session.close();
  }
}

export type CommitEntry = { text: string };

/** The commits that the device remembers, newest first. */
export async function readCommits(session: Session, { log }: Candidate): Promise<CommitEntry[]> {
  const { answers } = await session.exchange([log.command], { reads: true });
  const entries: CommitEntry[] = [];
  for (const line of (answers[0]?.text ?? "").split("\n")) {
    if (log.entry.test(line)) entries.push({ text: line });
    else if (line.trim() !== "") {
      const last = entries.at(-1);
      if (last) last.text += `\n${line}`;
    }
  }
  return entries;
}

/** Where our commit stands: confirmed or waiting on top, taken back by the device, or nowhere. */
export function standOf(
  { log: { waiting, byItself } }: Candidate,
  entries: readonly CommitEntry[],
  label: string,
): "committed" | "waiting" | "taken_back" | "absent" {
  const at = entries.findIndex(({ text }) =>
    text
      .split(label)
      .slice(1)
      .some((behind) => !/^\d/.test(behind)),
  );
  if (at === -1) return "absent";
  if (entries.slice(0, at).some(({ text }) => byItself?.test(text.split("\n")[0] ?? "") === true)) return "taken_back";
  return at === 0 && waiting?.test(entries[0]?.text ?? "") === true ? "waiting" : "committed";
}
