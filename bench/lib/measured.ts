import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { once } from "node:events";
import { z } from "zod";
import type { Programs } from "./build.ts";

const Usage = z.object({
  wall_s: z.number(),
  user_s: z.number(),
  sys_s: z.number(),
  max_rss_mib: z.number(),
  status: z.number(),
});
/** What the operating system counted for a process and its children. */
export type Usage = z.infer<typeof Usage>;

/** Runs a command to its end, or kills it after `limitS`. */
export async function runMeasured(
  { measure }: Pick<Programs, "measure">,
  command: readonly string[],
  { env = {}, limitS = 240 }: { env?: Record<string, string>; limitS?: number } = {},
): Promise<{ usage: Usage; stdout: string; stderr: string }> {
  const folder = await mkdtemp(join(tmpdir(), "netstacks-bench-"));
  try {
    const file = join(folder, "usage.json");
    const child = spawn(measure, [file, `${limitS}`, ...command], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
    return { usage: Usage.parse(JSON.parse(await readFile(file, "utf8"))), stdout, stderr };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
