import type { Approval, ApprovalDetail } from "../domain/contract/approval.ts";
import type { ApprovalRow, DecisionRow } from "../db/queries/approvals.ts";
import type { PlanReach, PlanRow } from "../db/queries/plans.ts";
import type { Actor } from "./context.ts";

export type Around = {
  reach: PlanReach;
  decisions: DecisionRow[];
  requestedBy: string;
  nudged: boolean;
  readGroups: string[];
  now: Date;
};

/** Why this person may not decide, in one sentence; null when they may. */
export function cannotDecide(
  row: ApprovalRow,
  actor: Actor,
  decisions: DecisionRow[],
  now: Date,
): { code: string; why: string } | null {
  if (!actor.permissions.has("approvals:decide") && !(row.lab_only && actor.permissions.has("changes:apply")))
    return { code: "permission_missing", why: "deciding needs the role approver" };
  if (row.excluded.includes(actor.id) && !row.lab_only)
    return {
      code: "four_eyes",
      why:
        row.requested_by === actor.id
          ? "you asked for this change; somebody else has to decide"
          : "you edited this change; somebody else has to decide",
    };
  if (row.status !== "pending")
    return {
      code: row.status === "expired" ? "approval_expired" : "approval_decided",
      why: decidedSentence(row, decisions),
    };
  if (row.expires_at <= now)
    return { code: "approval_expired", why: `the time to decide ended at ${row.expires_at.toISOString()}` };
  if (decisions.some((d) => d.user_id === actor.id))
    return { code: "approval_decided", why: "you have decided already; another person has to as well" };
  return null;
}

export function decidedSentence(row: ApprovalRow, decisions: DecisionRow[]): string {
  const last = decisions.at(-1);
  if (row.status === "expired")
    return `nobody decided until ${row.expires_at.toISOString()}, so it expired and nothing was sent`;
  if (row.status === "cancelled" && last?.decision !== "revoked") return "this was withdrawn before anybody decided";
  if (!last) return `this is ${row.status} already`;
  return `${last.username} ${last.decision} this at ${last.at.toISOString()}`;
}

export function showApproval(row: ApprovalRow, actor: Actor, around: Around): Approval {
  const { reach, decisions, requestedBy, nudged, readGroups, now } = around;
  const cannot = cannotDecide(row, actor, decisions, now);
  return {
    id: row.id,
    kind: row.kind,
    deploy_id: row.deploy_id,
    status: row.status,
    title: row.title,
    reason: row.reason,
    risk_level: row.risk_level,
    requested_by: requestedBy,
    run_id: row.run_id,
    change_id: row.change_id,
    change_hash: row.change_hash,
    required: row.required,
    decisions: decisions.map((d) => ({
      user: d.username,
      decision: d.decision,
      reason: d.reason,
      at: d.at.toISOString(),
    })),
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    valid_until: row.valid_until?.toISOString() ?? null,
    run_nudged: nudged,
    lab_only: row.lab_only,
    devices: reach.devices,
    sites: reach.sites,
    diffs: reach.diffs,
    added: reach.added,
    removed: reach.removed,
    can_decide: cannot === null,
    cannot_because: cannot?.why ?? null,
    read_groups: readGroups,
  };
}

export function showApprovalDetail(row: ApprovalRow, actor: Actor, around: Around, plan: PlanRow): ApprovalDetail {
  const { targets, groups } = plan.body;
  const planned = targets.filter((t) => t.state === "planned");
  const leftOut = targets.filter((t) => t.state === "left_out");
  const minutes = Math.max(0, Math.round((around.now.getTime() - plan.created_at.getTime()) / 60_000));
  const notes = planned.flatMap((t) => t.notes);
  const age = minutes < 1 ? "less than a minute ago" : `${minutes} min ago`;
  const checks: ApprovalDetail["checks"] = [
    {
      label: `${planned.length} of ${targets.length} devices reached, host keys pinned`,
      state: leftOut.length === 0 ? "pass" : "warn",
      detail: leftOut.length === 0 ? age : `left out: ${leftOut.map((t) => t.device).join(", ")}`,
    },
    { label: "Running configs read for this plan", state: minutes <= 60 ? "pass" : "warn", detail: age },
    {
      label: "Rollback lines for every diff",
      state: groups.every((g) => g.rollback_lines.length > 0) ? "pass" : "warn",
      detail: `${groups.length} ${groups.length === 1 ? "diff" : "diffs"}`,
    },
    ...(notes.length > 0
      ? [{ label: "Notes of the plan", state: "warn" as const, detail: [...new Set(notes)].join("; ") }]
      : []),
  ];
  return { ...showApproval(row, actor, around), groups, checks };
}
