import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPool, transaction, type Pool } from "../../db/client.ts";
import { insertUser } from "../../db/queries/users.ts";
import type { Ctx } from "../../services/context.ts";
import { idempotent } from "../../services/idempotency.ts";
import { newId } from "../../system/ids.ts";
import { openVault } from "../../system/vault.ts";
import { createTestDatabase } from "../support/engines.ts";

const vault = openVault(randomBytes(32));
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
const callers: Pick<Ctx, "actor" | "vault">[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(database.url, { max: 20 });
  await pool`create table things (id uuid primary key)`;
  for (const username of ["ann", "bob"]) {
    const id = newId();
    await insertUser(pool, {
      id,
      username,
      displayName: "",
      passwordHash: "",
      roles: ["operator"],
      mustChangePassword: false,
    });
    callers.push({ vault, actor: { id, username, roles: ["operator"], permissions: new Set(), via: "session" } });
  }
});
afterAll(async () => {
  await pool.end({ timeout: 5 });
  await database.drop();
});

const caller = (i: number) => callers[i] ?? Promise.reject(new Error("no such caller"));
const make = async (
  key: string,
  body: unknown,
  { as = 0, route = "POST /things", fail = false } = {},
): Promise<string> => {
  const ctx = await caller(as);
  return transaction(pool, (db) =>
    idempotent(ctx, db, { key, route, body }, async () => {
      const id = newId();
      await db`insert into things (id) values (${id})`;
      if (fail) throw new Error("fails half-way");
      return id;
    }),
  );
};
const count = async (): Promise<number> => (await pool`select 1 from things`).length;

test("the same key makes one thing, however many ask at the same time, and all hear of the same one", async () => {
  const before = await count();
  const ids = await Promise.all(
    Array.from({ length: 200 }, (_, i) => make("k1", i % 2 ? { a: 1, b: [2] } : { b: [2], a: 1 })),
  );
  expect(new Set(ids).size).toBe(1);
  expect(await count()).toBe(before + 1);
  expect(await make("k1", { a: 1, b: [2] })).toBe(ids[0]);
});

test("the same key with another body, or for another route, is a conflict", async () => {
  await make("k2", { a: 1 });
  await expect(make("k2", { a: 2 })).rejects.toMatchObject({ code: "idempotency_conflict" });
  await expect(make("k2", { a: 1 }, { route: "POST /others" })).rejects.toMatchObject({ code: "idempotency_conflict" });
});

test("another user's key is another key", async () => {
  expect(await make("k3", {}, { as: 1 })).not.toBe(await make("k3", {}));
});

test("what failed did not use the key up", async () => {
  const before = await count();
  await expect(make("k4", {}, { fail: true })).rejects.toThrow("half-way");
  expect(await count()).toBe(before);
  await make("k4", {});
  expect(await count()).toBe(before + 1);
});

test.each(["", " ", "a b", "x".repeat(256), "ä", "a\nb"])("the key %j is refused", async (key) => {
  await expect(make(key, {})).rejects.toMatchObject({ code: "idempotency_key_invalid" });
});

test("the body is kept only as an HMAC: it may hold secrets", async () => {
  await make("k5", { line: "snmp community CANARY" });
  expect(JSON.stringify(await pool`select * from idempotency_keys`)).not.toContain("CANARY");
});
