import { Conflict, type ErrorDetail } from "../domain/contract/errors.ts";
import type {
  Stack,
  StackDefinition,
  StackInput,
  StackPatch,
  StackSummary,
  StackVersion,
} from "../domain/contract/stack.ts";
import { readStack } from "../domain/stack/definition.ts";
import type { Db } from "../db/client.ts";
import { findDevicesByName } from "../db/queries/devices.ts";
import { notifyHint } from "../db/queries/hints.ts";
import { lastDeploys } from "../db/queries/stack-deploys.ts";
import {
  findStack,
  getStackRow,
  insertStack,
  listOwned,
  listOwnedHeads,
  listStackRows,
  listStackVersions,
  saveStack,
  type StackRow,
} from "../db/queries/stacks.ts";
import { findTemplatesByName } from "../db/queries/templates.ts";
import { newId } from "../system/ids.ts";
import type { Ctx } from "./context.ts";
import { idempotent, type IdempotencyClaim } from "./idempotency.ts";
import { mutate, requirePermission } from "./mutate.ts";
import { refuse, refuseDeleting } from "./stack-plan.ts";
import { showSummary } from "./stack-state.ts";

export async function listStacks(
  ctx: Ctx,
  filter: { search?: string | undefined; sort: string; limit: number; offset: number },
): Promise<{ stacks: StackSummary[]; total: number }> {
  requirePermission(ctx, "changes:read");
  const { rows, total } = await listStackRows(ctx.pool, filter);
  const ids = rows.map((r) => r.id);
  const [owned, last] = await Promise.all([listOwnedHeads(ctx.pool, ids), lastDeploys(ctx.pool, ids)]);
  return {
    stacks: rows.map((row) =>
      showSummary(
        row,
        owned.filter((o) => o.stack_id === row.id),
        last.get(row.id),
      ),
    ),
    total,
  };
}

export async function getStack(ctx: Ctx, idOrName: string): Promise<Stack> {
  requirePermission(ctx, "changes:read");
  return wholeStack(ctx.pool, await getStackRow(ctx.pool, idOrName));
}

async function wholeStack(db: Db, row: StackRow): Promise<Stack> {
  const [owned, last] = await Promise.all([listOwned(db, [row.id]), lastDeploys(db, [row.id])]);
  const { services: _count, ...summary } = showSummary(row, owned, last.get(row.id));
  return {
    ...summary,
    services: row.definition.services,
    shared_variables: row.definition.shared_variables,
    device_variables: row.definition.device_variables,
    api_variables: row.definition.api_variables,
    owned: owned.map((o) => ({
      service: o.service,
      device: o.device,
      template: o.template,
      template_version: o.template_version,
      stack_version: o.stack_version,
      change_id: o.change_id,
      lines: o.lines,
      at: o.at.toISOString(),
    })),
  };
}

export async function getStackVersions(ctx: Ctx, idOrName: string): Promise<StackVersion[]> {
  requirePermission(ctx, "changes:read");
  const { id } = await getStackRow(ctx.pool, idOrName);
  return (await listStackVersions(ctx.pool, id)).map((v) => ({ ...v, created_at: v.created_at.toISOString() }));
}

export async function createStack(ctx: Ctx, input: StackInput, claim: IdempotencyClaim | null): Promise<Stack> {
  const id = await mutate(ctx, "changes:write", "stack.create", async (db, note) => {
    const make = async (): Promise<string> => {
      const definition = await checked(db, input);
      await refuseTaken(db, definition.name, null);
      const made = newId();
      await insertStack(db, made, definition, ctx.actor);
      return made;
    };
    const made = claim ? await idempotent(ctx, db, claim, make) : await make();
    note(made, { name: input.name });
    return made;
  });
  await notifyHint(ctx.pool, "stacks", id);
  return getStack(ctx, id);
}

/** Saves a new version, unless nothing would be another. Nothing is sent: what is on the devices stays until it is deployed. */
export async function changeStack(ctx: Ctx, idOrName: string, patch: StackPatch): Promise<Stack> {
  const id = await mutate(ctx, "changes:write", "stack.update", async (db, note) => {
    const row = await getStackRow(db, idOrName, { lock: true });
    refuseDeleting(row);
    const { version, ...given } = patch;
    if (version !== undefined && version !== row.version)
      throw new Conflict(
        "version_conflict",
        `the stack “${row.name}” is at version ${row.version} by now; read it again, and change that`,
      );
    const definition = await checked(db, merged(row.definition, given));
    await refuseTaken(db, definition.name, row.id);
    if (JSON.stringify(definition) !== JSON.stringify(row.definition)) await saveStack(db, row, definition, ctx.actor);
    note(row.id, { name: definition.name });
    return row.id;
  });
  await notifyHint(ctx.pool, "stacks", id);
  return getStack(ctx, id);
}

/** What is absent stays; services as a whole are replaced by services as a whole, in whichever form they come. */
function merged(before: StackDefinition, patch: Omit<StackPatch, "version">): StackInput {
  const replaces = patch.services !== undefined || patch.templates !== undefined;
  const variables = patch.shared_variables !== undefined || patch.variables !== undefined;
  return {
    ...patch,
    name: patch.name ?? before.name,
    description: patch.description === undefined ? before.description : patch.description,
    ...(replaces ? {} : { services: before.services }),
    ...(variables ? {} : { shared_variables: before.shared_variables }),
    device_variables: patch.device_variables === undefined ? before.device_variables : patch.device_variables,
    api_variables: patch.api_variables === undefined ? before.api_variables : patch.api_variables,
    on_failure: patch.on_failure ?? before.on_failure,
  };
}

/** The definition as it is kept, once every template and device in it is known. */
async function checked(db: Db, input: StackInput): Promise<StackDefinition> {
  const { definition, faults } = readStack(input);
  refuse([...faults, ...(await unknownNames(db, definition))]);
  return definition;
}

async function unknownNames(db: Db, { services }: StackDefinition): Promise<ErrorDetail[]> {
  const [templates, devices] = await Promise.all([
    findTemplatesByName(
      db,
      services.map((s) => s.template),
    ),
    findDevicesByName(
      db,
      services.flatMap((s) => s.devices),
    ),
  ]);
  const byName = new Map(templates.map((t) => [t.name.toLowerCase(), t]));
  const known = new Set(devices.flatMap((d) => [d.name.toLowerCase(), d.id]));
  return services.flatMap((service, i) => {
    const template = byName.get(service.template.toLowerCase());
    const faults: ErrorDetail[] = [];
    if (!template)
      faults.push({
        path: `services[${i}].template`,
        code: "template_unknown",
        message: `there is no template ${JSON.stringify(service.template)}; save it first`,
      });
    else if (template.type !== "deploy")
      faults.push({
        path: `services[${i}].template`,
        code: "template_type",
        message: `${template.name} is of type ${template.type}; a service needs one of type deploy`,
      });
    service.devices.forEach((device, j) => {
      if (!known.has(device.toLowerCase()))
        faults.push({
          path: `services[${i}].devices[${j}]`,
          code: "device_unknown",
          message: `there is no device ${JSON.stringify(device)}`,
        });
    });
    return faults;
  });
}

async function refuseTaken(db: Db, name: string, own: string | null): Promise<void> {
  const other = await findStack(db, name);
  if (other && other.id !== own)
    throw new Conflict("name_taken", `there is a stack “${other.name}” already; choose another name`, {
      details: [{ path: "name", code: "name_taken", message: "is taken" }],
    });
}
