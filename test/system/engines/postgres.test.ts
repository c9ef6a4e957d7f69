import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { expect, onTestFinished, test } from "vitest";
import { startPostgres, type Postgres } from "../../../system/engines/postgres.ts";
import { isAlive, markOf } from "../../../system/processes.ts";
import { ROOT, tempFolder } from "../../setup/launch.ts";

async function start(
  dataDir: string,
  { port, throwaway = true }: { port?: number; throwaway?: boolean } = {},
): Promise<Postgres> {
  const engine = await startPostgres({ dataDir, port, throwaway });
  onTestFinished(() => engine.stop());
  return engine;
}

async function query(url: string, statement: string): Promise<postgres.RowList<postgres.Row[]>> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    return await sql.unsafe(statement);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

test("it runs on loopback, with a password in a file of this user alone, and keeps its data over SIGKILL on the same port", async () => {
  const dataDir = await tempFolder();
  const first = await start(dataDir, { throwaway: false });
  expect(first.address).toBe(`127.0.0.1:${first.port}`);
  expect(statSync(join(dataDir, "keys", "postgres.password")).mode & 0o777).toBe(0o600);
  const wrong = new URL(first.url);
  wrong.password = "wrong";
  await expect(query(wrong.href, "select 1")).rejects.toThrow("password authentication failed");
  await query(first.url, "create table kept (n int)");
  await query(first.url, "insert into kept values (7)");

  process.kill(first.mark.pid, "SIGKILL");
  expect(await first.exited).toBe("was ended by signal 9");
  const second = await start(dataDir, { port: first.port, throwaway: false });
  expect(second.url).toBe(first.url);
  expect(await query(second.url, "select n from kept")).toEqual([{ n: 7 }]);
  await second.stop();
  expect(isAlive(second.mark)).toBe(false);
});

test("a pid file whose number belongs to somebody else now is no obstacle", async () => {
  const dataDir = await tempFolder();
  const first = await start(dataDir);
  await first.stop();
  writeFileSync(
    join(dataDir, "postgres", "postmaster.pid"),
    `${process.pid}\n${dataDir}/postgres\n0\n5432\n\n127.0.0.1\n0 0\nready\n`,
  );
  const second = await start(dataDir);
  expect(await query(second.url, "select 1 as one")).toEqual([{ one: 1 }]);
});

test("one that an earlier starter left running is ended before the next starts on its data", async () => {
  const dataDir = await tempFolder();
  const left = await start(dataDir);
  const next = await start(dataDir);
  expect(isAlive(left.mark)).toBe(false);
  expect(await query(next.url, "select 1 as one")).toEqual([{ one: 1 }]);
});

test("it ends when the process that started it is killed", async () => {
  const dataDir = await tempFolder();
  const program = `
    import { startPostgres } from ${JSON.stringify(join(ROOT, "system", "engines", "postgres.ts"))};
    const { mark } = await startPostgres({ dataDir: process.env.DIR, throwaway: true });
    process.stdout.write(String(mark.pid) + "\\n");
    setInterval(() => undefined, 1000);`;
  const starter = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    env: { ...process.env, DIR: dataDir },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const pid = await new Promise<number>((done) =>
    starter.stdout.once("data", (bytes: Buffer) => done(Number(bytes.toString()))),
  );
  expect(markOf(pid)).toBeDefined();
  starter.kill("SIGKILL");
  await expect.poll(() => markOf(pid), { timeout: 30_000, interval: 50 }).toBeUndefined();
});

test("data of another major version, or without its password, is refused with what to do", async () => {
  const dataDir = await tempFolder();
  await (await start(dataDir)).stop();
  const version = join(dataDir, "postgres", "PG_VERSION");
  const ours = readFileSync(version, "utf8").trim();
  writeFileSync(version, "12\n");
  await expect(startPostgres({ dataDir })).rejects.toThrow(
    `made by Postgres 12 and this release brings Postgres ${ours}; move the data with pg_dumpall`,
  );
  writeFileSync(version, `${ours}\n`);
  rmSync(join(dataDir, "keys", "postgres.password"));
  await expect(startPostgres({ dataDir })).rejects.toThrow(
    "is missing; restore it, or name an empty folder in NETSTACKS_DATA_DIR",
  );
});

test("a first start that was cut short leaves a draft, which the next one throws away", async () => {
  const dataDir = await tempFolder();
  const draft = join(dataDir, "postgres.draft-1");
  mkdirSync(draft);
  writeFileSync(join(draft, "password"), "x");
  await start(dataDir);
  expect(existsSync(draft)).toBe(false);
});

test.skipIf(process.getuid?.() !== 0)(
  "as root, data below a folder that others may not enter lie where Postgres' user can reach them",
  async () => {
    const closed = join(await tempFolder(), "home");
    mkdirSync(closed, { mode: 0o700 });
    const dataDir = join(closed, "data");
    const first = await start(dataDir);
    const real = realpathSync(join(dataDir, "postgres"));
    onTestFinished(() => rmSync(real, { recursive: true, force: true }));
    expect(real).toMatch(/^\/var\/lib\/netstacks\/[0-9a-f-]{36}$/);
    await query(first.url, "create table kept (n int)");
    await first.stop();
    expect(await query((await start(dataDir)).url, "select count(*)::int as n from kept")).toEqual([{ n: 0 }]);
  },
);

test(
  "one that goes on living and takes no connections any more is ended, so that it can be started again",
  { timeout: 90_000 },
  async () => {
    const engine = await start(await tempFolder());
    const holder = postgres(engine.url, { max: 1, onnotice: () => undefined });
    await holder`select 1`;
    // Told to stop when its last client has gone, it refuses all others, and this one stays.
    process.kill(engine.mark.pid, "SIGTERM");
    await expect.poll(() => query(engine.url, "select 1").then(String, String)).toMatch(/shutting down/);
    expect(await engine.exited).toMatch(/exited with code|was ended by/);
    await holder.end({ timeout: 1 });
  },
);
