import { NotFound } from "../domain/contract/errors.ts";
import type { NamedError } from "../domain/contract/run.ts";
import { NEW_RUN, foldRun, foldStep, type RunFacts, type StepFacts, type StoredEvent } from "../domain/run/fold.ts";
import { json, type Db } from "../db/client.ts";

export type NewEvent = {
  runId: string;
  kind: StoredEvent["kind"];
  step?: string | null;
  device?: string | null;
  attempt?: number;
  actor?: string | null;
  status?: string | null;
  message?: string | null;
  error?: NamedError | null;
  /** What makes this event one, where kind, step, device, attempt and status do not. */
  key?: string;
};

const keyOf = (e: NewEvent): string =>
  e.key ?? [e.kind, e.step ?? "", e.device ?? "", e.attempt ?? 1, e.status ?? ""].join(":");

/**
 * Stores what happened and folds it into the projections, all in the caller's transaction. Storing it again is a no-op.
 * The update of the run's row makes writers of one run take turns, so `seq` has no gaps.
 */
export async function appendEvent(db: Db, event: NewEvent): Promise<boolean> {
  const [run] = await db<(RunFacts & { last_seq: number })[]>`
    select last_seq, status, message, started_at, completed_at, error from runs where id = ${event.runId} for update`;
  if (!run) throw new NotFound("run", event.runId);
  const seq = run.last_seq + 1;
  const [stored] = await db<StoredEvent[]>`
    insert into run_events (run_id, seq, at, kind, step, device, attempt, actor, status, message, error, key)
    values (${event.runId}, ${seq}, clock_timestamp(), ${event.kind}, ${event.step ?? null}, ${event.device ?? null}, ${event.attempt ?? 1},
      ${event.actor ?? null}, ${event.status ?? null}, ${event.message ?? null}, ${event.error ? json(db, event.error) : null}, ${keyOf(event)})
    on conflict (run_id, key) do nothing
    returning at, kind, step, device, attempt, status, message, error`;
  if (!stored) return false;
  await db`update runs set last_seq = ${seq} where id = ${event.runId}`;
  if (stored.kind === "run") await storeRun(db, event.runId, foldRun(run, stored));
  if (stored.kind === "step") await storeStep(db, event.runId, stored);
  return true;
}

async function storeRun(db: Db, runId: string, facts: RunFacts): Promise<void> {
  await db`update runs set status = ${facts.status}, message = ${facts.message}, started_at = ${facts.started_at},
    completed_at = ${facts.completed_at}, error = ${facts.error ? json(db, facts.error) : null} where id = ${runId}`;
}

async function storeStep(db: Db, runId: string, event: StoredEvent): Promise<void> {
  const step = event.step ?? "";
  const device = event.device ?? "";
  const [before] = await db<StepFacts[]>`select attempt, status, message, error, started_at, completed_at from run_steps
    where run_id = ${runId} and step = ${step} and device = ${device}`;
  const facts = foldStep(before ?? null, event);
  await db`insert into run_steps (run_id, step, device, attempt, status, message, error, started_at, completed_at)
    values (${runId}, ${step}, ${device}, ${facts.attempt}, ${facts.status}, ${facts.message}, ${facts.error ? json(db, facts.error) : null},
      ${facts.started_at}, ${facts.completed_at})
    on conflict (run_id, step, device) do update set attempt = excluded.attempt, status = excluded.status, message = excluded.message,
      error = excluded.error, started_at = excluded.started_at, completed_at = excluded.completed_at`;
}

/** Drops a run's projections and folds them again from its events. */
export async function rebuildRun(db: Db, runId: string): Promise<void> {
  await db`select 1 from runs where id = ${runId} for update`;
  await db`delete from run_steps where run_id = ${runId}`;
  const events = await db<
    StoredEvent[]
  >`select at, kind, step, device, attempt, status, message, error from run_events where run_id = ${runId} order by seq`;
  let run = NEW_RUN;
  for (const event of events) {
    run = foldRun(run, event);
    if (event.kind === "step") await storeStep(db, runId, event);
  }
  await storeRun(db, runId, run);
}

/** Tells listeners, after the commit, that a run has something new. Only the id: they read the rest. */
export async function notifyRun(db: Db, runId: string): Promise<void> {
  await db`select pg_notify('run_progress', ${runId})`;
}
