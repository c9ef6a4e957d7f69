import type { Change } from "../../domain/contract/change.ts";
import { ENDED, type RunStatus } from "../../domain/contract/run.ts";
import { setTimeout as sleep } from "node:timers/promises";
import type { BenchDatabase } from "../engine/database.ts";
import type { BenchProduct } from "./product.ts";

export type PlannedChange = { changeId: string; runId: string; hash: string; approvalId: string };

/** Plans a change and asks for its approval. Throws when a device was left out, or nothing would be sent. */
export async function askFor(
  { admin, database }: BenchProduct,
  title: string,
  devices: readonly string[],
  lines: readonly string[],
): Promise<PlannedChange> {
  const made = await admin.post<{ change: Change; execution_id: string }>("/changes", {
    title,
    targets: devices.map((device) => ({ device, lines })),
    request_approval: true,
    reason: "bench",
  });
  const status = await untilRun(database, made.execution_id, (now) => now === "waiting_approval" || hasEnded(now), 170);
  const { change: asked } = await admin.get<{ change: Change }>(`/changes/${made.change.id}`);
  const out = asked.targets.filter((target) => target.state !== "planned");
  if (status !== "waiting_approval" || asked.hash === null || out.length > 0)
    throw new Error(`“${title}” was not planned: ${JSON.stringify(out[0]?.error ?? asked.error ?? status)}`);
  return {
    changeId: asked.id,
    runId: made.execution_id,
    hash: asked.hash,
    approvalId: asked.approval_id ?? "",
  };
}

/** As many people as it needs say yes. Gives when the deciding one was sent, in milliseconds since 1970. */
export async function approve({ approvers }: BenchProduct, change: PlannedChange): Promise<number> {
  for (const person of approvers) {
    const sent = Date.now();
    const { approval } = await person.post<{ approval: { status: string } }>(
      `/approvals/${change.approvalId}/approve`,
      {
        hash: change.hash,
        reason: "bench",
      },
    );
    if (approval.status === "approved") return sent;
  }
  throw new Error(`approval ${change.approvalId} is still open after ${approvers.length} people said yes`);
}

export const hasEnded = (status: RunStatus): boolean => ENDED.includes(status);

/** Waits for a run by its row: asking the API for all of its steps twenty times a second would be load of its own. */
export async function untilRun(
  { pool }: BenchDatabase,
  runId: string,
  done: (status: RunStatus) => boolean,
  seconds: number,
): Promise<RunStatus> {
  let last: RunStatus | undefined;
  for (const until = Date.now() + seconds * 1000; Date.now() < until; await sleep(50)) {
    const [row] = await pool<{ status: RunStatus }[]>`select status from runs where id = ${runId}`;
    last = row?.status;
    if (last !== undefined && done(last)) return last;
  }
  throw new Error(`run ${runId} was ${last} after ${seconds} s`);
}
