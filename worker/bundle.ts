import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleWorkflowCode, type WorkflowBundle } from "@temporalio/worker";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/**
 * The workflows as one bundle. Making it takes seconds, so it is kept under a name made of the sources: every worker of
 * one build runs the very same code.
 */
export async function workflowBundle(cacheDir: string): Promise<WorkflowBundle> {
  const file = join(cacheDir, `workflows-${await hashSources()}.js`);
  const kept = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (kept !== undefined) return { code: kept };
  const bundle = await bundleWorkflowCode({
    workflowsPath: join(ROOT, "workflows", "index.ts"),
    workflowInterceptorModules: [join(ROOT, "workflows", "interceptors.ts")],
    logger: { ...console, log: drop, trace: drop, debug: drop, info: drop },
  });
  await mkdir(cacheDir, { recursive: true });
  const part = `${file}.${process.pid}`;
  await writeFile(part, bundle.code);
  await rename(part, file);
  return bundle;
}

const drop = (): undefined => undefined;

async function hashSources(): Promise<string> {
  const hash = createHash("sha256").update(await readFile(join(ROOT, "package-lock.json")));
  for (const folder of ["workflows", "domain"])
    for (const name of (await readdir(join(ROOT, folder), { recursive: true })).filter((n) => n.endsWith(".ts")).sort())
      hash.update(name).update(await readFile(join(ROOT, folder, name)));
  return hash.digest("hex").slice(0, 16);
}
