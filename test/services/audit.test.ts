import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openPool, transaction, type Pool } from "../../db/client.ts";
import { insertAudit } from "../../db/queries/audit.ts";
import { readSeals } from "../../db/queries/audit-seals.ts";
import { walkAudit } from "../../services/audit.ts";
import { sealRound, startAuditSealer } from "../../services/audit-sealer.ts";
import { openVault } from "../../system/vault.ts";
import { createTestDatabase } from "../support/engines.ts";

const vault = openVault(randomBytes(32));
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(database.url, { max: 8 });
});
afterAll(async () => {
  await pool.end({ timeout: 5 });
  await database.drop();
});
/** As somebody with the database's own rights could, past the append-only trigger. */
const tamper = (statement: string) =>
  transaction(pool, async (db) => {
    await db.unsafe("set local session_replication_role = replica");
    await db.unsafe(statement);
  });
beforeEach(() => tamper("truncate audit, audit_seals restart identity"));

const entry = (i: number) => ({
  actor: "ann",
  action: "device.update",
  subject: `r${i}`,
  detail: { b: i, a: { y: 1, x: [i] } },
  ip: "192.0.2.1",
  requestId: "req",
});
const write = (i: number) => transaction(pool, (db) => insertAudit(db, vault, entry(i)));
async function writeMany(count: number): Promise<void> {
  for (let i = 0; i < count; i += 50)
    await transaction(pool, async (db) => {
      for (let j = i; j < Math.min(i + 50, count); j += 1) await insertAudit(db, vault, entry(j));
    });
}
/** Until nothing is left to seal. */
async function seal(): Promise<void> {
  for (let round = await sealRound(pool, vault, undefined); round !== undefined;)
    round = await sealRound(pool, vault, round);
}
const verify = () => walkAudit(pool, vault);

class Undo extends Error {}
/** What the log verifies as after the statement, which is then rolled back. */
async function afterwards(statement: string): Promise<Awaited<ReturnType<typeof verify>>> {
  let verified: Awaited<ReturnType<typeof verify>> | undefined;
  const undone = transaction(pool, async (db) => {
    await db.unsafe("set local session_replication_role = replica");
    await db.unsafe(statement);
    verified = await walkAudit(db, vault);
    throw new Undo();
  });
  await expect(undone).rejects.toThrow(Undo);
  if (verified === undefined) throw new Error("nothing was verified");
  return verified;
}

describe("the audit log", () => {
  test("verifies as it was written, sealed and not yet sealed", async () => {
    await writeMany(120);
    await seal();
    await write(120);
    const verified = await verify();
    expect(verified).toMatchObject({ ok: true, checked: 121, first_bad: null });
    expect(verified.sealed_to).not.toBeNull();
    expect((await readSeals(pool, 0, 10)).map((s) => [s.n, s.first_id, s.last_id])).toEqual([[1, 1, 120]]);
  });

  test("refuses a row outside of a transaction: it would be seen before what it records", async () => {
    const own = openPool(database.url, { max: 1 });
    await expect(insertAudit(own, vault, entry(1))).rejects.toThrow(/transaction/);
    await own.end();
    expect(await pool`select 1 from audit`).toHaveLength(0);
  });

  test("cannot be changed by the service's own statements", async () => {
    await write(1);
    await expect(pool`update audit set actor = 'eve'`).rejects.toThrow(/append-only/);
    await expect(pool`delete from audit`).rejects.toThrow(/append-only/);
    await expect(pool`truncate audit`).rejects.toThrow(/append-only/);
  });

  test("seals nothing that a slower transaction may still come in between", async () => {
    await write(1);
    let slowMayEnd: () => void = () => undefined;
    const waits = new Promise<void>((done) => (slowMayEnd = done));
    let slowHasItsId: () => void = () => undefined;
    const hasId = new Promise<void>((done) => (slowHasItsId = done));
    const slow = transaction(pool, async (db) => {
      await insertAudit(db, vault, entry(2));
      slowHasItsId();
      await waits;
    });
    await hasId;
    await write(3);
    const round = await sealRound(pool, vault, undefined);
    expect(round).toMatchObject({ upTo: 3 });
    expect(await readSeals(pool, 0, 10)).toEqual([]);
    // Later writers do not hold this round up.
    const later = transaction(pool, async (db) => {
      await insertAudit(db, vault, entry(4));
      await waits;
    });
    slowMayEnd();
    await slow;
    await later;
    expect(await sealRound(pool, vault, round)).toBeUndefined();
    expect((await readSeals(pool, 0, 10)).map((s) => [s.first_id, s.last_id])).toEqual([[1, 3]]);
    await seal();
    expect(await verify()).toMatchObject({ ok: true, checked: 4 });
  });

  test("an id whose transaction was rolled back leaves a gap that no seal covers", async () => {
    await write(1);
    await expect(
      transaction(pool, async (db) => {
        await insertAudit(db, vault, entry(2));
        throw new Error("rolled back");
      }),
    ).rejects.toThrow("rolled back");
    await write(3);
    await seal();
    expect((await readSeals(pool, 0, 10)).map((s) => [s.first_id, s.last_id])).toEqual([
      [1, 1],
      [3, 3],
    ]);
    expect(await verify()).toMatchObject({ ok: true, checked: 2 });
  });

  test("many writers and two sealers at once make one chain", async () => {
    const log = pino({ level: "silent" });
    const sealers = [startAuditSealer(pool, vault, log), startAuditSealer(pool, vault, log)];
    await Promise.all(
      Array.from({ length: 6 }, async (_, w) => {
        for (let i = 0; i < 40; i += 1) {
          await write(w * 100 + i);
          if (i % 10 === 0) await sleep(50);
        }
      }),
    );
    await expect.poll(async () => (await readSeals(pool, 0, 1000)).at(-1)?.last_id, { timeout: 20_000 }).toBe(240);
    await Promise.all(sealers.map((s) => s.stop()));
    expect(await verify()).toMatchObject({ ok: true, checked: 240 });
  });
});

