import { ENDED, type RunStatus } from "../domain/contract/run.ts";
import type { DeployStatus } from "../domain/contract/stack.ts";
import type { Db } from "../db/client.ts";
import { getRunRow } from "../db/queries/runs.ts";
import { getDeployOfRun, setDeploy, type DeployRow } from "../db/queries/stack-deploys.ts";
import { deleteStackRow, listOwned, setDeleting } from "../db/queries/stacks.ts";
import { closeSteps } from "./close-steps.ts";
import { appendEvent } from "./run-events.ts";
import { controlServices } from "./stack-control.ts";

const RUN_STATUS: Partial<
  Record<DeployStatus, Extract<RunStatus, "success" | "failed" | "cancelled" | "rolled_back">>
> = {
  planned: "success",
  deployed: "success",
  unchanged: "success",
  partial: "failed",
  failed: "failed",
  rolled_back: "rolled_back",
  cancelled: "cancelled",
  rejected: "cancelled",
  expired: "cancelled",
};

/**
 * Ends a deploy and its run. The record of a stack that was to be deleted goes now, if nothing of it is left on a device;
 * otherwise it stays, and says where something is left. Again is a no-op.
 */
export async function endDeploy(
  db: Db,
  deploy: DeployRow,
  end: { status: DeployStatus; message: string; error: { code: string; message: string } | null },
): Promise<void> {
  const run = await getRunRow(db, deploy.run_id, { lock: true });
  if (ENDED.includes(run.status)) return;
  await setDeploy(db, deploy.id, { status: end.status, error: end.error });
  const { message } = end;
  let left = "";
  if (deploy.action === "delete" && deploy.stack_id !== null && !deploy.dry_run) {
    const [stack] = await db<
      { deleting: boolean }[]
    >`select deleting from stacks where id = ${deploy.stack_id} for update`;
    if (stack?.deleting) {
      const owned = await listOwned(db, [deploy.stack_id]);
      if (owned.length === 0) await deleteStackRow(db, deploy.stack_id);
      else {
        await setDeleting(db, deploy.stack_id, false);
        left = `; the stack is not deleted, since lines of it are left on ${[...new Set(owned.map((o) => `${o.device} (${o.service})`))].join(", ")}`;
      }
    }
  }
  const status = RUN_STATUS[end.status] ?? "failed";
  await closeSteps(
    db,
    { runId: deploy.run_id },
    status === "cancelled"
      ? { status: "cancelled", message: "stopped, because the deploy ended" }
      : { status: "failed", message: "stopped before its end" },
  );
  await appendEvent(db, {
    runId: deploy.run_id,
    kind: "run",
    status,
    message: `${message}${left}`.slice(0, 2000),
    error: end.error,
    key: "end",
  });
}

/** Ends a deploy whose workflow is gone. Its services' runs are workflows of their own, and end by themselves or like this. */
export async function loseDeploy(db: Db, runId: string, lost: { code: string; message: string }): Promise<void> {
  const deploy = await getDeployOfRun(db, runId, { lock: true });
  await controlServices(db, runId, "cancel");
  await endDeploy(db, deploy, { status: "failed", message: lost.message, error: lost });
}
