import type { Change, ChangeSummary } from "../domain/contract/change.ts";
import type { ChangeRow } from "../db/queries/changes.ts";
import type { PlanRow } from "../db/queries/plans.ts";

type PlanHead = Omit<PlanRow, "body">;

const head = (row: ChangeRow, plan: PlanHead | undefined) => ({
  id: row.id,
  run_id: row.run_id,
  title: row.title,
  description: row.description,
  reason: row.reason,
  status: row.status,
  hash: plan?.hash ?? null,
  plan_version: plan?.version ?? 0,
  planned_at: plan?.created_at.toISOString() ?? null,
  origin: row.origin,
  requested_by: row.requested_by_name,
  on_interrupted: row.content.on_interrupted,
  window: row.content.window,
  approval_id: row.approval_id,
  error: row.error,
  undone_by: row.undone_by,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

/** A change with its plan, as the API shows it. */
export function showChange(row: ChangeRow, plan: PlanRow | undefined): Change {
  const targets = plan?.body.targets ?? [];
  return {
    ...head(row, plan),
    risk: plan ? overallRisk(plan) : null,
    groups: plan?.body.groups ?? [],
    targets,
    verify: row.content.verify,
    drift: row.drift,
  };
}

/** A change in a list. */
export function showChangeSummary(row: ChangeRow, plan: PlanHead | undefined): ChangeSummary {
  return {
    ...head(row, plan),
    risk: plan ? { level: plan.risk, reasons: [] } : null,
    devices: row.content.targets.map((t) => t.device),
    added: plan?.added ?? 0,
    removed: plan?.removed ?? 0,
    diffs: plan?.diffs ?? 0,
  };
}

const overallRisk = (plan: PlanRow): Change["risk"] => ({
  level: plan.risk,
  reasons: [...new Set(plan.body.groups.flatMap((g) => g.risk.reasons))],
});
