import { NotFound } from "../domain/contract/errors.ts";
import type { ServiceInstance, StackCheck } from "../domain/contract/stack.ts";
import { getInstanceRow, listInstanceRows, type InstanceRow } from "../db/queries/stacks.ts";
import type { Ctx } from "./context.ts";
import type { IdempotencyClaim } from "./idempotency.ts";
import { requirePermission } from "./mutate.ts";
import type { Renderer } from "./renderer.ts";
import { deployStack, type StartedDeploy } from "./stack-deploys.ts";
import { validateStack } from "./stack-validate.ts";

const show = (row: InstanceRow): ServiceInstance => ({
  ...row,
  state: "deployed",
  deployed_at: row.deployed_at.toISOString(),
});

/** What stacks have put on devices, one by one: as older scripts know it. */
export async function listInstances(
  ctx: Ctx,
  filter: { stack?: string | undefined; device?: string | undefined; limit: number; offset: number },
): Promise<{ instances: ServiceInstance[]; total: number }> {
  requirePermission(ctx, "changes:read");
  const { rows, total } = await listInstanceRows(ctx.pool, filter);
  return { instances: rows.map(show), total };
}

export async function getInstance(ctx: Ctx, id: string): Promise<ServiceInstance> {
  requirePermission(ctx, "changes:read");
  return show(await getInstanceRow(ctx.pool, id));
}

/** Does its device still hold it? */
export async function checkInstance(ctx: Ctx, id: string): Promise<StackCheck> {
  const instance = await getInstance(ctx, id);
  const { checks } = await validateStack(ctx, instance.stack_id, instance.device);
  const check = checks.find((c) => c.service === instance.service);
  if (!check) throw new NotFound("service instance", id);
  return check;
}

/** Deploys its stack again, on its device alone. */
export async function redeployInstance(
  ctx: Ctx,
  renderer: Renderer,
  id: string,
  claim: IdempotencyClaim | null,
): Promise<StartedDeploy> {
  const { stack_id, device } = await getInstance(ctx, id);
  return deployStack(ctx, renderer, stack_id, { devices: [device] }, claim);
}
