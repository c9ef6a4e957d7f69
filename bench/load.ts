import { runRows } from "./lib/runner.ts";
import { LOAD_ROWS } from "./rows/index.ts";

process.exitCode = await runRows("load", LOAD_ROWS, process.argv.slice(2));
