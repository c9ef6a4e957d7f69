import { ENDED } from "../domain/contract/run.ts";
import type { Db } from "../db/client.ts";
import { getApprovalRow, getDecisions, moveApproval } from "../db/queries/approvals.ts";
import { wantNudge, type RunRow } from "../db/queries/runs.ts";
import { getDeployOfRun } from "../db/queries/stack-deploys.ts";
import type { Ctx } from "./context.ts";
import { appendEvent } from "./run-events.ts";

/**
 * What is wished of a deploy is wished of each of its services, in the same transaction: the journal asks the run that a
 * window belongs to.
 */
export async function controlServices(db: Db, runId: string, wish: "pause" | "resume" | "cancel"): Promise<void> {
  const runs = await db<{ id: string }[]>`select r.id from runs r join changes c on c.run_id = r.id
    join stack_deploy_services s on s.change_id = c.id join stack_deploys d on d.id = s.deploy_id
    where d.run_id = ${runId} and r.status <> all(${[...ENDED]}) order by r.id for update of r`;
  for (const { id } of runs) {
    if (wish === "cancel") await db`update runs set cancel_requested = true where id = ${id}`;
    else await db`update runs set pause_requested = ${wish === "pause"} where id = ${id}`;
    await wantNudge(db, id);
  }
}

/** Asks a deploy to stop: nothing more is sent, what was kept stays. */
export async function cancelDeploy(ctx: Ctx, db: Db, run: RunRow, reason: string | undefined): Promise<void> {
  const deploy = await getDeployOfRun(db, run.id, { lock: true });
  if (deploy.approval_id !== null && (deploy.status === "pending_approval" || deploy.status === "approved")) {
    const approval = await getApprovalRow(db, deploy.approval_id, { lock: true });
    if (approval.consumed_at === null && (approval.status === "pending" || approval.status === "approved"))
      await moveApproval(
        db,
        ctx.vault,
        approval,
        { status: "cancelled", validUntil: null },
        await getDecisions(db, [approval.id]),
      );
  }
  await db`update runs set cancel_requested = true where id = ${run.id}`;
  await controlServices(db, run.id, "cancel");
  await appendEvent(db, {
    runId: run.id,
    kind: "person",
    actor: ctx.actor.username,
    status: "cancelled",
    message: reason ? `cancelled it: ${reason}` : "cancelled it",
    key: "cancel",
  });
}
