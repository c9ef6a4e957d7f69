import { mkdtemp, rm } from "node:fs/promises";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openPool, type Pool } from "../../db/client.ts";
import { migrate } from "../../db/migrate.ts";
import { startPostgres } from "../../system/engines/postgres.ts";
import { openVault, type Vault } from "../../system/vault.ts";
import { CACHE } from "../lib/paths.ts";

/** The key of a database that holds nothing but what a bench put there. */
export const benchVault = (): Vault => openVault(Buffer.alloc(32, 7));

export type BenchDatabase = { url: string; pid: number; pool: Pool; vault: Vault; stop(): Promise<void> };

/** A Postgres of its own, as durable as the one that users get: a commit waits for the disk. */
export async function startBenchDatabase(): Promise<BenchDatabase> {
  mkdirSync(CACHE, { recursive: true });
  const dataDir = await mkdtemp(join(CACHE, "data-"));
  const postgres = await startPostgres({ dataDir });
  await migrate(postgres.url);
  const pool = openPool(postgres.url, { max: 4, name: "bench" });
  return {
    url: postgres.url,
    pid: postgres.mark.pid,
    pool,
    vault: benchVault(),
    stop: async () => {
      await pool.end({ timeout: 5 });
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
