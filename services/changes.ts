import type { Change, ChangeSummary, NewChange, Replan } from "../domain/contract/change.ts";
import { Conflict } from "../domain/contract/errors.ts";
import { ENDED, type Run } from "../domain/contract/run.ts";
import { unifiedText } from "../domain/change/unified.ts";
import {
  editChange,
  getChangeRow,
  insertChange,
  listChangeRows,
  type ChangeContent,
  type ChangeRow,
  type Origin,
} from "../db/queries/changes.ts";
import { getPlan, getPlanSummaries } from "../db/queries/plans.ts";
import { appendEvent } from "./run-events.ts";
import { getRunRow, insertRun, wantNudge } from "../db/queries/runs.ts";
import type { Db } from "../db/client.ts";
import { newId } from "../system/ids.ts";
import { requestApproval, withdrawApproval } from "./change-approval.ts";
import { PLANNED, requestCancel } from "./change-cancel.ts";
import { readContent } from "./change-content.ts";
import { showChange, showChangeSummary } from "./change-view.ts";
import type { Ctx } from "./context.ts";
import { idempotent, type IdempotencyClaim } from "./idempotency.ts";
import { mutate, requirePermission } from "./mutate.ts";
import { afterCommit } from "./nudge.ts";
import { getRun } from "./runs.ts";

export type Started = { change: Change; run: Run };

/** Keeps a new change and starts its run, which plans at once. The same idempotency key gives the same change. */
export async function createChange(
  ctx: Ctx,
  input: NewChange,
  claim: IdempotencyClaim | null = null,
): Promise<Started> {
  const id = await mutate(ctx, "changes:write", "change.create", async (db, note) => {
    const make = async () => {
      const content = await readContent(db, ctx.vault, input);
      return insertNew(ctx, db, { ...input, content, origin: { kind: "ad_hoc", change_id: null } });
    };
    const made = claim ? await idempotent(ctx, db, claim, make) : await make();
    note(made, { title: input.title, devices: input.targets.map((t) => t.device) });
    return made;
  });
  return showStarted(ctx, id);
}

/** Inserts change and run in the caller's transaction. */
export async function insertNew(
  ctx: Ctx,
  db: Db,
  change: {
    title: string;
    description?: string | undefined;
    reason?: string | undefined;
    content: ChangeContent;
    origin: Origin;
    request_approval?: boolean | undefined;
  },
): Promise<string> {
  const id = newId();
  const runId = newId();
  await insertChange(db, {
    id,
    run_id: runId,
    title: change.title,
    description: change.description ?? "",
    reason: change.reason ?? null,
    content: change.content,
    origin: change.origin,
    request_approval: change.request_approval ?? false,
    requested_by: ctx.actor.id,
  });
  await insertRun(db, { id: runId, title: change.title, changeId: id, startedBy: ctx.actor.username });
  const devices = change.content.targets.length;
  await appendEvent(db, {
    runId,
    kind: "person",
    actor: ctx.actor.username,
    message: `asked for a plan on ${devices} ${devices === 1 ? "device" : "devices"}`,
    key: "created",
  });
  return id;
}

/** Starts the run of a change that was just kept, and shows both. */
export async function showStarted(ctx: Ctx, changeId: string): Promise<Started> {
  const { run_id } = await getChangeRow(ctx.pool, changeId);
  await afterCommit(ctx, run_id);
  return { change: await getChange(ctx, changeId), run: await getRun(ctx, run_id) };
}

export async function getChange(ctx: Ctx, id: string): Promise<Change> {
  requirePermission(ctx, "changes:read");
  const row = await getChangeRow(ctx.pool, id);
  return showChange(row, row.plan_id ? await getPlan(ctx.pool, row.plan_id) : undefined);
}

export async function listChanges(
  ctx: Ctx,
  filter: Parameters<typeof listChangeRows>[1],
): Promise<{ changes: ChangeSummary[]; total: number }> {
  requirePermission(ctx, "changes:read");
  const { rows, total } = await listChangeRows(ctx.pool, filter);
  const plans = await getPlanSummaries(
    ctx.pool,
    rows.flatMap((r) => (r.plan_id ? [r.plan_id] : [])),
  );
  return {
    changes: rows.map((row) => showChangeSummary(row, row.plan_id ? plans.get(row.plan_id) : undefined)),
    total,
  };
}

/** The plan as one unified text. */
export async function getChangeDiff(ctx: Ctx, id: string): Promise<string> {
  const change = await getChange(ctx, id);
  return unifiedText(change.groups);
}

/** Plans again, with other lines where they are given. What was approved before is withdrawn. */
export async function replanChange(ctx: Ctx, id: string, edit: Replan): Promise<Started> {
  await mutate(ctx, "changes:write", "change.replan", async (db, note) => {
    const row = await getChangeRow(db, id, { lock: true });
    mustBe(row, [...PLANNED, "planning"], "can be planned again");
    refuseService(row);
    const changed =
      edit.targets !== undefined ||
      edit.verify !== undefined ||
      edit.on_interrupted !== undefined ||
      edit.confirm_minutes !== undefined ||
      edit.window !== undefined;
    const content = changed ? await readContent(db, ctx.vault, mergeContent(row.content, edit)) : row.content;
    await withdrawApproval(db, ctx.vault, row, "the change is planned again");
    await editChange(db, id, {
      title: edit.title ?? row.title,
      description: edit.description ?? row.description,
      content,
      contentChanged: changed,
      editedBy: [...new Set([...row.edited_by, ctx.actor.id])],
    });
    if (edit.title !== undefined) await db`update runs set title = ${edit.title} where id = ${row.run_id}`;
    await wantNudge(db, row.run_id);
    note(id, { edited: changed });
  });
  return showStarted(ctx, id);
}

