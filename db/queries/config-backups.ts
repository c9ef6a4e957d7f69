import type { BackupStatus, ConfigBackup } from "../../domain/contract/backup.ts";
import { NotFound } from "../../domain/contract/errors.ts";
import { json, type Db } from "../client.ts";
import { looksLikeId } from "./devices.ts";
import { iso } from "./times.ts";

export type BackupRow = {
  id: string;
  device_id: string | null;
  device_name: string;
  device_type: ConfigBackup["device_type"];
  config_hash: string;
  config_format: ConfigBackup["config_format"];
  size: number;
  lines: number;
  hostname: string | null;
  shrunk: boolean;
  blob_ref: string;
  shown_ref: string;
  run_id: string;
  snapshot_id: string | null;
  created_at: Date;
  last_seen_at: Date;
};

/** What the next read of a device is compared with. */
export type LatestBackup = Pick<
  BackupRow,
  "id" | "config_hash" | "size" | "hostname" | "blob_ref" | "shown_ref" | "last_seen_at"
> & { device_id: string };

export async function latestBackups(db: Db, deviceIds: readonly string[]): Promise<Map<string, LatestBackup>> {
  const rows = await db<LatestBackup[]>`
    select b.* from unnest(${[...deviceIds]}::uuid[]) as d(id)
    cross join lateral (select id, device_id, config_hash, size, hostname, blob_ref, shown_ref, last_seen_at from config_backups
      where device_id = d.id order by created_at desc, id desc limit 1) b`;
  return new Map(rows.map((row) => [row.device_id, row]));
}

/** The one clock that all workers share. */
export async function databaseTime(db: Db): Promise<Date> {
  const [row] = await db<{ now: Date }[]>`select clock_timestamp() as now`;
  if (!row) throw new Error("the database tells no time");
  return row.now;
}

/**
 * A time that has not come yet was told by a clock that is ahead. Such a version was there before the reading that is
 * stored now began, and must stand before it.
 */
export async function correctTimesAhead(db: Db, readings: readonly { deviceId: string; at: Date }[]): Promise<void> {
  await db`update config_backups b
    set created_at = least(b.created_at, n.at - interval '1 millisecond'), last_seen_at = least(b.last_seen_at, n.at - interval '1 millisecond')
    from jsonb_to_recordset(${json(db, readings)}) as n("deviceId" uuid, at timestamptz)
    where b.device_id = n."deviceId" and (b.created_at > clock_timestamp() or b.last_seen_at > clock_timestamp())`;
}

/**
 * Makes writers of the same devices' backups take turns, until the transaction ends. Gives the devices that still are
 * there, with their names.
 */
