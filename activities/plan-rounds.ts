import { groupTargets } from "../domain/change/groups.ts";
import { planHash } from "../domain/change/hash.ts";
import { policy } from "../domain/change/policy.ts";
import { RISKS } from "../domain/contract/change.ts";
import { Conflict } from "../domain/contract/errors.ts";
import type { ChangeInput } from "../domain/contract/messages.ts";
import type { Db } from "../db/client.ts";
import { getChangeRow } from "../db/queries/changes.ts";
import { getPlanParts, insertPlan, type PlanBody, type PlanRow } from "../db/queries/plans.ts";
import { appendEvent } from "../services/run-events.ts";
import { getRunRow } from "../db/queries/runs.ts";
import { ENDED } from "../domain/contract/run.ts";
import { requestApproval } from "../services/change-approval.ts";
import { newId } from "../system/ids.ts";
import type { Vault } from "../system/vault.ts";
import { endRun } from "../services/end-run.ts";

export type Round = { ended: boolean; round: number; deviceIds: string[] };

/** Takes up the round of planning that is wanted; none is when the plan already stands. */
export async function beginPlanning(db: Db, input: ChangeInput): Promise<Round> {
  const change = await getChangeRow(db, input.changeId, { lock: true });
  const run = await getRunRow(db, input.runId, { lock: true });
  if (ENDED.includes(run.status)) return { ended: true, round: 0, deviceIds: [] };
  const round = change.plan_wanted;
  const stands = change.plan_round === round && change.status !== "planning";
  if (stands || run.cancel_requested) return { ended: false, round: change.plan_round, deviceIds: [] };
  await db`update changes set plan_round = ${round}, status = 'planning', updated_at = now() where id = ${change.id}`;
  await appendEvent(db, {
    runId: run.id,
    kind: "step",
    step: "plan",
    attempt: round,
    status: "running",
    message: "reads the devices and computes what would change",
  });
  await appendEvent(db, { runId: run.id, kind: "run", status: "running", message: "plans", key: `planning:${round}` });
  return { ended: false, round, deviceIds: change.content.targets.map((t) => t.device_id) };
}

/** Puts what was found on each device together into one immutable plan with its hash. */
export async function finishPlanning(
  db: Db,
  vault: Vault,
  input: ChangeInput & { round: number },
): Promise<"wait" | "again" | "ended"> {
  const { runId, changeId, round } = input;
  const change = await getChangeRow(db, changeId, { lock: true });
  if (change.plan_wanted > round) return "again";
  if (change.status !== "planning") return "wait";
  const found = new Map((await getPlanParts(db, changeId, round)).map((t) => [t.device_id, t]));
  const targets = change.content.targets.flatMap((t) => found.get(t.device_id) ?? []);
  const planned = targets.filter((t) => t.state === "planned");
  const leftOut = targets.filter((t) => t.state === "left_out");
  const body: PlanBody = {
    targets,
    groups: groupTargets(planned),
    verify: change.content.verify,
    on_interrupted: change.content.on_interrupted,
    window: change.content.window,
    policy_version: policy.version,
  };
  const plan: PlanRow = {
    id: newId(),
    change_id: changeId,
    version: round,
    content_version: change.content_version,
    hash: planned.length > 0 ? planHash(body) : null,
    body,
    risk: RISKS[Math.max(0, ...planned.map((t) => RISKS.indexOf(t.risk.level)))] ?? "low",
    devices: targets.map((t) => t.device),
    added: sum(planned.map((t) => t.added)),
    removed: sum(planned.map((t) => t.removed)),
    diffs: body.groups.length,
    created_at: new Date(),
  };
  await insertPlan(db, plan);
  const stale = change.drift.length > 0;
  await db`update changes set plan_id = ${plan.id}, status = ${stale ? "stale" : "draft"}, updated_at = now() where id = ${changeId}`;
  await appendEvent(db, {
    runId,
    kind: "step",
    step: "plan",
    attempt: round,
    status: "success",
    message: describePlan(plan, leftOut.length),
  });
  if (!change.request_approval) {
    const message =
      planned.length === 0
        ? "planned: nothing to send"
        : stale
          ? "the devices moved on; planned again, and waits to be asked for"
          : "planned; waits to be asked for";
    await appendEvent(db, { runId, kind: "run", status: "pending", message, key: `planned:${round}` });
    return "wait";
  }
  if (leftOut.length > 0) {
    const names = leftOut.map((t) => `${t.device} (${t.error?.code ?? "unknown"})`).join(", ");
    await endRun(db, {
      runId,
      changeId,
      status: "failed",
      error: { code: "devices_left_out", message: `could not plan ${names}; nothing was sent to any device` },
    });
    return "ended";
  }
  if (planned.length === 0) {
    await endRun(db, {
      runId,
      changeId,
      status: "success",
      error: null,
      message: "every device already holds these lines; nothing had to be sent",
    });
    return "ended";
  }
  try {
    await requestApproval(db, vault, {
      change: { ...change, plan_id: plan.id },
      plan,
      reason: change.reason,
      actor: { id: change.requested_by, username: change.requested_by_name },
    });
  } catch (error) {
    // Nobody is there to be told: the change ends, and says why it could not be asked for.
    if (!(error instanceof Conflict)) throw error;
    const { code, message } = error;
    await endRun(db, { runId, changeId, status: "failed", error: { code, message: `${message}; nothing was sent` } });
    return "ended";
  }
  return "wait";
}

const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0);

function describePlan(plan: PlanRow, leftOut: number): string {
  const planned = plan.body.targets.filter((t) => t.state === "planned").length;
  if (planned === 0) return leftOut > 0 ? "no device could be planned" : "nothing to change";
  const devices = `${planned} ${planned === 1 ? "device" : "devices"}, ${plan.diffs} ${plan.diffs === 1 ? "diff" : "diffs"}, +${plan.added} -${plan.removed}`;
  return leftOut > 0 ? `${devices}; ${leftOut} left out` : devices;
}
