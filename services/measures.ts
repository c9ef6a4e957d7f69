import type { Pool } from "../db/client.ts";
import { countRuns, readWaits, type Waits } from "../db/queries/measures.ts";
import { workerMetrics } from "../db/queries/workers.ts";
import type { DatabaseWatch } from "./database-watch.ts";
import type { Engine, TaskQueue } from "./engine.ts";

export type Measures = {
  postgres: boolean;
  temporal: boolean;
  /** Undefined while Temporal does not answer. */
  queues: TaskQueue[] | undefined;
  /** Undefined while Postgres does not answer. */
  stored: { waits: Waits; runs: { kind: string; status: string; n: number }[]; workers: string[] } | undefined;
};

/** The state of the whole platform, as its engines tell it now. */
export async function measure(deps: { pool: Pool; database: DatabaseWatch; engine: Engine }): Promise<Measures> {
  const { pool, database, engine } = deps;
  const [queues, stored] = await Promise.all([
    engine.queues(),
    database
      .during(async () => {
        const [waits, runs, workers] = await Promise.all([readWaits(pool), countRuns(pool), workerMetrics(pool)]);
        return { waits, runs, workers: workers.map((w) => w.metrics) };
      })
      // What cannot be read is left out: whoever scrapes must still hear that the database is away.
      .catch(() => undefined),
  ]);
  return { postgres: database.answers() && stored !== undefined, temporal: queues !== undefined, queues, stored };
}
