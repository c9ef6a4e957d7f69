import type { Device, DevicePatch, NewDevice } from "../domain/contract/device.ts";
import { Conflict, Forbidden, NotFound } from "../domain/contract/errors.ts";
import type { Db } from "../db/client.ts";
import { ownValuesOf } from "../db/queries/device-overrides.ts";
import { deleteDevice, devicesBehind, heldDevices, lockDevice, openChangesOf } from "../db/queries/device-rows.ts";
import {
  deviceFacets,
  findDevice,
  listDevices,
  type DeviceFilter,
  type DeviceSort,
  type Facets,
} from "../db/queries/devices.ts";
import { notifyHint } from "../db/queries/hints.ts";
import { newId } from "../system/ids.ts";
import type { Ctx } from "./context.ts";
import { blankDevice, writeDevice } from "./device-write.ts";
import { mutate, requirePermission } from "./mutate.ts";

type Page = { limit: number; offset: number; sort: { column: DeviceSort; descending: boolean } };

export function getDevices(ctx: Ctx, filter: DeviceFilter, page: Page): Promise<{ devices: Device[]; total: number }> {
  requirePermission(ctx, "devices:read");
  return listDevices(ctx.pool, filter, page);
}

/** As getDevices, with each device's own values, whatever an override puts in their place. */
export async function getOwnDevices(ctx: Ctx, filter: DeviceFilter, page: Page): Promise<Device[]> {
  const { devices } = await getDevices(ctx, filter, page);
  const own = await ownValuesOf(
    ctx.pool,
    devices.map((device) => device.id),
  );
  return devices.map((device) => ({ ...device, ...own.get(device.id) }));
}

export async function getDevice(ctx: Ctx, idOrName: string): Promise<Device> {
  requirePermission(ctx, "devices:read");
  return mustFind(ctx.pool, idOrName);
}

export function getFacets(ctx: Ctx): Promise<Facets> {
  requirePermission(ctx, "devices:read");
  return deviceFacets(ctx.pool);
}

export async function createDevice(ctx: Ctx, device: NewDevice): Promise<Device> {
  const made = await mutate(ctx, "devices:write", "device.create", async (db, note) => {
    const id = newId();
    const fields = await writeDevice(db, ctx, blankDevice(id), device, "insert");
    note(device.name, { id, host: device.host ?? device.ip_address, device_type: device.device_type, fields });
    return mustFind(db, id);
  });
  await notifyHint(ctx.pool, "devices", made.id);
  return made;
}

/** Only what is given changes. A key that was accepted stays pinned when the address moves: another box shows there. */
export async function changeDevice(ctx: Ctx, idOrName: string, patch: DevicePatch): Promise<Device> {
  const device = await mutate(ctx, "devices:write", "device.update", async (db, note) => {
    const before = await lockDevice(db, idOrName);
    if (!before) throw new NotFound("device", idOrName);
    const fields = await writeDevice(db, ctx, before, patch, "update");
    const after = await mustFind(db, before.id);
    note(before.name, {
      id: before.id,
      fields,
      ...(fields.includes("name") ? { new_name: after.name } : {}),
      ...(fields.includes("host") ? { host: { before: before.host, after: after.host } } : {}),
      ...(fields.includes("enabled") ? { enabled: after.enabled, reason: after.disabled_reason } : {}),
      ...(fields.includes("weak_algorithms") ? { weak_algorithms: after.weak_algorithms } : {}),
    });
    return after;
  });
  await notifyHint(ctx.pool, "devices", device.id);
  return device;
}

export async function removeDevice(ctx: Ctx, idOrName: string): Promise<void> {
  const id = await mutate(ctx, "devices:write", "device.delete", async (db, note) => {
    const device = await lockDevice(db, idOrName);
    if (!device) throw new NotFound("device", idOrName);
    if (device.is_lab)
      throw new Forbidden(
        "lab_device_fixed",
        `${device.name} belongs to the lab; start without the lab (NETSTACKS_LAB=off) to be without it`,
      );
    const holder = (await heldDevices(db, [device.id])).get(device.id);
    if (holder)
      throw new Conflict(
        "device_busy",
        `the run ${JSON.stringify(holder.title)} (${holder.run_id}) holds ${device.name}; delete it when the run has ended`,
      );
    const open = await openChangesOf(db, device.id);
    if (open.length > 0)
      throw new Conflict(
        "device_in_changes",
        `${device.name} is part of ${open.length === 1 ? "an open change" : `${open.length} open changes`} (${open.map((c) => c.id).join(", ")}); cancel them first`,
      );
    const behind = await devicesBehind(db, device.id);
    if (behind.length > 0)
      throw new Conflict(
        "device_is_jump",
        `${behind.join(", ")} can only be reached through ${device.name}; change their jump device first`,
      );
    if (!(await deleteDevice(db, device.id)))
      throw new Conflict(
        "device_has_history",
        `changes were made to ${device.name}, and their records stay; disable the device instead`,
      );
    note(device.name, { id: device.id, host: device.host });
    return device.id;
  });
  await notifyHint(ctx.pool, "devices", id);
}

async function mustFind(db: Db, idOrName: string): Promise<Device> {
  const device = await findDevice(db, idOrName);
  if (!device) throw new NotFound("device", idOrName);
  return device;
}
