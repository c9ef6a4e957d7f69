import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../domain/contract/errors.ts";
import type { ChangeInput } from "../domain/contract/messages.ts";
import { ENDED } from "../domain/contract/run.ts";
import { transaction } from "../db/client.ts";
import { appendEvent, notifyRun } from "../services/run-events.ts";
import { getRunRow } from "../db/queries/runs.ts";
import { loadAccess } from "../devices/access.ts";
import { mayBeThere } from "../db/queries/journal.ts";
import { apply, type ApplyOutcome } from "../devices/apply.ts";
import { checkApproved, type ApprovedChange, type Phase } from "../devices/approved-change.ts";
import { isFailure, mayTryAgain } from "../devices/failures.ts";
import { openLease } from "../devices/locks.ts";
import { closeSteps } from "../services/close-steps.ts";
import type { Deps } from "./index.ts";
import { nameFailure, type Named } from "./name-failure.ts";
import { checkTakenBack } from "./taken-back.ts";
import { recordTranscript, type Transcript } from "./transcript.ts";
import { watchWishes } from "./wishes.ts";

export type SendResult = {
  /**
   * `again`: the worker is stopping, another one goes on. `stopped`: a person paused or cancelled. `in_doubt`: the
   * session broke. `failed`: the device or the check of the approval said no.
   */
  status: "done" | "failed" | "stopped" | "again" | "in_doubt" | "rolled_back_by_device";
  message: string;
};

type Where = ChangeInput & { deviceId: string; phase: Phase };

const TRY_FOR_MS = 60_000;
const TRY_EVERY_MS = 3000;
const DATABASE_EVERY_MS = 500;

/** One phase of a change on one device, as events, with its transcript. */
export async function sendPhase(deps: Deps, where: Where, signal: AbortSignal): Promise<SendResult> {
  const { runId, deviceId, phase } = where;
  const name = await patiently(() => deviceName(deps, deviceId), signal);
  const begun = await begin(deps, where, name);
  if ("status" in begun) return begun;
  const { attempt } = begun;
  const transcript = recordTranscript(deps, { runId, deviceId, step: phase, attempt });
  // What was begun is kept or taken back whatever people want meanwhile; before that, they need not wait for a device that waits.
  const wishes = phase === "apply" ? await patiently(() => watchWishes(deps.pool, runId, signal), signal) : null;
  try {
    const result = await outcomeOf(deps, where, { stopping: signal, hangUp: wishes?.hangUp ?? signal }, transcript);
    const stopping = result.status === "stopped" && signal.aborted && !(await askedToStop(deps, runId));
    const told = stopping ? { ...result, status: "again" as const } : result;
    await tell(deps, where, { name, attempt }, told);
    return { status: told.status, message: told.message };
  } finally {
    wishes?.close();
    await transcript.store();
  }
}

const keyOf = ({ deviceId, phase }: Where, attempt: number, what: string): string =>
  `${phase}:${deviceId}:${attempt}:${what}`;

/** Says that it begins; or what came of it, when it was done before and only the engine has not heard. */
async function begin({ pool }: Deps, where: Where, name: string): Promise<{ attempt: number } | SendResult> {
  const { runId, phase } = where;
  const begun = await transaction(pool, async (db) => {
    const run = await getRunRow(db, runId, { lock: true });
    const [step] = await db<{ attempt: number; status: string }[]>`select attempt, status from run_steps
      where run_id = ${runId} and step = ${phase} and device = ${name}`;
    if (step?.status === "success") return { status: "done" as const, message: DONE[phase] };
    if (ENDED.includes(run.status)) return { status: "failed" as const, message: "the run has ended" };
    const attempt = (step?.attempt ?? 0) + 1;
    if (phase === "rollback")
      await closeSteps(db, { runId, device: name }, { status: "failed", message: "broke off, and is taken back" });
    await appendEvent(db, {
      runId,
      kind: "step",
      step: phase,
      device: name,
      attempt,
      status: "running",
      message: STARTS[phase],
      key: keyOf(where, attempt, "begins"),
    });
    return { attempt };
  });
  await notifyRun(pool, runId);
  return begun;
}

/**
 * Says how it ended. A worker that was away for so long that the run went on without it says so beside the step: where
 * that stands, others have said since.
 */
async function tell(
  { pool }: Deps,
  where: Where,
  { name, attempt }: { name: string; attempt: number },
  { status, message, error }: SendResult & { error?: Named },
): Promise<void> {
  const { runId, phase } = where;
  await transaction(pool, async (db) => {
    await getRunRow(db, runId, { lock: true });
    const [later] = await db`select 1 from run_events b join run_events e on e.run_id = b.run_id and e.seq > b.seq
      where b.run_id = ${runId} and b.key = ${keyOf(where, attempt, "begins")} and e.kind = 'step' and e.step = ${phase} and e.device = ${name} limit 1`;
    await appendEvent(db, {
      runId,
      ...(later === undefined ? { kind: "step" as const, status: STEP_STATUS[status] } : { kind: "device" as const }),
      step: phase,
      device: name,
      attempt,
      message: later === undefined ? message : `too late: ${message}`,
      error: error ?? null,
      key: keyOf(where, attempt, status),
    });
  });
  await notifyRun(pool, runId);
}

/**
 * Repeats a read until the database answers. One that is away for a moment must not cost a try: whoever takes back or
 * keeps has three, and then wakes somebody.
 */
async function patiently<T>(read: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (const until = Date.now() + TRY_FOR_MS; ; await sleep(DATABASE_EVERY_MS)) {
    try {
      return await read();
    } catch (error) {
      if (Date.now() > until || signal.aborted) throw error;
    }
  }
}

