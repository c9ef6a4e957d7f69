import { Conflict } from "../domain/contract/errors.ts";
import type { Run } from "../domain/contract/run.ts";
import type { DeployRequest, PlanRequest, StackDeploy, StackDeploySummary } from "../domain/contract/stack.ts";
import type { Db } from "../db/client.ts";
import { notifyHint } from "../db/queries/hints.ts";
import { getDeployRow, listDeployRows, type DeployRow } from "../db/queries/stack-deploys.ts";
import { deleteStackRow, getStackRow, listOwned, setDeleting } from "../db/queries/stacks.ts";
import { getRunRow } from "../db/queries/runs.ts";
import type { Ctx } from "./context.ts";
import { idempotent, type IdempotencyClaim } from "./idempotency.ts";
import { mutate, requirePermission } from "./mutate.ts";
import { afterCommit } from "./nudge.ts";
import type { Renderer } from "./renderer.ts";
import { getRun } from "./runs.ts";
import { requestDeployApproval } from "./stack-approval.ts";
import { showDeploy, showDeploySummary } from "./stack-deploy-view.ts";
import { insertStackDeploy, refuseDeleting, type DeployWish } from "./stack-plan.ts";

export type StartedDeploy = { deploy: StackDeploy; run: Run };

export async function getDeploy(ctx: Ctx, id: string): Promise<StackDeploy> {
  requirePermission(ctx, "changes:read");
  return showDeploy(ctx.pool, await getDeployRow(ctx.pool, id));
}

export async function listDeploys(
  ctx: Ctx,
  idOrName: string,
  page: { limit: number; offset: number },
): Promise<{ deploys: StackDeploySummary[]; total: number }> {
  requirePermission(ctx, "changes:read");
  const { id } = await getStackRow(ctx.pool, idOrName);
  const { rows, total } = await listDeployRows(ctx.pool, { stackId: id, ...page });
  const deploys = await Promise.all(
    rows.map(async (row) => showDeploySummary(row, await getRunRow(ctx.pool, row.run_id))),
  );
  return { deploys, total };
}

export async function lookAgain(ctx: Ctx, { deploy, run }: StartedDeploy): Promise<StartedDeploy> {
  return { deploy: await getDeploy(ctx, deploy.id), run: await getRun(ctx, run.id) };
}

/** Plans a stack on its devices, and leaves the plan to be read: nothing is asked for. */
export const planStack = (
  ctx: Ctx,
  renderer: Renderer,
  idOrName: string,
  { variables, devices }: PlanRequest,
  claim: IdempotencyClaim | null,
): Promise<StartedDeploy> =>
  start(ctx, { permission: "changes:write", action: "stack.plan" }, claim, (db) =>
    insertFor(ctx, db, renderer, idOrName, { action: "deploy", variables, devices, requestApproval: false }),
  );

/**
 * Asks for a deploy: of a plan that stands, or of one that is made now and asked for as soon as it stands. The same
 * idempotency key gives the same deploy.
 */
export const deployStack = (
  ctx: Ctx,
  renderer: Renderer,
  idOrName: string,
  request: DeployRequest,
  claim: IdempotencyClaim | null,
): Promise<StartedDeploy> =>
  start(ctx, { permission: "changes:apply", action: "stack.deploy" }, claim, (db) =>
    request.plan_id === undefined
      ? insertFor(ctx, db, renderer, idOrName, {
          action: "deploy",
          variables: request.variables,
          devices: request.devices,
          requestApproval: request.dry_run !== true,
          selfApprove: request.require_approval === false,
          dryRun: request.dry_run ?? false,
          reason: request.reason,
        })
      : askForPlan(ctx, db, idOrName, request.plan_id, request),
  );

/** Asks to take all that the stack has put on devices off again; the record of the stack stays. */
export const takeOffStack = (
  ctx: Ctx,
  renderer: Renderer,
  idOrName: string,
  request: DeployRequest,
  claim: IdempotencyClaim | null,
): Promise<StartedDeploy> =>
  start(ctx, { permission: "changes:apply", action: "stack.delete_config" }, claim, (db) =>
    insertFor(ctx, db, renderer, idOrName, {
      action: "delete",
      devices: request.devices,
      requestApproval: request.dry_run !== true,
      selfApprove: request.require_approval === false,
      dryRun: request.dry_run ?? false,
      reason: request.reason,
    }),
  );

/**
 * Deletes a stack: at once where nothing of it is on a device; else after a deploy that takes it off, which is returned, and
 * which leaves the record where something could not be taken off. `keep`: the lines stay, and nobody owns them any more.
 */
