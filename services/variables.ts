import type {
  EffectiveVariable,
  Origin,
  Variable,
  VariableScope,
  VariablesPatch,
} from "../domain/contract/variables.ts";
import { Invalid, NotFound } from "../domain/contract/errors.ts";
import { Site, Tag } from "../domain/contract/device.ts";
import { mergeLayers, valuesOf, type Layer } from "../domain/variables/effective.ts";
import type { Db } from "../db/client.ts";
import { findGroup } from "../db/queries/device-groups.ts";
import { findDevice, findDevicesByName } from "../db/queries/devices.ts";
import { notifyHint } from "../db/queries/hints.ts";
import { putSecret } from "../db/queries/secrets.ts";
import {
  deleteVariables,
  listVariables,
  lockOwner,
  putVariable,
  variablesOf,
  variablesReaching,
  type StoredValue,
  type VariableFilter,
  type VariableOwner,
} from "../db/queries/variables.ts";
import { newId } from "../system/ids.ts";
import type { Ctx } from "./context.ts";
import { mutate, requirePermission } from "./mutate.ts";

export type EffectiveVariables = {
  /** As a template takes them; secrets are `secret://` references. */
  values: Record<string, unknown>;
  /** The same with their origins. */
  variables: EffectiveVariable[];
};

/**
 * What holds for a device (by id): what is stored for it, its groups, its tags, its site and everything, and `layers` of
 * the caller: those of a run, a service, a stack, fetched from an API, built in. `domain/variables/order.ts` has the order.
 */
export async function effectiveVariables(
  db: Db,
  deviceId: string,
  layers: readonly Layer[] = [],
): Promise<EffectiveVariables> {
  const variables = mergeLayers([...layers, ...(await storedLayers(db, deviceId))]);
  return { values: valuesOf(variables), variables };
}

async function storedLayers(db: Db, deviceId: string): Promise<Layer[]> {
  const rows = await variablesReaching(db, deviceId);
  const owners = Map.groupBy(rows, (row) => `${row.scope} ${row.owner}`);
  return [...owners.values()].flatMap((of) => {
    const [first] = of;
    if (!first) return [];
    const origin: Origin = { kind: first.scope, id: first.owner_id, name: first.owner };
    return [
      {
        origin,
        variables: Object.fromEntries(of.map((row): [string, unknown] => [row.name, JSON.parse(row.value)])),
        secrets: new Set(of.flatMap((row) => (row.is_secret ? [row.name] : []))),
      },
    ];
  });
}

/** For people: the same, by the name of the device. */
export async function getDeviceVariables(ctx: Ctx, idOrName: string): Promise<EffectiveVariable[]> {
  requirePermission(ctx, "variables:read");
  const device = await findDevice(ctx.pool, idOrName);
  if (!device) throw new NotFound("device", idOrName);
  return (await effectiveVariables(ctx.pool, device.id)).variables;
}

export function getVariables(
  ctx: Ctx,
  filter: VariableFilter,
  page: { limit: number; offset: number },
): Promise<{ variables: Variable[]; total: number }> {
  requirePermission(ctx, "variables:read");
  return listVariables(ctx.pool, filter, page);
}

/** What is given is set, what is named in `remove` goes, all else of this owner stays. */
export async function changeVariables(
  ctx: Ctx,
  scope: VariableScope,
  ownerName: string,
  patch: VariablesPatch,
): Promise<Variable[]> {
  checkPatch(patch);
  const variables = await mutate(ctx, "variables:write", "variables.update", async (db, note) => {
    const { owner, name } = await findOwner(db, scope, ownerName);
    const before = await lockOwner(db, owner);
    for (const next of await nextValues(ctx, db, before, patch))
      await putVariable(db, owner, { ...next, id: newId(), by: ctx.actor.username }, { exists: before.has(next.name) });
    await deleteVariables(db, owner, patch.remove);
    note(`${scope} ${name}`, {
      set: Object.keys(patch.variables),
      secrets: Object.keys(patch.secrets),
      removed: patch.remove.filter((n) => before.has(n)),
    });
    return variablesOf(db, owner);
  });
  await notifyHint(ctx.pool, "variables", scope);
  return variables;
}

export async function removeVariable(ctx: Ctx, scope: VariableScope, ownerName: string, name: string): Promise<void> {
  await mutate(ctx, "variables:write", "variables.delete", async (db, note) => {
    const { owner, name: called } = await findOwner(db, scope, ownerName);
    const before = await lockOwner(db, owner);
    if (!before.has(name)) throw new NotFound("variable", name);
    await deleteVariables(db, owner, [name]);
    note(`${scope} ${called}`, { removed: [name] });
  });
  await notifyHint(ctx.pool, "variables", scope);
}

function checkPatch({ variables, secrets, descriptions, remove }: VariablesPatch): void {
  const given = [...Object.keys(variables), ...Object.keys(secrets), ...remove];
  const twice = given.find((name, i) => given.indexOf(name) !== i);
  if (twice !== undefined)
    throw wrong(twice, "variable_twice", "stands in two of variables, secrets and remove; say once what becomes of it");
  if (given.length === 0 && Object.keys(descriptions).length === 0)
    throw wrong("variables", "field_missing", "is empty: name what to set, or what to remove");
}

async function nextValues(
  ctx: Ctx,
  db: Db,
  before: ReadonlyMap<string, StoredValue>,
  patch: VariablesPatch,
): Promise<StoredValue[]> {
  const describe = (name: string): string => patch.descriptions[name] ?? before.get(name)?.description ?? "";
  const next = new Map<string, StoredValue>();
  for (const [name, value] of Object.entries(patch.variables))
    next.set(name, { name, value: JSON.stringify(value), is_secret: false, description: describe(name) });
  for (const [name, secret] of Object.entries(patch.secrets)) {
    const reference = await putSecret(db, ctx.vault, secret, "variable");
    next.set(name, { name, value: JSON.stringify(reference), is_secret: true, description: describe(name) });
  }
  for (const name of Object.keys(patch.descriptions)) {
    const known = next.get(name) ?? before.get(name);
    if (!known || patch.remove.includes(name))
      throw wrong(`descriptions.${name}`, "variable_unknown", "describes a variable that is not there");
    next.set(name, { ...known, description: describe(name) });
  }
  return [...next.values()];
}

/** `owner` of global is `all`. A site or tag need not be any device's yet. */
async function findOwner(db: Db, scope: VariableScope, name: string): Promise<{ owner: VariableOwner; name: string }> {
  const owner: VariableOwner = { scope, label: null, groupId: null, deviceId: null };
  if (scope === "device") {
    const [device] = await findDevicesByName(db, [name]);
    if (!device) throw new NotFound("device", name);
    return { owner: { ...owner, deviceId: device.id }, name: device.name };
  }
  if (scope === "group") {
    const group = await findGroup(db, name, { lock: true });
    if (!group) throw new NotFound("group", name);
    return { owner: { ...owner, groupId: group.id }, name: group.name };
  }
  if (scope === "global") {
    if (name !== "all") throw wrong("owner", "owner_invalid", 'of global variables must be "all"');
    return { owner, name };
  }
  const parsed = (scope === "site" ? Site : Tag).safeParse(name);
  if (!parsed.success)
    throw wrong(
      "owner",
      "owner_invalid",
      `is no name of a ${scope}: it ${parsed.error.issues[0]?.message ?? "is invalid"}`,
    );
  return { owner: { ...owner, label: name }, name };
}

const wrong = (path: string, code: string, message: string): Invalid =>
  new Invalid(code, `${path} ${message}`, { details: [{ path, code, message }] });
