import type { PlatformId, Timeouts, WeakAlgorithm } from "../../domain/contract/device.ts";
import { json, type Db } from "../client.ts";
import { called } from "./devices.ts";

/** A device's own values, whatever an override puts in their place; locked until the transaction ends. Its secrets stay sealed. */
export type StoredDevice = {
  id: string;
  name: string;
  host: string;
  port: number;
  device_type: PlatformId;
  site: string | null;
  tags: string[];
  description: string;
  username: string | null;
  sealed: Buffer | null;
  credential_id: string | null;
  jump_device_id: string | null;
  weak_algorithms: WeakAlgorithm[];
  timeouts: Timeouts;
  enabled: boolean;
  disabled_reason: string | null;
  disabled_until: Date | null;
  disabled_by: string | null;
  is_lab: boolean;
} & SecretFlags;

export type SecretFlags = { has_password: boolean; has_enable_password: boolean; has_private_key: boolean };

export async function lockDevice(db: Db, idOrName: string): Promise<StoredDevice | undefined> {
  const [row] = await lockDevices(db, [idOrName]);
  return row;
}

/** In order of id, so that two callers cannot wait for each other. */
export async function lockDevices(db: Db, idsOrNames: readonly string[]): Promise<StoredDevice[]> {
  const locked = await db<
    { id: string }[]
  >`select id from devices d where ${called(db, idsOrNames)} order by id for update`;
  // A statement of its own: the override of a device whose lock was waited for may have been written meanwhile.
  return db<StoredDevice[]>`
    select d.id, d.name, d.site, d.tags, d.description, d.jump_device_id, d.weak_algorithms, d.enabled, d.disabled_reason, d.disabled_until,
      d.disabled_by, d.is_lab, own.*
    from devices d left join device_overrides o on o.device_id = d.id,
      lateral (select d.host, d.port, d.device_type, d.username, d.credential_id, d.sealed, d.has_password, d.has_enable_password, d.has_private_key, d.timeouts
        where o.device_id is null
        union all
        select o.own_host, o.own_port, o.own_device_type, o.own_username, o.own_credential_id, o.own_sealed, o.own_has_password, o.own_has_enable_password,
          o.own_has_private_key, o.own_timeouts where o.device_id is not null) own
    where d.id = any(${locked.map((d) => d.id)}::uuid[]) order by d.id`;
}

export type DeviceWrite = Omit<StoredDevice, "is_lab">;

const written = (db: Db, d: DeviceWrite) => ({
  name: d.name,
  host: d.host,
  port: d.port,
  device_type: d.device_type,
  site: d.site,
  tags: d.tags,
  description: d.description,
  username: d.username,
  sealed: d.sealed,
  has_password: d.has_password,
  has_enable_password: d.has_enable_password,
  has_private_key: d.has_private_key,
  credential_id: d.credential_id,
  jump_device_id: d.jump_device_id,
  weak_algorithms: d.weak_algorithms,
  timeouts: json(db, d.timeouts),
  enabled: d.enabled,
  disabled_reason: d.disabled_reason,
  disabled_until: d.disabled_until,
  disabled_by: d.disabled_by,
});

/** The id of the device that has the name already, if there is one; then nothing was written. */
export async function insertDevice(db: Db, device: DeviceWrite, { isLab = false } = {}): Promise<string | undefined> {
  const w = written(db, device);
  const [row] = await db`
    insert into devices (id, name, host, port, device_type, site, tags, description, username, sealed, has_password, has_enable_password, has_private_key,
      credential_id, jump_device_id, weak_algorithms, timeouts, enabled, disabled_reason, disabled_until, disabled_by, is_lab)
    values (${device.id}, ${w.name}, ${w.host}, ${w.port}, ${w.device_type}, ${w.site}, ${w.tags}::text[], ${w.description}, ${w.username}, ${w.sealed},
      ${w.has_password}, ${w.has_enable_password}, ${w.has_private_key}, ${w.credential_id}, ${w.jump_device_id}, ${w.weak_algorithms}::text[], ${w.timeouts},
      ${w.enabled}, ${w.disabled_reason}, ${w.disabled_until}, ${w.disabled_by}, ${isLab})
    on conflict (lower(name)) do nothing returning id`;
  return row ? undefined : nameTakenBy(db, device.name, device.id);
}

