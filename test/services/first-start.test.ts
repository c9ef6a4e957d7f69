import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inPasswordQueue, makePassword, verifyPassword } from "../../auth/passwords.ts";
import { openPool, type Pool } from "../../db/client.ts";
import { passwordHashOf, findUser } from "../../db/queries/users.ts";
import { ensureAdmin, makeFirstAdmin } from "../../services/first-start.ts";
import { openVault } from "../../system/vault.ts";
import { createTestDatabase } from "../support/engines.ts";

const masterKey = randomBytes(32);
const vault = openVault(masterKey);
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(database.url);
});
afterAll(async () => {
  await pool.end({ timeout: 5 });
  await database.drop();
});

test("several first starts at once make one admin, and one of them knows the password", async () => {
  const starts = await Promise.all(Array.from({ length: 4 }, () => makeFirstAdmin(pool, vault, undefined)));
  const made = starts.flatMap((s) => s.madePassword ?? []);
  expect(made).toHaveLength(1);
  expect(starts.every((s) => s.username === "admin")).toBe(true);
  const admin = await findUser(pool, "admin");
  expect(admin).toMatchObject({ roles: ["admin"], must_change_password: true });
  const hash = await passwordHashOf(pool, admin?.id ?? "");
  expect(await inPasswordQueue(() => verifyPassword(made[0] ?? "", hash))).toBe(true);
  const audit = await pool<
    { actor: string; action: string; detail: object }[]
  >`select actor, action, detail from audit`;
  expect([...audit]).toEqual([
    { actor: "system", action: "user.create", detail: { first_start: true, roles: ["admin"] } },
  ]);
  expect(JSON.stringify(await pool`select * from users`)).not.toContain(made[0]);
});

test("a later start makes nothing, and knows no password", async () => {
  expect(await ensureAdmin({ databaseUrl: database.url, adminPassword: "given-later-123" }, masterKey)).toEqual({
    username: "admin",
    madePassword: undefined,
  });
});

test("a password given by the environment is taken as it is, and need not be changed", async () => {
  const other = await createTestDatabase();
  try {
    expect(await ensureAdmin({ databaseUrl: other.url, adminPassword: "given-by-the-environment" }, masterKey)).toEqual(
      { username: "admin", madePassword: undefined },
    );
    const fresh = openPool(other.url);
    const admin = await findUser(fresh, "admin");
    expect(admin?.must_change_password).toBe(false);
    await fresh.end({ timeout: 5 });
  } finally {
    await other.drop();
  }
});

test("made passwords are long, readable and different", () => {
  const made = Array.from({ length: 200 }, makePassword);
  expect(new Set(made).size).toBe(200);
  for (const password of made)
    expect(password).toMatch(/^[abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ2-9]{5}(-[a-zA-Z2-9]{5}){3}$/);
});
