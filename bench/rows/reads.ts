import { seedDevices } from "../engine/seed.ts";
import { medianOf, runClients, type ClientWork } from "../lib/run-clients.ts";
import type { Bench } from "../lib/bench.ts";
import type { ClientName } from "../lib/peers.ts";
import { figure, type Figure, type Measurement, type Row, type RowResult } from "../lib/rows.ts";
import { startSimulator, type SimOptions, type Simulator } from "../lib/simulator.ts";
import { ratio } from "../lib/stats.ts";

/** Starts routers, tells our database about them, and stops them again. */
export async function withRouters<T>(
  bench: Bench,
  options: SimOptions,
  use: (sim: Simulator) => Promise<T>,
): Promise<T> {
  const sim = await startSimulator(bench.programs, options);
  try {
    await seedDevices(await bench.database(), sim);
    return await use(sim);
  } finally {
    await sim.stop();
  }
}

type Bars = { peer: ClientName; bar: number; aim: number | null }[];
type Runs = Awaited<ReturnType<typeof runClients>>;

const devicesPerSecond = (run: Measurement): number => run.devices_s;
const cpuEach = (run: Measurement): number => run.cpu_ms;

/** How many times as many devices a second as each peer, in this run. */
export function againstPeers(line: string, { runs, missing }: Runs, bars: Bars): Figure[] {
  const ours = medianOf(runs, "netstacks", devicesPerSecond);
  return bars.map(({ peer, bar, aim }) => {
    const theirs = medianOf(runs, peer, devicesPerSecond);
    return figure({
      line,
      name: `against ${peer}`,
      value: ratio(ours, theirs),
      unit: "×",
      bar,
      aim,
      note: missing.get(peer) ?? `${perSecond(ours)} against ${perSecond(theirs)}`,
    });
  });
}

const perSecond = (value: number | null): string =>
  value === null ? "no good run" : `${value.toFixed(value < 100 ? 1 : 0)}/s`;

const several = (names: readonly ClientName[], runs: number): { name: ClientName; runs: number }[] =>
  names.map((name) => ({ name, runs }));

const showVersion: Row = {
  id: "show-version",
  title: "`show version` of 1,000 devices",
  run: async (bench): Promise<RowResult> => {
    const n = bench.quick ? 200 : 1000;
    const line = `\`show version\`, ${n.toLocaleString("en")} devices`;
    const work: ClientWork = { job: "j1", n, inFlight: 100 };
    return withRouters(bench, { platform: "ios", n }, async (sim) => {
      const all = await runClients(bench, sim, work, [
        ...several(["netstacks", "netmiko", "nornir", "scrapli", "scrapli 2"], bench.quick ? 1 : 3),
        ...several(["asyncssh", "ssh2"], bench.quick ? 1 : 2),
      ]);
      const cpu = { ours: medianOf(all.runs, "netstacks", cpuEach), theirs: medianOf(all.runs, "netmiko", cpuEach) };
      return {
        measurements: all.runs,
        profile: all.profile,
        notes: [],
        figures: [
          ...againstPeers(line, all, [
            { peer: "netmiko", bar: 5, aim: 7 },
            { peer: "nornir", bar: 4.5, aim: 6.5 },
            { peer: "scrapli", bar: 2.5, aim: 3.5 },
            { peer: "scrapli 2", bar: 3, aim: 4.5 },
          ]),
          figure({
            line: "client CPU per device",
            name: "netmiko's over ours",
            value: ratio(cpu.theirs, cpu.ours),
            unit: "×",
            bar: 5,
            aim: 8,
            note: `${cpu.ours?.toFixed(2) ?? "?"} ms against ${cpu.theirs?.toFixed(2) ?? "?"} ms`,
          }),
        ],
      };
    });
  },
};

const config: Row = {
  id: "config",
  title: "a configuration of 2,000 lines of 1,000 devices",
  run: async (bench) => {
    const n = bench.quick ? 200 : 1000;
    return withRouters(bench, { platform: "ios", n }, async (sim) => {
      const all = await runClients(bench, sim, { job: "j2", n, inFlight: 100 }, [
        ...several(["netstacks", "netmiko", "scrapli", "asyncssh"], bench.quick ? 1 : 3),
        ...several(["nornir", "scrapli 2", "ssh2"], 1),
      ]);
      return {
        measurements: all.runs,
        profile: all.profile,
        notes: [],
        figures: againstPeers(`2,000-line config, ${n.toLocaleString("en")} devices`, all, [
          { peer: "netmiko", bar: 5, aim: 7 },
          { peer: "scrapli", bar: 3.5, aim: 5 },
          { peer: "asyncssh", bar: 1.5, aim: 2 },
        ]),
      };
    });
  },
};

