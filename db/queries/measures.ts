import type { Db } from "../client.ts";

/** What waits, and for how long at most, in seconds; 0 where nothing waits. */
export type Waits = {
  starts: number;
  start_age: number;
  nudges: number;
  nudge_age: number;
  approvals: number;
  approval_age: number;
  unsealed: number;
  unsealed_age: number;
  unanswered: number;
  unanswered_age: number;
  lock_waits: number;
  lock_wait_age: number;
};

/** Each part is found by an index, however many runs and lines are stored. */
export async function readWaits(db: Db): Promise<Waits> {
  const age = (column: string) =>
    db`greatest(0, coalesce(extract(epoch from clock_timestamp() - min(${db(column)})), 0))::float8`;
  const [waits] = await db<Waits[]>`
    select * from
      (select count(*)::int as starts, ${age("created_at")} as start_age from runs
        where status = 'pending' and workflow_started_at is null) s,
      (select count(*)::int as nudges, ${age("nudge_wanted_at")} as nudge_age from runs
        where status in ('pending', 'running', 'waiting_approval', 'paused', 'interrupted') and workflow_started_at is not null
          and nudge_wanted_at is not null and (nudged_at is null or nudged_at < nudge_wanted_at)) n,
      (select count(*)::int as approvals, ${age("created_at")} as approval_age from approvals
        where status = 'pending' and expires_at > now()) a,
      (select count(*)::int as unsealed, ${age("at")} as unsealed_age from audit
        where id > coalesce((select last_id from audit_seals order by n desc limit 1), 0)) u,
      (select count(*)::int as unanswered, ${age("sent_at")} as unanswered_age from journal
        where state = 'sent' and run_id in (select id from runs where status in ('pending', 'running', 'paused', 'interrupted'))) j,
      (select count(*)::int as lock_waits, ${age("since")} as lock_wait_age from device_lock_queue) q`;
  if (!waits) throw new Error("the waits came back without a row");
  return waits;
}

export async function countRuns(db: Db): Promise<{ kind: string; status: string; n: number }[]> {
  return db<
    { kind: string; status: string; n: number }[]
  >`select kind, status, count(*)::int as n from runs group by kind, status`;
}
