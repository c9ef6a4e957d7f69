import { setNudged, setWorkflowStarted } from "../db/queries/runs.ts";
import { notifyRun } from "./run-events.ts";
import type { Ctx } from "./context.ts";
import type { RunStart } from "./engine.ts";

/**
 * After the commit: starts the run's workflow or tells it to look at its rows, and tells listeners. Whatever does not
 * get through now is repeated by the sweeper, so nothing here fails the request. Gives whether the run was told.
 */
export async function afterCommit(ctx: Pick<Ctx, "pool" | "engine" | "log">, runId: string): Promise<boolean> {
  await notifyRun(ctx.pool, runId);
  const [run] = await ctx.pool<
    {
      kind: RunStart["kind"];
      change_id: string | null;
      workflow_started_at: Date | null;
      nudge_wanted_at: Date | null;
    }[]
  >`select kind, change_id, workflow_started_at, nudge_wanted_at from runs where id = ${runId}`;
  if (!run) return false;
  if (run.workflow_started_at === null) {
    const started = await ctx.engine.start({ runId, kind: run.kind, changeId: run.change_id });
    if (started) await setWorkflowStarted(ctx.pool, runId);
    ctx.log.info({ run_id: runId, started }, "run started");
    return started;
  }
  const nudged = await ctx.engine.nudge(runId);
  if (nudged) await setNudged(ctx.pool, runId, run.nudge_wanted_at);
  ctx.log.info({ run_id: runId, nudged }, "run told to look at its rows");
  return nudged;
}
