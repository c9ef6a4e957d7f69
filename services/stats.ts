import type { Health, Stats } from "../domain/contract/platform.ts";
import { listWorkers, readStats, type WorkerRow } from "../db/queries/stats.ts";
import type { Ctx } from "./context.ts";
import type { DatabaseWatch } from "./database-watch.ts";
import type { Engine } from "./engine.ts";
import { requirePermission } from "./mutate.ts";

const SOON_MS = 3000;

export function getStats(ctx: Ctx): Promise<Stats> {
  requirePermission(ctx, "settings:read");
  return readStats(ctx.pool, ctx.actor.permissions.has("approvals:decide") ? ctx.actor.id : null);
}

export function getWorkers(ctx: Ctx): Promise<WorkerRow[]> {
  requirePermission(ctx, "settings:read");
  return listWorkers(ctx.pool);
}

/** How each engine is now; one that does not answer in 3 s counts as away. */
export async function checkHealth({
  database,
  engine,
  version,
}: {
  database: Pick<DatabaseWatch, "answers">;
  engine: Engine;
  version: string;
}): Promise<Health> {
  const workflow = await inTime(engine.health()).catch(() => ({
    reachable: false,
    workers: 0,
    detail: "does not answer",
  }));
  const ok = database.answers();
  const engines: Health["engines"] = [
    { name: "postgres", ok, detail: ok ? "answers" : "does not answer" },
    { name: "temporal", ok: workflow.reachable, detail: workflow.reachable ? "answers" : workflow.detail },
    {
      name: "workers",
      ok: workflow.workers > 0,
      detail: workflow.workers > 0 ? `${workflow.workers} at work` : "no worker takes work",
    },
  ];
  return {
    status: engines.every((e) => e.ok) ? "ok" : "degraded",
    engines,
    workers: workflow.workers,
    server_time: new Date().toISOString(),
    version,
  };
}

function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer in time")), SOON_MS);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