const STARTS: Record<Phase, string> = {
  apply: "connects, to send its lines",
  keep: "connects, to make it stay",
  rollback: "connects, to take back what was sent",
};
const DONE: Record<Phase, string> = { apply: "all lines taken", keep: "kept and saved", rollback: "rolled back" };
const STEP_STATUS: Record<SendResult["status"], string> = {
  done: "success",
  failed: "failed",
  stopped: "paused",
  again: "running",
  in_doubt: "running",
  rolled_back_by_device: "failed",
};

async function outcomeOf(
  deps: Deps,
  where: Where,
  { stopping, hangUp }: { stopping: AbortSignal; hangUp: AbortSignal },
  transcript: Transcript,
): Promise<SendResult & { error?: Named }> {
  let tries = 0;
  for (const until = Date.now() + TRY_FOR_MS; ; await sleep(TRY_EVERY_MS)) {
    tries += 1;
    // One failure may itself take as long as all tries are given: there is always a second one.
    const last = (tries > 1 && Date.now() > until) || hangUp.aborted;
    const again = (error: unknown): boolean => mayTryAgain(error, { tries, reading: false });
    try {
      const outcome = await once(deps, where, hangUp, transcript);
      if (outcome.status === "failed" && outcome.nothingSent && hangUp.aborted && isFailure(outcome.failure, "stopped"))
        return await stopped(deps, where, stopping);
      if (outcome.status === "failed" && outcome.nothingSent && again(outcome.failure) && !last) continue;
      return describe(outcome, where.phase);
    } catch (error) {
      // Before the door: no connection, no lease, or no approval. Nothing was sent by this attempt, but maybe by one before.
      if (!(error instanceof AppError)) throw error;
      if (again(error) && !last) continue;
      if (hangUp.aborted) return await stopped(deps, where, stopping);
      if (error.code === "run_cancelled")
        return { status: "stopped", message: await stoppedWhere(deps, where, "cancelled") };
      const named = nameFailure(error);
      const begun = where.phase === "apply" && (await mayBeThere(deps.pool, where, "apply"));
      return { status: begun ? "in_doubt" : "failed", message: named.message, error: named };
    }
  }
}

const stopped = async (deps: Deps, where: Where, stopping: AbortSignal): Promise<SendResult> =>
  stopping.aborted
    ? { status: "again", message: "the worker is stopping; another one goes on" }
    : { status: "stopped", message: await stoppedWhere(deps, where, "stopped") };

/** This attempt sent nothing; one before it may have. */
async function stoppedWhere({ pool }: Deps, where: Where, how: "stopped" | "cancelled"): Promise<string> {
  return (await mayBeThere(pool, where, "apply"))
    ? `${how}; lines that were sent before may be on the device`
    : `${how} before its lines were sent`;
}

async function once(deps: Deps, where: Where, signal: AbortSignal, transcript: Transcript): Promise<ApplyOutcome> {
  const { pool, vault, sessions, journal, holder } = deps;
  const { runId, deviceId } = where;
  const lease = await openLease(pool, { deviceId, runId, holder, signal });
  try {
    const approved: ApprovedChange = await checkApproved(pool, vault, where);
    const access = await loadAccess(pool, vault, deviceId);
    return await sessions.use(
      access,
      "write",
      async (session) => {
        const outcome = await apply(session, approved, { pool, vault, journal, lease, signal });
        const back = where.phase === "rollback" && outcome.status === "done";
        return back ? checkTakenBack(session, approved, vault) : outcome;
      },
      {
        signal,
        record: (direction, text) => transcript.record(direction, approved.hide(text)),
        patient: true,
      },
    );
  } finally {
    await lease.close();
  }
}

function describe(outcome: ApplyOutcome, phase: Phase): SendResult & { error?: Named } {
  switch (outcome.status) {
    case "done":
      return {
        status: "done",
        message: outcome.confirmBy
          ? `committed; the device goes back by itself at ${outcome.confirmBy.toISOString()} unless it is kept`
          : DONE[phase],
      };
    case "rejected": {
      const message = `refused line ${outcome.seq + 1} “${outcome.line.trim()}”: ${outcome.answer.replace(/\s+/g, " ").trim()}`;
      return {
        status: "failed",
        message,
        error: { code: "line_rejected", message, what_to_do: "Correct the line, then plan again." },
      };
    }
    case "stopped":
      return { status: "stopped", message: `stopped before line ${outcome.nextSeq + 1}` };
    case "in_doubt": {
      const lines = outcome.seqs.map((seq) => seq + 1);
      const doubt =
        lines.length === 0
          ? "no line is in doubt"
          : lines.length === 1
            ? `line ${lines[0]} is in doubt`
            : `lines ${lines[0]} to ${lines.at(-1)} are in doubt`;
      return { status: "in_doubt", message: `${outcome.failure.message}; ${doubt}` };
    }
    case "failed": {
      const named = nameFailure(outcome.failure);
      return {
        status: named.code === "rolled_back_by_device" ? "rolled_back_by_device" : "failed",
        message: named.message,
        error: named,
      };
    }
  }
}

async function askedToStop({ pool }: Deps, runId: string): Promise<boolean> {
  const run = await getRunRow(pool, runId);
  return run.pause_requested || run.cancel_requested;
}

async function deviceName({ pool }: Deps, deviceId: string): Promise<string> {
  const [row] = await pool<{ name: string }[]>`select name from devices where id = ${deviceId}`;
  return row?.name ?? deviceId;
}
