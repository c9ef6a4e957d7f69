import { setTimeout as sleep } from "node:timers/promises";
import { Unavailable } from "../domain/contract/errors.ts";
import { abandonable, type Pool } from "../db/client.ts";
import type { Logger } from "../system/log.ts";

/** Knows at every moment whether the database answers, so that a request need not find out by waiting. */
export type DatabaseWatch = {
  answers(): boolean;
  /**
   * Runs a request's work. While the database is away it is refused at once; when the database goes away meanwhile, the
   * caller is told, and what has not been committed is given up: a client that repeats it must not find it twice.
   */
  during<T>(work: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
};

const EVERY_MS = 1000;
const AWAY_EVERY_MS = 250;
const LATE_MS = 3000;

export const databaseAway = (): Unavailable =>
  new Unavailable(
    "database_away",
    "the database does not answer; repeat it in a few seconds (with the same Idempotency-Key nothing is done twice)",
    { retryAfter: 5 },
  );

/** Asks on a connection of its own, which no other work can hold up; one that gives no answer is replaced. */
export function watchDatabase(connect: () => Pool, log: Logger): DatabaseWatch {
  const working = new Set<AbortController>();
  const stopping = new AbortController();
  let pool = connect();
  let away = false;

  const turn = (nowAway: boolean): void => {
    if (away === nowAway) return;
    away = nowAway;
    if (away) log.warn("the database does not answer; requests are refused until it does");
    else log.info("the database answers again");
    if (away) for (const each of working) each.abort();
  };
  const ask = async (): Promise<void> => {
    const asked = pool;
    const answer = asked`select 1`.then(
      () => "answers",
      () => "fails",
    );
    const first = await Promise.race([answer, late(stopping.signal)]);
    if (stopping.signal.aborted) return;
    turn(first !== "answers");
    if (first !== "late") return;
    pool = connect();
    await asked.end({ timeout: 0 });
  };
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await ask();
      await sleep(away ? AWAY_EVERY_MS : EVERY_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const asking = loop();

  return {
    answers: () => !away,
    async during(work) {
      if (away) throw databaseAway();
      const given = new AbortController();
      const gone = new Promise<never>((_, reject) => {
        given.signal.addEventListener("abort", () => reject(databaseAway()), { once: true });
      });
      working.add(given);
      try {
        return await Promise.race([abandonable(given.signal, work), gone]);
      } finally {
        working.delete(given);
      }
    },
    async stop() {
      stopping.abort();
      await asking;
      await pool.end({ timeout: 1 });
    },
  };
}

/** After a stall of our own the timer is due before the answer that has long arrived has been looked at. */
async function late(signal: AbortSignal): Promise<"late"> {
  await sleep(LATE_MS, undefined, { signal }).catch(() => undefined);
  await sleep(20);
  return "late";
}
