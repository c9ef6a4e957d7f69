import type { Approval, ApprovalDetail, ApprovalStatus, Decision } from "../domain/contract/approval.ts";
import { Conflict, Forbidden, NotFound } from "../domain/contract/errors.ts";
import type { Db } from "../db/client.ts";
import { totalOf } from "../db/totals.ts";
import {
  getApprovalRow,
  getDecisions,
  insertDecision,
  moveApproval,
  type ApprovalRow,
  type DecisionRow,
} from "../db/queries/approvals.ts";
import { getChangeRow, moveChange } from "../db/queries/changes.ts";
import { validUntil } from "../domain/change/policy.ts";
import { getPlan, getPlanReaches, type PlanReach } from "../db/queries/plans.ts";
import { appendEvent } from "./run-events.ts";
import { wantNudge } from "../db/queries/runs.ts";
import { getDeployRow } from "../db/queries/stack-deploys.ts";
import { cannotDecide, decidedSentence, showApproval, showApprovalDetail, type Around } from "./approval-view.ts";
import { planVersion } from "./change-approval.ts";
import { decidedDeploy } from "./stack-approval.ts";
import { planOfDeploy, reachOfDeploy } from "./stack-reach.ts";
import type { Ctx } from "./context.ts";
import { mutate, requirePermission } from "./mutate.ts";
import { afterCommit } from "./nudge.ts";

export async function getApproval(ctx: Ctx, id: string): Promise<ApprovalDetail> {
  requirePermission(ctx, "approvals:read");
  const row = await getApprovalRow(ctx.pool, id);
  const [around, plan] = await Promise.all([
    aroundAll(ctx, [row]),
    row.deploy_id === null ? getPlan(ctx.pool, row.plan_id) : planOfDeploy(ctx.pool, row.deploy_id),
  ]);
  return showApprovalDetail(row, ctx.actor, around(row), plan);
}

export async function listApprovals(
  ctx: Ctx,
  filter: { status?: ApprovalStatus | undefined; mine?: boolean | undefined; limit: number; offset: number },
): Promise<{ approvals: Approval[]; total: number }> {
  requirePermission(ctx, "approvals:read");
  const { pool, actor } = ctx;
  // "Mine": what I may decide now. The lab's own changes are everybody's who may apply.
  const mine = actor.permissions.has("approvals:decide")
    ? pool`and status = 'pending' and expires_at > now() and (lab_only or not (${actor.id} = any(excluded)))
        and not exists (select 1 from approval_decisions d where d.approval_id = approvals.id and d.user_id = ${actor.id})`
    : pool`and status = 'pending' and lab_only and ${actor.permissions.has("changes:apply")}`;
  const where = pool`where true ${filter.status ? pool`and status = ${filter.status}` : pool``} ${filter.mine ? mine : pool``}`;
  const rows = await pool<ApprovalRow[]>`select * from approvals ${where}
    order by (status = 'pending') desc, case when status = 'pending' then expires_at end asc, created_at desc limit ${filter.limit} offset ${filter.offset}`;
  const which = `approvals ${filter.status ?? ""} ${filter.mine ? [actor.id, [...actor.permissions].sort()].join() : ""}`;
  const total = await totalOf(pool, which, async () => {
    const [count] = await pool<{ n: number }[]>`select count(*)::int as n from approvals ${where}`;
    return count?.n ?? 0;
  });
  return { approvals: await showAll(ctx, rows), total };
}

/** Shows approvals as the caller may see them, with one statement each for what stands around all of them. */
async function showAll(ctx: Ctx, rows: ApprovalRow[]): Promise<Approval[]> {
  const around = await aroundAll(ctx, rows);
  return rows.map((row) => showApproval(row, ctx.actor, around(row)));
}

