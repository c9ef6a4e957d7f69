import type { ChangeInput } from "../domain/contract/messages.ts";
import type { NamedError } from "../domain/contract/run.ts";
import type { Db } from "../db/client.ts";
import { getChangeRow } from "../db/queries/changes.ts";
import { appendEvent } from "../services/run-events.ts";
import { getRunRow } from "../db/queries/runs.ts";
import { release } from "../devices/locks.ts";
import { withdrawApproval } from "../services/change-approval.ts";
import { SENDING } from "../services/change-cancel.ts";
import type { Vault } from "../system/vault.ts";
import { endRun } from "../services/end-run.ts";

/** What the last check, under the lock, found on one device. */
export type Checked = { device: string; state: "valid" | "stale" | "failed"; error: NamedError | null };

/** Nothing is sent to any device unless every one of them is as it was when the plan was approved. */
export async function finishChecking(
  db: Db,
  vault: Vault,
  input: ChangeInput & { results: Checked[] },
): Promise<"valid" | "again" | "ended" | "wait"> {
  const { runId, changeId, results } = input;
  const change = await getChangeRow(db, changeId, { lock: true });
  const run = await getRunRow(db, runId, { lock: true });
  // Asked again by a worker that was stopped: what is being sent is not ended behind the run's back.
  if (SENDING.includes(change.status)) return "valid";
  if (run.cancel_requested) {
    await endRun(db, { runId, changeId, status: "cancelled", error: null });
    return "ended";
  }
  if (change.status !== "approved") {
    await release(db, runId);
    return "wait";
  }
  const failed = results.filter((r) => r.state === "failed");
  if (failed.length > 0) {
    for (const { device, error } of failed)
      await appendEvent(db, {
        runId,
        kind: "step",
        step: "apply",
        device,
        status: "failed",
        message: "could not be checked before sending",
        error,
      });
    const [first] = failed;
    const message = `${failed.map((f) => f.device).join(", ")} could not be checked, so nothing was sent to any device: ${first?.error?.message ?? ""}`;
    await endRun(db, {
      runId,
      changeId,
      status: "failed",
      error: { ...first?.error, code: first?.error?.code ?? "check_failed", message },
    });
    return "ended";
  }
  const stale = results.filter((r) => r.state === "stale").map((r) => r.device);
  if (stale.length === 0) return "valid";
  if (change.origin.kind === "stack") {
    // It was approved with the rest of its stack: it cannot be asked for anew by itself.
    const message = `${stale.join(", ")} moved on since the plan, so nothing of this service was sent; plan the stack again`;
    await endRun(db, { runId, changeId, status: "failed", error: { code: "stale", message } });
    return "ended";
  }
  await withdrawApproval(db, vault, change, "the devices moved on since the plan");
  await db`update changes set status = 'stale', plan_wanted = plan_wanted + 1, updated_at = now() where id = ${changeId}`;
  await appendEvent(db, {
    runId,
    kind: "run",
    status: "running",
    message: `${stale.join(", ")} moved on since the plan; nothing was sent, it is planned again`,
    key: `stale:${change.plan_round}`,
  });
  await release(db, runId);
  return "again";
}