const oneDevice: Row = {
  id: "one-device",
  title: "one device at 20 ms, `show version`",
  run: async (bench) =>
    withRouters(bench, { platform: "ios", n: 1, rttMs: 20 }, async (sim) => {
      const all = await runClients(bench, sim, { job: "j1", n: 1, inFlight: 1 }, [
        ...several(["netstacks"], bench.quick ? 3 : 7),
        ...several(["netmiko", "nornir", "scrapli", "scrapli 2", "asyncssh", "napalm", "ssh2"], bench.quick ? 1 : 3),
      ]);
      const others = (["netmiko", "scrapli", "scrapli 2", "asyncssh", "napalm"] as const).map(
        (name) => `${name} ${medianOf(all.runs, name, (run) => run.wall_s)?.toFixed(2) ?? "?"}`,
      );
      return {
        measurements: all.runs,
        profile: all.profile,
        notes: [],
        figures: [
          figure({
            line: "one device at 20 ms, `show version`",
            name: "seconds",
            value: medianOf(all.runs, "netstacks", (run) => run.wall_s),
            unit: "s",
            better: "lower",
            bar: 0.23,
            aim: 0.18,
            note: `${others.join(", ")} s`,
          }),
        ],
      };
    }),
};

const memory: Row = {
  id: "memory",
  title: "1,000 sessions open",
  run: async (bench) =>
    withRouters(bench, { platform: "ios", n: 1000 }, async (sim) => {
      const { runs } = await runClients(bench, sim, { job: "j1", n: 1000, inFlight: 100, holdS: 3, profiled: false }, [
        { name: "netstacks", runs: bench.quick ? 1 : 3 },
      ]);
      const { max_open } = await sim.counters();
      const held = medianOf(runs, "netstacks", (run) => run.held_rss_mib);
      return {
        measurements: runs,
        notes: [`the routers saw ${max_open} sessions open at once`],
        figures: [
          figure({
            line: "1,000 sessions open, memory of the engine",
            name: "resident",
            value: max_open < 1000 ? null : held,
            unit: "MiB",
            better: "lower",
            bar: 115,
            aim: 100,
            note: `peak on the way there ${medianOf(runs, "netstacks", (run) => run.rss_mib)?.toFixed(0) ?? "?"} MiB; ${max_open} open at once`,
          }),
        ],
      };
    }),
};

const growth: Row = {
  id: "growth",
  title: "cost as devices go 100 → 1,000 → 5,000",
  run: async (bench) => {
    const sizes = bench.quick ? [100, 1000] : [100, 1000, 5000];
    const most = Math.max(...sizes);
    return withRouters(bench, { platform: "ios", n: most, configLines: 100 }, async (sim) => {
      const measurements: Measurement[] = [];
      for (let run = 0; run < (bench.quick ? 1 : 2); run++)
        for (const n of sizes)
          measurements.push(
            ...(
              await runClients(bench, sim, { job: "j1", n, inFlight: 100, profiled: false }, [
                { name: "netstacks", runs: 1 },
              ])
            ).runs,
          );
      const each = sizes.map((n) =>
        medianOf(
          measurements.filter((run) => run.n === n),
          "netstacks",
          (run) => 1000 / run.devices_s,
        ),
      );
      return {
        measurements,
        notes: [],
        figures: [
          figure({
            line: "cost as devices go 100 → 1,000 → 5,000, time per device",
            name: `at ${most.toLocaleString("en")} over at 100`,
            value: ratio(each.at(-1), each[0]),
            unit: "×",
            better: "lower",
            bar: 1.2,
            aim: 1,
            note: `${each.map((ms) => ms?.toFixed(2) ?? "?").join(" → ")} ms each`,
          }),
        ],
      };
    });
  },
};

export const readRows: Row[] = [showVersion, config, oneDevice, memory, growth];
