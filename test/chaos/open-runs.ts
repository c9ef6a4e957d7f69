import { Client, Connection } from "@temporalio/client";
import type { Rig } from "./rig.ts";

/**
 * Why runs have not ended, in lines: what their workflows wait for, what happened last, and what the database works at.
 * For whoever has to find out from a log alone.
 */
export async function describeOpenRuns(rig: Rig): Promise<string[]> {
  const db = rig.pool();
  const open = await db<{ id: string; title: string; status: string }[]>`
    select id, title, status from runs where title like 'chaos %' and completed_at is null order by created_at`;
  if (open.length === 0) return [];
  const connection = await Connection.connect({ address: rig.temporal.address });
  try {
    const { workflow } = new Client({ connection, namespace: rig.temporal.namespace });
    const lines: string[] = [];
    for (const { id, title, status } of open) {
      const described = await workflow
        .getHandle(id)
        .describe()
        .catch((error: unknown) => String(error));
      if (typeof described === "string") {
        lines.push(`${title} (${status}): ${described}`);
        continue;
      }
      const waits = (described.raw.pendingActivities ?? []).map(
        ({ activityType, state, attempt, lastHeartbeatTime, lastFailure, lastWorkerIdentity }) =>
          `${activityType?.name} state ${state} attempt ${attempt} at ${lastWorkerIdentity}, last heard ${secondsAgo(lastHeartbeatTime?.seconds)}${lastFailure ? `, failed with ${lastFailure.message}` : ""}`,
      );
      const task = described.raw.pendingWorkflowTask;
      lines.push(
        `${title} (${status}): ${described.status.name}, ${described.historyLength} events; ${waits.join("; ") || "no activity"}${task ? `; workflow task, attempt ${task.attempt}` : ""}`,
      );
      const events = await db<{ at: Date; step: string | null; device: string | null; message: string | null }[]>`
        select at, step, device, message from run_events where run_id = ${id} order by seq desc limit 6`;
      for (const { at, step, device, message } of events)
        lines.push(`    ${at.toISOString()} ${step ?? ""} ${device ?? ""}: ${message ?? ""}`);
    }
    const sessions = await db<{ line: string }[]>`
      select concat_ws(' ', application_name, pid, state, wait_event_type, wait_event, now() - xact_start, left(query, 160)) as line
        from pg_stat_activity where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()`;
    return [...lines, ...sessions.map(({ line }) => `  postgres: ${line}`)];
  } finally {
    await connection.close();
  }
}

const secondsAgo = (seconds: { toString(): string } | null | undefined): string =>
  seconds === null || seconds === undefined
    ? "never"
    : `${Math.round(Date.now() / 1000 - Number(seconds.toString()))} s ago`;
