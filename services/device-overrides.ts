import type { DeviceOverride, OverridePatch } from "../domain/contract/override.ts";
import { Invalid, NotFound } from "../domain/contract/errors.ts";
import { transaction, type Db, type Pool } from "../db/client.ts";
import { insertAudit } from "../db/queries/audit.ts";
import { clearRefusals, credentialExists } from "../db/queries/credentials.ts";
import {
  deleteOverride,
  enableDue,
  findOverride,
  getOverride,
  listOverrides,
  putOverride,
  writeEffective,
  type StoredOverride,
} from "../db/queries/device-overrides.ts";
import { forgetDeviceState, lockDevice, updateDevice, type StoredDevice } from "../db/queries/device-rows.ts";
import { notifyHint } from "../db/queries/hints.ts";
import type { Vault } from "../system/vault.ts";
import type { Ctx } from "./context.ts";
import { sealSecrets, touchesSecrets } from "./device-secrets.ts";
import { refuseToMove, writeDevice } from "./device-write.ts";
import { mutate, requirePermission } from "./mutate.ts";
import { effectiveAccess } from "./override-overlay.ts";

const EMPTY: StoredOverride = {
  host: null,
  port: null,
  device_type: null,
  username: null,
  credential_id: null,
  sealed: null,
  has_password: false,
  has_enable_password: false,
  has_private_key: false,
  timeouts: {},
  notes: "",
};

export function getOverrides(
  ctx: Ctx,
  list: Parameters<typeof listOverrides>[1],
): Promise<{ overrides: DeviceOverride[]; total: number }> {
  requirePermission(ctx, "devices:read");
  return listOverrides(ctx.pool, list);
}

/** Of any device; where nothing is overridden, nothing is set in it. */
export function getDeviceOverride(ctx: Ctx, idOrName: string): Promise<DeviceOverride> {
  requirePermission(ctx, "devices:read");
  return mustFind(ctx.pool, idOrName);
}

/** Only what is given changes. An override in which nothing is set any more is gone. */
export async function changeOverride(ctx: Ctx, idOrName: string, patch: OverridePatch): Promise<DeviceOverride> {
  const override = await mutate(ctx, "devices:write", "device_override.update", async (db, note) => {
    const own = await switchDevice(ctx, db, await mustLock(db, idOrName), patch);
    const before = (await getOverride(db, own.id)) ?? EMPTY;
    const after = await merge(db, ctx.vault, own.id, before, patch);
    await place(db, ctx, own, { before, after });
    if (touchesSecrets(patch) || before.username !== after.username || before.credential_id !== after.credential_id)
      await clearRefusals(db, `device:${own.id}`);
    note(own.name, {
      id: own.id,
      fields: Object.entries(patch).flatMap(([field, value]) => (value === undefined ? [] : [field])),
      ...(patch.host === undefined ? {} : { host: { before: before.host ?? own.host, after: after.host ?? own.host } }),
      ...(patch.disabled === undefined ? {} : { disabled: patch.disabled, reason: patch.disabled_reason ?? null }),
    });
    return mustFind(db, own.id);
  });
  await notifyHint(ctx.pool, "devices", override.device_id);
  return override;
}

/** The device's own values hold again, and it is enabled where it was disabled. */
export async function removeOverride(ctx: Ctx, idOrName: string): Promise<void> {
  const id = await mutate(ctx, "devices:write", "device_override.delete", async (db, note) => {
    const locked = await mustLock(db, idOrName);
    const own = await switchDevice(ctx, db, locked, { disabled: false });
    const before = await getOverride(db, own.id);
    if (!before && locked.enabled) throw new NotFound("override", locked.name);
    if (before) await place(db, ctx, own, { before, after: EMPTY });
    note(own.name, { id: own.id, was_disabled: !locked.enabled });
    return own.id;
  });
  await notifyHint(ctx.pool, "devices", id);
}

/** Enables devices that were disabled until a time that has come. */
export async function enableExpired(pool: Pool, vault: Vault): Promise<void> {
  const enabled = await transaction(pool, async (db) => {
    const due = await enableDue(db);
    for (const { id, name, disabled_reason } of due)
      await insertAudit(db, vault, {
        actor: "netstacks",
        action: "device.enable_expired",
        subject: name,
        detail: { id, disabled_reason },
        ip: null,
        requestId: null,
      });
    return due;
  });
  for (const { id } of enabled) await notifyHint(pool, "devices", id);
}

async function switchDevice(ctx: Ctx, db: Db, own: StoredDevice, patch: OverridePatch): Promise<StoredDevice> {
  const { disabled, disabled_reason, disabled_until } = patch;
  if (disabled === undefined && disabled_reason === undefined && disabled_until === undefined) return own;
  await writeDevice(
    db,
    ctx,
    own,
    { ...(disabled === undefined ? {} : { enabled: !disabled }), disabled_reason, disabled_until },
    "update",
  );
  return mustLock(db, own.id);
}

async function merge(
  db: Db,
  vault: Vault,
  deviceId: string,
  before: StoredOverride,
  patch: OverridePatch,
): Promise<StoredOverride> {
  const given = <T>(value: T | undefined, old: T): T => (value === undefined ? old : value);
  if (patch.credential_id && !(await credentialExists(db, patch.credential_id)))
    throw new Invalid("credential_unknown", `credential_id: there is no credential ${patch.credential_id}`, {
      details: [
        {
          path: "credential_id",
          code: "credential_unknown",
          message: `there is no credential ${patch.credential_id}; choose one of the list of credentials`,
        },
      ],
    });
  return {
    host: given(patch.host, before.host),
    port: given(patch.port, before.port),
    device_type: given(patch.device_type, before.device_type),
    username: given(patch.username, before.username),
    credential_id: given(patch.credential_id, before.credential_id),
    timeouts: given(patch.timeouts, before.timeouts) ?? {},
    notes: patch.notes ?? before.notes,
    ...(await sealSecrets(vault, `override:${deviceId}`, before, patch)),
  };
}

const isEmpty = ({ notes, timeouts, ...values }: StoredOverride): boolean =>
  notes === "" && Object.keys(timeouts).length === 0 && Object.values(values).every((v) => v === null || v === false);

/** Writes the override and, in the same transaction, the values that hold now. */
async function place(
  db: Db,
  ctx: Ctx,
  own: StoredDevice,
  { before, after }: { before: StoredOverride; after: StoredOverride },
): Promise<void> {
  const was = effectiveAccess(ctx.vault, own, before);
  const is = effectiveAccess(ctx.vault, own, after);
  const moved = (["host", "port", "device_type"] as const).filter((field) => was[field] !== is[field]);
  if (moved.length > 0) await refuseToMove(db, own, moved);
  if (isEmpty(after)) {
    await deleteOverride(db, own.id);
    await updateDevice(db, own);
  } else {
    await putOverride(db, { own, override: after, by: ctx.actor.username });
    await writeEffective(db, own.id, is);
  }
  if (moved.length > 0) await forgetDeviceState(db, own.id);
}

async function mustLock(db: Db, idOrName: string): Promise<StoredDevice> {
  const device = await lockDevice(db, idOrName);
  if (!device) throw new NotFound("device", idOrName);
  return device;
}

async function mustFind(db: Db, idOrName: string): Promise<DeviceOverride> {
  const override = await findOverride(db, idOrName);
  if (!override) throw new NotFound("device", idOrName);
  return override;
}
