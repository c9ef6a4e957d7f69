import type { Device, PlatformId, Timeouts } from "../../domain/contract/device.ts";
import type { DeviceOverride } from "../../domain/contract/override.ts";
import { json, type Db } from "../client.ts";
import { called } from "./devices.ts";
import type { SecretFlags, StoredDevice } from "./device-rows.ts";
import { isoOrNull } from "./times.ts";
import { escapeLike } from "./users.ts";

/** What an override puts in place of a device's own; null leaves the own. Its secrets stay sealed. */
export type OverrideValues = {
  host: string | null;
  port: number | null;
  device_type: PlatformId | null;
  username: string | null;
  credential_id: string | null;
  sealed: Buffer | null;
  timeouts: Timeouts;
} & SecretFlags;
export type StoredOverride = OverrideValues & { notes: string };

/** Of a device that the caller has locked. */
export async function getOverride(db: Db, deviceId: string): Promise<StoredOverride | undefined> {
  const [row] = await db<StoredOverride[]>`
    select host, port, device_type, username, credential_id, sealed, has_password, has_enable_password, has_private_key, timeouts, notes
    from device_overrides where device_id = ${deviceId}`;
  return row;
}

export async function putOverride(
  db: Db,
  { own, override, by }: { own: StoredDevice; override: StoredOverride; by: string },
): Promise<void> {
  await db`
    insert into device_overrides (device_id, host, port, device_type, username, credential_id, sealed, has_password, has_enable_password, has_private_key,
      timeouts, notes, own_host, own_port, own_device_type, own_username, own_credential_id, own_sealed, own_has_password, own_has_enable_password,
      own_has_private_key, own_timeouts, updated_by)
    values (${own.id}, ${override.host}, ${override.port}, ${override.device_type}, ${override.username}, ${override.credential_id}, ${override.sealed},
      ${override.has_password}, ${override.has_enable_password}, ${override.has_private_key}, ${json(db, override.timeouts)}, ${override.notes},
      ${own.host}, ${own.port}, ${own.device_type}, ${own.username}, ${own.credential_id}, ${own.sealed}, ${own.has_password}, ${own.has_enable_password},
      ${own.has_private_key}, ${json(db, own.timeouts)}, ${by})
    on conflict (device_id) do update set host = excluded.host, port = excluded.port, device_type = excluded.device_type, username = excluded.username,
      credential_id = excluded.credential_id, sealed = excluded.sealed, has_password = excluded.has_password,
      has_enable_password = excluded.has_enable_password, has_private_key = excluded.has_private_key, timeouts = excluded.timeouts,
      notes = excluded.notes, updated_by = excluded.updated_by, updated_at = now()`;
}

/** The device's own values changed under an override that stays. */
export async function keepOwnValues(db: Db, own: StoredDevice): Promise<void> {
  await db`
    update device_overrides set own_host = ${own.host}, own_port = ${own.port}, own_device_type = ${own.device_type}, own_username = ${own.username},
      own_credential_id = ${own.credential_id}, own_sealed = ${own.sealed}, own_has_password = ${own.has_password},
      own_has_enable_password = ${own.has_enable_password}, own_has_private_key = ${own.has_private_key}, own_timeouts = ${json(db, own.timeouts)}
    where device_id = ${own.id}`;
}

export async function deleteOverride(db: Db, deviceId: string): Promise<void> {
  await db`delete from device_overrides where device_id = ${deviceId}`;
}

/** Of devices with an override, what is their own: for lists that are read back as such. */
export async function ownValuesOf(
  db: Db,
  ids: readonly string[],
): Promise<
  Map<string, Pick<Device, "host" | "port" | "device_type" | "username" | "credential_id" | "credential_name">>
> {
  const rows = await db<
    Pick<Device, "id" | "host" | "port" | "device_type" | "username" | "credential_id" | "credential_name">[]
  >`
    select o.device_id as id, o.own_host as host, o.own_port as port, o.own_device_type as device_type, o.own_username as username,
      o.own_credential_id as credential_id, c.name as credential_name
    from device_overrides o left join credentials c on c.id = o.own_credential_id where o.device_id = any(${[...ids]}::uuid[])`;
  return new Map(rows.map(({ id, ...own }) => [id, own]));
}

