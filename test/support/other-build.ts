import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleWorkflowCode } from "@temporalio/worker";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** An edit of one file of workflows/: what stands there, and what stands there in the other build. */
export type Edit = { file: string; from: string; to: string };

/** The workflows of a build that differs from today's by some edits, as a worker of it would run them. */
export async function otherBuild(edits: readonly Edit[]): Promise<string> {
  // Below the root, so that the copies find the same packages.
  const cache = join(ROOT, ".cache");
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "build-"));
  try {
    for (const part of ["workflows", "domain"]) await cp(join(ROOT, part), join(folder, part), { recursive: true });
    for (const { file, from, to } of edits) {
      const path = join(folder, "workflows", file);
      const text = await readFile(path, "utf8");
      if (!text.includes(from)) throw new Error(`workflows/${file} does not hold “${from}” any more`);
      await writeFile(
        path,
        text.replace(from, () => to),
      );
    }
    const silent = (): undefined => undefined;
    const { code } = await bundleWorkflowCode({
      workflowsPath: join(folder, "workflows", "index.ts"),
      workflowInterceptorModules: [join(folder, "workflows", "interceptors.ts")],
      logger: { ...console, log: silent, trace: silent, debug: silent, info: silent },
    });
    return code;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The file from which the workers of a data folder take their workflows: who writes it deploys a build. */
export async function bundleFile(dataDir: string): Promise<string> {
  const folder = join(dataDir, "cache");
  const [name, ...more] = (await readdir(folder)).filter((n) => /^workflows-.*\.js$/.test(n));
  if (name === undefined || more.length > 0) throw new Error(`${folder} should hold one bundle`);
  return join(folder, name);
}
