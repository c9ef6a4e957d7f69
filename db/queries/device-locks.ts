import { ENDED } from "../../domain/contract/run.ts";
import type { Db } from "../client.ts";

/** The device's lock, its row held until the transaction ends; made where there was none. */
export async function holdLockRow(
  db: Db,
  deviceId: string,
): Promise<{ run_id: string | null; title: string | null; ended: boolean }> {
  await db`insert into device_locks (device_id) values (${deviceId}) on conflict do nothing`;
  const [lock] = await db<
    { run_id: string | null }[]
  >`select run_id from device_locks where device_id = ${deviceId} for update`;
  // A statement of its own: joined to the row that was waited for, the run would be that of the row as it was before.
  const runId = lock?.run_id ?? null;
  if (runId === null) return { run_id: null, title: null, ended: false };
  const [run] = await db<{ title: string; ended: boolean }[]>`
    select title, status = any(${[...ENDED]}) as ended from runs where id = ${runId}`;
  return { run_id: runId, title: run?.title ?? null, ended: run?.ended ?? true };
}

/** Takes a place in the device's queue, or keeps the one it has; drops the places of runs that have ended. */
export async function queueFor(db: Db, deviceId: string, runId: string): Promise<{ run_id: string; title: string }[]> {
  await db`delete from device_lock_queue q where q.device_id = ${deviceId} and q.run_id <> ${runId}
    and not exists (select 1 from runs r where r.id = q.run_id and r.status <> all(${[...ENDED]}))`;
  await db`insert into device_lock_queue (device_id, run_id) values (${deviceId}, ${runId}) on conflict do nothing`;
  return db<{ run_id: string; title: string }[]>`
    select q.run_id, coalesce(r.title, '') as title from device_lock_queue q left join runs r on r.id = q.run_id
    where q.device_id = ${deviceId} order by q.since, q.run_id`;
}

export async function takeReservation(
  db: Db,
  lock: { deviceId: string; runId: string; reason: string },
): Promise<void> {
  await db`update device_locks set run_id = ${lock.runId}, reason = ${lock.reason}, reserved_at = clock_timestamp() where device_id = ${lock.deviceId}`;
  await db`delete from device_lock_queue where device_id = ${lock.deviceId} and run_id = ${lock.runId}`;
}

/** Gives back whatever the run holds or waits for. A write session of it that still lives keeps others waiting until its deadline. */
export async function releaseRun(db: Db, runId: string): Promise<void> {
  await db`update device_locks set run_id = null, reason = null, reserved_at = null where run_id = ${runId}`;
  await db`delete from device_lock_queue where run_id = ${runId}`;
}

export type LeaseTry = { granted: true; epoch: number } | { granted: false; run_id: string | null; wait_ms: number };

/** Begins a new epoch, unless the lease before it still has time left and was not let go. */
export async function tryLease(
  db: Db,
  lease: { deviceId: string; runId: string; holder: string; ttlMs: number },
): Promise<LeaseTry> {
  const [row] = await db<{ epoch: number }[]>`
    update device_locks set epoch = epoch + 1, holder = ${lease.holder}, expires_at = clock_timestamp() + ${lease.ttlMs} * interval '1 millisecond'
    where device_id = ${lease.deviceId} and run_id = ${lease.runId} and (expires_at is null or expires_at <= clock_timestamp()) returning epoch`;
  if (row) return { granted: true, epoch: row.epoch };
  const [held] = await db<{ run_id: string | null; wait_ms: number | null }[]>`
    select run_id, (extract(epoch from expires_at - clock_timestamp()) * 1000)::int as wait_ms from device_locks where device_id = ${lease.deviceId}`;
  return { granted: false, run_id: held?.run_id ?? null, wait_ms: Math.max(0, held?.wait_ms ?? 0) };
}

/** False when the lease is another's by now, or has run out. */
export async function renewLease(
  db: Db,
  lease: { deviceId: string; runId: string; holder: string; epoch: number; ttlMs: number },
): Promise<boolean> {
  const rows = await db`
    update device_locks set expires_at = clock_timestamp() + ${lease.ttlMs} * interval '1 millisecond'
    where device_id = ${lease.deviceId} and run_id = ${lease.runId} and holder = ${lease.holder} and epoch = ${lease.epoch} and expires_at > clock_timestamp() returning 1`;
  return rows.length > 0;
}

/** Lets go: the next one need not wait for the deadline. */
export async function dropLease(db: Db, lease: { deviceId: string; holder: string; epoch: number }): Promise<void> {
  await db`update device_locks set holder = null, expires_at = null where device_id = ${lease.deviceId} and holder = ${lease.holder} and epoch = ${lease.epoch}`;
}
