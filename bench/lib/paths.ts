import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** What is built and downloaded for the benches, and their throwaway data. */
export const CACHE = join(ROOT, ".cache", "bench");
export const BENCH = join(ROOT, "bench");
