import type { Run } from "../domain/contract/run.ts";
import { transaction, type Pool } from "../db/client.ts";
import { endBackupRun } from "./backup-runs.ts";
import { endRun } from "./end-run.ts";
import type { Engine } from "./engine.ts";
import { notifyRun } from "./run-events.ts";
import { loseDeploy } from "./stack-end.ts";

/** So many open runs are asked for in one pass; the next pass goes on behind them. */
const A_PASS = 40;
/** A run whose workflow was not there once may just be ending; it is lost when that stays so. */
const SURE_AFTER_MS = 15_000;

const LOST = {
  code: "engine_lost",
  message:
    "the workflow engine does not have this run any more; its lines show what was sent, and nothing more will be sent",
};

const BACKUP_LOST = {
  code: "engine_lost",
  message: "the workflow engine does not have this run any more; what was read is stored, start it again for the rest",
};

/**
 * Ends runs whose workflow is gone: terminated in the engine, or lost with the engine's database. Their devices are let
 * go of, and people are told, instead of waiting for ever. Gives the pass to call again and again.
 */
export function createOrphanSearch({ pool, engine }: { pool: Pool; engine: Engine }): () => Promise<void> {
  let behind = "00000000-0000-0000-0000-000000000000";
  const missed = new Map<string, number>();
  return async () => {
    const runs = await pool<
      { id: string; kind: Run["kind"]; change_id: string | null }[]
    >`select id, kind, change_id from runs
      where completed_at is null and workflow_started_at < now() - interval '10 seconds' and id > ${behind}
      order by id limit ${A_PASS}`;
    behind = runs.length < A_PASS ? "00000000-0000-0000-0000-000000000000" : (runs.at(-1)?.id ?? behind);
    for (const { id, kind, change_id } of runs) {
      const open = await engine.isOpen(id);
      if (open === undefined) return;
      if (open) missed.delete(id);
      else if (!missed.has(id)) missed.set(id, Date.now());
      else if (Date.now() - (missed.get(id) ?? 0) > SURE_AFTER_MS) {
        missed.delete(id);
        await transaction(pool, (db) =>
          change_id === null
            ? kind === "stack_deploy"
              ? loseDeploy(db, id, LOST)
              : endBackupRun(db, id, BACKUP_LOST)
            : endRun(db, { runId: id, changeId: change_id, status: "failed", error: LOST }),
        );
        await notifyRun(pool, id);
      }
    }
  };
}
