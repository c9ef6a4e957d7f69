import { afterAll, beforeAll, expect, test } from "vitest";
import { openPool, transaction, type Pool } from "../../db/client.ts";
import { appendEvent, rebuildRun, type NewEvent } from "../../services/run-events.ts";
import { insertRun } from "../../db/queries/runs.ts";
import { newId } from "../../system/ids.ts";
import { createTestDatabase } from "../support/engines.ts";
import { seeded } from "../support/seeded.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(database.url, { max: 8 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function newRun(): Promise<string> {
  const id = newId();
  await insertRun(pool, { id, title: "a run", changeId: newId(), startedBy: "olga" });
  return id;
}
const append = (event: NewEvent) => transaction(pool, (db) => appendEvent(db, event));

test("an event that is stored again is stored once", async () => {
  const runId = await newRun();
  const event: NewEvent = { runId, kind: "step", step: "apply", device: "r1", status: "running" };
  expect(await append(event)).toBe(true);
  expect(await append(event)).toBe(false);
  const rows = await pool`select seq from run_events where run_id = ${runId}`;
  expect(rows.map((r) => r.seq)).toEqual([1]);
});

test("many writers of one run leave no gap and no twin in its sequence", async () => {
  const runId = await newRun();
  await Promise.all(
    Array.from({ length: 60 }, (_, i) => append({ runId, kind: "device", device: `r${i}`, message: "seen" })),
  );
  const rows = await pool<{ seq: number }[]>`select seq from run_events where run_id = ${runId} order by seq`;
  expect(rows.map((r) => r.seq)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
});

test("events cannot be edited", async () => {
  const runId = await newRun();
  await append({ runId, kind: "run", status: "running" });
  await expect(pool`update run_events set message = 'other' where run_id = ${runId}`).rejects.toThrow("append-only");
});

test("projections that are dropped and folded again are the same", async () => {
  const runId = await newRun();
  const chance = seeded(7);
  const statuses = ["running", "interrupted", "success", "failed", "skipped", "rolled_back"];
  for (let i = 0; i < 200; i += 1) {
    const kind = chance.pick(["run", "step", "step", "step", "person", "device"] as const);
    const step =
      kind === "step"
        ? {
            step: chance.pick(["plan", "apply", "verify"]),
            device: chance.pick([null, "r1", "r2"]),
            attempt: chance.between(1, 3),
          }
        : {};
    const status =
      kind === "run" ? chance.pick(["running", "paused", "interrupted", "success"]) : chance.pick(statuses);
    await append({
      runId,
      kind,
      ...step,
      status,
      message: `event ${i}`,
      error: chance.next() < 0.2 ? { code: "x", message: "y" } : null,
      key: `k${i}`,
    });
  }
  const digest = async () =>
    JSON.stringify([
      await pool`select status, message, started_at, completed_at, error from runs where id = ${runId}`,
      await pool`select * from run_steps where run_id = ${runId} order by step, device`,
    ]);
  const before = await digest();
  await pool`update runs set status = 'pending', message = null, started_at = null, completed_at = null, error = null where id = ${runId}`;
  await transaction(pool, (db) => rebuildRun(db, runId));
  expect(await digest()).toBe(before);
});
