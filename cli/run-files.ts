import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { endProcess, isAlive, type ProcessMark } from "../system/processes.ts";
import { systemErrorCode } from "../system/start-error.ts";

/** What `<data>/run/<part>.json` tells about a running part. */
const RunFile = z.object({
  part: z.string(),
  pid: z.number().int(),
  started: z.string(),
  address: z.string().optional(),
});
type RunFile = z.infer<typeof RunFile>;

const path = (dataDir: string, part: string): string => join(dataDir, "run", `${part}.json`);

export function writeRunFile(dataDir: string, part: string, mark: ProcessMark, address: string | undefined): void {
  const file = path(dataDir, part);
  mkdirSync(join(dataDir, "run"), { recursive: true, mode: 0o700 });
  writeFileSync(
    `${file}.new`,
    `${JSON.stringify({ part, ...mark, ...(address === undefined ? {} : { address }) })}\n`,
    { mode: 0o600 },
  );
  renameSync(`${file}.new`, file);
}

/** Where a part of the instance on this data folder listens; undefined when it does not run. */
export function runningAddress(dataDir: string, part: string): string | undefined {
  const run = readRunFile(path(dataDir, part));
  return run !== undefined && isAlive(run) ? run.address : undefined;
}

export function removeRunFile(dataDir: string, part: string): void {
  rmSync(path(dataDir, part), { force: true });
}

/** Ends what a killed supervisor left running, and returns the names of those parts. */
export async function endLeftovers(dataDir: string, parts: readonly string[]): Promise<string[]> {
  const left = parts.flatMap((part) => readRunFile(path(dataDir, part)) ?? []).filter((run) => isAlive(run));
  // SIGINT is Postgres' fast shutdown, and a plain request to stop for the others.
  await Promise.all(
    left.map((run) =>
      endProcess(run, [
        ["SIGINT", 15_000],
        ["SIGTERM", 5_000],
        ["SIGKILL", 5_000],
      ]),
    ),
  );
  for (const part of parts) removeRunFile(dataDir, part);
  return left.map((run) => run.part);
}

function readRunFile(file: string): RunFile | undefined {
  try {
    return RunFile.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT" || error instanceof SyntaxError || error instanceof z.ZodError)
      return undefined;
    throw error;
  }
}
