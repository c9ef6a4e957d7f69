import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runChaos } from "./chaos.ts";
import type { Seen } from "./checks.ts";
import { PARTS, planInjuries } from "./plan.ts";
import { writeReport } from "./report.ts";
import { planChanges } from "./workload.ts";

const SEEDS = [1, 2, 3] as const;
const MINUTES = 2;
const ROUTERS = Array.from({ length: 9 }, (_, n) => `router-${n}`);
/** Reports stay here after the tests: `npm run chaos` writes to the same place. */
const REPORTS = join(".cache", "chaos");

describe("the plan of a seed", () => {
  test("is the same each time, and another one for another seed", () => {
    expect(planInjuries(7, 10, ROUTERS)).toEqual(planInjuries(7, 10, ROUTERS));
    expect(planChanges(7, ROUTERS)).toEqual(planChanges(7, ROUTERS));
    expect(planInjuries(8, 10, ROUTERS)).not.toEqual(planInjuries(7, 10, ROUTERS));
    expect(planChanges(8, ROUTERS)).not.toEqual(planChanges(7, ROUTERS));
  });

  test.each(SEEDS)(
    "%i kills every part, refuses and fills the database, and stops a worker for longer than a lease",
    (seed) => {
      const plan = planInjuries(seed, MINUTES, ROUTERS);
      const killed = plan.flatMap(({ injury }) => (injury.kind === "kill" ? [injury.part] : []));
      expect(new Set(killed)).toEqual(new Set(PARTS));
      const kinds = new Set(plan.map(({ injury }) => injury.kind));
      expect(kinds).toEqual(new Set(["kill", "stop", "refuse", "disk_full", "cut", "half_open", "away"]));
      expect(
        plan.some(({ injury }) => injury.kind === "stop" && injury.part.startsWith("worker") && injury.ms >= 30_000),
      ).toBe(true);
      expect(Math.max(...plan.map(({ at, injury }) => at + ("ms" in injury ? injury.ms : 0)))).toBeLessThanOrEqual(
        MINUTES * 60_000 + 1_000,
      );
    },
  );
});

const seen: Seen[] = [];

// Side by side: a run waits for most of its time, and each has a product of its own.
test.concurrent.each(SEEDS)(
  "seed %i: whatever is killed, stopped, refused or cut, every promise holds",
  { timeout: 420_000 },
  async (seed) => {
    const said: string[] = [];
    const result = await runChaos({ seed, minutes: MINUTES, out: REPORTS }, (line) => void said.push(line));
    const report = await writeReport(REPORTS, result);
    for (const line of result.skipped) console.log(line);
    if (result.checks.some(({ ok }) => !ok)) console.log(said.join("\n"));
    console.log(`seed ${seed}: ${result.runs.length} changes, ${result.inflicted.length} faults; ${report}`);
    seen.push(result.seen);
    expect(
      result.checks.filter(({ ok }) => !ok),
      report,
    ).toEqual([]);
    // A run in which nothing ran proves nothing.
    expect(result.runs.length).toBeGreaterThan(5);
  },
);

test("over the seeds, a device was handed over to another attempt, and a line was in doubt or settled", () => {
  expect(seen).toHaveLength(SEEDS.length);
  expect(Math.max(...seen.map(({ handedOver }) => handedOver))).toBeGreaterThan(0);
  expect(Math.max(...seen.map(({ inDoubt }) => inDoubt))).toBeGreaterThan(0);
});
