import { afterAll, beforeAll, expect, test } from "vitest";
import { openPool, type Pool } from "../../db/client.ts";
import { deleteOldRows } from "../../db/queries/old-rows.ts";
import { newId } from "../../system/ids.ts";
import { createTestDatabase } from "../support/engines.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(database.url, { max: 2 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

test("what nobody asks for any more goes, and nothing else", async () => {
  const user = newId();
  await pool`insert into users (id, username, password_hash, roles) values (${user}, 'olga', 'x', '{viewer}')`;
  for (const [name, days] of Object.entries({ fresh: 0, month: 29, old: 31 })) {
    const at = new Date(Date.now() - days * 86_400_000);
    await pool`insert into idempotency_keys (user_id, key, route, body_hash, created_at) values (${user}, ${name}, 'POST /x', ''::bytea, ${at})`;
    await pool`insert into sessions (id, user_id, token_hash, expires_at, user_agent) values (${newId()}, ${user}, ${Buffer.from(`e${name}`)}, ${at}, ${`expired ${name}`})`;
    await pool`insert into sessions (id, user_id, token_hash, expires_at, revoked_at, user_agent)
      values (${newId()}, ${user}, ${Buffer.from(`r${name}`)}, now() + interval '1 day', ${at}, ${`revoked ${name}`})`;
    await pool`insert into login_failures (key, failures, blocked_until, updated_at) values (${name}, 3, ${at}, ${at})`;
  }
  await pool`insert into sessions (id, user_id, token_hash, expires_at, user_agent) values (${newId()}, ${user}, 'live'::bytea, now() + interval '1 day', 'live')`;
  await deleteOldRows(pool);
  const of = async (rows: Promise<{ name: string }[]>) => (await rows).map((r) => r.name).sort();
  expect(await of(pool<{ name: string }[]>`select key as name from idempotency_keys`)).toEqual(["fresh", "month"]);
  expect(await of(pool<{ name: string }[]>`select user_agent as name from sessions`)).toEqual([
    "expired fresh",
    "expired month",
    "live",
    "revoked fresh",
    "revoked month",
  ]);
  expect(await of(pool<{ name: string }[]>`select key as name from login_failures`)).toEqual(["fresh"]);
});
