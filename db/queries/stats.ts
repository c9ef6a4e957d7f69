import type { Stats } from "../../domain/contract/platform.ts";
import type { Db } from "../client.ts";
import { isoOrNull } from "./times.ts";

type Counts = Pick<Stats, "approvals_pending" | "approvals_for_me" | "runs_active" | "runs_interrupted"> & {
  total: number;
  reachable: number;
  unreachable: number;
  unknown: number;
  disabled: number;
  last_change_at: Date | null;
};

/** `decider`: the caller, when they may decide on approvals at all. */
export async function readStats(db: Db, decider: string | null): Promise<Stats> {
  const [counts] = await db<Counts[]>`
    select d.*, a.*, r.* from
      (select count(*)::int as total,
         count(*) filter (where enabled and state = 'reachable')::int as reachable,
         count(*) filter (where enabled and state = 'unreachable')::int as unreachable,
         count(*) filter (where enabled and state not in ('reachable', 'unreachable'))::int as unknown,
         count(*) filter (where not enabled)::int as disabled from devices) d,
      (select count(*)::int as approvals_pending,
         count(*) filter (where ${decider}::uuid is not null and (lab_only or ${decider}::uuid <> all(excluded))
           and not exists (select from approval_decisions x where x.approval_id = p.id and x.user_id = ${decider}::uuid))::int as approvals_for_me
       from approvals p where status = 'pending' and expires_at > now()) a,
      (select count(*) filter (where status in ('pending', 'running', 'waiting_approval', 'paused', 'interrupted'))::int as runs_active,
         count(*) filter (where status = 'interrupted')::int as runs_interrupted,
         max(completed_at) filter (where kind = 'change' and status in ('success', 'failed', 'rolled_back')) as last_change_at from runs) r`;
  if (!counts) throw new Error("the counts came back without a row");
  const { total, reachable, unreachable, unknown, disabled, last_change_at, ...rest } = counts;
  return {
    devices: { total, reachable, unreachable, unknown, disabled },
    ...rest,
    last_change_at: isoOrNull(last_change_at),
    change_days: await changeDays(db),
  };
}

/** The last 14 days, today last, in UTC; days without a finished change are there with zeros. */
async function changeDays(db: Db): Promise<Stats["change_days"]> {
  return db<Stats["change_days"]>`
    select to_char(day, 'YYYY-MM-DD') as day,
      count(r.id) filter (where r.status = 'success')::int as kept,
      count(r.id) filter (where r.status = 'rolled_back')::int as rolled_back,
      count(r.id) filter (where r.status = 'failed')::int as failed
    from generate_series((now() at time zone 'utc')::date - 13, (now() at time zone 'utc')::date, interval '1 day') day
    left join runs r on r.kind = 'change' and r.completed_at is not null and (r.completed_at at time zone 'utc')::date = day::date
    group by day order by day`;
}

export type WorkerRow = { id: string; started_at: string; seen_at: string; alive: boolean };

export async function listWorkers(db: Db): Promise<WorkerRow[]> {
  const rows = await db<{ id: string; started_at: Date; seen_at: Date; alive: boolean }[]>`
    select id, started_at, seen_at, seen_at > now() - interval '30 seconds' as alive from workers order by seen_at desc limit 500`;
  return rows.map((r) => ({ ...r, started_at: r.started_at.toISOString(), seen_at: r.seen_at.toISOString() }));
}
