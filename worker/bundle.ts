import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { WorkflowBundle } from "@temporalio/worker";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const run = promisify(execFile);

/**
 * The workflows as one bundle. Making it takes seconds, so it is kept under a name made of the sources: every worker of
 * one build runs the very same code. A process of its own makes it: the bundler's 100 MB are of no use afterwards.
 */
export async function workflowBundle(cacheDir: string): Promise<WorkflowBundle> {
  const file = join(cacheDir, `workflows-${await hashSources()}.js`);
  const kept = await readIfThere(file);
  if (kept !== undefined) return { code: kept };
  await mkdir(cacheDir, { recursive: true });
  await run(process.execPath, [join(ROOT, "worker", "make-bundle.ts"), file]);
  return { code: await readFile(file, "utf8") };
}

const readIfThere = (file: string): Promise<string | undefined> =>
  readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });

async function hashSources(): Promise<string> {
  const hash = createHash("sha256").update(await readFile(join(ROOT, "package-lock.json")));
  for (const folder of ["workflows", "domain"])
    for (const name of (await readdir(join(ROOT, folder), { recursive: true })).filter((n) => n.endsWith(".ts")).sort())
      hash.update(name).update(await readFile(join(ROOT, folder, name)));
  return hash.digest("hex").slice(0, 16);
}
