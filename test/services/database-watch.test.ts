import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPool, transaction, type Pool } from "../../db/client.ts";
import { watchDatabase } from "../../services/database-watch.ts";
import { createLog } from "../../system/log.ts";
import { createTestDatabase } from "../support/engines.ts";

/** The way to the database, which can fall silent without being cut, as a server that was stopped does. */
async function silentWay(url: string): Promise<{ url: string; silence(): void; speak(): void; stop(): Promise<void> }> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on("error", () => to.destroy());
      from.on("close", () => sockets.delete(from));
    }
    if (silent) for (const socket of [client, upstream]) socket.pause();
  });
  let silent = false;
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const way = new URL(url);
  way.port = String((server.address() as AddressInfo).port);
  return {
    url: way.href,
    silence() {
      silent = true;
      for (const socket of sockets) socket.pause();
    },
    speak() {
      silent = false;
      for (const socket of sockets) socket.resume();
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let way: Awaited<ReturnType<typeof silentWay>>;
let pool: Pool;
let direct: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  way = await silentWay(database.url);
  pool = openPool(way.url, { max: 3 });
  direct = openPool(database.url, { max: 1 });
  await direct`create table written (what text)`;
});
afterAll(async () => {
  await pool.end({ timeout: 1 });
  await direct.end();
  await way.stop();
  await database.drop();
});

const until = async (what: () => boolean | Promise<boolean>, seconds: number): Promise<void> => {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(20)) if (await what()) return;
  throw new Error(`it did not happen within ${seconds} s`);
};
const write = (what: string, meanwhile: () => Promise<void> = async () => undefined) =>
  transaction(pool, async (db) => {
    await db`insert into written values (${what})`;
    await meanwhile();
    await db`insert into written values (${`${what} again`})`;
  });

test("a database that falls silent is away within 5 s: requests are told so, and what they had not committed never happens", async () => {
  const watch = watchDatabase(() => openPool(way.url, { max: 1 }), pool, createLog("test", "silent"));
  try {
    await watch.during(() => write("before"));
    expect(watch.answers()).toBe(true);

    let goOn: () => void = () => undefined;
    let begun: () => void = () => undefined;
    const inside = new Promise<void>((done) => (begun = done));
    const halfWay = watch.during(() => write("half way", () => new Promise((done) => ((goOn = done), begun()))));
    const told = expect(halfWay).rejects.toMatchObject({ code: "database_away", retryAfter: 5 });
    await inside;
    way.silence();
    const queued = expect(watch.during(() => write("queued"))).rejects.toMatchObject({ code: "database_away" });
    await until(() => !watch.answers(), 5);
    await told;
    await queued;
    // Known to be away: nothing waits any more.
    let asked = false;
    await expect(watch.during(async () => void (asked = true))).rejects.toMatchObject({ code: "database_away" });
    expect(asked).toBe(false);

    way.speak();
    goOn();
    await until(() => watch.answers(), 15);
    await watch.during(() => write("after"));
    // The transactions that were given up have ended, and left nothing.
    await until(async () => {
      const open =
        await direct`select 1 from pg_stat_activity where datname = current_database() and xact_start is not null and pid <> pg_backend_pid()`;
      return open.length === 0;
    }, 10);
    const rows = await direct<{ what: string }[]>`select what from written`;
    expect(rows.map((r) => r.what).sort()).toEqual(["after", "after again", "before", "before again"]);
  } finally {
    await watch.stop();
  }
});

test("an error of the work itself is the work's", async () => {
  const watch = watchDatabase(() => openPool(database.url, { max: 1 }), direct, createLog("test", "silent"));
  try {
    await expect(watch.during(() => Promise.reject(new Error("its own")))).rejects.toThrow("its own");
    await expect(watch.during(async () => 7)).resolves.toBe(7);
  } finally {
    await watch.stop();
  }
});

describe("a look that fails once is followed by another", () => {
  let nowhere: string;
  beforeAll(async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const url = new URL(database.url);
    url.port = String((server.address() as AddressInfo).port);
    await new Promise((done) => server.close(done));
    nowhere = url.href;
  });

  test("what keeps only the watch out, as a full server does, is not the database's end", async () => {
    let connects = 0;
    const watch = watchDatabase(
      () => ((connects += 1), openPool(nowhere, { max: 1 })),
      direct,
      createLog("test", "silent"),
    );
    try {
      const seen: boolean[] = [];
      await until(() => (seen.push(watch.answers()), connects >= 4), 15);
      expect(new Set(seen)).toEqual(new Set([true]));
      await expect(watch.during(async () => direct`select 7 as n`)).resolves.toMatchObject([{ n: 7 }]);
    } finally {
      await watch.stop();
    }
  });

  test("a connection that fails is replaced, and the new one is asked", async () => {
    const busy = openPool(nowhere, { max: 1 });
    let connects = 0;
    const watch = watchDatabase(
      () => openPool(connects++ === 0 ? nowhere : database.url, { max: 1 }),
      busy,
      createLog("test", "silent"),
    );
    try {
      const seen: boolean[] = [];
      const end = Date.now() + 2500;
      await until(() => (seen.push(watch.answers()), Date.now() > end), 10);
      expect(connects).toBe(2);
      expect(new Set(seen)).toEqual(new Set([true]));
    } finally {
      await watch.stop();
      await busy.end({ timeout: 1 });
    }
  });

  test("where nothing answers, it is away", async () => {
    const busy = openPool(nowhere, { max: 1 });
    const watch = watchDatabase(() => openPool(nowhere, { max: 1 }), busy, createLog("test", "silent"));
    try {
      await until(() => !watch.answers(), 5);
    } finally {
      await watch.stop();
      await busy.end({ timeout: 1 });
    }
  });
});
