import type { Db } from "../db/client.ts";
import { appendEvent } from "./run-events.ts";

/** Says of steps that were begun and never heard of again how they ended, so that none of them looks at work for ever. */
export async function closeSteps(
  db: Db,
  { runId, device }: { runId: string; device?: string },
  { status, message }: { status: "failed" | "cancelled"; message: string },
): Promise<void> {
  const open = await db<{ step: string; device: string; attempt: number }[]>`
    select step, device, attempt from run_steps where run_id = ${runId} ${device === undefined ? db`` : db`and device = ${device} and step <> 'rollback'`}
      and status in ('pending', 'running', 'paused', 'interrupted', 'waiting_approval') order by step, device`;
  for (const step of open)
    await appendEvent(db, {
      runId,
      kind: "step",
      step: step.step,
      device: step.device === "" ? null : step.device,
      attempt: step.attempt,
      status,
      message,
      key: `closed:${step.step}:${step.device}:${step.attempt}`,
    });
}
