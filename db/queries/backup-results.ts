import type { BackupOutcome } from "../../domain/contract/backup.ts";
import type { PlatformId } from "../../domain/contract/device.ts";
import type { BackupCounts, NamedError } from "../../domain/contract/run.ts";
import { json, type Db } from "../client.ts";

/** Devices of a run that one activity reads. */
const PART_SIZE = 25;

/** Fixes which devices a run is about. */
export async function insertResults(
  db: Db,
  runId: string,
  devices: readonly { id: string; name: string }[],
): Promise<void> {
  await db`insert into backup_results (run_id, device_id, device_name, part)
    select ${runId}, d.id, d.name, (d.n - 1) / ${PART_SIZE}
    from unnest(${devices.map((d) => d.id)}::uuid[], ${devices.map((d) => d.name)}::text[]) with ordinality as d(id, name, n)`;
}

/** Is the run about more than one device? */
export async function isFleet(db: Db, runId: string): Promise<boolean> {
  return (await db`select 1 from backup_results where run_id = ${runId} limit 2`).length === 2;
}

/** Parts of which a device has no result yet. */
export async function openParts(db: Db, runId: string): Promise<number[]> {
  const rows = await db<{ part: number }[]>`
    select distinct part from backup_results where run_id = ${runId} and outcome is null order by part`;
  return rows.map((r) => r.part);
}

export type OpenDevice = { id: string; name: string; device_type: PlatformId | null };

/** The devices of a part without a result; `device_type` is null when the device was deleted since. */
export async function openDevices(db: Db, runId: string, part: number): Promise<OpenDevice[]> {
  return db<OpenDevice[]>`
    select r.device_id as id, r.device_name as name, d.device_type from backup_results r left join devices d on d.id = r.device_id
    where r.run_id = ${runId} and r.part = ${part} and r.outcome is null order by r.device_name`;
}

export type Result = { deviceId: string; outcome: BackupOutcome; backupId: string | null; error: NamedError | null };

/** Sets results that are not set yet, and gives the devices whose result it was that set. */
export async function setResults(db: Db, runId: string, results: readonly Result[]): Promise<Set<string>> {
  const rows = await db<{ device_id: string }[]>`
    update backup_results r set outcome = n.outcome, backup_id = n.backup_id, error = n.error, at = clock_timestamp()
    from jsonb_to_recordset(${json(
      db,
      results.map((r) => ({ device_id: r.deviceId, outcome: r.outcome, backup_id: r.backupId, error: r.error })),
    )}) as n(device_id uuid, outcome text, backup_id uuid, error jsonb)
    where r.run_id = ${runId} and r.device_id = n.device_id and r.outcome is null returning r.device_id`;
  return new Set(rows.map((r) => r.device_id));
}

export async function countBackups(db: Db, runIds: readonly string[]): Promise<Map<string, BackupCounts>> {
  if (runIds.length === 0) return new Map();
  const rows = await db<(BackupCounts & { run_id: string })[]>`
    select run_id, count(*)::int as total,
      count(*) filter (where outcome in ('stored', 'unchanged'))::int as success,
      count(*) filter (where outcome = 'unchanged')::int as unchanged,
      count(*) filter (where outcome = 'failed')::int as failed,
      count(*) filter (where outcome = 'skipped')::int as skipped,
      count(*) filter (where outcome is null)::int as pending
    from backup_results where run_id = any(${[...runIds]}::uuid[]) group by run_id`;
  return new Map(rows.map(({ run_id, ...counts }) => [run_id, counts]));
}
