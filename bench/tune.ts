import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { CONFIG_LINES } from "./clients/jobs.ts";
import { startBenchDatabase } from "./engine/database.ts";
import { seedApprovedChange, seedDevices } from "./engine/seed.ts";
import { buildPrograms } from "./lib/build.ts";
import { runMeasured } from "./lib/measured.ts";
import { BENCH, CACHE } from "./lib/paths.ts";
import { SIM_PLATFORMS, startSimulator, type SimPlatform } from "./lib/simulator.ts";

/*
 * One job of the session engine against the simulated routers, several times: for whoever works on its speed.
 *   node bench/tune.ts --job j1 --n 1000 [--conc 100] [--rtt 20] [--platform ios|eos|frr] [--runs 3] [--prof]
 * --prof keeps a CPU profile of each run for Chrome's developer tools.  --hold 5 holds all sessions open for 5 s before the end.
 */
const { values } = parseArgs({
  options: {
    job: { type: "string", default: "j1" },
    n: { type: "string", default: "200" },
    conc: { type: "string" },
    rtt: { type: "string", default: "0" },
    platform: { type: "string", default: "ios" },
    runs: { type: "string", default: "3" },
    hold: { type: "string", default: "0" },
    prof: { type: "boolean", default: false },
  },
});
const isSim = (name: string): name is SimPlatform => name in SIM_PLATFORMS;
if (!isSim(values.platform)) throw new Error(`--platform must be one of ${Object.keys(SIM_PLATFORMS).join(", ")}`);
const n = Number(values.n);
const programs = buildPrograms();
const sim = await startSimulator(programs, { platform: values.platform, n, rttMs: Number(values.rtt) });
const database = await startBenchDatabase();
try {
  await seedDevices(database, sim);
  const platform = SIM_PLATFORMS[sim.platform];
  const profiles = join(CACHE, "profiles");
  mkdirSync(profiles, { recursive: true });
  for (let run = 1; run <= Number(values.runs); run++) {
    const change =
      values.job === "j3" ? await seedApprovedChange(database, { platform, n, lines: CONFIG_LINES }) : null;
    const before = await sim.counters();
    const name = `${values.job}-${values.platform}-${n}-${run}.cpuprofile`;
    const { stdout, stderr, usage } = await runMeasured(
      programs,
      [
        process.execPath,
        ...(values.prof ? ["--cpu-prof", `--cpu-prof-dir=${profiles}`, `--cpu-prof-name=${name}`] : []),
        join(BENCH, "clients", "netstacks.ts"),
        "--job",
        values.job,
        "--n",
        `${n}`,
        "--conc",
        values.conc ?? `${Math.min(n, values.job === "j3" ? 200 : 100)}`,
        "--platform",
        platform,
        "--hold",
        values.hold,
        ...(change === null ? [] : ["--change", change.changeId, "--run", change.runId]),
      ],
      { env: { DATABASE_URL: database.url } },
    );
    if (usage.status !== 0) throw new Error(stderr);
    const { wall_s, cpu0_s, ...rest } = z
      .looseObject({ wall_s: z.number(), cpu0_s: z.number() })
      .parse(JSON.parse(stdout));
    const after = await sim.counters();
    const each = (seconds: number): string => `${((seconds * 1000) / n).toFixed(2)} ms`;
    const lines = [
      `${values.job} ${n} × ${platform}: ${wall_s.toFixed(3)} s, ${(n / wall_s).toFixed(1)} devices/s, CPU each ${each(usage.user_s + usage.sys_s - cpu0_s)}, peak ${usage.max_rss_mib.toFixed(0)} MiB`,
      `  ${JSON.stringify(rest)}`,
      `  routers: ${after.handshakes - before.handshakes} logins, ${after.config_lines - before.config_lines} lines, CPU each ${each(after.cpu_s - before.cpu_s)}, ${after.negotiated}`,
      ...(values.prof ? [`  profile: ${join(profiles, name)}`] : []),
    ];
    process.stdout.write(`${lines.join("\n")}\n`);
    await sim.clear();
  }
} finally {
  await sim.stop();
  await database.stop();
}