async function aroundAll({ pool, actor }: Ctx, rows: ApprovalRow[]): Promise<(row: ApprovalRow) => Around> {
  const ids = rows.map((row) => row.id);
  const [reaches, decisions, reads, users, runs] = await Promise.all([
    getPlanReaches(
      pool,
      rows.map((row) => row.plan_id),
    ),
    getDecisions(pool, ids),
    pool<
      { approval_id: string; group_key: string }[]
    >`select approval_id, group_key from approval_reads where approval_id = any(${ids}) and user_id = ${actor.id}`,
    pool<
      { id: string; username: string }[]
    >`select id, username from users where id = any(${rows.map((row) => row.requested_by)})`,
    pool<
      { id: string; nudged_at: Date | null }[]
    >`select id, nudged_at from runs where id = any(${rows.map((row) => row.run_id)})`,
  ]);
  const names = new Map(users.map((user) => [user.id, user.username]));
  const nudgedAt = new Map(runs.map((run) => [run.id, run.nudged_at]));
  const now = new Date();
  const ofDeploys = new Map<string, PlanReach>();
  for (const { deploy_id } of rows)
    if (deploy_id !== null) ofDeploys.set(deploy_id, await reachOfDeploy(pool, deploy_id));
  return (row) => {
    const reach = row.deploy_id === null ? reaches.get(row.plan_id) : ofDeploys.get(row.deploy_id);
    if (reach === undefined) throw new NotFound("plan", row.plan_id);
    const nudged = nudgedAt.get(row.run_id) ?? null;
    return {
      reach,
      decisions: decisions.filter((d) => d.approval_id === row.id),
      requestedBy: names.get(row.requested_by) ?? "",
      nudged: row.decided_at === null || (nudged !== null && nudged >= row.decided_at),
      readGroups: reads.filter((r) => r.approval_id === row.id).map((r) => r.group_key),
      now,
    };
  };
}

/**
 * Decides, for good once `required` people have said yes. The decision is one conditional UPDATE with its HMAC and audit
 * row in one transaction; it holds even while the workflow engine is away.
 */
export async function decideApproval(
  ctx: Ctx,
  id: string,
  decision: "approved" | "rejected",
  input: Decision,
): Promise<ApprovalDetail> {
  requirePermission(ctx, "approvals:read");
  const row = await getApprovalRow(ctx.pool, id);
  const permission =
    row.lab_only && !ctx.actor.permissions.has("approvals:decide") ? "changes:apply" : "approvals:decide";
  await mutate(ctx, permission, decision === "approved" ? "approval.approve" : "approval.reject", async (db, note) => {
    // The change's row is locked first everywhere, so that a decision and the run cannot wait for each other; and before
    // it that of the deploy, where it is one of a stack.
    if (row.deploy_id !== null) await getDeployRow(db, row.deploy_id, { lock: true });
    const change = await getChangeRow(db, row.change_id, { lock: true });
    const approval = await getApprovalRow(db, id, { lock: true });
    const decisions = await getDecisions(db, [id]);
    const now = new Date();
    const reason = input.reason ?? input.notes ?? null;
    const cannot = cannotDecide(approval, ctx.actor, decisions, now);
    if (cannot)
      throw cannot.code === "four_eyes" || cannot.code === "permission_missing"
        ? new Forbidden(cannot.code, cannot.why)
        : new Conflict(cannot.code, cannot.why);
    if (input.hash !== undefined && input.hash !== approval.change_hash)
      throw new Conflict(
        "hash_mismatch",
        `you read the plan ${shortHash(input.hash)}, but this asks about ${shortHash(approval.change_hash)}; read it again`,
      );
    const mine: DecisionRow = {
      approval_id: id,
      user_id: ctx.actor.id,
      username: ctx.actor.username,
      decision,
      reason,
      at: now,
    };
    await insertDecision(db, mine, ctx.actor.via);
    const all = [...decisions, mine];
    const enough = all.filter((d) => d.decision === "approved").length >= approval.required;
    const status: ApprovalStatus = decision === "rejected" ? "rejected" : enough ? "approved" : "pending";
    // A yes holds for a while, and never past the end of the change's window.
    const holdsUntil = status === "approved" ? validUntil(now, change.content.window) : null;
    if (!(await moveApproval(db, ctx.vault, approval, { status, validUntil: holdsUntil }, all)))
      throw new Conflict("approval_decided", decidedSentence(approval, decisions));
    await tellRun(db, approval, ctx.actor.username, status, decision, reason, `${decision}:${id}:${ctx.actor.id}`);
    note(id, { change_id: approval.change_id, hash: approval.change_hash, reason });
  });
  await afterCommit(ctx, row.run_id);
  return getApproval(ctx, id);
}

