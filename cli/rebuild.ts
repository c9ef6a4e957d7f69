import { openPool } from "../db/client.ts";
import { projectionDigest, rebuildProjections } from "../services/projections.ts";
import { readConfig } from "../system/config.ts";
import { embeddedPostgresUrl } from "../system/engines/postgres.ts";
import { StartError } from "../system/start-error.ts";
import { runningAddress } from "./run-files.ts";

/** Works on a database that is in use: every run is locked only while it is folded. */
export async function rebuild(): Promise<void> {
  const pool = openPool(databaseUrl(), { max: 2, name: "netstacks-rebuild" });
  try {
    const { runs, differed } = await rebuildProjections(pool);
    const what =
      differed.length === 0
        ? "all showed what their events say"
        : `${differed.length} showed something else and were mended`;
    process.stdout.write(`${runs} ${runs === 1 ? "run" : "runs"} folded; ${what}\n`);
    for (const id of differed) process.stdout.write(`  mended ${id}\n`);
    process.stdout.write(`digest ${await projectionDigest(pool)}\n`);
  } finally {
    await pool.end({ timeout: 5 });
  }
}

function databaseUrl(): string {
  const { databaseUrl: given, dataDir } = readConfig(process.env);
  if (given !== undefined) return given;
  const address = runningAddress(dataDir, "postgres");
  if (address === undefined)
    throw new StartError(
      `No Postgres runs on the data folder ${dataDir}; start NetStacks on it first, or set DATABASE_URL to the database.`,
    );
  return embeddedPostgresUrl(dataDir, address);
}