describe("tampering is found, and the first bad row named", () => {
  const N = 10_000;
  const somewhere = 6_543;
  test(`in ${N} rows: changed, deleted, put in, moved, cut`, async () => {
    await writeMany(N);
    await seal();
    await write(N);
    expect(await verify()).toMatchObject({ ok: true, checked: N + 1 });

    const cases: [string, string, number, RegExp][] = [
      ["the actor changed", `update audit set actor = 'eve' where id = ${somewhere}`, somewhere, /changed/],
      ["the action changed", `update audit set action = 'device.read' where id = ${somewhere}`, somewhere, /changed/],
      ["the subject changed", `update audit set subject = null where id = ${somewhere}`, somewhere, /changed/],
      [
        "a detail changed",
        `update audit set detail = jsonb_set(detail, '{a,y}', '2') where id = ${somewhere}`,
        somewhere,
        /changed/,
      ],
      [
        "the time changed",
        `update audit set at = at - interval '1 hour' where id = ${somewhere}`,
        somewhere,
        /changed/,
      ],
      ["the address changed", `update audit set ip = '192.0.2.2' where id = ${somewhere}`, somewhere, /changed/],
      ["the request changed", `update audit set request_id = 'other' where id = ${somewhere}`, somewhere, /changed/],
      ["a row deleted", `delete from audit where id = ${somewhere}`, somewhere, /missing/],
      ["the first row deleted", "delete from audit where id = 1", 1, /missing/],
      ["the last sealed row deleted", `delete from audit where id = ${N}`, N, /missing/],
      ["a row changed before it was sealed", `update audit set actor = 'eve' where id = ${N + 1}`, N + 1, /changed/],
      [
        "two rows in each other's place",
        `update audit a set actor = b.actor, action = b.action, subject = b.subject, detail = b.detail, at = b.at, hmac = b.hmac from audit b where (a.id, b.id) in ((${somewhere}, 7000), (7000, ${somewhere}))`,
        somewhere,
        /changed/,
      ],
      [
        "a row copied to the front",
        `insert into audit (id, at, actor, action, subject, detail, ip, request_id, hmac) overriding system value select 0, at, actor, action, subject, detail, ip, request_id, hmac from audit where id = 5`,
        0,
        /put in later/,
      ],
      ["a seal changed", "update audit_seals set hmac = '\\x00' where n = 7", 6001, /seal 7/],
      ["a seal deleted", "delete from audit_seals where n = 7", 6001, /seal 7/],
      [
        "a stretch and its seal deleted",
        "delete from audit where id between 6001 and 7000; delete from audit_seals where n = 7",
        6001,
        /seal 7/,
      ],
    ];
    for (const [what, statement, id, says] of cases) {
      const { ok, first_bad } = await afterwards(statement);
      expect({ what, ok, id: first_bad?.id }).toEqual({ what, ok: false, id });
      expect(first_bad?.what, what).toMatch(says);
    }
    expect(await verify()).toMatchObject({ ok: true });
  }, 120_000);

  test("a row put into a gap is found: when its neighbours were sealed it did not exist", async () => {
    await write(1);
    await transaction(pool, async (db) => {
      await insertAudit(db, vault, entry(2));
      throw new Error("rolled back");
    }).catch(() => undefined);
    await write(3);
    await seal();
    await tamper(
      "insert into audit (id, at, actor, action, subject, detail, ip, request_id, hmac) overriding system value select 2, at, actor, action, subject, detail, ip, request_id, hmac from audit where id = 1",
    );
    expect((await verify()).first_bad).toMatchObject({ id: 2 });
  });

  test("with another master key nothing verifies", async () => {
    await write(1);
    expect((await walkAudit(pool, openVault(randomBytes(32)))).first_bad).toMatchObject({ id: 1 });
  });
});
