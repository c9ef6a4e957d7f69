import { join } from "node:path";
import { parseArgs } from "node:util";
import { openBench } from "./lib/bench.ts";
import { CACHE, ROOT, BENCH } from "./lib/paths.ts";
import { pageIn, writeReport } from "./lib/report.ts";
import { loadRows, storeRow } from "./lib/results.ts";
import { barsTable } from "./lib/table.ts";
import { ROWS } from "./rows/index.ts";

const USAGE = `npm run bench [-- --quick] [--only ROW[,ROW …]] [--no-wait]

Measures the rows of docs/performance.md and writes them there, with the results as JSON in bench/results/.
  --quick    fewer devices and one run each, within five minutes; written to .cache/bench/quick/ instead
  --only     these rows; the others keep what was measured before
  --no-wait  does not wait for a quiet machine, and does not repeat disturbed runs

Rows: ${ROWS.map((row) => row.id).join(", ")}
`;

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string" },
    "no-wait": { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const wanted = values.only?.split(",") ?? ROWS.map((row) => row.id);
const unknown = wanted.filter((id) => !ROWS.some((row) => row.id === id));
if (values.help || unknown.length > 0) {
  if (unknown.length > 0) process.stderr.write(`There is no row ${unknown.join(", ")}.\n\n`);
  process.stdout.write(USAGE);
  process.exit(unknown.length > 0 ? 2 : 0);
}

const results = values.quick ? join(CACHE, "quick", "results") : join(BENCH, "results");
const docs = values.quick ? join(CACHE, "quick") : join(ROOT, "docs");
const ids = ROWS.map((row) => row.id);
const failed: string[] = [];
const bench = openBench({ quick: values.quick, patient: !values["no-wait"] });
try {
  for (const row of ROWS.filter(({ id }) => wanted.includes(id))) {
    bench.say(`${row.id}: ${row.title}`);
    const began = performance.now();
    try {
      const result = await row.run(bench);
      const seconds = (performance.now() - began) / 1000;
      const command = `npm run bench -- ${values.quick ? "--quick " : ""}--only ${row.id}`;
      storeRow(results, row, result, { command, seconds });
      bench.say(`  ${seconds.toFixed(0)} s`);
      // After each row, so that a run which is broken off leaves what it has.
      writeReport(loadRows(results, ids), pageIn(docs));
    } catch (error) {
      failed.push(row.id);
      bench.say(`  FAILED: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
} finally {
  await bench.close();
}
process.stdout.write(
  `\n${barsTable(loadRows(results, ids).filter(({ id }) => wanted.includes(id)))}\n\n${pageIn(docs).page}\n`,
);
if (failed.length > 0) process.stdout.write(`Not measured: ${failed.join(", ")}\n`);
process.exitCode = failed.length > 0 ? 1 : 0;
