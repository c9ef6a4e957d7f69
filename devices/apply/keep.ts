import type { JournalState } from "../../db/queries/journal.ts";
import { newestRows } from "../../db/queries/journal.ts";
import { putReadBack } from "../../db/queries/read-backs.ts";
import type { ApprovedChange } from "../approved-change.ts";
import { failure } from "../failures.ts";
import type { Candidate, ConfigureSession, Immediate, Save } from "../platforms/platform.ts";
import type { Session } from "../session.ts";
import { applyCandidate, readCommits, standOf } from "./candidate.ts";
import { COMMIT_IDLE_MS, listSessions } from "./configure-session.ts";
import { oneLine } from "./enter.ts";
import { Halt, type ApplyDeps, type ApplyOutcome } from "./outcome.ts";
import { createSender, type Sender } from "./sender.ts";
import { labelOf } from "./staged.ts";

const CONFIRM = 0;
const SAVE = 1;

/** Makes an applied change stay: confirms its commit before the device goes back, then saves. Doing so twice does no harm. */
export async function keep(session: Session, approved: ApprovedChange, deps: ApplyDeps, rows: readonly JournalState[]): Promise<ApplyOutcome> {
  const { transaction } = session.device.platform;
  const attempt = await nextAttempt(approved, deps, rows);
  const sender = createSender(session, approved, deps, { direction: "keep", attempt, before: rows.length > 0, total: 2 });
  switch (transaction.kind) {
    case "none":
      throw failure("wrong_platform", `nothing is ever sent to a ${approved.platform} device`);
    case "immediate":
      return save(session, sender, (transaction satisfies Immediate).save);
    case "configure_session":
      return keepSession(session, approved, deps, sender, transaction);
    case "candidate":
      return keepCandidate(session, approved, deps, sender, transaction);
  }
}

async function nextAttempt(approved: ApprovedChange, { pool, lease }: ApplyDeps, rows: readonly JournalState[]): Promise<number> {
  if (rows.length === 0) return 1;
  const attempt = Math.max(...rows.map((row) => row.attempt));
  const result = { verdict: "repeatable", why: "confirming and saving twice is the same as once" };
  await putReadBack(pool, { changeId: approved.changeId, deviceId: approved.deviceId, direction: "keep", attempt, epoch: lease.epoch, configRef: null, result });
  return attempt + 1;
}

/** The label under which the lines were committed: that of the last attempt to apply them. */
async function appliedLabel(approved: ApprovedChange, { pool }: ApplyDeps): Promise<string> {
  const rows = await newestRows(pool, { changeId: approved.changeId, deviceId: approved.deviceId, direction: "apply" });
  return labelOf(approved.changeId, "apply", Math.max(1, ...rows.map((row) => row.attempt)));
}

const tooLate = (approved: ApprovedChange): Halt =>
  new Halt({ status: "failed", nothingSent: true, failure: failure("rolled_back_by_device", `${approved.device} went back by itself, because its commit was not confirmed in time`) });

async function keepSession(session: Session, approved: ApprovedChange, deps: ApplyDeps, sender: Sender, transaction: ConfigureSession): Promise<ApplyOutcome> {
  if (approved.confirmMinutes > 0) {
    const label = await appliedLabel(approved, deps);
    const state = (await listSessions(session, transaction)).get(label);
    if (state === undefined || state === "open") throw tooLate(approved);
    if (state === "waiting") {
      const [exchange] = await sender.send([{ seq: CONFIRM, line: transaction.confirm(label) }], { idleMs: COMMIT_IDLE_MS });
      const answer = exchange?.answers[0];
      const why = answer?.refused ?? null;
      sender.answered(CONFIRM, why === null ? "taken" : "refused", why ?? answer?.text ?? null);
      if (why !== null) {
        await sender.flush();
        if ((await listSessions(session, transaction)).get(label) === undefined) throw tooLate(approved);
        return { status: "failed", failure: failure("commit_failed", `${approved.device} refused to confirm the commit: ${oneLine(why)}`), nothingSent: false };
      }
    }
  }
  return save(session, sender, transaction.save);
}

async function keepCandidate(session: Session, approved: ApprovedChange, deps: ApplyDeps, sender: Sender, transaction: Candidate): Promise<ApplyOutcome> {
  if (approved.confirmMinutes === 0) return { status: "done", confirmBy: null };
  const stand = standOf(await readCommits(session, transaction), await appliedLabel(approved, deps));
  if (stand === "taken_back" || stand === "absent") throw tooLate(approved);
  if (stand === "committed") return { status: "done", confirmBy: null };
  return applyCandidate(session, approved, sender, transaction, [], deps, { commitSeq: CONFIRM, confirmMinutes: 0 });
}

/** Writes the running configuration to where the device starts from. */
export async function save(session: Session, sender: Sender, { command, done }: Save): Promise<ApplyOutcome> {
  const [exchange] = await sender.send([{ seq: SAVE, line: command }], { idleMs: COMMIT_IDLE_MS });
  const answer = exchange?.answers[0];
  const text = answer?.text ?? "";
  const failed = (answer?.refused ?? null) !== null || (done !== null && !text.split("\n").some((line) => done.test(line.trim())));
  sender.answered(SAVE, failed ? "refused" : "taken", text);
  await sender.flush();
  if (!failed) return { status: "done", confirmBy: null };
  return { status: "failed", failure: failure("save_failed", `${session.device.name} did not save its configuration: ${oneLine(text)}`), nothingSent: false };
}
