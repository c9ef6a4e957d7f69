import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { Job } from "../clients/jobs.ts";
import { CONFIG_LINES } from "../clients/jobs.ts";
import { seedApprovedChange } from "../engine/seed.ts";
import type { Bench } from "./bench.ts";
import { busySeconds, treeCpuSeconds, untilQuiet } from "./machine.ts";
import { runMeasured } from "./measured.ts";
import { CLIENTS, preparePeers, type ClientName } from "./peers.ts";
import { describeProfile } from "./profile.ts";
import type { Measurement } from "./rows.ts";
import { SIM_PLATFORMS, type Simulator } from "./simulator.ts";
import { interleave, median } from "./stats.ts";

/** What every client prints. */
const Report = z.object({
  ok: z.number(),
  fail: z.number(),
  wall_s: z.number(),
  cpu0_s: z.number(),
  p50_s: z.number(),
  p99_s: z.number(),
  error: z.string().nullable(),
  held_rss_mib: z.number().optional(),
  /** When our own client began with the devices. */
  began_us: z.number().optional(),
});

export type ClientWork = {
  job: Job;
  n: number;
  inFlight: number;
  holdS?: number;
  limitS?: number;
  /** False: no further run of ours under the profiler. */
  profiled?: boolean;
};

/** Other work above this many cores disturbs a run: it is repeated once. */
const DISTURBED = 0.25;

/** Runs clients in turn against the same routers. A client that cannot be installed here is left out, with its reason in `missing`. */
export async function runClients(
  bench: Bench,
  sim: Simulator,
  work: ClientWork,
  clients: readonly { name: ClientName; runs: number }[],
): Promise<{ runs: Measurement[]; missing: Map<ClientName, string>; profile: string[] }> {
  const missing = preparePeers(clients.map(({ name }) => name));
  const runs: Measurement[] = [];
  for (const name of interleave(clients.filter((each) => !missing.has(each.name)))) {
    let { measured } = await runOnce(bench, sim, work, name);
    if (bench.patient && measured.others_cores > DISTURBED) {
      bench.say(`  ${name}: disturbed by ${measured.others_cores.toFixed(2)} cores of other work; once more`);
      ({ measured } = await runOnce(bench, sim, work, name));
    }
    bench.say(
      `  ${work.job} ${work.n} × ${name.padEnd(10)} ${measured.devices_s.toFixed(1).padStart(7)} devices/s ${measured.cpu_ms.toFixed(2).padStart(7)} ms CPU each ${measured.rss_mib.toFixed(0).padStart(5)} MiB${measured.fail > 0 ? `  ${measured.fail} FAILED: ${measured.error ?? ""}` : ""}`,
    );
    runs.push(measured);
  }
  const profile =
    bench.patient && !bench.quick && work.profiled !== false && clients.some((each) => each.name === "netstacks")
      ? await profileOurs(bench, sim, work)
      : [];
  for (const [name, why] of missing) bench.say(`  ${name} is left out: ${why}`);
  return { runs, missing, profile };
}

