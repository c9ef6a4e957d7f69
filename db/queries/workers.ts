import type { Db } from "../client.ts";

/** A worker lives, and this is what it has measured, as Prometheus reads it. */
export async function sawWorker(db: Db, id: string, metrics: string): Promise<void> {
  await db`insert into workers (id, metrics) values (${id}, ${metrics})
    on conflict (id) do update set seen_at = now(), metrics = excluded.metrics`;
  await db`delete from workers where seen_at < now() - interval '10 minutes'`;
}

/** Of the workers that are alive. */
export async function workerMetrics(db: Db): Promise<{ metrics: string }[]> {
  return db<{ metrics: string }[]>`
    select metrics from workers where metrics is not null and seen_at > now() - interval '30 seconds' order by id limit 500`;
}