export async function deleteStack(
  ctx: Ctx,
  renderer: Renderer,
  idOrName: string,
  { keep, selfApprove }: { keep: boolean; selfApprove: boolean },
): Promise<{ started: StartedDeploy | null; orphans: { service: string; device: string; lines: string[] }[] }> {
  let orphans: { service: string; device: string; lines: string[] }[] = [];
  const made = await mutate(ctx, "changes:apply", "stack.delete", async (db, note) => {
    const stack = await getStackRow(db, idOrName, { lock: true });
    refuseDeleting(stack);
    const owned = await listOwned(db, [stack.id]);
    note(stack.id, { name: stack.name, kept_on: owned.length });
    if (owned.length === 0 || keep) {
      orphans = owned.map(({ service, device, lines }) => ({ service, device, lines }));
      await refuseUnderWay(db, stack.id);
      await deleteStackRow(db, stack.id);
      return null;
    }
    const started = await insertStackDeploy(ctx, db, renderer, stack, {
      action: "delete",
      requestApproval: true,
      selfApprove,
    });
    await setDeleting(db, stack.id, true);
    return started;
  });
  await notifyHint(ctx.pool, "stacks", idOrName);
  return { started: made && (await showStarted(ctx, made)), orphans };
}

async function refuseUnderWay(db: Db, stackId: string): Promise<void> {
  const [active] =
    await db`select 1 from stack_deploys where stack_id = ${stackId} and status in ('pending_approval', 'approved', 'deploying')`;
  if (active)
    throw new Conflict(
      "deploy_active",
      "a deploy of this stack waits or is under way; wait for it, or cancel it first",
    );
}

type Made = { id: string; runIds: string[] };

async function start(
  ctx: Ctx,
  verb: { permission: "changes:write" | "changes:apply"; action: string },
  claim: IdempotencyClaim | null,
  make: (db: Db) => Promise<Made>,
): Promise<StartedDeploy> {
  // The answer shows both: whoever may not see them is told so before anything is begun.
  requirePermission(ctx, "changes:read");
  requirePermission(ctx, "runs:read");
  const made = await mutate(ctx, verb.permission, verb.action, async (db, note): Promise<Made> => {
    let fresh: Made | undefined;
    const insert = async (): Promise<string> => {
      fresh = await make(db);
      return fresh.id;
    };
    const id = claim ? await idempotent(ctx, db, claim, insert) : await insert();
    note(id, { fresh: fresh !== undefined });
    return fresh ?? { id, runIds: [] };
  });
  return showStarted(ctx, made);
}

async function showStarted(ctx: Ctx, { id, runIds }: Made): Promise<StartedDeploy> {
  const { run_id, stack_id } = await getDeployRow(ctx.pool, id);
  for (const runId of runIds.length > 0 ? runIds : [run_id]) await afterCommit(ctx, runId);
  if (stack_id !== null) await notifyHint(ctx.pool, "stacks", stack_id);
  return { deploy: await getDeploy(ctx, id), run: await getRun(ctx, run_id) };
}

async function insertFor(ctx: Ctx, db: Db, renderer: Renderer, idOrName: string, wish: DeployWish): Promise<Made> {
  const stack = await getStackRow(db, idOrName, { lock: true });
  refuseDeleting(stack);
  if (wish.requestApproval) await refuseUnderWay(db, stack.id);
  return insertStackDeploy(ctx, db, renderer, stack, wish);
}

/** Asks for approval of exactly the plan that stands. */
async function askForPlan(
  ctx: Ctx,
  db: Db,
  idOrName: string,
  planId: string,
  { hash, reason, variables, devices, require_approval }: DeployRequest,
): Promise<Made> {
  const stack = await getStackRow(db, idOrName, { lock: true });
  refuseDeleting(stack);
  const deploy = await getDeployRow(db, planId, { lock: true });
  if (deploy.stack_id !== stack.id)
    throw new Conflict("plan_other_stack", `this is a plan of “${deploy.stack_name}”, not of “${stack.name}”`);
  if (variables !== undefined || devices !== undefined)
    throw new Conflict("plan_fixed", "a plan that stands has its variables and devices; plan again for others");
  if (deploy.status === "planning")
    throw new Conflict("planning", "the plan is still being computed; ask again when it stands", { retryAfter: 2 });
  if (deploy.status !== "planned" || deploy.dry_run)
    throw new Conflict(
      "deploy_state",
      `this plan is ${deploy.status.replaceAll("_", " ")}; only one that stands and was not asked for can be asked for`,
    );
  if (deploy.stack_version !== stack.version)
    throw new Conflict(
      "plan_outdated",
      `this is a plan of version ${deploy.stack_version}, and the stack is at version ${stack.version} by now; plan again`,
    );
  if (hash !== undefined && hash !== deploy.hash)
    throw new Conflict("hash_mismatch", "the plan that you read is another one; read it again");
  const asked: DeployRow = {
    ...deploy,
    reason: reason ?? deploy.reason,
    self_approve: require_approval === false,
  };
  await requestDeployApproval(db, ctx.vault, asked, ctx.actor);
  return { id: deploy.id, runIds: [] };
}