/** One more run of ours, which counts for nothing, under the profiler. */
async function profileOurs(bench: Bench, sim: Simulator, work: ClientWork): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "netstacks-profile-"));
  try {
    const { beganUs } = await runOnce(bench, sim, work, "netstacks", [
      "--cpu-prof",
      `--cpu-prof-dir=${folder}`,
      "--cpu-prof-name=it.cpuprofile",
    ]);
    return describeProfile(await readFile(join(folder, "it.cpuprofile"), "utf8"), beganUs);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runOnce(
  bench: Bench,
  sim: Simulator,
  work: ClientWork,
  name: ClientName,
  nodeOptions: readonly string[] = [],
): Promise<{ measured: Measurement; beganUs: number }> {
  const { job, n, inFlight, holdS = 0, limitS = 120 } = work;
  const platform = SIM_PLATFORMS[sim.platform];
  const ours = name === "netstacks";
  const database = ours ? await bench.database() : null;
  const change =
    database !== null && job === "j3" ? await seedApprovedChange(database, { platform, n, lines: CONFIG_LINES }) : null;
  if (bench.patient) await untilQuiet(bench);
  const [program = "", ...rest] = CLIENTS[name].command;
  const spent = (): number => (database === null ? 0 : treeCpuSeconds([database.pid]));
  const own = process.cpuUsage();
  const before = { ...(await sim.counters()), busy: busySeconds(), database: spent(), at: performance.now() };
  const { usage, stdout, stderr } = await runMeasured(
    bench.programs,
    [
      program,
      ...nodeOptions,
      ...rest,
      "--job",
      job,
      "--n",
      `${n}`,
      "--conc",
      `${inFlight}`,
      "--platform",
      platform,
      ...(ours
        ? ["--hold", `${holdS}`, ...(change === null ? [] : ["--change", change.changeId, "--run", change.runId])]
        : ["--base", sim.base, "--port", `${sim.port}`]),
    ],
    { limitS, ...(database === null ? {} : { env: { DATABASE_URL: database.url } }) },
  );
  const after = { ...(await sim.counters()), busy: busySeconds(), database: spent(), at: performance.now() };
  const self = process.cpuUsage(own);
  const report = parseReport(stdout, { n, wallS: usage.wall_s, why: stderr.trim().split("\n").at(-1) ?? "" });
  const cpu = usage.user_s + usage.sys_s;
  const routers = after.cpu_s - before.cpu_s;
  const databaseCpu = after.database - before.database;
  const known = cpu + routers + databaseCpu + (self.user + self.system) / 1e6;
  const each = (seconds: number): number => (seconds * 1000) / Math.max(1, report.ok);
  const pushed = after.config_lines - before.config_lines;
  const wrong =
    job === "j3" && pushed !== CONFIG_LINES.length * n
      ? `the routers counted ${pushed} lines, not ${CONFIG_LINES.length * n}`
      : null;
  if (job === "j3") await sim.clear();
  const measured: Measurement = {
    client: name,
    job,
    platform,
    n,
    in_flight: inFlight,
    rtt_ms: sim.rttMs,
    ok: wrong === null ? report.ok : 0,
    fail: wrong === null ? report.fail : n,
    wall_s: report.wall_s,
    devices_s: report.ok / report.wall_s,
    cpu_ms: each(cpu - report.cpu0_s),
    rss_mib: usage.max_rss_mib,
    held_rss_mib: report.held_rss_mib ?? null,
    p50_s: report.p50_s,
    p99_s: report.p99_s,
    routers_cpu_ms: each(routers),
    database_cpu_ms: each(databaseCpu),
    others_cores: Math.max(0, after.busy - before.busy - known) / ((after.at - before.at) / 1000),
    negotiated: after.negotiated,
    error: wrong ?? report.error,
  };
  return { measured, beganUs: report.began_us ?? 0 };
}

function parseReport(
  stdout: string,
  { n, wallS, why }: { n: number; wallS: number; why: string },
): z.infer<typeof Report> {
  const line = stdout.trim().split("\n").at(-1) ?? "";
  const parsed = line.startsWith("{") ? Report.safeParse(JSON.parse(line)) : null;
  if (parsed?.success === true) return parsed.data;
  return {
    ok: 0,
    fail: n,
    wall_s: wallS,
    cpu0_s: 0,
    p50_s: 0,
    p99_s: 0,
    error: `it gave no result: ${why.slice(0, 300)}`,
  };
}

/** The median of a client's runs in which every device answered as it must. */
export function medianOf(
  runs: readonly Measurement[],
  client: ClientName,
  what: (run: Measurement) => number | null,
): number | null {
  return median(
    runs.filter((run) => run.client === client && run.fail === 0 && run.ok > 0).flatMap((run) => what(run) ?? []),
  );
}
