import { deviceName, seedDevices } from "../engine/seed.ts";
import type { Bench } from "../lib/bench.ts";
import { untilQuiet } from "../lib/machine.ts";
import { medianOf, runClients } from "../lib/run-clients.ts";
import { figure, type Figure, type Measurement, type Row } from "../lib/rows.ts";
import { SIM_PLATFORMS, startSimulator, type SimOptions, type Simulator } from "../lib/simulator.ts";
import { median, ratio } from "../lib/stats.ts";
import { backUpAll, pushAll, testAll } from "../platform/jobs.ts";
import type { BenchProduct } from "../platform/product.ts";
import { watchTrees } from "../platform/sampler.ts";

/** Routers that the product knows as its devices, and no others. */
export async function withDevices<T>(
  bench: Bench,
  options: SimOptions,
  use: (sim: Simulator, product: BenchProduct, names: string[]) => Promise<T>,
): Promise<T> {
  const product = await bench.product();
  const sim = await startSimulator(bench.programs, options);
  try {
    await seedDevices(product.database, sim);
    return await use(
      sim,
      product,
      Array.from({ length: options.n }, (_, i) => deviceName(SIM_PLATFORMS[options.platform], i)),
    );
  } finally {
    await sim.stop();
  }
}

/** Takes turns with nornir on the same routers. */
async function inTurns<T>(
  bench: Bench,
  sim: Simulator,
  { job, runs, label }: { job: "j1" | "j2" | "j3"; runs: number; label: string },
  ours: () => Promise<T>,
): Promise<{ ours: T[]; nornir: number | null; measurements: Measurement[] }> {
  const found: T[] = [];
  const measurements: Measurement[] = [];
  for (let run = 0; run < runs; run++) {
    if (bench.patient) await untilQuiet(bench);
    const result = await ours();
    bench.say(`  ${label}: ${JSON.stringify(result)}`);
    found.push(result);
    // What the product pushed would make nornir's push a repetition.
    await sim.clear();
    const peers = [{ name: "nornir" as const, runs: 1 }];
    measurements.push(...(await runClients(bench, sim, { job, n: sim.n, inFlight: Math.min(100, sim.n) }, peers)).runs);
  }
  return { ours: found, nornir: medianOf(measurements, "nornir", (run) => run.devices_s), measurements };
}

const jobs: Row = {
  id: "platform-jobs",
  title: "the same jobs through API, Temporal and Postgres",
  run: async (bench) => {
    const n = bench.quick ? 50 : 200;
    const line = `the same jobs through API, Temporal and Postgres, ${n} devices, against nornir bare`;
    const figures: Figure[] = [];
    const measurements: Measurement[] = [];
    const add = (name: string, each: number | null, nornir: number | null, note: string): void => {
      figures.push(
        figure({
          line,
          name,
          value: ratio(each, nornir),
          unit: "×",
          bar: 1,
          aim: 2,
          note: `${each?.toFixed(1) ?? "?"}/s against ${nornir?.toFixed(1) ?? "?"}/s${note}`,
        }),
      );
    };
    await withDevices(bench, { platform: "ios", n }, async (sim, product, names) => {
      const tests = await inTurns(bench, sim, { job: "j1", runs: bench.quick ? 1 : 3, label: "device tests, s" }, () =>
        testAll(product, names),
      );
      add("`show version` (device tests)", ratio(n, median(tests.ours)), tests.nornir, "");
      const backups = await inTurns(
        bench,
        sim,
        { job: "j2", runs: bench.quick ? 1 : 3, label: "config backups, s" },
        () => backUpAll(product, sim),
      );
      add("2,000-line config (backups, stored)", ratio(n, median(backups.ours)), backups.nornir, "");
      measurements.push(...tests.measurements, ...backups.measurements);
    });
    await withDevices(bench, { platform: "ios", n, rttMs: 20, configLines: 200 }, async (sim, product, names) => {
      const pushes = await inTurns(bench, sim, { job: "j3", runs: 1, label: "change of 200 lines, s" }, () =>
        pushAll(product, sim, names),
      );
      const carryOut = median(pushes.ours.map((each) => each.carryOutS));
      const plan = median(pushes.ours.map((each) => each.planS));
      add(
        "200 lines at 20 ms (change: checked, journaled, verified, saved)",
        ratio(n, carryOut),
        pushes.nornir,
        `; planning before it ${plan?.toFixed(1) ?? "?"} s`,
      );
      measurements.push(...pushes.measurements);
    });
    return {
      figures,
      measurements,
      notes: ["nornir sends its lines and leaves: it keeps no record, checks nothing and saves nothing"],
    };
  },
};

/**
 * The system that this one replaces, measured whole on the same routers on an earlier day, beside nornir with 100 threads;
 * of a range, its best. Its memory is proportional, as ours is.
 */
const ORIGINAL = { devicesPerS: 14.4, pssMib: 1.5 * 1024, nornirPerS: 89 };

const backup: Row = {
  id: "backup",
  title: "fleet backup of 200 devices",
  run: async (bench) => {
    const n = bench.quick ? 50 : 200;
    return withDevices(bench, { platform: "ios", n }, async (sim, product) => {
      const watched: { peakPssMib: number; cpuS: number }[] = [];
      const { ours, nornir, measurements } = await inTurns(
        bench,
        sim,
        { job: "j2", runs: bench.quick ? 1 : 3, label: "fleet backup, s" },
        async () => {
          const watch = watchTrees(product.roots);
          const seconds = await backUpAll(product, sim).finally(() => watched.push(watch.stop()));
          return seconds;
        },
      );
      const each = ratio(n, median(ours));
      // The machine of today against that of then, by what nornir does on both.
      const then = ratio(nornir, ORIGINAL.nornirPerS);
      const memory = median(watched.map((w) => w.peakPssMib));
      const line = `fleet backup of ${n} devices against the original`;
      return {
        measurements,
        notes: [
          "the original's figures are stored ones (14.4 devices/s at best, 1.5 GiB proportional memory, nornir at 89/s beside it); nornir is measured again in this run, and its ratio carries them over",
        ],
        figures: [
          figure({
            line,
            name: "devices a second",
            value: ratio(each, then === null ? null : ORIGINAL.devicesPerS * then),
            unit: "×",
            bar: 10,
            aim: 20,
            note: `${each?.toFixed(1) ?? "?"}/s; nornir now ${nornir?.toFixed(1) ?? "?"}/s`,
          }),
          figure({
            line,
            name: "its memory over ours",
            value: ratio(ORIGINAL.pssMib, memory),
            unit: "×",
            bar: 3,
            note: `ours at most ${memory?.toFixed(0) ?? "?"} MiB, Postgres and Temporal included; ${median(watched.map((w) => w.cpuS))?.toFixed(1) ?? "?"} s of CPU`,
          }),
        ],
      };
    });
  },
};

export const platformRows: Row[] = [jobs, backup];
