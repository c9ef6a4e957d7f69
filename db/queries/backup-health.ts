import type { BackupHealth, BackupHealthStatus, BackupTotals } from "../../domain/contract/backup.ts";
import type { PlatformId } from "../../domain/contract/device.ts";
import type { NamedError } from "../../domain/contract/run.ts";
import type { Db } from "../client.ts";
import { iso, isoOrNull } from "./times.ts";

/** A backup that is older than this is stale. */
const STALE_AFTER_HOURS = 24;

export type HealthFilter = {
  status?: BackupHealthStatus[] | undefined;
  search?: string | undefined;
  sort: { column: "device" | "age" | "status"; descending: boolean };
  limit: number;
  offset: number;
};

type HealthRow = {
  device: string;
  device_id: string;
  device_type: PlatformId;
  site: string | null;
  enabled: boolean;
  status: BackupHealthStatus;
  latest_backup_id: string | null;
  versions: number;
  age_s: number | null;
  last_success_at: Date | null;
  changed_at: Date | null;
  failed_at: Date | null;
  failed_run_id: string | null;
  failed_error: NamedError | null;
  changed_since: boolean;
  running_run_id: string | null;
};

/**
 * Each device with its newest version, its newest failure, and whether a change of ours ended on it after it was last
 * read. Changes that ended before the oldest of those reads cannot count, and are not looked at.
 */
const health = (db: Db, unsupported: readonly PlatformId[]) => db`
  newest as (
    select d.id as device_id, b.id as backup_id, b.created_at, b.last_seen_at from devices d
    cross join lateral (select id, created_at, last_seen_at from config_backups where device_id = d.id order by created_at desc, id desc limit 1) b),
  changed as (
    select cd.device_id, max(c.updated_at) as at from changes c join change_devices cd on cd.change_id = c.id
    where c.status in ('applied', 'failed', 'rolled_back', 'cancelled', 'interrupted', 'applying', 'verifying')
      and c.updated_at > (select min(last_seen_at) from newest)
      and exists (select from journal j where j.change_id = c.id and j.device_id = cd.device_id)
    group by cd.device_id),
  health as (
    select d.name as device, d.id as device_id, d.device_type, d.site, d.enabled, n.backup_id as latest_backup_id,
      extract(epoch from now() - n.last_seen_at)::int as age_s, n.last_seen_at as last_success_at, n.created_at as changed_at,
      f.at as failed_at, f.run_id as failed_run_id, f.error as failed_error,
      coalesce(ch.at > n.last_seen_at, false) as changed_since,
      case when d.device_type = any(${[...unsupported]}::text[]) then 'unsupported'
        when f.at is not null and (n.last_seen_at is null or f.at > n.last_seen_at) then 'failed'
        when n.last_seen_at is null then 'never'
        when n.last_seen_at < now() - make_interval(hours => ${STALE_AFTER_HOURS}) then 'stale'
        else 'fresh' end as status
    from devices d left join newest n on n.device_id = d.id left join changed ch on ch.device_id = d.id
    left join lateral (select at, run_id, error from backup_results where device_id = d.id and outcome = 'failed' order by at desc limit 1) f on true)`;

const WORST_FIRST = ["failed", "never", "stale", "fresh", "unsupported"] satisfies BackupHealthStatus[];

export async function backupHealth(
  db: Db,
  { status, search, sort, limit, offset }: HealthFilter,
  /** Platforms without a configuration that could be backed up. */
  unsupported: readonly PlatformId[],
): Promise<{ devices: BackupHealth[]; total: number; totals: BackupTotals }> {
  const where = db`where true
    ${status === undefined ? db`` : db`and status = any(${status}::text[])`}
    ${search === undefined ? db`` : db`and (device ilike ${`%${search.replace(/[\\%_]/g, "\\$&")}%`} or site ilike ${`%${search.replace(/[\\%_]/g, "\\$&")}%`})`}`;
  const by =
    sort.column === "status"
      ? db`array_position(${WORST_FIRST}::text[], status)`
      : sort.column === "age"
        ? db`age_s`
        : db`lower(device)`;
  const rows = await db<(HealthRow & { total: number })[]>`
    with ${health(db, unsupported)},
    page as (select *, count(*) over ()::int as total from health ${where}
      order by ${by} ${sort.descending ? db`desc nulls last` : db`asc nulls first`}, lower(device) limit ${limit} offset ${offset})
    select p.*, (select count(*)::int from config_backups b where b.device_id = p.device_id) as versions,
      (select r.run_id from backup_results r where r.device_id = p.device_id and r.outcome is null limit 1) as running_run_id
    from page p order by ${by} ${sort.descending ? db`desc nulls last` : db`asc nulls first`}, lower(device)`;
  const [totals] = await db<(Omit<BackupTotals, "stale_after_hours"> & { found: number })[]>`
    with ${health(db, unsupported)} select count(*)::int as devices,
      count(*) filter (where status = 'fresh')::int as fresh, count(*) filter (where status = 'stale')::int as stale,
      count(*) filter (where status = 'failed')::int as failed, count(*) filter (where status = 'never')::int as never,
      count(*) filter (where status = 'unsupported')::int as unsupported,
      count(*) filter (where changed_since)::int as changed_since,
      (select count(*)::int from health ${where}) as found
    from health`;
  if (!totals) throw new Error("the totals came back without a row");
  const { found, ...fleet } = totals;
  return { devices: rows.map(show), total: found, totals: { ...fleet, stale_after_hours: STALE_AFTER_HOURS } };
}

const show = (row: HealthRow): BackupHealth => ({
  device: row.device,
  device_id: row.device_id,
  device_type: row.device_type,
  site: row.site,
  enabled: row.enabled,
  status: row.status,
  latest_backup_id: row.latest_backup_id,
  versions: row.versions,
  age_s: row.age_s,
  last_success_at: isoOrNull(row.last_success_at),
  changed_at: isoOrNull(row.changed_at),
  last_failure:
    row.failed_at && row.failed_run_id && row.failed_error
      ? { ...row.failed_error, at: iso(row.failed_at), run_id: row.failed_run_id }
      : null,
  changed_since: row.changed_since,
  running_run_id: row.running_run_id,
});