/** What holds from now on, into the row that everything reads. */
export type EffectiveAccess = Pick<
  StoredDevice,
  "host" | "port" | "device_type" | "username" | "credential_id" | "sealed" | "timeouts" | keyof SecretFlags
>;
export async function writeEffective(db: Db, deviceId: string, e: EffectiveAccess): Promise<void> {
  await db`
    update devices set host = ${e.host}, port = ${e.port}, device_type = ${e.device_type}, username = ${e.username}, credential_id = ${e.credential_id},
      sealed = ${e.sealed}, has_password = ${e.has_password}, has_enable_password = ${e.has_enable_password}, has_private_key = ${e.has_private_key},
      timeouts = ${json(db, e.timeouts)}, updated_at = now()
    where id = ${deviceId}`;
}

type Row = Omit<DeviceOverride, "disabled_until" | "updated_at"> & {
  disabled_until: Date | null;
  updated_at: Date | null;
};
const shown = (row: Row): DeviceOverride => ({
  ...row,
  disabled_until: isoOrNull(row.disabled_until),
  updated_at: isoOrNull(row.updated_at),
});

const columns = (db: Db) => db`
  d.name as device, d.id as device_id, o.host, o.port, o.device_type, o.username, o.credential_id, c.name as credential_name,
  coalesce(o.has_password, false) as has_password, coalesce(o.has_enable_password, false) as has_enable_password,
  coalesce(o.has_private_key, false) as has_private_key, coalesce(o.timeouts, '{}') as timeouts, coalesce(o.notes, '') as notes,
  not d.enabled as disabled, d.disabled_reason, d.disabled_until, d.disabled_by,
  jsonb_build_object('host', coalesce(o.own_host, d.host), 'port', coalesce(o.own_port, d.port), 'device_type', coalesce(o.own_device_type, d.device_type),
    'username', case when o.device_id is null then d.username else o.own_username end,
    'credential_id', case when o.device_id is null then d.credential_id else o.own_credential_id end,
    'has_password', coalesce(o.own_has_password, d.has_password), 'has_private_key', coalesce(o.own_has_private_key, d.has_private_key),
    'timeouts', coalesce(o.own_timeouts, d.timeouts)) as own,
  o.updated_by, o.updated_at`;
const joins = (db: Db) =>
  db`devices d left join device_overrides o on o.device_id = d.id left join credentials c on c.id = o.credential_id`;

/** Also of a device without one: then nothing in it is set. */
export async function findOverride(db: Db, idOrName: string): Promise<DeviceOverride | undefined> {
  const [row] = await db<Row[]>`select ${columns(db)} from ${joins(db)} where ${called(db, [idOrName])}`;
  return row && shown(row);
}

export async function listOverrides(
  db: Db,
  list: { limit: number; offset: number; search?: string | undefined },
): Promise<{ overrides: DeviceOverride[]; total: number }> {
  const like = list.search === undefined ? null : `%${escapeLike(list.search)}%`;
  const where = db`(o.device_id is not null or not d.enabled)
    and (${like}::text is null or d.name ilike ${like} or o.notes ilike ${like} or d.disabled_reason ilike ${like})`;
  const rows = await db<Row[]>`
    select ${columns(db)} from ${joins(db)} where ${where} order by lower(d.name) limit ${list.limit} offset ${list.offset}`;
  const [count] = await db<{ total: number }[]>`select count(*)::int as total from ${joins(db)} where ${where}`;
  return { overrides: rows.map(shown), total: count?.total ?? 0 };
}

/** Those whose time is over; locked, so that nobody disables one again meanwhile. */
export async function enableDue(db: Db): Promise<{ id: string; name: string; disabled_reason: string | null }[]> {
  return db<{ id: string; name: string; disabled_reason: string | null }[]>`
    with due as (
      select id, disabled_reason from devices where disabled_until <= now() and not enabled order by id limit 200 for update skip locked)
    update devices d set enabled = true, disabled_reason = null, disabled_until = null, disabled_by = null, updated_at = now()
    from due where d.id = due.id returning d.id, d.name, due.disabled_reason`;
}
