import { Conflict } from "../domain/contract/errors.ts";
import { expiresAt, policy, requiredApprovals } from "../domain/change/policy.ts";
import type { Db } from "../db/client.ts";
import { getApprovalRow, getDecisions, insertApproval, moveApproval } from "../db/queries/approvals.ts";
import type { ChangeRow } from "../db/queries/changes.ts";
import type { PlanRow } from "../db/queries/plans.ts";
import { appendEvent } from "./run-events.ts";
import { wantNudge } from "../db/queries/runs.ts";
import { newId } from "../system/ids.ts";
import type { Vault } from "../system/vault.ts";

/** Opens an approval of exactly this plan, in the caller's transaction, and moves the change to pending_approval. */
export async function requestApproval(
  db: Db,
  vault: Vault,
  request: { change: ChangeRow; plan: PlanRow; reason: string | null; actor: { id: string; username: string } },
): Promise<string> {
  const { change, plan, reason, actor } = request;
  const planned = plan.body.targets.filter((t) => t.state === "planned");
  if (planned.length === 0 || plan.hash === null)
    throw new Conflict(
      "nothing_to_change",
      "nothing would be sent: every device that can be reached already holds these lines",
    );
  if (change.content.window && Date.parse(change.content.window.to) < Date.now())
    throw new Conflict("window_over", "the change's window is over; give it a later one");
  const id = newId();
  await insertApproval(db, vault, {
    id,
    kind: "change",
    run_id: change.run_id,
    change_id: change.id,
    plan_id: plan.id,
    change_hash: plan.hash,
    title: change.title,
    reason,
    risk_level: plan.risk,
    required: requiredApprovals({ level: plan.risk, reasons: [] }),
    requested_by: change.requested_by,
    excluded: [...new Set([...change.edited_by, actor.id])],
    lab_only: policy.labSelfApproval && planned.every((t) => t.is_lab),
    expires_at: expiresAt(new Date(), change.content.window),
    valid_for: policy.validForMinutes * 60,
    deploy_id: null,
  });
  await db`update changes set approval_id = ${id}, status = 'pending_approval', reason = ${reason}, error = null, updated_at = now() where id = ${change.id}`;
  await appendEvent(db, {
    runId: change.run_id,
    kind: "person",
    actor: actor.username,
    message: `asked for approval${reason ? `: ${reason}` : ""}`,
    key: `asked:${id}`,
  });
  await appendEvent(db, {
    runId: change.run_id,
    kind: "step",
    step: "approve",
    attempt: plan.version,
    status: "waiting_approval",
    message: "waits for a decision",
    key: `waiting-step:${id}`,
  });
  await appendEvent(db, {
    runId: change.run_id,
    kind: "run",
    status: "waiting_approval",
    message: "waits for approval",
    key: `waiting:${id}`,
  });
  await wantNudge(db, change.run_id);
  return id;
}

/** Takes back an approval that has not been used, because what it was about is no longer asked for. */
export async function withdrawApproval(db: Db, vault: Vault, change: ChangeRow, why: string): Promise<void> {
  if (!change.approval_id) return;
  const approval = await getApprovalRow(db, change.approval_id, { lock: true });
  if (approval.consumed_at !== null || (approval.status !== "pending" && approval.status !== "approved")) return;
  const decisions = await getDecisions(db, [approval.id]);
  if (!(await moveApproval(db, vault, approval, { status: "cancelled", validUntil: null }, decisions))) return;
  await appendEvent(db, {
    runId: change.run_id,
    kind: "step",
    step: "approve",
    attempt: await planVersion(db, approval.plan_id),
    status: "cancelled",
    message: why,
    key: `withdrawn:${approval.id}`,
  });
}

/** The attempt number of the step `approve` is the version of the plan that it is about. */
export async function planVersion(db: Db, planId: string): Promise<number> {
  const [plan] = await db<{ version: number }[]>`select version from plans where id = ${planId}`;
  return plan?.version ?? 1;
}
