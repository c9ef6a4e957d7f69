import { z } from "zod";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openPool, type Pool } from "../../db/client.ts";
import { migrate } from "../../db/migrate.ts";
import { newId } from "../../system/ids.ts";
import { keepAnswers, type KeptAnswers } from "../../services/kept-answers.ts";
import { createTestDatabase } from "../support/engines.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
let writer: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.url);
  pool = openPool(database.url, { max: 4 });
  writer = openPool(database.url, { max: 1, name: "writer" });
});
afterAll(async () => {
  await writer.end({ timeout: 5 });
  await pool.end({ timeout: 5 });
  await database.drop();
});

let answers: KeptAnswers;
let made = 0;
beforeEach(() => {
  answers = keepAnswers(pool);
  made = 0;
});
const names = async (): Promise<string[]> => {
  const text = await answers.get("names", async () => {
    made += 1;
    return (await pool<{ name: string }[]>`select name from devices order by name`).map((row) => row.name);
  });
  return z.array(z.string()).parse(JSON.parse(text));
};
const insert = (db: Pool, name: string) =>
  db`insert into devices (id, name, host, device_type) values (${newId()}, ${name}, '127.0.0.1', 'linux')`;

test("an answer is made once as long as nothing is written, and anew after each write", async () => {
  const before = await names();
  expect(await names()).toEqual(before);
  expect(made).toBe(1);
  await insert(writer, "first");
  expect(await names()).toContain("first");
  await writer`update devices set name = 'renamed' where name = 'first'`;
  expect(await names()).toContain("renamed");
  await writer`delete from devices where name = 'renamed'`;
  expect(await names()).not.toContain("renamed");
  expect(made).toBe(4);
});

test("an answer made while somebody writes is given to nobody after the write has ended", async () => {
  await writer.begin(async (db) => {
    await db`insert into devices (id, name, host, device_type) values (${newId()}, 'late', '127.0.0.1', 'linux')`;
    // The version has moved already, and the row cannot be seen yet.
    expect(await names()).not.toContain("late");
  });
  expect(await names()).toContain("late");
});

test("many readers at once share one answer", async () => {
  const all = await Promise.all(Array.from({ length: 50 }, names));
  expect(new Set(all.map((each) => each.join())).size).toBe(1);
  expect(made).toBeLessThan(5);
});

test.each(["credentials", "host_keys", "device_locks", "runs", "changes", "change_devices"])(
  "a write to %s counts as one, even of no row",
  async (table) => {
    await names();
    await writer.unsafe(`delete from ${table} where false`);
    await names();
    expect(made).toBe(2);
  },
);
