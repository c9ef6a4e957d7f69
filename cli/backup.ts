import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { BackupStarted } from "../domain/contract/backup.ts";
import { ENDED, Run } from "../domain/contract/run.ts";
import { StartError } from "../system/start-error.ts";
import { callApi } from "./call-api.ts";

const LOOK_EVERY_MS = 1000;
const START = "/api/config-backups";

/** `netstacks backup <device>... | --all`: backs devices up, and tells how each came out. Ends with 1 when one failed. */
export async function backup(args: readonly string[]): Promise<void> {
  const all = args.length === 1 && args[0] === "--all";
  if (args.length === 0 || (!all && args.some((arg) => arg.startsWith("-"))))
    throw new StartError(
      "netstacks backup needs names of devices, or --all: netstacks backup <device>..., netstacks backup --all.",
    );
  const started = await callApi(process.env, {
    method: "POST",
    path: all ? `${START}/run-all` : `${START}/run-selected`,
    body: all ? {} : { devices: args },
    needs: "backups:run",
    data: BackupStarted,
  });
  const run = await untilEnded(started.run);
  for (const { device, status, message, error } of run.steps)
    process.stdout.write(`${device ?? ""}  ${status}  ${message ?? ""}${error ? ` (${error.code})` : ""}\n`);
  process.stdout.write(`\n${run.message ?? run.status}\n`);
  const failed = run.backup?.failed ?? 0;
  if (failed > 0)
    throw new StartError(`${failed} ${failed === 1 ? "device" : "devices"} could not be backed up; run ${run.id}.`);
}

async function untilEnded(run: Run): Promise<Run> {
  if (ENDED.includes(run.status)) return run;
  await sleep(LOOK_EVERY_MS);
  const answer = await callApi(process.env, {
    method: "GET",
    path: `/api/runs/${run.id}`,
    needs: "runs:read",
    data: z.object({ run: Run }),
  });
  return untilEnded(answer.run);
}
