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
  await enterWhenFree(session, { ...transaction, isInside: ({ level }) => level === transaction.inside }, deps.signal);
  const abandon = async (except: number | null): Promise<void> => {
    await leave(session, transaction, true);
    await markDiscarded(deps, approved, sender, lines, except);
  };
  const foreign = (await session.exchange([transaction.compare])).answers[0]?.text.trim() ?? "";
  if (foreign !== "") {
    // Not ours, so it is not thrown away either: leaving is left to the end of the connection.
    session.close();
    throw failure(
      "dirty_candidate",
      `${approved.device} holds uncommitted changes of somebody else: ${oneLine(foreign)}`,
    );
  }
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
  const command = confirmMinutes > 0 ? transaction.commitConfirmed(confirmMinutes, label) : transaction.commit(label);
  try {
    const [exchange] = await sender.send([{ seq: commitSeq, line: command }], { idleMs: COMMIT_IDLE_MS });
    const text = exchange?.answers[0]?.text ?? "";
    const committed = transaction.committed.test(text);
    sender.answered(commitSeq, committed ? "taken" : "refused", text);
    if (committed) {
      await sender.flush();
      await leave(session, transaction, false);
      return { status: "done", confirmBy: confirmMinutes > 0 ? new Date(Date.now() + confirmMinutes * 60_000) : null };
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

/** A commit on top of one that waits for its confirmation would confirm it: somebody else's change would stay unseen. */
async function refuseWaitingCommit(session: Session, transaction: Candidate): Promise<void> {
  const [top] = await readCommits(session, transaction);
  if (top !== undefined && WAITING.test(top.text))
    throw failure(
      "device_locked",
      `${session.device.name} waits for a commit to be confirmed, or to be taken back by itself: ${oneLine(top.text)}`,
    );
}

/** Leaves the candidate, emptied of what was loaded. Where that fails, the end of an exclusive session discards it. */
async function leave(session: Session, { leave: command, discard, inside }: Candidate, dirty: boolean): Promise<void> {
  if (!session.isOpen() || session.prompt().level !== inside) return;
  try {
    if (dirty) await session.exchange([discard], { quick: true });
    await session.exchange([command], { quick: true });
  } catch (error) {
    if (!isFailure(error)) throw error;
    session.close();
  }
}

export type CommitEntry = { text: string };

/** The commits that the device remembers, newest first. */
export async function readCommits(session: Session, { log }: Candidate): Promise<CommitEntry[]> {
  const { answers } = await session.exchange([log]);
  const entries: CommitEntry[] = [];
  for (const line of (answers[0]?.text ?? "").split("\n")) {
    if (/^\d+ +\d{4}-/.test(line)) entries.push({ text: line });
    else if (line.trim() !== "") {
      const last = entries.at(-1);
      if (last) last.text += `\n${line}`;
    }
  }
  return entries;
}

const WAITING = /commit confirmed, rollback in/;

/** The device went back by itself, because a commit was not confirmed. */
const BY_ITSELF = /\bby root via other\b|\brollback\b.*\bautomatic|automatic rollback/i;

/** Where our commit stands: confirmed or waiting on top, taken back by the device, or nowhere. */
export function standOf(
  entries: readonly CommitEntry[],
  label: string,
): "committed" | "waiting" | "taken_back" | "absent" {
  const at = entries.findIndex(({ text }) => text.includes(label));
  if (at === -1) return "absent";
  if (entries.slice(0, at).some(({ text }) => BY_ITSELF.test(text.split("\n")[0] ?? ""))) return "taken_back";
  return at === 0 && WAITING.test(entries[0]?.text ?? "") ? "waiting" : "committed";
}
