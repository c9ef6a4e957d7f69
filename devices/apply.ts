import { blockStart } from "./apply/blocks.ts";
import { contextOf } from "../domain/config/needed.ts";
import { DeviceFailure } from "../domain/contract/errors.ts";
import { newestRows, settleRows, type JournalState } from "../db/queries/journal.ts";
import { putAnswered } from "../db/queries/read-backs.ts";
import { applyCandidate } from "./apply/candidate.ts";
import { applyConfigureSession } from "./apply/configure-session.ts";
import { applyImmediate } from "./apply/immediate.ts";
import { keep } from "./apply/keep.ts";
import { knownAnyway } from "./apply/known-anyway.ts";
import { checkName } from "./apply/names.ts";
import { Halt, type ApplyDeps, type ApplyOutcome } from "./apply/outcome.ts";
import { rollBack } from "./apply/roll-back.ts";
import { createSender, type Line } from "./apply/sender.ts";
import type { ApprovedChange } from "./approved-change.ts";
import { failure } from "./failures.ts";
import { checkSerial } from "./identity.ts";
import { checkRows } from "./journal-rows.ts";
import type { Session } from "./session.ts";

export type { ApplyDeps, ApplyOutcome } from "./apply/outcome.ts";

/**
 * The second of the two doors: carries out one phase of an approved change on one device. Every line has its journal row
 * before its first byte; what was sent before is never sent again without a read-back.
 */
export async function apply(whole: Session, approved: ApprovedChange, deps: ApplyDeps): Promise<ApplyOutcome> {
  const session = hiding(whole, approved);
  if (
    session.device.id !== approved.deviceId ||
    deps.lease.deviceId !== approved.deviceId ||
    deps.lease.runId !== approved.runId
  )
    throw new Error(`the session and lease are not for ${approved.device} and its run`);
  const direction = approved.phase;
  if (direction === "read_back") throw new Error("a read-back sends nothing");
  const rows = await newestRows(deps.pool, { changeId: approved.changeId, deviceId: approved.deviceId, direction });
  const before = rows.some((row) => row.state !== "absent");
  try {
    await checkRows(deps.vault, approved, direction, rows);
    checkName(session, approved);
    // In a stack another member may tell its own serial number since: what was begun is kept or taken back all the same.
    await checkSerial(session, direction === "apply" ? undefined : () => knownAnyway(session, approved, deps));
    if (direction === "apply" && approved.hostKey !== session.device.hostKey?.fingerprint)
      throw failure(
        "host_key_changed",
        `${approved.device} has another accepted host key than the one in the approved plan; plan again`,
      );
    if (direction === "keep") return await keep(session, approved, deps, rows);
    if (direction === "rollback") return await rollBack(session, approved, deps, rows);
    return await applyLines(session, approved, deps, rows);
  } catch (error) {
    if (error instanceof Halt) return error.outcome;
    if (!(error instanceof DeviceFailure)) throw error;
    return before
      ? { status: "in_doubt", seqs: [], failure: error }
      : { status: "failed", failure: error, nothingSent: true };
  }
}

/** What a device answers may repeat the secrets that it was sent. A config that is read is compared, so it stays as it is. */
function hiding(session: Session, { hide }: ApprovedChange): Session {
  return {
    ...session,
    exchange: async (lines, options) => {
      try {
        const said = await session.exchange(lines, options);
        if (options?.reads === true) return said;
        const answers = said.answers.map((each) => ({
          ...each,
          text: hide(each.text),
          refused: each.refused === null ? null : hide(each.refused),
        }));
        return { ...said, answers };
      } catch (error) {
        if (error instanceof DeviceFailure) error.message = hide(error.message);
        throw error;
      }
    },
  };
}

async function applyLines(
  session: Session,
  approved: ApprovedChange,
  deps: ApplyDeps,
  rows: readonly JournalState[],
): Promise<ApplyOutcome> {
  const { lines } = approved;
  const { transaction } = session.device.platform;
  if (transaction.kind === "none")
    throw failure("wrong_platform", `nothing is ever sent to a ${approved.platform} device`);
  const staged = transaction.kind !== "immediate";
  const start = await whereToStart(approved, deps, rows, staged);
  if ("status" in start) return start;
  const sender = createSender(session, approved, deps, {
    direction: "apply",
    attempt: start.attempt,
    before: rows.some((r) => r.state !== "absent"),
    total: lines.length,
  });
  const at = (seqs: readonly number[]): Line[] => seqs.map((seq) => ({ seq, line: lines[seq] ?? "" }));
  const rest = lines.map((_, seq) => seq).slice(start.fromSeq);
  if (transaction.kind === "immediate")
    return applyImmediate(
      session,
      approved,
      sender,
      transaction,
      at([...(start.fromSeq === 0 ? [] : contextOf(approved.platform, lines, start.fromSeq)), ...rest]),
      deps.signal,
    );
  const commit = { commitSeq: lines.length, confirmMinutes: approved.confirmMinutes };
  return transaction.kind === "configure_session"
    ? applyConfigureSession(session, approved, sender, transaction, at(rest), deps, commit)
    : applyCandidate(session, approved, sender, transaction, at(rest), deps, commit);
}

/** From the journal alone: begin, go on behind what is known, or nothing, because something is in doubt or all is done. */
async function whereToStart(
  approved: ApprovedChange,
  { pool, lease }: ApplyDeps,
  rows: readonly JournalState[],
  staged: boolean,
): Promise<{ fromSeq: number; attempt: number } | ApplyOutcome> {
  if (rows.length === 0) return { fromSeq: 0, attempt: 1 };
  const doubt = rows.filter((row) => row.state === "sent").map((row) => row.seq);
  if (doubt.length > 0)
    return {
      status: "in_doubt",
      seqs: doubt,
      failure: failure(
        "connection_lost",
        `an attempt before this one ended in the middle on ${approved.device}; it must be read back first`,
      ),
    };
  const refused = rows.find((row) => row.state === "refused" && row.seq < approved.lines.length);
  if (refused) return { status: "rejected", seq: refused.seq, line: refused.line, answer: refused.answer ?? "" };
  const known = new Set(rows.filter((row) => row.state === "taken" || row.state === "present").map((row) => row.seq));
  const last = approved.lines.length - (staged ? 0 : 1);
  const next = Array.from({ length: last + 1 }, (_, seq) => seq).find((seq) => !known.has(seq));
  if (next === undefined) return { status: "done", confirmBy: null };
  const fromSeq = staged ? 0 : blockStart(approved.platform, approved.lines, next);
  const attempt = Math.max(...rows.map((row) => row.attempt));
  const where = { changeId: approved.changeId, deviceId: approved.deviceId, direction: "apply" as const };
  // Lines that were loaded, but whose commit never came, are nowhere.
  if (staged)
    await settleRows(
      pool,
      where,
      rows.map(({ seq, attempt: n }) => ({ seq, attempt: n, state: "absent" as const })),
    );
  await putAnswered(pool, {
    ...where,
    attempt,
    epoch: lease.epoch,
    configRef: null,
    result: { verdict: "answered", fromSeq },
  });
  return { fromSeq, attempt: attempt + 1 };
}
