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
const LATE_MS = 2000;
/** The second look, before it is said to be away: together with the first it takes less than 5 s. */
const AGAIN_MS = 1500;

export const databaseAway = (): Unavailable =>
  new Unavailable(
    "database_away",
    "the database does not answer; repeat it in a few seconds (with the same Idempotency-Key nothing is done twice)",
    { retryAfter: 5 },
  );

/**
 * Asks on a connection of its own, which no other work can hold up. One that fails or gives no answer is replaced; only when
 * the new one does not answer either, and no connection of the requests' own pool does, the database is away.
 */
export function watchDatabase(connect: () => Pool, requests: Pool, log: Logger): DatabaseWatch {
  const working = new Set<AbortController>();
  const stopping = new AbortController();
  let own = connect();
  let away = false;
  /** At most one question waits there, however long the database is away. */
  let asked: Promise<Answer> | null = null;

  const turn = (nowAway: boolean): void => {
    if (away === nowAway) return;
    away = nowAway;
    if (away) log.warn("the database does not answer; requests are refused until it does");
    else log.info("the database answers again");
    if (away) for (const each of working) each.abort();
  };
  const ask = async (): Promise<void> => {
    const first = await Promise.race([answerOf(own), late(LATE_MS, stopping.signal)]);
    if (stopping.signal.aborted) return;
    if (first === "answers") {
      turn(false);
      return;
    }
    const broken = own;
    own = connect();
    asked ??= answerOf(requests).finally(() => (asked = null));
    const second = await Promise.race([firstAnswer([answerOf(own), asked]), late(AGAIN_MS, stopping.signal)]);
    if (!stopping.signal.aborted) turn(second !== "answers");
    await broken.end({ timeout: 0 });
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
      await own.end({ timeout: 1 });
    },
  };
}

type Answer = "answers" | "fails";

const answerOf = (pool: Pool): Promise<Answer> =>
  pool`select 1`.then(
    () => "answers" as const,
    () => "fails" as const,
  );

/** Either answers; or, in the end, none does. */
const firstAnswer = async (answers: readonly Promise<Answer>[]): Promise<Answer> =>
  Promise.race([
    Promise.all(answers).then((all) => (all.includes("answers") ? "answers" : "fails")),
    ...answers.map((answer) => answer.then((it) => (it === "answers" ? it : new Promise<never>(() => undefined)))),
  ]);

/** After a stall of our own the timer is due before the answer that has long arrived has been looked at. */
async function late(ms: number, signal: AbortSignal): Promise<"late"> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
  await sleep(20);
  return "late";
}
