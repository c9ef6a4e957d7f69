import { Conflict } from "../domain/contract/errors.ts";
import { ENDED } from "../domain/contract/run.ts";
import type { DeployBody, DeployStatus } from "../domain/contract/stack.ts";
import { policy } from "../domain/change/policy.ts";
import { deployHash } from "../domain/stack/deploy-hash.ts";
import type { Db } from "../db/client.ts";
import { consumeApproval, getApprovalRow, getDecisions, moveApproval } from "../db/queries/approvals.ts";
import { getRunRow, wantNudge } from "../db/queries/runs.ts";
import {
  getDeployOfRun,
  listServiceStands,
  setDeploy,
  setDeployPlan,
  type DeployRow,
  type ServiceStandRow,
} from "../db/queries/stack-deploys.ts";
import type { Vault } from "../system/vault.ts";
import { endRun } from "./end-run.ts";
import { appendEvent } from "./run-events.ts";
import { requestDeployApproval } from "./stack-approval.ts";
import { carryOn, type DeployLook } from "./stack-carry-on.ts";
import { endDeploy } from "./stack-end.ts";
import { keepOwned } from "./stack-owned.ts";

const ended: DeployLook = { next: "ended", nudge: [], wakeInMs: 0 };

/**
 * Looks at all rows of a deploy, and takes it one step on: from the plans of its services to one plan, from the yes to the
 * first service, from each service that is done to those behind it, and to its end. Again is a no-op.
 */
export async function lookAtDeploy(db: Db, vault: Vault, runId: string): Promise<DeployLook> {
  const deploy = await getDeployOfRun(db, runId, { lock: true });
  const run = await getRunRow(db, runId, { lock: true });
  if (ENDED.includes(run.status)) return ended;
  const services = await listServiceStands(db, deploy.id);
  if (deploy.status === "deploying") return carryOn(db, { deploy, run, services });
  if (run.cancel_requested) return stop(db, { deploy, services }, "cancelled", "cancelled; nothing was sent");
  // What would be sent then would be nobody's.
  if (deploy.stack_id === null)
    return stop(db, { deploy, services }, "failed", "the stack was deleted; nothing was sent", "stack_deleted");
  if (deploy.status === "planning") return planned(db, vault, { deploy, services });
  const now = Date.now();
  if (deploy.status === "pending_approval" || deploy.status === "approved") {
    const approval = await getApprovalRow(db, deploy.approval_id ?? "", { lock: true });
    const yes = approval.status === "approved";
    const until = (yes ? (approval.valid_until ?? approval.expires_at) : approval.expires_at).getTime();
    if (approval.status === "rejected") return stop(db, { deploy, services }, "rejected", "rejected; nothing was sent");
    if (until <= now) {
      await moveApproval(
        db,
        vault,
        approval,
        { status: "expired", validUntil: null },
        await getDecisions(db, [approval.id]),
      );
      const why = yes ? "the approval ran out before it was used" : "nobody decided in time";
      return stop(db, { deploy, services }, "expired", `${why}; nothing was sent`);
    }
    if (!yes || run.pause_requested) {
      if (yes && run.status !== "paused")
        await appendEvent(db, {
          runId,
          kind: "run",
          status: "paused",
          message: "approved, and paused before anything was sent",
          key: `paused:${run.last_seq}`,
        });
      return { next: "wait", nudge: [], wakeInMs: until - now };
    }
    if (!(await consumeApproval(db, approval.id, runId))) return { next: "wait", nudge: [], wakeInMs: 1000 };
    await setDeploy(db, deploy.id, { status: "deploying" });
    await appendEvent(db, {
      runId,
      kind: "run",
      status: "running",
      message: "sends the approved lines, service by service",
      key: "deploying",
    });
    return carryOn(db, { deploy: { ...deploy, status: "deploying" }, run, services });
  }
  const left = deploy.updated_at.getTime() + policy.expiresAfterMinutes * 60_000 - now;
  if (left <= 0)
    return stop(db, { deploy, services }, "expired", "nobody asked for approval in time; nothing was sent");
  return { next: "wait", nudge: [], wakeInMs: left };
}

type Rows = { deploy: DeployRow; services: ServiceStandRow[] };

