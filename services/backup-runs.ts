import { ENDED, type BackupCounts, type NamedError } from "../domain/contract/run.ts";
import type { Db } from "../db/client.ts";
import { countBackups, openParts, setResults } from "../db/queries/backup-results.ts";
import { getRunRow, type RunRow } from "../db/queries/runs.ts";
import { closeSteps } from "./close-steps.ts";
import type { Ctx } from "./context.ts";
import { appendEvent, appendStepEvents } from "./run-events.ts";

/** Asks a backup run to stop: no further device is read, and those being read are hung up on. */
export async function requestBackupCancel(ctx: Ctx, db: Db, run: RunRow, reason: string | undefined): Promise<void> {
  await db`update runs set cancel_requested = true where id = ${run.id}`;
  await appendEvent(db, {
    runId: run.id,
    kind: "person",
    actor: ctx.actor.username,
    message: reason ? `cancelled it: ${reason}` : "cancelled it",
    key: `cancel:${run.last_seq}`,
  });
}

const CANCELLED: NamedError = { code: "cancelled", message: "the run was cancelled before it was read" };
const GIVEN_UP: NamedError = {
  code: "not_read",
  message: "it could not be read: the worker gave up on its part of the run; back it up again",
};

/**
 * Ends a backup run and says how many devices came out how. One device that failed does not fail a run; a run in which
 * none could be read has failed. Again is a no-op. `lost`: why the run cannot go on.
 */
export async function endBackupRun(db: Db, runId: string, lost: NamedError | null = null): Promise<void> {
  const run = await getRunRow(db, runId, { lock: true });
  if (ENDED.includes(run.status)) return;
  const cancelled = run.cancel_requested && lost === null;
  await closeOpen(db, runId, cancelled ? "skipped" : "failed", cancelled ? CANCELLED : (lost ?? GIVEN_UP));
  await closeSteps(db, { runId }, { status: "failed", message: "stopped before its end" });
  const counts = (await countBackups(db, [runId])).get(runId);
  if (!counts) throw new Error(`backup run ${runId} has no devices`);
  const failed = !cancelled && counts.success === 0 && counts.failed > 0;
  await appendEvent(db, {
    runId,
    kind: "run",
    status: cancelled ? "cancelled" : failed || lost !== null ? "failed" : "success",
    message: lost?.message ?? describeCounts(counts, cancelled),
    error: lost ?? (failed ? await firstFailure(db, runId) : null),
    key: "end",
  });
}

async function closeOpen(db: Db, runId: string, outcome: "skipped" | "failed", error: NamedError): Promise<void> {
  if ((await openParts(db, runId)).length === 0) return;
  const open = await db<{ device_id: string; device_name: string }[]>`
    select device_id, device_name from backup_results where run_id = ${runId} and outcome is null`;
  await setResults(
    db,
    runId,
    open.map((d) => ({ deviceId: d.device_id, outcome, backupId: null, error })),
  );
  await appendStepEvents(
    db,
    runId,
    open.map((d) => ({ step: "backup", device: d.device_name, status: outcome, message: error.message, error })),
  );
}

async function firstFailure(db: Db, runId: string): Promise<NamedError | null> {
  const [row] = await db<{ device_name: string; error: NamedError }[]>`
    select device_name, error from backup_results where run_id = ${runId} and outcome = 'failed' and error is not null
    order by at, device_name limit 1`;
  return row ? { ...row.error, message: `${row.device_name}: ${row.error.message}` } : null;
}

/** “198 of 200 devices backed up, 3 of them in a new version; 2 failed” */
function describeCounts(counts: BackupCounts, cancelled: boolean): string {
  const { total, success, unchanged, failed, skipped } = counts;
  const stored = success - unchanged;
  const parts = [
    `${success} of ${total} ${total === 1 ? "device" : "devices"} backed up${success === 0 ? "" : `, ${stored === 0 ? "none" : stored} in a new version`}`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ];
  return `${cancelled ? "cancelled; " : ""}${parts.join("; ")}`;
}
