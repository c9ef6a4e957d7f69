import type { Db } from "../client.ts";

/** Failures older than this are forgotten. */
const MEMORY = "1 hour";

/**
 * Counts one failure and sets until when the next try waits, in one statement; while an earlier one blocks it counts
 * nothing and gives the seconds left. 0 is a go.
 */
export async function claimAttempt(
  db: Db,
  key: string,
  { free, limitSeconds }: { free: number; limitSeconds: number },
): Promise<number> {
  // By the clock and not by the transaction's beginning: of two at once, the one that waited for the other's row began
  // before the other wrote it, and would find itself blocked until a moment that is still to come.
  const [claimed] = await db`
    insert into login_failures as f (key, failures, blocked_until) values (${key}, 1, now())
    on conflict (key) do update set
      failures = case when f.updated_at < clock_timestamp() - ${MEMORY}::interval then 1 else f.failures + 1 end,
      blocked_until = case
        when f.updated_at < clock_timestamp() - ${MEMORY}::interval or f.failures + 1 < ${free} then now()
        else clock_timestamp() + make_interval(secs => least(${limitSeconds}::float8, power(2, least(f.failures + 1 - ${free}, 20)))) end,
      updated_at = clock_timestamp()
    where f.blocked_until <= clock_timestamp()
    returning 1`;
  if (claimed) return 0;
  const [row] = await db<{ wait: number }[]>`
    select greatest(1, ceil(extract(epoch from blocked_until - clock_timestamp())))::int as wait from login_failures where key = ${key}`;
  return row?.wait ?? 1;
}

export async function takeBackAttempt(db: Db, key: string): Promise<void> {
  await db`update login_failures set failures = greatest(0, failures - 1), blocked_until = now() where key = ${key}`;
}

export async function forgetAttempts(db: Db, key: string): Promise<void> {
  await db`delete from login_failures where key = ${key} or updated_at < now() - interval '1 day'`;
}