/** When the plan of every service stands, they are one plan: hashed as one, asked for as one. */
async function planned(db: Db, vault: Vault, { deploy, services }: Rows): Promise<DeployLook> {
  const runId = deploy.run_id;
  const failed = services.find((s) => ENDED.includes(s.run_status));
  if (failed)
    return stop(
      db,
      { deploy, services },
      "failed",
      `“${failed.service}” could not be planned; nothing was sent`,
      "planning_failed",
    );
  if (services.some((s) => s.change_status === "planning" || s.plan_id === null))
    return { next: "watch", nudge: [], wakeInMs: 0 };
  const body: DeployBody = {
    stack: deploy.stack_name,
    stack_version: deploy.stack_version,
    action: deploy.action,
    on_failure: deploy.on_failure,
    services: services.map((s) => ({
      service: s.service,
      action: s.action,
      position: s.position,
      needs: s.needs,
      after: s.after,
      template: s.template,
      template_version: s.template_version,
      change_id: s.change_id,
      plan_id: s.hash === null ? null : s.plan_id,
      plan_hash: s.hash,
    })),
    variables: deploy.variables,
    policy_version: policy.version,
  };
  const sending = services.filter((s) => s.planned > 0);
  const hash = sending.length === 0 ? null : deployHash(body);
  await setDeployPlan(db, deploy.id, body, hash);
  const leftOut = services.filter((s) => s.left_out > 0);
  await appendEvent(db, {
    runId,
    kind: "step",
    step: "plan",
    status: "success",
    message:
      sending.length === 0
        ? leftOut.length > 0
          ? "no device could be planned"
          : "nothing to change"
        : `${sending.length} of ${services.length} ${services.length === 1 ? "service" : "services"} would send lines`,
  });
  const standing = { deploy: { ...deploy, body, hash }, services };
  if (leftOut.length > 0 && (deploy.request_approval || sending.length === 0))
    return stop(
      db,
      standing,
      "failed",
      `devices of ${leftOut.map((s) => `“${s.service}”`).join(", ")} could not be planned; nothing was sent to any device`,
      "devices_left_out",
    );
  if (sending.length === 0) {
    await keepOwned(db, standing.deploy, services);
    return stop(db, standing, "unchanged", "every device already holds all of it; nothing had to be sent");
  }
  await setDeploy(db, deploy.id, { status: "planned" });
  if (deploy.dry_run) return stop(db, standing, "planned", "a dry run: planned, and nothing was sent");
  if (!deploy.request_approval) {
    await appendEvent(db, {
      runId,
      kind: "run",
      status: "pending",
      message: "planned; waits to be asked for",
      key: "planned",
    });
    return { next: "wait", nudge: [], wakeInMs: policy.expiresAfterMinutes * 60_000 };
  }
  try {
    const asked = await requestDeployApproval(db, vault, standing.deploy, {
      id: deploy.requested_by,
      username: deploy.requested_by_name,
    });
    return { next: "wait", nudge: [], wakeInMs: asked.decided ? 1 : policy.expiresAfterMinutes * 60_000 };
  } catch (error) {
    // Nobody is there to be told: the deploy ends, and says why it could not be asked for.
    if (!(error instanceof Conflict)) throw error;
    return stop(db, standing, "failed", `${error.message}; nothing was sent`, error.code);
  }
}

/** Ends a deploy of which nothing was sent, and the changes of its services with it. */
async function stop(
  db: Db,
  { deploy, services }: Rows,
  status: DeployStatus,
  message: string,
  code?: string,
): Promise<DeployLook> {
  const nudge: string[] = [];
  for (const s of services) {
    if (ENDED.includes(s.run_status)) continue;
    const same = status === "unchanged";
    await endRun(db, {
      runId: s.run_id,
      changeId: s.change_id,
      status: same ? "success" : "cancelled",
      error: null,
      message: same ? "every device already holds these lines; nothing had to be sent" : message,
    });
    await wantNudge(db, s.run_id);
    nudge.push(s.run_id);
  }
  await endDeploy(db, deploy, { status, message, error: code === undefined ? null : { code, message } });
  return { next: "ended", nudge, wakeInMs: 0 };
}
