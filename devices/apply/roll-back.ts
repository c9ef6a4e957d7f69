import { parseConfig } from "../../domain/config/parse.ts";
import { maskSecrets } from "../../domain/config/secrets.ts";
import { neededLines } from "../../domain/config/needed.ts";
import { putBlob } from "../../db/queries/blobs.ts";
import { newestRows, settleRows, type JournalState } from "../../db/queries/journal.ts";
import { putReadBack } from "../../db/queries/read-backs.ts";
import { secretRef } from "../../db/queries/secrets.ts";
import type { ApprovedChange } from "../approved-change.ts";
import { failure } from "../failures.ts";
import type { ConfigureSession } from "../platforms/platform.ts";
import { readRunningConfig } from "../read.ts";
import type { Session } from "../session.ts";
import { applyCandidate, enterCandidate, leave, readCommits, standOf } from "./candidate.ts";
import { applyConfigureSession, COMMIT_IDLE_MS, listSessions } from "./configure-session.ts";
import { oneLine } from "./enter.ts";
import { applyImmediate } from "./immediate.ts";
import { save } from "./keep.ts";
import type { ApplyDeps, ApplyOutcome } from "./outcome.ts";
import { createSender, type Line, type Sender } from "./sender.ts";
import { committedLabel } from "./staged.ts";

/**
 * Takes back what was sent. The config is read first, each time: only the lines that are still needed are sent, so that a
 * rollback that broke off goes on where it stands.
 */
export async function rollBack(
  session: Session,
  approved: ApprovedChange,
  deps: ApplyDeps,
  rows: readonly JournalState[],
): Promise<ApplyOutcome> {
  const { transaction } = session.device.platform;
  const back = approved.rollbackLines;
  const attempt = rows.length === 0 ? 1 : Math.max(...rows.map((row) => row.attempt)) + 1;
  const sender = createSender(session, approved, deps, {
    direction: "rollback",
    attempt,
    before: rows.length > 0,
    total: back.length,
  });
  const where = { changeId: approved.changeId, deviceId: approved.deviceId, direction: "rollback" as const };
  const record = async (): Promise<number[]> => {
    const config = await readRunningConfig(session);
    const tree = parseConfig(
      approved.platform,
      maskSecrets(approved.platform, config, (value) => secretRef(deps.vault, value)),
    );
    const needed = neededLines(approved.platform, tree, back);
    if (attempt > 1) {
      const staged = transaction.kind !== "immediate";
      // A commit in doubt has come exactly when nothing of it is needed any more. Lines that were loaded for one that never
      // came are nowhere, however the device answered them.
      const isAbsent = (seq: number): boolean =>
        needed.includes(seq) || (staged && seq >= back.length && needed.length > 0);
      const open = rows.filter((row) => row.state === "sent" || (staged && row.state === "taken" && isAbsent(row.seq)));
      await settleRows(
        deps.pool,
        where,
        open.map(({ seq, attempt: n }) => ({ seq, attempt: n, state: isAbsent(seq) ? "absent" : "present" })),
      );
      await putReadBack(deps.pool, {
        ...where,
        attempt: attempt - 1,
        epoch: deps.lease.epoch,
        configRef: await putBlob(deps.pool, deps.vault, config),
        result: { verdict: "read", needed },
      });
    }
    return needed;
  };
  if (transaction.kind === "candidate" && (await commitInDoubt(approved, deps, rows))) {
    // The device may go on with a commit whose session has died: only who gets in alone reads what it came to.
    await enterCandidate(session, transaction, deps.signal);
    await leave(session, transaction, false);
  }
  const needed = await record();
  switch (transaction.kind) {
    case "none":
      throw failure("wrong_platform", `nothing is ever sent to a ${approved.platform} device`);
    case "immediate": {
      const outcome =
        needed.length === 0
          ? DONE
          : await applyImmediate(session, approved, sender, transaction, pick(back, needed), deps.signal);
      // What was saved with the change in it is saved anew without it.
      return outcome.status === "done" && (await wasSaved(approved, deps))
        ? save(session, sender, transaction.save, back.length + 2)
        : outcome;
    }
    case "configure_session": {
      const reverted = await revertWaiting(session, approved, deps, sender, transaction);
      if (reverted !== null && reverted.status !== "done") return reverted;
      const left = reverted === null ? needed : await leftToDo(session, approved, deps);
      const commit = { commitSeq: back.length + 1, confirmMinutes: 0 };
      const outcome =
        left.length === 0
          ? DONE
          : await applyConfigureSession(session, approved, sender, transaction, pick(back, left), deps, commit);
      return outcome.status === "done" && (await wasSaved(approved, deps))
        ? save(session, sender, transaction.save, back.length + 2)
        : outcome;
    }
    case "candidate": {
      const waiting =
        standOf(transaction, await readCommits(session, transaction), await committedLabel(approved, deps)) ===
        "waiting";
      // A commit on top ends the timer of the one before it: what was waiting is taken back and the taking back stays.
      return needed.length === 0 && !waiting
        ? DONE
        : applyCandidate(session, approved, sender, transaction, pick(back, needed), deps, {
            commitSeq: back.length,
            confirmMinutes: 0,
          });
    }
  }
}

const DONE: ApplyOutcome = { status: "done", confirmBy: null };

const pick = (lines: readonly string[], seqs: readonly number[]): Line[] =>
  seqs.map((seq) => ({ seq, line: lines[seq] ?? "" }));

async function leftToDo(session: Session, approved: ApprovedChange, deps: ApplyDeps): Promise<number[]> {
  const config = await readRunningConfig(session);
  return neededLines(
    approved.platform,
    parseConfig(
      approved.platform,
      maskSecrets(approved.platform, config, (value) => secretRef(deps.vault, value)),
    ),
    approved.rollbackLines,
  );
}

async function commitInDoubt(
  { changeId, deviceId, lines, rollbackLines }: ApprovedChange,
  { pool }: ApplyDeps,
  rows: readonly JournalState[],
): Promise<boolean> {
  const applied = await newestRows(pool, { changeId, deviceId, direction: "apply" });
  const open = (all: readonly JournalState[], seq: number): boolean =>
    all.some((row) => row.seq === seq && row.state === "sent");
  return open(applied, lines.length) || open(rows, rollbackLines.length);
}

async function wasSaved(approved: ApprovedChange, { pool }: ApplyDeps): Promise<boolean> {
  const rows = await newestRows(pool, { changeId: approved.changeId, deviceId: approved.deviceId, direction: "keep" });
  return rows.length > 0;
}

/** A commit of ours whose timer still runs is taken back by the device itself, exactly. Null: there is none. */
async function revertWaiting(
  session: Session,
  approved: ApprovedChange,
  deps: ApplyDeps,
  sender: Sender,
  transaction: ConfigureSession,
): Promise<ApplyOutcome | null> {
  const label = await committedLabel(approved, deps);
  if ((await listSessions(session, transaction)).get(label) !== "waiting") return null;
  const seq = approved.rollbackLines.length;
  const [exchange] = await sender.send([{ seq, line: transaction.revert(label) }], { idleMs: COMMIT_IDLE_MS });
  const answer = exchange?.answers[0];
  const why = answer?.refused ?? null;
  sender.answered(seq, why === null ? "taken" : "refused", why ?? answer?.text ?? null);
  await sender.flush();
  if (why === null) return DONE;
  return {
    status: "failed",
    failure: failure("commit_failed", `${approved.device} refused to take the waiting commit back: ${oneLine(why)}`),
    nothingSent: false,
  };
}
