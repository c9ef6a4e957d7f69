import { afterAll, beforeAll, expect, test } from "vitest";
import { openPool, transaction, type Pool } from "../../db/client.ts";
import { claimAttempt } from "../../db/queries/login-failures.ts";
import { createTestDatabase } from "../support/engines.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(database.url, { max: 4 });
});
afterAll(async () => {
  await pool.end({ timeout: 5 });
  await database.drop();
});

test("of two tries at once, the one that waits for the other's row is not blocked by it", async () => {
  const limits = { free: 5, limitSeconds: 900 };
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { promise: written, resolve: write } = Promise.withResolvers<void>();
  const late = transaction(pool, async (db) => {
    // Its transaction begins before the other one's.
    await db`select now()`;
    begin();
    await written;
    return claimAttempt(db, "account:x", limits);
  });
  await begun;
  expect(await transaction(pool, (db) => claimAttempt(db, "account:x", limits))).toBe(0);
  write();
  expect(await late).toBe(0);
});
