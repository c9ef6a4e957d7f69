import { join } from "node:path";
import { parseArgs } from "node:util";
import { openBench } from "./bench.ts";
import { BENCH, CACHE, ROOT } from "./paths.ts";
import { pageIn, writeReport, type Section } from "./report.ts";
import { loadRows, storeRow } from "./results.ts";
import type { Row } from "./rows.ts";
import { barsTable } from "./table.ts";

const usage = (
  command: Section,
  rows: readonly Row[],
): string => `npm run ${command} [-- --quick] [--only ROW[,ROW …]] [--no-wait]

Measures the rows of docs/performance.md and writes them there, with the results as JSON in bench/results/.
  --quick    smaller and fewer runs; written to .cache/bench/quick/ instead
  --only     these rows; the others keep what was measured before
  --no-wait  does not wait for a quiet machine, and does not repeat disturbed runs

Rows: ${rows.map((row) => row.id).join(", ")}
`;

/** The command line of `npm run bench` and `npm run load`. Gives the exit code. */
export async function runRows(command: Section, rows: readonly Row[], args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string" },
      "no-wait": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const ids = rows.map((row) => row.id);
  const wanted = values.only?.split(",") ?? ids;
  const unknown = wanted.filter((id) => !ids.includes(id));
  if (values.help || unknown.length > 0) {
    process.stdout.write(`${unknown.map((id) => `There is no row ${id}.\n\n`).join("")}${usage(command, rows)}`);
    return unknown.length > 0 ? 2 : 0;
  }
  const results = values.quick ? join(CACHE, "quick", "results") : join(BENCH, "results");
  const page = pageIn(values.quick ? join(CACHE, "quick") : join(ROOT, "docs"));
  const failed: string[] = [];
  const bench = openBench({ quick: values.quick, patient: !values["no-wait"] });
  try {
    for (const row of rows.filter(({ id }) => wanted.includes(id))) {
      bench.say(`${row.id}: ${row.title}`);
      const began = performance.now();
      try {
        const result = await row.run(bench);
        const seconds = (performance.now() - began) / 1000;
        const again = `npm run ${command} -- ${values.quick ? "--quick " : ""}--only ${row.id}`;
        storeRow(results, row, result, { command: again, seconds });
        bench.say(`  ${seconds.toFixed(0)} s`);
        // After each row, so that a run which is broken off leaves what it has.
        writeReport(command, loadRows(results, ids), page);
      } catch (error) {
        failed.push(row.id);
        bench.say(`  FAILED: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      }
    }
  } finally {
    await bench.close();
  }
  const measured = loadRows(results, ids).filter(({ id }) => wanted.includes(id) && !failed.includes(id));
  process.stdout.write(`\n${barsTable(measured)}\n\n${page.page}\n`);
  if (failed.length > 0) process.stdout.write(`Not measured: ${failed.join(", ")}\n`);
  return failed.length > 0 ? 1 : 0;
}
