import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { installTools } from "./support/install-tools.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const RESULTS = join(ROOT, ".cache", "test-results.json");

/** What is read of vitest's JSON report. A file that could not be loaded fails without a test in it. */
const Report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({
      status: z.string(),
      assertionResults: z.array(
        z.object({ status: z.string(), ancestorTitles: z.array(z.string()), title: z.string() }),
      ),
    }),
  ),
});
type Report = z.infer<typeof Report>;

const missing = installTools();
const code = await runVitest(process.argv.slice(2));
const report = readReport();
for (const line of new Set(skippedSuites(report))) process.stdout.write(`Skipped: ${line}\n`);
for (const line of missing) process.stdout.write(`Not installed: ${line}\n`);
const failedFiles =
  report?.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0).length ?? 0;
// vitest can fail without a failed test: an unhandled rejection, a set-up that threw.
const failed = Math.max((report?.numFailedTests ?? 0) + failedFiles, code === 0 ? 0 : 1);
const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
process.stdout.write(
  `${report?.numPassedTests ?? 0} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`,
);
process.exitCode = failed > 0 ? 1 : 0;

function runVitest(args: readonly string[]): Promise<number> {
  mkdirSync(dirname(RESULTS), { recursive: true });
  rmSync(RESULTS, { force: true });
  const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
  const child = spawn(
    process.execPath,
    [vitest, "run", "--reporter=default", "--reporter=json", `--outputFile.json=${RESULTS}`, ...args],
    {
      cwd: ROOT,
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  return new Promise((done) => child.on("exit", (exitCode) => done(exitCode ?? 1)));
}

function readReport(): Report | undefined {
  return existsSync(RESULTS) ? Report.parse(JSON.parse(readFileSync(RESULTS, "utf8"))) : undefined;
}

/** The suite whose title says why it was skipped, else the test's own full title. */
function skippedSuites(from: Report | undefined): string[] {
  const tests = from?.testResults.flatMap((file) => file.assertionResults) ?? [];
  return tests
    .filter((test) => test.status === "pending" || test.status === "skipped")
    .map(
      ({ ancestorTitles, title }) =>
        ancestorTitles.find((suite) => suite.includes("[skipped:")) ?? [...ancestorTitles, title].join(" › "),
    );
}
