import { join } from "node:path";
import { parseArgs } from "node:util";
import { runChaos } from "./chaos.ts";
import { writeReport } from "./report.ts";

/**
 * `npm run chaos -- --seed 7 --minutes 10`. With `--seeds 20` that seed and those after it, `--at-once` of them side by
 * side. Reports go to `--out`, by default .cache/chaos.
 */
const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    seeds: { type: "string", default: "1" },
    minutes: { type: "string", default: "2" },
    "at-once": { type: "string", default: "1" },
    out: { type: "string", default: join(".cache", "chaos") },
  },
});
const number = (name: "seed" | "seeds" | "minutes" | "at-once"): number => {
  const value = Number(values[name]);
  if (!Number.isFinite(value) || value <= 0) throw new Error(`--${name} must be a number above 0, not ${values[name]}`);
  return value;
};

/** Ctrl+C ends what was started, and takes its small disk away. */
const told = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => told.abort(new Error(`ended by ${signal}`)));

/** Gives how many promises were broken. */
async function one(seed: number): Promise<number> {
  const start = Date.now();
  const say = (line: string): void => {
    const at = ((Date.now() - start) / 1000).toFixed(1).padStart(6);
    process.stdout.write(`  seed ${seed}  ${at} s  ${line}\n`);
  };
  const result = await runChaos({ seed, minutes: number("minutes"), out: values.out, signal: told.signal }, say);
  for (const { name, ok, figures, violations } of result.checks) {
    say(`${ok ? "held  " : "BROKEN"} ${name}: ${JSON.stringify(figures)}`);
    for (const violation of violations.slice(0, 20)) say(`         ${violation}`);
  }
  say(`report: ${await writeReport(values.out, result)}`);
  return result.checks.filter(({ ok }) => !ok).length;
}

const seeds = Array.from({ length: number("seeds") }, (_, n) => number("seed") + n);
let broken = 0;
const lane = async (): Promise<void> => {
  for (let seed = seeds.shift(); seed !== undefined && !told.signal.aborted; seed = seeds.shift())
    broken += await one(seed);
};
await Promise.all(Array.from({ length: number("at-once") }, lane));
process.exit(broken === 0 ? 0 : 1);
