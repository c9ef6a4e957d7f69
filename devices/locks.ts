import { setTimeout as sleep } from "node:timers/promises";
import { transaction, type Db, type Pool } from "../db/client.ts";
import {
  dropLease,
  holdLockRow,
  queueFor,
  releaseRun,
  renewLease,
  takeReservation,
  tryLease,
} from "../db/queries/device-locks.ts";
import { abortReason, failure } from "./failures.ts";

export type Reservation =
  | { granted: true }
  | { granted: false; behind: { run_id: string; title: string } | null; position: number };

/**
 * Holds the device for a run, from the last check of its hash until it is kept or rolled back. Who comes later waits in
 * the order of coming, and asks again; `behind` is the run that is before it.
 */
export function reserve(pool: Pool, wanted: { deviceId: string; runId: string; reason: string }): Promise<Reservation> {
  const { deviceId, runId } = wanted;
  return transaction(pool, async (db): Promise<Reservation> => {
    const lock = await holdLockRow(db, deviceId);
    if (lock.run_id === runId) return { granted: true };
    const queue = await queueFor(db, deviceId, runId);
    const ahead = queue.findIndex((each) => each.run_id === runId);
    const free = lock.run_id === null || lock.ended;
    if (free && ahead <= 0) {
      await takeReservation(db, wanted);
      return { granted: true };
    }
    const before = ahead > 0 ? queue[ahead - 1] : undefined;
    const behind = before ?? (lock.run_id === null ? null : { run_id: lock.run_id, title: lock.title ?? "" });
    return { granted: false, behind, position: Math.max(0, ahead) + (free ? 0 : 1) };
  });
}

/** Gives back all devices that the run holds, and its places in queues. */
export const release = (db: Db, runId: string): Promise<void> => releaseRun(db, runId);

/** The right of one worker to write to a device now. */
export type Lease = {
  readonly deviceId: string;
  readonly runId: string;
  readonly holder: string;
  readonly epoch: number;
  /** Asked in the very tick of a write: has this worker, by both of its clocks, still time left? */
  live(): boolean;
  close(): Promise<void>;
};

/** A stopped process finds its monotonic clock moved on, a suspended machine its wall clock: either ends the lease. */
export type Clock = { wall: () => number; monotonic: () => number };
const systemClock: Clock = { wall: Date.now, monotonic: () => performance.now() };

const TTL_MS = 20_000;
const RENEW_MS = 5000;
/** This much before the deadline nothing is begun any more: a byte that leaves then still arrives in time. */
const MARGIN_MS = 2000;
const LOOK_AGAIN_MS = 500;

type LeaseOptions = {
  deviceId: string;
  runId: string;
  holder: string;
  signal?: AbortSignal | undefined;
  clock?: Clock;
};

/** Opens a new epoch on a device that the run has reserved. Waits until the lease before it has run out, or was let go. */
export async function openLease(
  pool: Pool,
  { deviceId, runId, holder, signal, clock = systemClock }: LeaseOptions,
): Promise<Lease> {
  for (;;) {
    if (signal?.aborted) throw abortReason(signal, deviceId);
    // Taken before asking, so that our deadline is never later than that in the row.
    const asked = { wall: clock.wall(), monotonic: clock.monotonic() };
    const got = await tryLease(pool, { deviceId, runId, holder, ttlMs: TTL_MS });
    if (got.granted) return keepLease(pool, { deviceId, runId, holder, epoch: got.epoch, asked, clock });
    if (got.run_id !== runId) throw failure("device_busy", "the run does not hold this device");
    await sleep(Math.min(LOOK_AGAIN_MS, got.wait_ms + 1));
  }
}

type Held = {
  deviceId: string;
  runId: string;
  holder: string;
  epoch: number;
  asked: { wall: number; monotonic: number };
  clock: Clock;
};

function keepLease(pool: Pool, { deviceId, runId, holder, epoch, asked, clock }: Held): Lease {
  let from = asked;
  let lost = false;
  const live = (): boolean => {
    const wall = clock.wall() - from.wall;
    const monotonic = clock.monotonic() - from.monotonic;
    return !lost && wall < TTL_MS - MARGIN_MS && monotonic < TTL_MS - MARGIN_MS;
  };
  const renew = async (): Promise<void> => {
    const now = { wall: clock.wall(), monotonic: clock.monotonic() };
    try {
      if (await renewLease(pool, { deviceId, runId, holder, epoch, ttlMs: TTL_MS })) from = now;
      else lost = true;
    } catch {
      // The database is away: the deadline stands as it was, and ends the lease by itself.
      return;
    }
  };
  const timer = setInterval(() => {
    if (!lost) void renew();
  }, RENEW_MS);
  timer.unref();
  return {
    deviceId,
    runId,
    holder,
    epoch,
    live,
    close: async () => {
      clearInterval(timer);
      lost = true;
      await dropLease(pool, { deviceId, holder, epoch });
    },
  };
}