export async function lockDevicesForBackup(db: Db, deviceIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await db<{ id: string; name: string }[]>`
    select id, name from devices where id = any(${[...deviceIds]}::uuid[]) order by id for no key update`;
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** The texts of an earlier version that says the same. */
export async function knownTexts(
  db: Db,
  deviceId: string,
  hash: string,
): Promise<{ blob_ref: string; shown_ref: string } | undefined> {
  const [row] = await db<{ blob_ref: string; shown_ref: string }[]>`
    select blob_ref, shown_ref from config_backups where device_id = ${deviceId} and config_hash = ${hash}
    order by created_at desc limit 1`;
  return row;
}

export async function insertBackups(db: Db, rows: readonly (BackupRow & { device_id: string })[]): Promise<void> {
  if (rows.length === 0) return;
  await db`insert into config_backups (id, device_id, device_name, device_type, config_hash, config_format, size, lines, hostname, shrunk,
      blob_ref, shown_ref, run_id, snapshot_id, created_at, last_seen_at)
    select * from jsonb_to_recordset(${json(db, rows)}) as n(id uuid, device_id uuid, device_name text, device_type text, config_hash text,
      config_format text, size int, lines int, hostname text, shrunk boolean, blob_ref text, shown_ref text, run_id uuid, snapshot_id uuid,
      created_at timestamptz, last_seen_at timestamptz)`;
}

/** Moves when versions were last seen, never back. */
export async function touchBackups(db: Db, seen: readonly { id: string; at: Date }[]): Promise<void> {
  if (seen.length === 0) return;
  await db`update config_backups b set last_seen_at = greatest(b.last_seen_at, n.at)
    from jsonb_to_recordset(${json(db, seen)}) as n(id uuid, at timestamptz) where b.id = n.id`;
}

export type BackupFilter = {
  device?: string | undefined;
  status?: BackupStatus[] | undefined;
  run?: string | undefined;
  latest?: boolean | undefined;
  search?: string | undefined;
};
export type BackupSort = "created_at" | "last_seen_at" | "device_name" | "size";

const isLatest = (db: Db) => db`(b.device_id is not null and not exists (select from config_backups n
  where n.device_id = b.device_id and (n.created_at, n.id) > (b.created_at, b.id)))`;

const filtered = (db: Db, { device, status, run, latest, search }: BackupFilter) => db`true
  ${device === undefined ? db`` : looksLikeId(device) ? db`and b.device_id = ${device}` : db`and (lower(b.device_name) = lower(${device}) or b.device_id = (select id from devices where lower(name) = lower(${device})))`}
  ${status === undefined ? db`` : db`and b.shrunk = any(${status.map((s) => s === "shrunk")}::boolean[])`}
  ${run === undefined ? db`` : db`and b.run_id = ${run}`}
  ${latest === undefined ? db`` : db`and ${isLatest(db)} = ${latest}`}
  ${search === undefined ? db`` : db`and (b.device_name ilike ${`%${search.replace(/[\\%_]/g, "\\$&")}%`} or b.config_hash like ${`${search.replace(/[\\%_]/g, "\\$&")}%`} or b.id::text = ${search})`}`;

type ShownRow = BackupRow & { is_latest: boolean; name_now: string | null };

/** A device that was renamed since is called as it is called now. */
const shown = (db: Db) => db`b.*, ${isLatest(db)} as is_latest, d.name as name_now`;

export async function listBackupRows(
  db: Db,
  filter: BackupFilter,
  page: { limit: number; offset: number; sort: { column: BackupSort; descending: boolean } },
): Promise<{ backups: ConfigBackup[]; total: number }> {
  const { column, descending } = page.sort;
  const by = column === "device_name" ? db`lower(coalesce(d.name, b.device_name))` : db`b.${db(column)}`;
  const rows = await db<ShownRow[]>`
    select ${shown(db)} from config_backups b left join devices d on d.id = b.device_id where ${filtered(db, filter)}
    order by ${by} ${descending ? db`desc` : db`asc`}, b.id desc limit ${page.limit} offset ${page.offset}`;
  const [count] = await db<
    { n: number }[]
  >`select count(*)::int as n from config_backups b where ${filtered(db, filter)}`;
  return { backups: rows.map(showBackup), total: count?.n ?? 0 };
}

/** A version as it is shown, and where its masked text is. */
export type FoundBackup = { backup: ConfigBackup; shownRef: string };

export async function getBackup(db: Db, id: string): Promise<FoundBackup> {
  const [row] = await db<ShownRow[]>`
    select ${shown(db)} from config_backups b left join devices d on d.id = b.device_id where b.id = ${id}`;
  if (!row) throw new NotFound("backup", id);
  return { backup: showBackup(row), shownRef: row.shown_ref };
}

export async function latestBackupOf(db: Db, deviceId: string): Promise<string | undefined> {
  const latest = await latestBackups(db, [deviceId]);
  return latest.get(deviceId)?.id;
}

/** Deletes a version, and its texts where nothing else refers to them. */
export async function deleteBackup(db: Db, id: string): Promise<void> {
  const [row] = await db<
    { blob_ref: string; shown_ref: string }[]
  >`delete from config_backups where id = ${id} returning blob_ref, shown_ref`;
  if (!row) throw new NotFound("backup", id);
  await db`delete from blobs b where ref in (${row.blob_ref}, ${row.shown_ref})
    and not exists (select from config_backups where blob_ref = b.ref or shown_ref = b.ref)
    and not exists (select from change_configs where blob_ref = b.ref)
    and not exists (select from transcripts where blob_ref = b.ref)
    and not exists (select from read_backs where config_ref = b.ref)`;
}

function showBackup(row: ShownRow): ConfigBackup {
  return {
    id: row.id,
    device_id: row.device_id,
    device_name: row.name_now ?? row.device_name,
    device_type: row.device_type,
    config_hash: row.config_hash,
    config_format: row.config_format,
    size: row.size,
    lines: row.lines,
    status: row.shrunk ? "shrunk" : "good",
    created_at: iso(row.created_at),
    last_seen_at: iso(row.last_seen_at),
    snapshot_id: row.snapshot_id,
    run_id: row.run_id,
    is_latest: row.is_latest,
  };
}
