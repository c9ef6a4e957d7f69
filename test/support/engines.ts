import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { migrate } from "../../db/migrate.ts";
import { startPostgres } from "../../system/engines/postgres.ts";
import { startTemporal } from "../../system/engines/temporal.ts";

const TEMPLATE = "netstacks_template";

/** Starts one Postgres with a migrated template database and one Temporal server, for a whole test run. */
export async function startEngines(): Promise<{ stop(): Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), "netstacks-test-"));
  const [pg, temporal] = await Promise.all([
    startPostgres({ dataDir, throwaway: true }),
    startTemporal({ dataDir, namespace: "default" }),
  ]);
  const stop = async () => {
    await Promise.all([pg.stop(), temporal.stop()]);
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await administrate(pg.url, `create database ${TEMPLATE}`);
    await migrate(databaseUrl(pg.url, TEMPLATE));
  } catch (error) {
    await stop();
    throw error;
  }
  // Test files run in processes of their own, which get this environment.
  process.env.NETSTACKS_TEST_PG = pg.url;
  process.env.NETSTACKS_TEST_TEMPORAL = temporal.address;
  return { stop };
}

/** A database of its own for one test file, with all migrations in it. Call `drop` when its connections are closed. */
export async function createTestDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const server = fromRun("NETSTACKS_TEST_PG");
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await administrate(server, `create database ${name} template ${TEMPLATE}`);
  return {
    url: databaseUrl(server, name),
    drop: () => administrate(server, `drop database if exists ${name} with (force)`),
  };
}

export const testTemporalAddress = (): string => fromRun("NETSTACKS_TEST_TEMPORAL");

function fromRun(variable: "NETSTACKS_TEST_PG" | "NETSTACKS_TEST_TEMPORAL"): string {
  const value = process.env[variable];
  if (value === undefined)
    throw new Error(
      `${variable} is not set: list this test file under a project of vitest.config.ts that starts the engines`,
    );
  return value;
}

function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function administrate(url: string, statement: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