async function tellRun(
  db: Db,
  approval: ApprovalRow,
  actor: string,
  status: ApprovalStatus,
  said: string,
  reason: string | null,
  key: string,
): Promise<void> {
  const message = reason ? `${said} it: ${reason}` : `${said} it`;
  await appendEvent(db, { runId: approval.run_id, kind: "person", actor, status: said, message, key });
  if (approval.kind === "stack" && status !== "pending") return decidedDeploy(db, approval, actor, status, said);
  if (status !== "pending") {
    await moveChange(
      db,
      approval.change_id,
      ["pending_approval", "approved"],
      status === "approved" ? "approved" : status === "rejected" ? "rejected" : "draft",
    );
    await appendEvent(db, {
      runId: approval.run_id,
      kind: "step",
      step: "approve",
      attempt: await planVersion(db, approval.plan_id),
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
}

/** Takes back a yes (or one's request) as long as nothing has been sent; the change is a draft again. */
export async function revokeApproval(ctx: Ctx, id: string, input: Decision): Promise<ApprovalDetail> {
  const row = await getApprovalRow(ctx.pool, id);
  await mutate(ctx, "approvals:read", "approval.revoke", async (db, note) => {
    if (row.deploy_id !== null) await getDeployRow(db, row.deploy_id, { lock: true });
    await getChangeRow(db, row.change_id, { lock: true });
    const approval = await getApprovalRow(db, id, { lock: true });
    const decisions = await getDecisions(db, [id]);
    const involved = approval.excluded.includes(ctx.actor.id) || decisions.some((d) => d.user_id === ctx.actor.id);
    if (!involved && !ctx.actor.roles.includes("admin"))
      throw new Forbidden("not_yours", "only who asked, who decided, or an admin can revoke this");
    if (approval.consumed_at !== null)
      throw new Conflict("approval_used", "the run has begun with this approval; pause or cancel the run instead");
    if (approval.status !== "approved" && approval.status !== "pending")
      throw new Conflict("approval_decided", decidedSentence(approval, decisions));
    const reason = input.reason ?? input.notes ?? null;
    const mine: DecisionRow = {
      approval_id: id,
      user_id: ctx.actor.id,
      username: ctx.actor.username,
      decision: "revoked",
      reason,
      at: new Date(),
    };
    await insertDecision(db, mine, ctx.actor.via);
    if (!(await moveApproval(db, ctx.vault, approval, { status: "cancelled", validUntil: null }, [...decisions, mine])))
      throw new Conflict("approval_used", "the run has begun with this approval; pause or cancel the run instead");
    await tellRun(db, approval, ctx.actor.username, "cancelled", "revoked", reason, `revoked:${id}:${ctx.actor.id}`);
    note(id, { reason });
  });
  await afterCommit(ctx, row.run_id);
  return getApproval(ctx, id);
}

/** Marks groups of the plan as read by the caller: nobody approves in the UI what they were not shown. */
export async function markRead(ctx: Ctx, id: string, groups: string[]): Promise<ApprovalDetail> {
  const row = await getApprovalRow(ctx.pool, id);
  const plan =
    row.deploy_id === null ? await getPlan(ctx.pool, row.plan_id) : await planOfDeploy(ctx.pool, row.deploy_id);
  const known = plan.body.groups.map((g) => g.key).filter((key) => groups.includes(key));
  await mutate(ctx, "approvals:read", "approval.read", async (db, note) => {
    await db`delete from approval_reads where approval_id = ${id} and user_id = ${ctx.actor.id}`;
    if (known.length > 0)
      await db`insert into approval_reads ${db(known.map((key) => ({ approval_id: id, user_id: ctx.actor.id, group_key: key })))}`;
    note(id, { groups: known });
  });
  return getApproval(ctx, id);
}

export async function approvalStats(ctx: Ctx): Promise<{ pending: number; for_me: number }> {
  const [pending, forMe] = await Promise.all([
    listApprovals(ctx, { status: "pending", limit: 1, offset: 0 }),
    listApprovals(ctx, { mine: true, limit: 1, offset: 0 }),
  ]);
  return { pending: pending.total, for_me: forMe.total };
}

const shortHash = (hash: string): string => hash.replace("sha256:", "").slice(0, 8);
