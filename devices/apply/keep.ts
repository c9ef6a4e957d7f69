import { settleRows, type JournalState } from "../../db/queries/journal.ts";
import { putReadBack } from "../../db/queries/read-backs.ts";
import type { ApprovedChange } from "../approved-change.ts";
import { failure } from "../failures.ts";
import type { Candidate, ConfigureSession, Save } from "../platforms/platform.ts";
import type { Session } from "../session.ts";
import { applyCandidate, readCommits, standOf } from "./candidate.ts";
import { COMMIT_IDLE_MS, listSessions } from "./configure-session.ts";
import { oneLine } from "./enter.ts";
import { Halt, type ApplyDeps, type ApplyOutcome } from "./outcome.ts";
import { createSender, type Sender } from "./sender.ts";
import { committedLabel } from "./staged.ts";

const CONFIRM = 0;

/** Makes an applied change stay: confirms its commit before the device goes back, then saves. Doing so twice does no harm. */
export async function keep(
  session: Session,
  approved: ApprovedChange,
  deps: ApplyDeps,
  rows: readonly JournalState[],
): Promise<ApplyOutcome> {
  const { transaction } = session.device.platform;
  const attempt = await nextAttempt(approved, deps, rows);
  const sender = createSender(session, approved, deps, {
    direction: "keep",
    attempt,
    before: rows.length > 0,
    total: 2,
  });
  switch (transaction.kind) {
    case "none":
      throw failure("wrong_platform", `nothing is ever sent to a ${approved.platform} device`);
    case "immediate":
      return save(session, sender, transaction.save, 0);
    case "configure_session":
      return keepSession(session, approved, deps, sender, transaction, rows);
    case "candidate":
      return keepCandidate(session, approved, deps, sender, transaction, rows);
  }
}

async function nextAttempt(
  approved: ApprovedChange,
  { pool, lease }: ApplyDeps,
  rows: readonly JournalState[],
): Promise<number> {
  if (rows.length === 0) return 1;
  const attempt = Math.max(...rows.map((row) => row.attempt));
  const result = { verdict: "repeatable", why: "confirming and saving twice is the same as once" };
  await putReadBack(pool, {
    changeId: approved.changeId,
    deviceId: approved.deviceId,
    direction: "keep",
    attempt,
    epoch: lease.epoch,
    configRef: null,
    result,
  });
  return attempt + 1;
}

const tooLate = (approved: ApprovedChange): Halt =>
  new Halt({
    status: "failed",
    nothingSent: true,
    failure: failure(
      "rolled_back_by_device",
      `${approved.device} went back by itself, because its commit was not confirmed in time`,
    ),
  });

/** A confirmation whose answer was lost has come through. */
async function confirmedBefore(
  { changeId, deviceId }: ApprovedChange,
  { pool }: ApplyDeps,
  rows: readonly JournalState[],
): Promise<void> {
  const open = rows.filter((row) => row.seq === CONFIRM && row.state === "sent");
  await settleRows(
    pool,
    { changeId, deviceId, direction: "keep" },
    open.map(({ seq, attempt }) => ({ seq, attempt, state: "present" })),
  );
}

async function keepSession(
  session: Session,
  approved: ApprovedChange,
  deps: ApplyDeps,
  sender: Sender,
  transaction: ConfigureSession,
  rows: readonly JournalState[],
): Promise<ApplyOutcome> {
  if (approved.confirmMinutes > 0) {
    const label = await committedLabel(approved, deps);
    const state = (await listSessions(session, transaction)).get(label);
    if (state === undefined || state === "open") throw tooLate(approved);
    if (state === "committed") await confirmedBefore(approved, deps, rows);
    if (state === "waiting") {
      const [exchange] = await sender.send([{ seq: CONFIRM, line: transaction.confirm(label) }], {
        idleMs: COMMIT_IDLE_MS,
      });
      const answer = exchange?.answers[0];
      const why = answer?.refused ?? null;
      sender.answered(CONFIRM, why === null ? "taken" : "refused", why ?? answer?.text ?? null);
      if (why !== null) {
        await sender.flush();
        if ((await listSessions(session, transaction)).get(label) === undefined) throw tooLate(approved);
        return {
          status: "failed",
          failure: failure("commit_failed", `${approved.device} refused to confirm the commit: ${oneLine(why)}`),
          nothingSent: false,
        };
      }
    }
  }
  return save(session, sender, transaction.save, approved.confirmMinutes > 0 ? CONFIRM + 1 : CONFIRM);
}

async function keepCandidate(
  session: Session,
  approved: ApprovedChange,
  deps: ApplyDeps,
  sender: Sender,
  transaction: Candidate,
  rows: readonly JournalState[],
): Promise<ApplyOutcome> {
  if (approved.confirmMinutes === 0) return { status: "done", confirmBy: null };
  const stand = standOf(transaction, await readCommits(session, transaction), await committedLabel(approved, deps));
  if (stand === "taken_back" || stand === "absent") throw tooLate(approved);
  if (stand === "committed") {
    await confirmedBefore(approved, deps, rows);
    return { status: "done", confirmBy: null };
  }
  return applyCandidate(session, approved, sender, transaction, [], deps, { commitSeq: CONFIRM, confirmMinutes: 0 });
}

/** Writes the running configuration to where the device starts from. */
export async function save(
  session: Session,
  sender: Sender,
  { command, done }: Save,
  seq: number,
): Promise<ApplyOutcome> {
  const [exchange] = await sender.send([{ seq, line: command }], { idleMs: COMMIT_IDLE_MS });
  const answer = exchange?.answers[0];
  const text = answer?.text ?? "";
  const failed =
    (answer?.refused ?? null) !== null || (done !== null && !text.split("\n").some((line) => done.test(line.trim())));
  sender.answered(seq, failed ? "refused" : "taken", text);
  await sender.flush();
  if (!failed) return { status: "done", confirmBy: null };
  return {
    status: "failed",
    failure: failure("save_failed", `${session.device.name} did not save its configuration: ${oneLine(text)}`),
    nothingSent: false,
  };
}
