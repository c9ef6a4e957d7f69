import { Conflict, type ErrorDetail } from "../domain/contract/errors.ts";
import type {
  AskedVariable,
  FormField,
  FormFilled,
  StackTemplate,
  StackTemplateDefinition,
  StackTemplateInput,
  StackTemplatePatch,
} from "../domain/contract/stack-template.ts";
import type { Stack, StackInput } from "../domain/contract/stack.ts";
import { apiVariables, readStack } from "../domain/stack/definition.ts";
import type { Db } from "../db/client.ts";
import {
  deleteStackTemplateRow,
  findStackTemplate,
  getStackTemplateRow,
  listStackTemplateRows,
  putStackTemplate,
  type StackTemplateRow,
} from "../db/queries/stack-templates.ts";
import { findTemplatesByName } from "../db/queries/templates.ts";
import { newId } from "../system/ids.ts";
import type { Ctx } from "./context.ts";
import { mutate, requirePermission } from "./mutate.ts";
import type { Renderer } from "./renderer.ts";
import { deployStack, planStack, type StartedDeploy } from "./stack-deploys.ts";
import { refuse } from "./stack-plan.ts";
import { createStack } from "./stacks.ts";
import { variablesOfStored } from "./template-render.ts";

const show = ({ definition, ...row }: StackTemplateRow): StackTemplate => ({
  ...definition,
  ...row,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

export async function listStackTemplates(
  ctx: Ctx,
  filter: { search?: string | undefined; tag?: string | undefined; limit: number; offset: number },
): Promise<{ stack_templates: StackTemplate[]; total: number }> {
  requirePermission(ctx, "changes:read");
  const { rows, total } = await listStackTemplateRows(ctx.pool, filter);
  return { stack_templates: rows.map(show), total };
}

export async function getStackTemplate(ctx: Ctx, idOrName: string): Promise<StackTemplate> {
  requirePermission(ctx, "changes:read");
  return show(await getStackTemplateRow(ctx.pool, idOrName));
}

export async function createStackTemplate(ctx: Ctx, input: StackTemplateInput): Promise<StackTemplate> {
  const id = newId();
  await mutate(ctx, "changes:write", "stack_template.create", async (db, note) => {
    await save(ctx, db, id, await checked(db, input));
    note(id, { name: input.name });
  });
  return getStackTemplate(ctx, id);
}

/** What is absent stays as it is. */
export async function changeStackTemplate(
  ctx: Ctx,
  idOrName: string,
  patch: StackTemplatePatch,
): Promise<StackTemplate> {
  const id = await mutate(ctx, "changes:write", "stack_template.update", async (db, note) => {
    const row = await getStackTemplateRow(db, idOrName, { lock: true });
    await save(ctx, db, row.id, await checked(db, { ...row.definition, ...withoutUndefined(patch) }));
    note(row.id, { name: row.name });
    return row.id;
  });
  return getStackTemplate(ctx, id);
}

const withoutUndefined = (patch: StackTemplatePatch): Partial<StackTemplateInput> =>
  Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));

export async function removeStackTemplate(ctx: Ctx, idOrName: string): Promise<void> {
  await mutate(ctx, "changes:write", "stack_template.delete", async (db, note) => {
    const row = await getStackTemplateRow(db, idOrName, { lock: true });
    await deleteStackTemplateRow(db, row.id);
    note(row.id, { name: row.name });
  });
}

async function save(ctx: Ctx, db: Db, id: string, definition: StackTemplateDefinition): Promise<void> {
  const other = await findStackTemplate(db, definition.name);
  if (other && other.id !== id)
    throw new Conflict("name_taken", `there is a stack template “${other.name}” already; choose another name`, {
      details: [{ path: "name", code: "name_taken", message: "is taken" }],
    });
  await putStackTemplate(db, id, definition, ctx.actor.username);
}

const asked = (given: readonly (string | AskedVariable)[]): AskedVariable[] =>
  given.map((each) => (typeof each === "string" ? { name: each, description: "" } : each));

/** As it is kept: its services are read as those of a stack are, with the same faults. */
async function checked(db: Db, input: StackTemplateInput): Promise<StackTemplateDefinition> {
  const services = input.services.map((s) => ({ ...s, name: s.name ?? s.template }));
  const { definition, faults } = readStack({ name: input.name, services });
  const known = new Set(
    (
      await findTemplatesByName(
        db,
        services.map((s) => s.template),
      )
    ).map((t) => t.name.toLowerCase()),
  );
  services.forEach((s, i) => {
    if (!known.has(s.template.toLowerCase()))
      faults.push({
        path: `services[${i}].template`,
        code: "template_unknown",
        message: `there is no template ${JSON.stringify(s.template)}; save it first`,
      });
  });
  refuse(faults);
  return {
    name: input.name,
    description: input.description ?? "",
    tags: input.tags ?? [],
    services: definition.services.map(({ name, template, variables, depends_on }) => ({
      name,
      template,
      variables,
      depends_on,
    })),
    shared_variables: input.shared_variables ?? {},
    required_variables: asked(input.required_variables ?? []),
    per_device_variables: asked(input.per_device_variables ?? []),
    api_variables: apiVariables(input.api_variables ?? []),
    on_failure: input.on_failure ?? "rollback",
  };
}

