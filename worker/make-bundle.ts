import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleWorkflowCode } from "@temporalio/worker";

/*
 * node worker/make-bundle.ts <file>: bundles the workflows into a file, which is there whole or not at all.
 */
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const drop = (): undefined => undefined;
const [, , file] = process.argv;
if (file === undefined) throw new Error("give the file that the bundle goes to");

const { code } = await bundleWorkflowCode({
  workflowsPath: join(ROOT, "workflows", "index.ts"),
  workflowInterceptorModules: [join(ROOT, "workflows", "interceptors.ts")],
  logger: { ...console, log: drop, trace: drop, debug: drop, info: drop },
});
const part = `${file}.${process.pid}`;
await writeFile(part, code);
await rename(part, file);