export async function updateDevice(db: Db, device: DeviceWrite): Promise<void> {
  const w = written(db, device);
  await db`
    update devices set name = ${w.name}, host = ${w.host}, port = ${w.port}, device_type = ${w.device_type}, site = ${w.site}, tags = ${w.tags}::text[],
      description = ${w.description}, username = ${w.username}, sealed = ${w.sealed}, has_password = ${w.has_password},
      has_enable_password = ${w.has_enable_password}, has_private_key = ${w.has_private_key}, credential_id = ${w.credential_id},
      jump_device_id = ${w.jump_device_id}, weak_algorithms = ${w.weak_algorithms}::text[], timeouts = ${w.timeouts}, enabled = ${w.enabled},
      disabled_reason = ${w.disabled_reason}, disabled_until = ${w.disabled_until}, disabled_by = ${w.disabled_by}, updated_at = now()
    where id = ${device.id}`;
}

/** What was known about reaching it says nothing about its new address. */
export async function forgetDeviceState(db: Db, id: string): Promise<void> {
  await db`update devices set state = 'unknown', state_since = null, last_error = null, latency_ms = null, facts = null where id = ${id}`;
}

export async function nameTakenBy(db: Db, name: string, except: string): Promise<string | undefined> {
  const [row] = await db<
    { id: string }[]
  >`select id from devices where lower(name) = lower(${name}) and id <> ${except}`;
  return row?.id;
}

/** Of the devices, those that a run holds now. */
export async function heldDevices(
  db: Db,
  ids: readonly string[],
): Promise<Map<string, { run_id: string; title: string }>> {
  const rows = await db<{ device_id: string; run_id: string; title: string }[]>`
    select l.device_id, l.run_id, coalesce(r.title, '') as title from device_locks l left join runs r on r.id = l.run_id
    where l.device_id = any(${[...ids]}::uuid[]) and l.run_id is not null`;
  return new Map(rows.map(({ device_id, ...run }) => [device_id, run]));
}

const ENDED_CHANGES = ["applied", "failed", "rolled_back", "rejected", "expired", "cancelled"];

export async function openChangesOf(db: Db, deviceId: string): Promise<{ id: string; title: string }[]> {
  return db<{ id: string; title: string }[]>`
    select ch.id, ch.title from change_devices cd join changes ch on ch.id = cd.change_id
    where cd.device_id = ${deviceId} and ch.status <> all(${ENDED_CHANGES}) order by ch.id desc limit 20`;
}

export async function devicesBehind(db: Db, jumpDeviceId: string): Promise<string[]> {
  const rows = await db<
    { name: string }[]
  >`select name from devices where jump_device_id = ${jumpDeviceId} order by name limit 20`;
  return rows.map((r) => r.name);
}

/** The names of the jump devices from here on, nearest first. */
export async function jumpChain(db: Db, deviceId: string): Promise<string[]> {
  const rows = await db<{ id: string }[]>`
    with recursive chain (id, depth) as (
      select ${deviceId}::uuid, 0
      union all
      select d.jump_device_id, depth + 1 from chain join devices d on d.id = chain.id where d.jump_device_id is not null and depth < 10)
    select id from chain order by depth`;
  return rows.map((r) => r.id);
}

/** False when changes name the device: their records are never edited. */
export async function deleteDevice(db: Db, id: string): Promise<boolean> {
  const rows =
    await db`delete from devices d where id = ${id} and not exists (select from change_devices where device_id = d.id) returning 1`;
  return rows.length === 1;
}
