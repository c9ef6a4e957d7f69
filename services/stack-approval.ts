import { Conflict } from "../domain/contract/errors.ts";
import type { ApprovalStatus } from "../domain/contract/approval.ts";
import { RISKS, type Risk } from "../domain/contract/change.ts";
import { expiresAt, policy, requiredApprovals, validUntil } from "../domain/change/policy.ts";
import type { Db } from "../db/client.ts";
import {
  getApprovalRow,
  getDecisions,
  insertApproval,
  insertDecision,
  moveApproval,
  type ApprovalRow,
  type DecisionRow,
} from "../db/queries/approvals.ts";
import { getPlan } from "../db/queries/plans.ts";
import { wantNudge } from "../db/queries/runs.ts";
import { activeDeploy, getDeployRow, setDeploy, type DeployRow } from "../db/queries/stack-deploys.ts";
import { newId } from "../system/ids.ts";
import type { Vault } from "../system/vault.ts";
import { appendEvent } from "./run-events.ts";

type Asker = { id: string; username: string };

/**
 * Opens the one approval of a deploy: of the hash that covers the plans of all its services. Where every device is of the
 * lab and the deploy says so, whoever asks decides with the same call.
 */
export async function requestDeployApproval(
  db: Db,
  vault: Vault,
  deploy: DeployRow,
  actor: Asker,
): Promise<{ approvalId: string; decided: boolean }> {
  const { body, hash } = deploy;
  const sending = (body?.services ?? []).filter((s) => s.plan_hash !== null);
  const [first] = sending;
  if (!body || hash === null || !first?.plan_id)
    throw new Conflict("nothing_to_change", "nothing would be sent: every device already holds all of it");
  if (deploy.stack_id !== null && (await activeDeploy(db, deploy.stack_id, deploy.id)))
    throw new Conflict(
      "deploy_active",
      `another deploy of “${deploy.stack_name}” waits for its approval or is under way; wait for it, or cancel it`,
    );
  const plans = await Promise.all(sending.flatMap((s) => (s.plan_id ? [getPlan(db, s.plan_id)] : [])));
  const targets = plans.flatMap((p) => p.body.targets).filter((t) => t.state !== "no_change");
  const missing = targets.filter((t) => t.state === "left_out").map((t) => t.device);
  if (missing.length > 0)
    throw new Conflict(
      "devices_left_out",
      `${[...new Set(missing)].join(", ")} could not be planned; plan again when they answer, or name the others in devices`,
    );
  const level = worst(plans.map((p) => p.risk));
  const labOnly = policy.labSelfApproval && targets.every((t) => t.is_lab);
  if (deploy.self_approve && !labOnly)
    throw new Conflict(
      "approval_required",
      "only a deploy whose devices are all virtual ones of the lab goes without an approval; leave require_approval out",
    );
  const approval: Parameters<typeof insertApproval>[2] = {
    id: newId(),
    kind: "stack",
    run_id: deploy.run_id,
    change_id: first.change_id,
    plan_id: first.plan_id,
    change_hash: hash,
    title: `${deploy.action === "delete" ? "Take off" : "Deploy"} ${deploy.stack_name}`,
    reason: deploy.reason,
    risk_level: level,
    required: requiredApprovals({ level, reasons: [] }),
    requested_by: deploy.requested_by,
    excluded: [...new Set([...deploy.edited_by, deploy.requested_by, actor.id])],
    lab_only: labOnly,
    expires_at: expiresAt(new Date(), null),
    valid_for: policy.validForMinutes * 60,
    deploy_id: deploy.id,
  };
  await insertApproval(db, vault, approval);
  await setDeploy(db, deploy.id, { status: "pending_approval", approvalId: approval.id, requestApproval: true });
  await tell(db, deploy.run_id, approval.id, actor, deploy.reason);
  if (deploy.self_approve) await decideForSelf(db, vault, approval.id, actor);
  await wantNudge(db, deploy.run_id);
  return { approvalId: approval.id, decided: deploy.self_approve };
}

async function tell(db: Db, runId: string, approvalId: string, actor: Asker, reason: string | null): Promise<void> {
  await appendEvent(db, {
    runId,
    kind: "person",
    actor: actor.username,
    message: `asked for approval${reason ? `: ${reason}` : ""}`,
    key: `asked:${approvalId}`,
  });
  await appendEvent(db, {
    runId,
    kind: "step",
    step: "approve",
    status: "waiting_approval",
    message: "waits for a decision",
    key: `waiting-step:${approvalId}`,
  });
  await appendEvent(db, {
    runId,
    kind: "run",
    status: "waiting_approval",
    message: "waits for approval",
    key: `waiting:${approvalId}`,
  });
}

async function decideForSelf(db: Db, vault: Vault, approvalId: string, actor: Asker): Promise<void> {
  const approval = await getApprovalRow(db, approvalId, { lock: true });
  const now = new Date();
  const mine: DecisionRow = {
    approval_id: approvalId,
    user_id: actor.id,
    username: actor.username,
    decision: "approved",
    reason: "asked for with require_approval off; all devices are of the lab",
    at: now,
  };
  await insertDecision(db, mine, "request");
  const to = { status: "approved" as const, validUntil: validUntil(now, null) };
  if (!(await moveApproval(db, vault, approval, to, await getDecisions(db, [approvalId]))))
    throw new Conflict("approval_decided", "the approval was decided meanwhile");
  await decidedDeploy(db, approval, actor.username, "approved", "approved");
}

const worst = (levels: readonly Risk["level"][]): Risk["level"] =>
  RISKS[Math.max(0, ...levels.map((l) => RISKS.indexOf(l)))] ?? "low";

/** What a decision does to a deploy: the run looks at its rows and goes on from there. */
export async function decidedDeploy(
  db: Db,
  approval: ApprovalRow,
  actor: string,
  status: ApprovalStatus,
  said: string,
): Promise<void> {
  if (approval.deploy_id === null) return;
  const deploy = await getDeployRow(db, approval.deploy_id, { lock: true });
  if (deploy.status === "pending_approval" || deploy.status === "approved")
    await setDeploy(db, deploy.id, {
      status: status === "approved" ? "approved" : status === "rejected" ? deploy.status : "planned",
    });
  await appendEvent(db, {
    runId: approval.run_id,
    kind: "step",
    step: "approve",
    status: status === "approved" ? "success" : status === "rejected" ? "failed" : "cancelled",
    message: `${actor} ${said}`,
    key: `${said}-step:${approval.id}:${actor}`,
  });
  if (status !== "rejected")
    await appendEvent(db, {
      runId: approval.run_id,
      kind: "run",
      status: "pending",
      message:
        status === "approved" ? "approved; about to begin" : `${actor} revoked the approval; waits to be asked for`,
      key: `${said}-run:${approval.id}`,
    });
  await wantNudge(db, approval.run_id);
}
