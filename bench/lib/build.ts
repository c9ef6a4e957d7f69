import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { BENCH, CACHE } from "./paths.ts";

export type Programs = { sim: string; measure: string; httpload: string };

/** Builds the simulator and the program that counts a client's CPU and memory; go build does nothing when nothing changed. */
export function buildPrograms(): Programs {
  const out = join(CACHE, "bin");
  mkdirSync(out, { recursive: true });
  const built = spawnSync("go", ["build", "-o", `${out}/`, "./..."], { cwd: join(BENCH, "sim"), encoding: "utf8" });
  if (built.error !== undefined)
    throw new Error(
      "Go is not installed, and the simulated routers are written in it: install Go 1.26 or newer (https://go.dev/dl) and try again",
    );
  if (built.status !== 0) throw new Error(`go build failed in bench/sim:\n${built.stderr}`);
  return { sim: join(out, "sim"), measure: join(out, "measure"), httpload: join(out, "httpload") };
}

/** Is there a Go compiler? */
export const hasGo = (): boolean => spawnSync("go", ["version"]).status === 0;
