import { afterAll, beforeAll, expect, test } from "vitest";
import { openPool, transaction, type Pool } from "../../db/client.ts";
import { insertRun } from "../../db/queries/runs.ts";
import { projectionDigest, rebuildProjections } from "../../services/projections.ts";
import { appendEvent } from "../../services/run-events.ts";
import { newId } from "../../system/ids.ts";
import { createTestDatabase } from "../support/engines.ts";
import { seeded } from "../support/seeded.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
const chance = seeded(7);
beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(database.url, { max: 8 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const STEP_STATUSES = ["running", "interrupted", "success", "failed", "skipped", "rolled_back"];

async function newRun(): Promise<string> {
  const id = newId();
  await transaction(pool, (db) => insertRun(db, { id, title: "a run", changeId: newId(), startedBy: "olga" }));
  return id;
}

/** Something that could happen to a run, in any order. */
function happens(runId: string, n: number): Promise<boolean> {
  const kind = chance.pick(["run", "step", "step", "step", "person", "device"] as const);
  const where =
    kind === "step"
      ? {
          step: chance.pick(["plan", "apply", "verify"]),
          device: chance.pick([null, "r1", "r2"]),
          attempt: chance.between(1, 3),
        }
      : {};
  const status =
    kind === "run" ? chance.pick(["running", "paused", "interrupted", "success"]) : chance.pick(STEP_STATUSES);
  const error = chance.next() < 0.2 ? { code: "x", message: "y" } : null;
  return transaction(pool, (db) =>
    appendEvent(db, { runId, kind, ...where, status, message: `event ${n}`, error, key: `k${n}` }),
  );
}

const drop = async (): Promise<void> => {
  await pool`truncate run_steps`;
  await pool`update runs set status = 'pending', message = null, started_at = null, completed_at = null, error = null`;
};

test("projections that are dropped and folded again have the same digest", async () => {
  const runs = await Promise.all(Array.from({ length: 12 }, newRun));
  for (let n = 0; n < 400; n += 1) await happens(chance.pick(runs), n);
  const before = await projectionDigest(pool);
  await drop();
  expect(await projectionDigest(pool)).not.toBe(before);
  const { runs: folded, differed } = await rebuildProjections(pool);
  expect(folded).toBe(12);
  expect(differed.length).toBeGreaterThan(10);
  expect(await projectionDigest(pool)).toBe(before);
  expect(await rebuildProjections(pool)).toEqual({ runs: 12, differed: [] });
});

test("a run that shows something else than its events say is named and mended", async () => {
  const [victim, other] = [await newRun(), await newRun()];
  for (let n = 0; n < 40; n += 1) await Promise.all([happens(victim, n), happens(other, n)]);
  const before = await projectionDigest(pool);
  const [step] = await pool<{ step: string; device: string }[]>`
    update run_steps set status = 'skipped', message = 'edited' where ctid in (select ctid from run_steps where run_id = ${victim} limit 1) returning step, device`;
  expect(step).toBeDefined();
  expect((await rebuildProjections(pool)).differed).toEqual([victim]);
  expect(await projectionDigest(pool)).toBe(before);
});

test("runs go on while their projections are folded again, and none loses an event", async () => {
  const runs = await Promise.all(Array.from({ length: 6 }, newRun));
  let writing = true;
  const writers = runs.map(async (id) => {
    for (let n = 0; n < 150; n += 1) await happens(id, n);
  });
  const rebuilding = (async () => {
    while (writing) {
      await pool`delete from run_steps where run_id = ${chance.pick(runs)}`;
      await rebuildProjections(pool);
    }
  })();
  await Promise.all(writers);
  writing = false;
  await rebuilding;
  await rebuildProjections(pool);
  const after = await projectionDigest(pool);
  const events = await pool<{ n: number }[]>`select count(*)::int as n from run_events where run_id = any(${runs})`;
  expect(events[0]?.n).toBe(6 * 150);
  await drop();
  await rebuildProjections(pool);
  expect(await projectionDigest(pool)).toBe(after);
});
