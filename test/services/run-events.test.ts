import { afterAll, beforeAll, expect, test } from "vitest";
import { openPool, transaction, type Pool } from "../../db/client.ts";
import { appendEvent, type NewEvent } from "../../services/run-events.ts";
import { insertRun } from "../../db/queries/runs.ts";
import { newId } from "../../system/ids.ts";
import { createTestDatabase } from "../support/engines.ts";

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