const windowOf = (window: ChangeContent["window"]): { window?: { from: string; to: string } } =>
  window === null ? {} : { window };

function mergeContent(content: ChangeContent, edit: Replan) {
  return {
    targets: edit.targets ?? content.targets.map(({ device, lines }) => ({ device, lines })),
    verify: edit.verify ?? content.verify,
    on_interrupted: edit.on_interrupted ?? content.on_interrupted,
    confirm_minutes: edit.confirm_minutes ?? content.confirm_minutes,
    ...windowOf(edit.window === undefined ? content.window : edit.window),
  };
}

/** Asks for approval of exactly the plan that stands; once approved, the run applies it. */
export async function applyChange(
  ctx: Ctx,
  id: string,
  request: { hash?: string | undefined; reason?: string | undefined },
): Promise<Started> {
  await mutate(ctx, "changes:apply", "change.request_approval", async (db, note) => {
    const row = await getChangeRow(db, id, { lock: true });
    if (row.status === "planning")
      throw new Conflict("planning", "the plan is still being computed; ask again when it stands", { retryAfter: 2 });
    mustBe(row, ["draft", "stale"], "can be asked for");
    refuseService(row);
    if (!row.plan_id) throw new Conflict("not_planned", "this change has no plan yet");
    const plan = await getPlan(db, row.plan_id);
    if (request.hash !== undefined && request.hash !== plan.hash)
      throw new Conflict(
        "hash_mismatch",
        `you read the plan ${short(request.hash)}, but the plan is now ${short(plan.hash ?? "none")}; read it again`,
      );
    const reason = request.reason ?? row.reason;
    const approvalId = await requestApproval(db, ctx.vault, { change: row, plan, reason, actor: ctx.actor });
    note(id, { approval_id: approvalId, hash: plan.hash });
  });
  return showStarted(ctx, id);
}

/** Stops a change: nothing more is sent. Before it began that is all; while it runs, it stops before the next line. */
export async function cancelChange(ctx: Ctx, id: string, reason: string | undefined): Promise<Started> {
  await mutate(ctx, "changes:write", "change.cancel", async (db, note) => {
    const row = await getChangeRow(db, id, { lock: true });
    mustBe(row, [...PLANNED, "planning", "applying", "verifying", "interrupted"], "can be cancelled");
    await requestCancel(ctx, db, row, reason);
    note(id, { reason: reason ?? null });
  });
  return showStarted(ctx, id);
}

/** Makes a new change that takes back what a kept one sent; it is planned, asked for and approved like any other. */
export async function undoChange(ctx: Ctx, id: string, reason: string | undefined): Promise<Started> {
  const made = await mutate(ctx, "changes:write", "change.undo", async (db, note) => {
    const row = await getChangeRow(db, id, { lock: true });
    mustBe(row, ["applied"], "can be undone");
    if (row.origin.kind === "stack" && !ENDED.includes((await getRunRow(db, row.run_id)).status))
      throw new Conflict("service_of_stack", "the stack that this change is a service of is still being deployed");
    if (row.undone_by) {
      const undo = await getChangeRow(db, row.undone_by);
      if (!["cancelled", "rejected", "expired", "failed", "rolled_back"].includes(undo.status))
        throw new Conflict("already_undone", `change ${undo.id} undoes this one already`);
    }
    const plan = row.plan_id ? await getPlan(db, row.plan_id) : undefined;
    const targets = (plan?.body.targets ?? []).filter((t) => t.state === "planned");
    if (targets.length === 0)
      throw new Conflict("nothing_to_undo", "this change sent nothing, so there is nothing to undo");
    const content: ChangeContent = {
      ...row.content,
      verify: [],
      window: null,
      targets: targets.map((t) => ({ device_id: t.device_id, device: t.device, lines: t.rollback_lines })),
    };
    const newChange = await insertNew(ctx, db, {
      title: `Undo: ${row.title}`.slice(0, 200),
      reason,
      content,
      origin: { kind: "undo", change_id: id },
    });
    await db`update changes set undone_by = ${newChange} where id = ${id}`;
    note(id, { undo: newChange });
    return newChange;
  });
  return showStarted(ctx, made);
}

/** A service of a stack is planned, approved and sent with the rest of it. */
function refuseService(row: ChangeRow): void {
  if (row.origin.kind === "stack")
    throw new Conflict(
      "service_of_stack",
      "this change is one service of a stack, which is planned and asked for as a whole; do that with the stack",
    );
}

const short = (hash: string): string => hash.replace("sha256:", "").slice(0, 8);

function mustBe(row: ChangeRow, statuses: readonly ChangeRow["status"][], what: string): void {
  if (statuses.includes(row.status)) return;
  throw new Conflict(
    "change_state",
    `this change is ${row.status.replaceAll("_", " ")}; only one that is ${statuses.join(", ").replaceAll("_", " ")} ${what}`,
  );
}
