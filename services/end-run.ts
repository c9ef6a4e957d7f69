import type { ChangeStatus } from "../domain/contract/change.ts";
import type { ChangeInput } from "../domain/contract/messages.ts";
import { ENDED, type NamedError, type RunStatus } from "../domain/contract/run.ts";
import type { Db } from "../db/client.ts";
import { getChangeRow } from "../db/queries/changes.ts";
import { getPlan } from "../db/queries/plans.ts";
import { appendEvent } from "./run-events.ts";
import { getRunRow } from "../db/queries/runs.ts";
import { releaseRun } from "../db/queries/device-locks.ts";
import { closeSteps } from "./close-steps.ts";

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
  await getChangeRow(db, changeId, { lock: true });
  const run = await getRunRow(db, runId, { lock: true });
  if (!ENDED.includes(run.status)) {
    const cause = error ?? (status === "failed" || status === "rolled_back" ? await firstFailure(db, runId) : null);
    await db`update changes set status = ${CHANGE_STATUS[status]}, error = ${cause ? db.json({ code: cause.code, message: cause.message }) : null}, updated_at = now()
      where id = ${changeId} and status not in ('rejected', 'expired')`;
    await closeSteps(
      db,
      { runId },
      status === "cancelled"
        ? { status: "cancelled", message: "stopped, because the run was cancelled" }
        : { status: "failed", message: "stopped before its end" },
    );
    await appendEvent(db, {
      runId,
      kind: "run",
      status,
      message: message ?? (await describeEnd(db, changeId, status)),
      error: cause,
      key: "end",
    });
  }
  await releaseRun(db, runId);
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

async function describeEnd(db: Db, changeId: string, status: Ending["status"]): Promise<string> {
  const sent = await db<{ id: string; name: string }[]>`
    select distinct d.id, d.name from journal j join devices d on d.id = j.device_id
    where j.change_id = ${changeId} and j.direction = 'apply' and j.state in ('taken', 'present', 'sent') order by d.name`;
  if (status === "success")
    return sent.length === 0
      ? "nothing had to be sent"
      : `kept on ${sent.length} ${sent.length === 1 ? "device" : "devices"}`;
  if (status === "rolled_back") return "rolled back: what was sent has been taken back";
  if (sent.length === 0) return status === "cancelled" ? "cancelled; nothing was sent" : "failed; nothing was sent";
  const leaving = await unconfirmed(db, changeId);
  const staying = sent.filter(({ id }) => !leaving.has(id)).map(({ name }) => name);
  const goingBack = sent.filter(({ id }) => leaving.has(id)).map(({ name }) => name);
  const parts = [
    ...(staying.length === 0
      ? []
      : [status === "cancelled" ? `what was sent stays on ${list(staying)}` : `see ${list(staying)}`]),
    ...(goingBack.length === 0
      ? []
      : [
          `${list(goingBack)} ${goingBack.length === 1 ? "goes" : "go"} back without being told, because the commit was not confirmed`,
        ]),
  ];
  return [status, ...parts].join("; ");
}

/** Devices that committed with a timer, and were neither told to keep it nor to take it back: they go back by themselves. */
async function unconfirmed(db: Db, changeId: string): Promise<Set<string>> {
  const { plan_id } = await getChangeRow(db, changeId);
  const targets = plan_id ? (await getPlan(db, plan_id)).body.targets : [];
  const timed = targets.filter((t) => t.state === "planned" && t.confirm_minutes > 0);
  const rows = await db<{ device_id: string; direction: string; seq: number }[]>`
    select distinct device_id, direction, seq from journal where change_id = ${changeId} and state in ('taken', 'present')`;
  const has = (id: string, direction: string, seq?: number): boolean =>
    rows.some((r) => r.device_id === id && r.direction === direction && (seq === undefined || r.seq === seq));
  return new Set(
    timed
      .filter(
        ({ device_id: id, lines }) => has(id, "apply", lines.length) && !has(id, "keep", 0) && !has(id, "rollback"),
      )
      .map((t) => t.device_id),
  );
}

const MOST_NAMES = 5;
const list = (names: string[]): string =>
  names.length <= MOST_NAMES
    ? names.join(", ")
    : `${names.slice(0, MOST_NAMES).join(", ")} and ${names.length - MOST_NAMES} more`;
