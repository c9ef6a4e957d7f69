import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPool, transaction, type Pool } from "../../db/client.ts";
import { createTestDatabase } from "../support/engines.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
let killer: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(database.url, { max: 4 });
  killer = openPool(database.url, { max: 1, name: "killer" });
  await killer`create table t (n int)`;
});
afterAll(async () => {
  await killer.end({ timeout: 5 });
  await pool.end({ timeout: 5 });
  await database.drop();
});
const kill = () =>
  killer`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name <> 'killer'`;

test("a connection that dies under a query ends the transaction, and nothing else", async () => {
  for (let i = 0; i < 20; i += 1) {
    let begun: () => void = () => undefined;
    const inside = new Promise<void>((done) => (begun = done));
    const work = transaction(pool, async (db) => {
      await db`insert into t values (1)`;
      begun();
      await db`select pg_sleep(5)`;
    });
    const heard = expect(work).rejects.toThrow();
    // The first query after a loss may still hear of it: then this round ends early.
    await Promise.race([inside, heard]);
    await kill();
    await heard;
  }
  expect(await killer`select 1 from t`).toHaveLength(0);
});

test(
  "one that dies between two queries does neither: the second is not sent on the connection that replaces it",
  { timeout: 60_000 },
  async () => {
    // A query that follows a loss at once may have to wait for the driver's connect timeout.
    for (let i = 0; i < 5; i += 1) {
      let begun: () => void = () => undefined;
      const inside = new Promise<void>((done) => (begun = done));
      let goOn: () => void = () => undefined;
      const meanwhile = new Promise<void>((done) => (goOn = done));
      const work = transaction(pool, async (db) => {
        await db`insert into t values (1)`;
        begun();
        await meanwhile;
        await db`insert into t values (2)`;
      });
      const heard = expect(work).rejects.toThrow();
      await Promise.race([inside, heard]);
      await kill();
      await heard;
      // The pool has the connection again before the old work goes on.
      await Promise.allSettled(Array.from({ length: 4 }, () => pool`select 1`));
      goOn();
      await sleep(20);
      expect(await killer`select 1 from t`).toHaveLength(0);
    }
  },
);

test("when another connection dies, the transaction whose work heard of it is rolled back, and holds nothing any more", async () => {
  await killer`insert into t values (7)`;
  const other = openPool(database.url, { max: 1, name: "other" });
  await other`select 1`;
  const work = transaction(pool, async (db) => {
    await db`update t set n = 8 where n = 7`;
    const heard = other`select pg_sleep(5)`;
    await killer`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'other'`;
    await heard;
  });
  await expect(work).rejects.toThrow();
  await killer`set lock_timeout = '3s'`;
  expect(await killer`update t set n = 9 where n = 7 returning n`).toHaveLength(1);
  await other.end({ timeout: 1 });
});
