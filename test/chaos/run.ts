import { join } from "node:path";
import { parseArgs } from "node:util";
import { runChaos } from "./chaos.ts";
import { writeReport } from "./report.ts";

/**
 * `npm run chaos -- --seed 7 --minutes 10`: one seed, or as many as `--seeds` says from that one on. The report goes to
 * `--out`, by default .cache/chaos.
 */
const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    seeds: { type: "string", default: "1" },
    minutes: { type: "string", default: "2" },
    out: { type: "string", default: join(".cache", "chaos") },
  },
});
const number = (name: "seed" | "seeds" | "minutes"): number => {
  const value = Number(values[name]);
  if (!Number.isFinite(value) || value < 0) throw new Error(`--${name} must be a number, not ${values[name]}`);
  return value;
};

let broken = 0;
for (let n = 0; n < number("seeds"); n += 1) {
  const seed = number("seed") + n;
  const start = Date.now();
  const say = (line: string): void =>
    void process.stdout.write(`  ${((Date.now() - start) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);
  process.stdout.write(`\nseed ${seed}\n`);
  const result = await runChaos({ seed, minutes: number("minutes"), out: values.out }, say);
  for (const { name, ok, figures, violations } of result.checks) {
    say(`${ok ? "held  " : "BROKEN"} ${name}: ${JSON.stringify(figures)}`);
    for (const violation of violations.slice(0, 20)) say(`         ${violation}`);
    if (!ok) broken += 1;
  }
  say(`report: ${await writeReport(values.out, result)}`);
}
process.exit(broken === 0 ? 0 : 1);
