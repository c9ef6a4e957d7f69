import { NotFound } from "../domain/contract/errors.ts";
import type { NamedError } from "../domain/contract/run.ts";
import { foldRun, foldStep, type RunFacts, type StepFacts, type StoredEvent } from "../domain/run/fold.ts";
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

/**
 * As appendEvent, for many step events of one run at once: a fleet's worth of them costs as many statements as one does.
 * Each event names another step, device and status; those that are stored already are left out.
 */
export async function appendStepEvents(
  db: Db,
  runId: string,
  given: Omit<NewEvent, "runId" | "kind">[],
): Promise<void> {
  if (given.length === 0) return;
  const [run] = await db<{ last_seq: number }[]>`select last_seq from runs where id = ${runId} for update`;
  if (!run) throw new NotFound("run", runId);
  const events = given.map((e) => ({ ...e, runId, kind: "step" as const }));
  const stored = await db<{ key: string }[]>`
    select key from run_events where run_id = ${runId} and key = any(${events.map(keyOf)})`;
  const known = new Set(stored.map((e) => e.key));
  const fresh = events.filter((e) => !known.has(keyOf(e)));
  if (fresh.length === 0) return;
  const rows = await db<StoredEvent[]>`
    insert into run_events (run_id, seq, at, kind, step, device, attempt, actor, status, message, error, key)
    select ${runId}, ${run.last_seq} + e.n, clock_timestamp(), 'step', e.step, e.device, e.attempt, null, e.status, e.message, e.error, e.key
    from jsonb_to_recordset(${json(
      db,
      fresh.map((e, i) => ({
        n: i + 1,
        step: e.step ?? null,
        device: e.device ?? null,
        attempt: e.attempt ?? 1,
        status: e.status ?? null,
        message: e.message ?? null,
        error: e.error ?? null,
        key: keyOf(e),
      })),
    )}) as e(n int, step text, device text, attempt int, status text, message text, error jsonb, key text) order by e.n
    returning at, kind, step, device, attempt, status, message, error`;
  await db`update runs set last_seq = ${run.last_seq + fresh.length} where id = ${runId}`;
  await storeSteps(db, runId, rows);
}

async function storeSteps(db: Db, runId: string, events: StoredEvent[]): Promise<void> {
  const keyed = (step: string | null, device: string | null): string => `${step ?? ""}\u0000${device ?? ""}`;
  const before = await db<(StepFacts & { step: string; device: string })[]>`
    select step, device, attempt, status, message, error, started_at, completed_at from run_steps
    where run_id = ${runId} and device = any(${events.map((e) => e.device ?? "")})`;
  const facts = new Map<string, StepFacts>(before.map((row) => [keyed(row.step, row.device), row]));
  for (const event of events) {
    const key = keyed(event.step, event.device);
    facts.set(key, foldStep(facts.get(key) ?? null, event));
  }
  const touched = new Map(events.map((e) => [keyed(e.step, e.device), e]));
  await db`insert into run_steps (run_id, step, device, attempt, status, message, error, started_at, completed_at)
    select ${runId}, s.step, s.device, s.attempt, s.status, s.message, s.error, s.started_at, s.completed_at
    from jsonb_to_recordset(${json(
      db,
      [...touched].map(([key, e]) => ({ step: e.step ?? "", device: e.device ?? "", ...facts.get(key) })),
    )}) as s(step text, device text, attempt int, status text, message text, error jsonb, started_at timestamptz, completed_at timestamptz)
    on conflict (run_id, step, device) do update set attempt = excluded.attempt, status = excluded.status, message = excluded.message,
      error = excluded.error, started_at = excluded.started_at, completed_at = excluded.completed_at`;
}

/** Stores what a run shows. */
export async function storeRun(db: Db, runId: string, facts: RunFacts): Promise<void> {
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

/** Has the event with this key been stored? */
export async function hasEvent(db: Db, runId: string, key: string): Promise<boolean> {
  const rows = await db`select 1 from run_events where run_id = ${runId} and key = ${key}`;
  return rows.length > 0;
}

/** Tells listeners, after the commit, that a run has something new. Only the id: they read the rest. */
export async function notifyRun(db: Db, runId: string): Promise<void> {
  await db`select pg_notify('run_progress', ${runId})`;
}
