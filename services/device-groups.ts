import type { DeviceGroup, DeviceGroupPatch, NewDeviceGroup } from "../domain/contract/variables.ts";
import { Conflict, Invalid, NotFound } from "../domain/contract/errors.ts";
import type { Db } from "../db/client.ts";
import { deleteGroup, findGroup, listGroups, putGroup, setMembers } from "../db/queries/device-groups.ts";
import { findDevicesByName, looksLikeId } from "../db/queries/devices.ts";
import { notifyHint } from "../db/queries/hints.ts";
import { newId } from "../system/ids.ts";
import type { Ctx } from "./context.ts";
import { mutate, requirePermission } from "./mutate.ts";

export function getGroups(
  ctx: Ctx,
  list: Parameters<typeof listGroups>[1],
): Promise<{ groups: DeviceGroup[]; total: number }> {
  requirePermission(ctx, "variables:read");
  return listGroups(ctx.pool, list);
}

export function getGroup(ctx: Ctx, idOrName: string): Promise<DeviceGroup> {
  requirePermission(ctx, "variables:read");
  return mustFind(ctx.pool, idOrName);
}

export const createGroup = (ctx: Ctx, input: NewDeviceGroup): Promise<DeviceGroup> =>
  save(ctx, "device_group.create", input, () =>
    Promise.resolve({ id: newId(), name: input.name, description: "", priority: 0 }),
  );

export const changeGroup = (ctx: Ctx, idOrName: string, patch: DeviceGroupPatch): Promise<DeviceGroup> =>
  save(ctx, "device_group.update", patch, (db) => mustFind(db, idOrName, { lock: true }));

/** With its variables: nothing is left that could name it. */
export async function removeGroup(ctx: Ctx, idOrName: string): Promise<void> {
  await mutate(ctx, "variables:write", "device_group.delete", async (db, note) => {
    const group = await mustFind(db, idOrName, { lock: true });
    await deleteGroup(db, group.id);
    note(group.name, { id: group.id, devices: group.devices.length, variables: group.variables });
  });
  await notifyHint(ctx.pool, "variables", "group");
}

type Kept = Pick<DeviceGroup, "id" | "name" | "description" | "priority">;

async function save(
  ctx: Ctx,
  action: string,
  patch: DeviceGroupPatch,
  find: (db: Db) => Promise<Kept>,
): Promise<DeviceGroup> {
  const group = await mutate(ctx, "variables:write", action, async (db, note) => {
    const before = await find(db);
    const name = patch.name ?? before.name;
    if (looksLikeId(name))
      throw wrong("name", "name_is_id", "has the form of an id; choose a name that people can tell from one");
    const { id } = before;
    const after = {
      id,
      name,
      description: patch.description ?? before.description,
      priority: patch.priority ?? before.priority,
    };
    if (!(await putGroup(db, after)))
      throw new Conflict("group_exists", `there is already a group ${name}; choose another name`, {
        details: [{ path: "name", code: "group_exists", message: "is taken" }],
      });
    if (patch.devices) await setMembers(db, id, await idsOf(db, patch.devices));
    note(name, {
      id,
      fields: Object.entries(patch).flatMap(([field, value]) => (value === undefined ? [] : [field])),
      ...(patch.devices ? { devices: patch.devices.length } : {}),
    });
    return mustFind(db, id);
  });
  await notifyHint(ctx.pool, "variables", "group");
  return group;
}

async function idsOf(db: Db, names: readonly string[]): Promise<string[]> {
  const known = await findDevicesByName(db, names);
  const called = new Set(known.flatMap((d) => [d.id, d.name.toLowerCase()]));
  const details = names.flatMap((name, i) =>
    called.has(name.toLowerCase())
      ? []
      : [{ path: `devices[${i}]`, code: "device_unknown", message: `there is no device ${JSON.stringify(name)}` }],
  );
  const [first] = details;
  if (first) throw new Invalid("device_unknown", `${first.path}: ${first.message}`, { details });
  return known.map((d) => d.id);
}

async function mustFind(db: Db, idOrName: string, how: { lock?: boolean } = {}): Promise<DeviceGroup> {
  const group = await findGroup(db, idOrName, how);
  if (!group) throw new NotFound("group", idOrName);
  return group;
}

const wrong = (path: string, code: string, message: string): Invalid =>
  new Invalid(code, `${path} ${message}`, { details: [{ path, code, message }] });
