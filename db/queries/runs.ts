import { NotFound } from "../../domain/contract/errors.ts";
import type { NamedError, Run, RunStatus } from "../../domain/contract/run.ts";
import type { Db } from "../client.ts";
import { totalOf } from "../totals.ts";

export type RunRow = {
  id: string;
  kind: Run["kind"];
  title: string;
  change_id: string | null;
  started_by: string;
  created_at: Date;
  workflow_started_at: Date | null;
  nudged_at: Date | null;
  nudge_wanted_at: Date | null;
  pause_requested: boolean;
  cancel_requested: boolean;
  last_seq: number;
  status: RunStatus;
  message: string | null;
  started_at: Date | null;
  completed_at: Date | null;
  error: NamedError | null;
};

export async function insertRun(
  db: Db,
  run: { id: string; title: string; startedBy: string } & (
    | { kind?: "change"; changeId: string }
    | { kind: "backup" | "stack_deploy"; changeId: null }
  ),
): Promise<void> {
  await db`insert into runs (id, kind, title, change_id, started_by)
    values (${run.id}, ${run.kind ?? "change"}, ${run.title}, ${run.changeId}, ${run.startedBy})`;
}

export async function getRunRow(db: Db, id: string, { lock = false } = {}): Promise<RunRow> {
  const [row] = await db<RunRow[]>`select * from runs where id = ${id} ${lock ? db`for update` : db``}`;
  if (!row) throw new NotFound("run", id);
  return row;
}

export async function listRunRows(
  db: Db,
  filter: {
    kind?: string | undefined;
    status?: string | undefined;
    device?: string | undefined;
    change?: string | undefined;
    search?: string | undefined;
    limit: number;
    offset: number;
    sort: string;
  },
): Promise<{ rows: RunRow[]; total: number }> {
  const where = db`where true
    ${filter.kind ? db`and r.kind = ${filter.kind}` : db``}
    ${filter.status ? db`and r.status = any(${filter.status.split(",")})` : db``}
    ${filter.change ? db`and r.change_id = ${filter.change}` : db``}
    ${filter.search ? db`and (r.title ilike ${`%${filter.search.replace(/[\\%_]/g, "\\$&")}%`} or r.id::text = ${filter.search})` : db``}
    ${
      filter.device
        ? db`and (exists (select 1 from change_devices cd join devices d on d.id = cd.device_id where cd.change_id = r.change_id and lower(d.name) = lower(${filter.device}))
      or exists (select 1 from devices d join backup_results b on b.device_id = d.id where b.run_id = r.id and lower(d.name) = lower(${filter.device})))`
        : db``
    }`;
  const column = filter.sort.replace(/^-/, "");
  const order =
    column === "title"
      ? db`r.title`
      : column === "status"
        ? db`r.status`
        : column === "started_at"
          ? db`r.started_at`
          : db`r.created_at`;
  // Only a run that has not started has no such time; elsewhere the order would keep the index from being used.
  const down = column === "started_at" ? db`desc nulls last` : db`desc`;
  const rows = await db<RunRow[]>`select r.* from runs r ${where}
    order by ${order} ${filter.sort.startsWith("-") ? down : db`asc`}, r.id desc limit ${filter.limit} offset ${filter.offset}`;
  const { limit: _limit, offset: _offset, sort: _sort, ...which } = filter;
  const total = await totalOf(db, `runs ${JSON.stringify(which)}`, async () => {
    const [count] = await db<{ n: number }[]>`select count(*)::int as n from runs r ${where}`;
    return count?.n ?? 0;
  });
  return { rows, total };
}

/** The run's row changed in a way its workflow must look at: the sweeper repeats the nudge until it got through. */
export async function wantNudge(db: Db, runId: string): Promise<void> {
  await db`update runs set nudge_wanted_at = date_trunc('milliseconds', clock_timestamp()) where id = ${runId}`;
}

export async function setWorkflowStarted(db: Db, runId: string): Promise<void> {
  await db`update runs set workflow_started_at = coalesce(workflow_started_at, clock_timestamp()) where id = ${runId}`;
}

/** Marks the nudge as done only if no newer one was wanted meanwhile. */
export async function setNudged(db: Db, runId: string, wantedAt: Date | null): Promise<void> {
  await db`update runs set nudged_at = clock_timestamp() where id = ${runId} and nudge_wanted_at is not distinct from ${wantedAt}`;
}
