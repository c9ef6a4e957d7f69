import { transaction, type Pool } from "../db/client.ts";
import { deleteOldRows } from "../db/queries/old-rows.ts";
import { setNudged, setWorkflowStarted } from "../db/queries/runs.ts";
import type { Logger } from "../system/log.ts";
import type { Vault } from "../system/vault.ts";
import { enableExpired } from "./device-overrides.ts";
import type { Engine, RunStart } from "./engine.ts";
import { createOrphanSearch } from "./orphans.ts";

const EVERY_MS = 2000;
const OLD_ROWS_EVERY_MS = 10 * 60_000;
/** Only used for this: the advisory lock that lets one sweeper sweep at a time. */
const LOCK = 7_306_112;

/**
 * Repeats what a crash or an absent engine left undone: starts runs whose workflow never began, nudges runs whose rows
 * changed without them being told, enables devices whose time of being disabled is over, ends runs whose workflow is gone, and lets go of devices that ended runs still hold. A loop beside the API, not a
 * workflow: it has to work when the workflow engine does not.
 */
export function startSweeper({ pool, vault, engine, log }: { pool: Pool; vault: Vault; engine: Engine; log: Logger }): {
  stop(): Promise<void>;
} {
  const endOrphans = createOrphanSearch({ pool, engine });
  let lastDeleted = 0;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const again = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = sweep({ pool, engine, endOrphans })
        .then(async () => {
          await enableExpired(pool, vault);
          if (Date.now() - lastDeleted < OLD_ROWS_EVERY_MS) return;
          lastDeleted = Date.now();
          await deleteOldRows(pool);
        })
        .catch((error: unknown) => log.warn({ err: error }, "a sweep failed; the next one repeats it"))
        .then(again);
    }, EVERY_MS);
  };
  again();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** One pass; what another process sweeps right now is left to it. */
async function sweep({
  pool,
  engine,
  endOrphans,
}: {
  pool: Pool;
  engine: Engine;
  endOrphans: () => Promise<void>;
}): Promise<void> {
  await transaction(pool, async (db) => {
    const [lock] = await db<{ got: boolean }[]>`select pg_try_advisory_xact_lock(${LOCK}) as got`;
    if (!lock?.got) return;
    await startForgotten(pool, engine);
    await nudgeForgotten(pool, engine);
    await endOrphans();
    await pool`update device_locks l set run_id = null, reason = null from runs r
        where r.id = l.run_id and r.completed_at < now() - interval '5 seconds' and (l.expires_at is null or l.expires_at < now())`;
    await pool`delete from device_lock_queue q using runs r where r.id = q.run_id and r.completed_at is not null`;
  });
}

async function startForgotten(pool: Pool, engine: Engine): Promise<void> {
  const runs = await pool<
    { id: string; kind: RunStart["kind"]; change_id: string | null }[]
  >`select id, kind, change_id from runs
    where workflow_started_at is null and created_at < now() - interval '1 second' order by created_at limit 200`;
  for (const run of runs)
    if (await engine.start({ runId: run.id, kind: run.kind, changeId: run.change_id }))
      await setWorkflowStarted(pool, run.id);
}

async function nudgeForgotten(pool: Pool, engine: Engine): Promise<void> {
  const runs = await pool<{ id: string; nudge_wanted_at: Date }[]>`select id, nudge_wanted_at from runs
    where workflow_started_at is not null and nudge_wanted_at is not null and (nudged_at is null or nudged_at < nudge_wanted_at)
      and nudge_wanted_at < now() - interval '1 second' order by nudge_wanted_at limit 200`;
  for (const run of runs) if (await engine.nudge(run.id)) await setNudged(pool, run.id, run.nudge_wanted_at);
}