/** The fields that somebody has to fill in: those that the template names, with the types that its templates use them as. */
export async function getStackForm(ctx: Ctx, renderer: Renderer, idOrName: string): Promise<FormField[]> {
  requirePermission(ctx, "changes:read");
  const { definition } = await getStackTemplateRow(ctx.pool, idOrName);
  const used = new Map<string, { type: FormField["type"]; templates: string[] }>();
  for (const template of new Set(definition.services.map((s) => s.template)))
    for (const { name, type } of await variablesOfStored(ctx, renderer, template)) {
      const known = used.get(name);
      used.set(name, { type: known?.type ?? type, templates: [...(known?.templates ?? []), template] });
    }
  const field = (how: FormField["asked"], { name, description, ...rest }: AskedVariable): FormField => ({
    name,
    asked: how,
    description,
    default: rest.default ?? null,
    has_default: rest.default !== undefined,
    type: used.get(name)?.type,
    templates: used.get(name)?.templates ?? [],
    declared: true,
  });
  const declared = [
    ...definition.required_variables.map((v) => field("once", v)),
    ...definition.per_device_variables.map((v) => field("per_device", v)),
    ...definition.api_variables.map((v) => field("fetched", { name: v.name, description: `from ${v.resource}` })),
  ];
  const given = new Set([
    "device",
    ...declared.map((f) => f.name),
    ...Object.keys(definition.shared_variables),
    ...definition.services.flatMap((s) => Object.keys(s.variables)),
  ]);
  const open = [...used.keys()].filter((name) => !given.has(name));
  return [...declared, ...open.map((name) => ({ ...field("once", { name, description: "" }), declared: false }))];
}

/** Makes a stack of what was filled in, and plans it; with `deploy` it is asked for as well. */
export async function deployOfTemplate(
  ctx: Ctx,
  renderer: Renderer,
  idOrName: string,
  filled: FormFilled,
): Promise<StartedDeploy & { stack: Stack }> {
  const { definition } = await getStackTemplateRow(ctx.pool, idOrName);
  const stack = await createStack(ctx, stackOf(definition, filled), null);
  const started = filled.deploy
    ? await deployStack(
        ctx,
        renderer,
        stack.id,
        { reason: filled.reason, require_approval: filled.require_approval },
        null,
      )
    : await planStack(ctx, renderer, stack.id, {}, null);
  return { ...started, stack };
}

function stackOf(template: StackTemplateDefinition, filled: FormFilled): StackInput {
  const faults: ErrorDetail[] = [];
  const missing = (path: string, name: string): void => {
    faults.push({
      path,
      code: "variable_missing",
      message: `is asked for by “${template.name}”: give ${name} a value`,
    });
  };
  const once = defaults(template.required_variables);
  for (const { name } of template.required_variables)
    if (!Object.hasOwn(filled.variables, name) && !Object.hasOwn(once, name)) missing(`variables.${name}`, name);
  const each = defaults(template.per_device_variables);
  const ofDevice = new Map(Object.entries(filled.device_variables).map(([name, v]) => [name.toLowerCase(), v]));
  for (const device of filled.devices)
    for (const { name } of template.per_device_variables)
      if (!Object.hasOwn(ofDevice.get(device.toLowerCase()) ?? {}, name) && !Object.hasOwn(each, name))
        missing(`device_variables.${device}.${name}`, name);
  refuse(faults);
  return {
    name: filled.name,
    description: filled.description ?? template.description,
    services: template.services.map((s) => ({ ...s, devices: filled.devices })),
    shared_variables: { ...template.shared_variables, ...once, ...filled.variables },
    device_variables: Object.fromEntries(
      filled.devices.map((device) => [device, { ...each, ...ofDevice.get(device.toLowerCase()) }]),
    ),
    api_variables: template.api_variables,
    on_failure: filled.on_failure ?? template.on_failure,
  };
}

const defaults = (variables: readonly AskedVariable[]): Record<string, unknown> =>
  Object.fromEntries(variables.flatMap((v) => (v.default === undefined ? [] : [[v.name, v.default]])));
