import type { ChangeStatus } from "../domain/contract/change.ts";
import type { ChangeInput } from "../domain/contract/messages.ts";
import { ENDED, type NamedError, type RunStatus } from "../domain/contract/run.ts";
import type { Db } from "../db/client.ts";
import { appendEvent } from "../services/run-events.ts";
import { getRunRow } from "../db/queries/runs.ts";
import { release } from "../devices/locks.ts";

export type Ending = {
  status: Extract<RunStatus, "success" | "failed" | "cancelled" | "rolled_back">;
  error: NamedError | null;
  message?: string;
};

const CHANGE_STATUS: Record<Ending["status"], ChangeStatus> = {
  success: "applied",
  failed: "failed",
  cancelled: "cancelled",
  rolled_back: "rolled_back",
};

/** Ends a run and its change, lets go of every device, and says in one sentence how it ended. Again is a no-op. */
export async function endRun(db: Db, { runId, changeId, status, error, message }: ChangeInput & Ending): Promise<void> {
  const run = await getRunRow(db, runId, { lock: true });
  if (!ENDED.includes(run.status)) {
    const cause = error ?? (status === "failed" || status === "rolled_back" ? await firstFailure(db, runId) : null);
    await db`update changes set status = ${CHANGE_STATUS[status]}, error = ${cause ? db.json({ code: cause.code, message: cause.message }) : null}, updated_at = now()
      where id = ${changeId} and status not in ('rejected', 'expired')`;
    await appendEvent(db, {
      runId,
      kind: "run",
      status,
      message: message ?? (await describeEnd(db, runId, changeId, status)),
      error: cause,
      key: "end",
    });
  }
  await release(db, runId);
}

async function firstFailure(db: Db, runId: string): Promise<NamedError | null> {
  const [event] = await db<{ error: NamedError | null; device: string | null; message: string | null }[]>`
    select error, device, message from run_events where run_id = ${runId} and kind = 'step' and status = 'failed' order by seq limit 1`;
  if (!event) return null;
  const where = event.device ? `${event.device}: ` : "";
  return event.error
    ? { ...event.error, message: `${where}${event.error.message}` }
    : { code: "step_failed", message: `${where}${event.message ?? "failed"}` };
}

async function describeEnd(db: Db, runId: string, changeId: string, status: Ending["status"]): Promise<string> {
  const [sent] = await db<{ devices: number; names: string[] | null }[]>`
    select count(distinct j.device_id)::int as devices, array_agg(distinct d.name) as names from journal j join devices d on d.id = j.device_id
    where j.run_id = ${runId} and j.change_id = ${changeId} and j.direction = 'apply' and j.state in ('taken', 'present', 'sent')`;
  const names = (sent?.names ?? []).slice(0, 5).join(", ");
  if (status === "success")
    return (sent?.devices ?? 0) === 0
      ? "nothing had to be sent"
      : `kept on ${sent?.devices} ${sent?.devices === 1 ? "device" : "devices"}`;
  if (status === "rolled_back") return "rolled back: every device is as it was before";
  if ((sent?.devices ?? 0) === 0)
    return status === "cancelled" ? "cancelled; nothing was sent" : "failed; nothing was sent";
  return status === "cancelled" ? `cancelled; what was sent stays on ${names}` : `failed; see ${names}`;
}
