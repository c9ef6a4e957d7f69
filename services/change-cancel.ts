import type { ChangeStatus } from "../domain/contract/change.ts";
import type { Db } from "../db/client.ts";
import { moveChange, type ChangeRow } from "../db/queries/changes.ts";
import { appendEvent } from "./run-events.ts";
import { wantNudge } from "../db/queries/runs.ts";
import { withdrawApproval } from "./change-approval.ts";
import type { Ctx } from "./context.ts";

/** Statuses of a change that stands and waits for people: nothing has been sent. */
export const PLANNED: readonly ChangeStatus[] = ["draft", "stale", "pending_approval", "approved"];

/** Statuses of a change whose lines are being sent. */
export const SENDING: readonly ChangeStatus[] = ["applying", "verifying", "interrupted"];

/** In the caller's transaction: withdraws what waits for approval and asks the run to stop. */
export async function requestCancel(ctx: Ctx, db: Db, row: ChangeRow, reason: string | undefined): Promise<void> {
  await withdrawApproval(db, ctx.vault, row, "the change was cancelled");
  await moveChange(db, row.id, [...PLANNED, "planning"], "cancelled");
  await db`update runs set cancel_requested = true where id = ${row.run_id}`;
  await wantNudge(db, row.run_id);
  await appendEvent(db, {
    runId: row.run_id,
    kind: "person",
    actor: ctx.actor.username,
    status: "cancelled",
    message: reason ? `cancelled it: ${reason}` : "cancelled it",
    key: "cancel",
  });
}
