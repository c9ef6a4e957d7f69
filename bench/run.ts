import { runRows } from "./lib/runner.ts";
import { BENCH_ROWS } from "./rows/index.ts";

process.exitCode = await runRows("bench", BENCH_ROWS, process.argv.slice(2));
