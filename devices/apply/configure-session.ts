import type { ApprovedChange } from "../approved-change.ts";
import { failure, isFailure } from "../failures.ts";
import type { ConfigureSession } from "../platforms/platform.ts";
import type { Session } from "../session.ts";
import { enterWhenFree, oneLine } from "./enter.ts";
import { Halt, type ApplyDeps, type ApplyOutcome } from "./outcome.ts";
import type { Line, Sender } from "./sender.ts";
import { labelOf, load, markDiscarded } from "./staged.ts";

/** A commit compiles the whole configuration: a large box takes minutes. */
export const COMMIT_IDLE_MS = 300_000;

/** Loads the lines into a session of our own name and commits it; with a timer, the device goes back unless it is kept. */
export async function applyConfigureSession(
  session: Session,
  approved: ApprovedChange,
  sender: Sender,
  transaction: ConfigureSession,
  lines: readonly Line[],
  deps: ApplyDeps,
  { commitSeq, confirmMinutes }: { commitSeq: number; confirmMinutes: number },
): Promise<ApplyOutcome> {
  const label = labelOf(approved.changeId, sender.direction, sender.attempt);
  await checkFree(session, transaction);
  await enterWhenFree(
    session,
    {
      enter: transaction.enter(label),
      isInside: ({ mode }) => transaction.inside.test(mode),
      locked: transaction.locked,
    },
    deps.signal,
  );
  const abandon = async (except: number | null): Promise<void> => {
    await leave(session, transaction);
    await markDiscarded(deps, approved, sender, lines, except);
  };
  const refused = await load(session, approved, sender, lines).catch(async (error: unknown) => {
    if (!(error instanceof Halt && error.outcome.status === "in_doubt" && error.outcome.seqs.length > 0))
      await leave(session, transaction);
    else session.close();
    throw error;
  });
  if (refused !== null) {
    await abandon(refused.seq);
    return { status: "rejected", ...refused };
  }
  const command = confirmMinutes > 0 ? transaction.commitConfirmed(confirmMinutes) : transaction.commit;
  try {
    const [exchange] = await sender.send([{ seq: commitSeq, line: command }], { idleMs: COMMIT_IDLE_MS });
    const answer = exchange?.answers[0];
    const stillInside = transaction.inside.test(session.prompt().mode);
    const why = answer?.refused ?? (stillInside ? (answer?.text ?? "") : null);
    sender.answered(commitSeq, why === null ? "taken" : "refused", why ?? answer?.text ?? null);
    if (why === null) {
      await sender.flush();
      return { status: "done", confirmBy: confirmMinutes > 0 ? new Date(Date.now() + confirmMinutes * 60_000) : null };
    }
    await abandon(null);
    return {
      status: "failed",
      failure: failure("commit_failed", `${approved.device} refused the commit: ${oneLine(why)}`),
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

/** Leaves the session without a trace; where that fails, closing the connection leaves it uncommitted. */
async function leave(session: Session, { abandon, inside }: ConfigureSession): Promise<void> {
  if (!session.isOpen() || !inside.test(session.prompt().mode)) return;
  try {
    await session.exchange([abandon], { quick: true });
  } catch (error) {
    if (!isFailure(error)) throw error;
    session.close();
  }
}

export type SessionState = "open" | "committed" | "waiting";

/** The configuration sessions that the device knows, by name. */
export async function listSessions(
  session: Session,
  { list, row, states }: ConfigureSession,
): Promise<Map<string, SessionState>> {
  // A table of names: nothing in it looks like a prompt.
  const { answers } = await session.exchange([list], { quick: true });
  const found = new Map<string, SessionState>();
  for (const line of (answers[0]?.text ?? "").split("\n")) {
    const groups = row.exec(line)?.groups;
    const name = groups?.name;
    const state = groups?.state ?? "";
    if (name === undefined) continue;
    if (states.waiting.test(state)) found.set(name, "waiting");
    else if (states.committed.test(state)) found.set(name, "committed");
    else if (states.open.test(state)) found.set(name, "open");
  }
  return found;
}

/** While somebody's commit waits for its confirmation, nobody else can commit. */
async function checkFree(session: Session, transaction: ConfigureSession): Promise<void> {
  const waiting = [...(await listSessions(session, transaction))].find(([, state]) => state === "waiting");
  if (waiting)
    throw failure(
      "device_locked",
      `${session.device.name} waits for the commit of the configuration session “${waiting[0]}” to be confirmed`,
    );
}
