import { relative } from "node:path";
import { preparePostgresBinaries } from "../system/engines/postgres-binaries.ts";
import { findTemporal, installTemporal } from "../system/engines/temporal-binary.ts";
import { StartError } from "../system/start-error.ts";
import { stage } from "./stage.mjs";
import { buildWebApp } from "./web-build.ts";

/** A path inside the checkout without the checkout's own. */
function shown(path: string): string {
  const inside = relative(process.cwd(), path);
  return inside.startsWith("..") ? path : inside;
}

/** The second half of setup.mjs. Engines that are named in the environment need no programs here. */
try {
  if (!process.env.TEMPORAL_ADDRESS) {
    await stage("Temporal", async (progress) => shown(findTemporal(process.env) ?? (await installTemporal(progress))));
  }
  if (!process.env.DATABASE_URL) await stage("Postgres", async () => shown(preparePostgresBinaries()));
  await stage("web app", buildWebApp);
} catch (error) {
  process.stderr.write(
    `\n${error instanceof StartError ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = 1;
}
