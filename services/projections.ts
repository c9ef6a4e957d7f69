import { createHash } from "node:crypto";
import { foldAll, type NamedStep, type RunFacts, type StoredEvent } from "../domain/run/fold.ts";
import { json, transaction, type Db, type Pool } from "../db/client.ts";
import { storeRun } from "./run-events.ts";

const A_PAGE = 500;

/**
 * Folds what every run shows once more from its events, and stores it where it was another. Each run in a transaction of
 * its own, under the lock that writers of its events take: runs may go on meanwhile.
 */
export async function rebuildProjections(pool: Pool): Promise<{ runs: number; differed: string[] }> {
  const differed: string[] = [];
  let runs = 0;
  for await (const id of everyRun(pool)) {
    runs += 1;
    if (await transaction(pool, (db) => rebuildRun(db, id))) differed.push(id);
  }
  return { runs, differed };
}

/** True when the run showed something else than its events say. */
export async function rebuildRun(db: Db, runId: string): Promise<boolean> {
  const shown = await readShown(db, runId, { lock: true });
  const events = await db<StoredEvent[]>`
    select at, kind, step, device, attempt, status, message, error from run_events where run_id = ${runId} order by seq`;
  const folded = foldAll(events);
  if (textOf(shown) === textOf(folded)) return false;
  await storeRun(db, runId, folded.run);
  await db`delete from run_steps where run_id = ${runId}`;
  await db`insert into run_steps (run_id, step, device, attempt, status, message, error, started_at, completed_at)
    select ${runId}, s.* from jsonb_to_recordset(${json(db, folded.steps)})
      as s(step text, device text, attempt int, status text, message text, error jsonb, started_at timestamptz, completed_at timestamptz)`;
  return true;
}

/** One number for all that runs show: the same state has the same digest. */
export async function projectionDigest(pool: Pool): Promise<string> {
  const hash = createHash("sha256");
  for await (const id of everyRun(pool)) hash.update(`${id} ${textOf(await readShown(pool, id))}\n`);
  return hash.digest("hex");
}

async function* everyRun(pool: Pool): AsyncGenerator<string> {
  let behind = "00000000-0000-0000-0000-000000000000";
  for (;;) {
    const page = await pool<{ id: string }[]>`select id from runs where id > ${behind} order by id limit ${A_PAGE}`;
    for (const { id } of page) yield (behind = id);
    if (page.length < A_PAGE) return;
  }
}

type Shown = { run: RunFacts; steps: readonly NamedStep[] };

async function readShown(db: Db, runId: string, { lock = false } = {}): Promise<Shown> {
  const [run] = await db<RunFacts[]>`
    select status, message, started_at, completed_at, error from runs where id = ${runId} ${lock ? db`for update` : db``}`;
  if (!run) throw new Error(`the run ${runId} vanished`);
  const steps = await db<NamedStep[]>`
    select step, device, attempt, status, message, error, started_at, completed_at from run_steps where run_id = ${runId}`;
  return { run, steps };
}

/** The same state is the same text, in whatever order its parts were read. */
function textOf({ run, steps }: Shown): string {
  const sorted = steps.map((step) => canonical(step)).sort();
  return `${canonical(run)}\n${sorted.join("\n")}`;
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, v: unknown) =>
    v !== null && typeof v === "object" && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v,
  );
