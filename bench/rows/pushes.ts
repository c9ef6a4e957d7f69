import { CONFIG_LINES } from "../clients/jobs.ts";
import { medianOf, runClients } from "../lib/run-clients.ts";
import { figure, type Figure, type Measurement, type Row } from "../lib/rows.ts";
import type { SimPlatform } from "../lib/simulator.ts";
import { againstPeers, withRouters } from "./reads.ts";

const LINES = CONFIG_LINES.length;
const sizeOf = (quick: boolean): number => (quick ? 50 : 200);

const pushLine: Row = {
  id: "push-line",
  title: "200 lines to 200 devices at 20 ms, line by line",
  run: async (bench) => {
    const n = sizeOf(bench.quick);
    return withRouters(bench, { platform: "ios", n, rttMs: 20, configLines: 200 }, async (sim) => {
      const all = await runClients(bench, sim, { job: "j3", n, inFlight: n }, [
        { name: "netstacks", runs: bench.quick ? 1 : 3 },
        { name: "netmiko", runs: bench.quick ? 1 : 2 },
        { name: "scrapli", runs: bench.quick ? 1 : 2 },
        { name: "scrapli 2", runs: bench.quick ? 1 : 2 },
        { name: "asyncssh", runs: 1 },
        { name: "ssh2", runs: 1 },
      ]);
      return {
        measurements: all.runs,
        profile: all.profile,
        notes: [],
        figures: againstPeers(`push of ${LINES} lines, ${n} devices at 20 ms, line by line, journaled`, all, [
          { peer: "netmiko", bar: 6, aim: null },
          { peer: "scrapli", bar: 3.5, aim: null },
          { peer: "scrapli 2", bar: 2.5, aim: null },
        ]),
      };
    });
  },
};

const pushStaged: Row = {
  id: "push-staged",
  title: "200 lines to 200 devices at 20 ms, staged",
  run: async (bench) => {
    const n = sizeOf(bench.quick);
    return withRouters(bench, { platform: "eos", n, rttMs: 20, configLines: 200 }, async (sim) => {
      const all = await runClients(bench, sim, { job: "j3", n, inFlight: n }, [
        { name: "netstacks", runs: bench.quick ? 1 : 3 },
        { name: "netmiko", runs: bench.quick ? 1 : 2 },
      ]);
      return {
        measurements: all.runs,
        profile: all.profile,
        notes: ["netmiko sends into a configuration session as well, and commits it"],
        figures: againstPeers("the same on a staged platform, journaled", all, [{ peer: "netmiko", bar: 25, aim: 35 }]),
      };
    });
  },
};

const WAYS: { platform: SimPlatform; name: string; bar: number; aim: number }[] = [
  { platform: "eos", name: "staged", bar: 0.5, aim: 0.3 },
  { platform: "frr", name: "by section", bar: 1.5, aim: 1.3 },
  { platform: "ios", name: "line by line", bar: 4.8, aim: 4.6 },
];

const pushOne: Row = {
  id: "push-one",
  title: "200 lines to one device at 20 ms",
  run: async (bench) => {
    const measurements: Measurement[] = [];
    const figures: Figure[] = [];
    const profile: string[] = [];
    for (const { platform, name, bar, aim } of WAYS)
      await withRouters(bench, { platform, n: 1, rttMs: 20, configLines: 200 }, async (sim) => {
        const { runs, profile: where } = await runClients(bench, sim, { job: "j3", n: 1, inFlight: 1 }, [
          { name: "netstacks", runs: bench.quick ? 1 : 3 },
          { name: "netmiko", runs: 1 },
        ]);
        measurements.push(...runs);
        profile.push(...where.map((line) => `${name}: ${line}`));
        figures.push(
          figure({
            line: `${LINES} lines to one device at 20 ms, journaled`,
            name,
            value: medianOf(runs, "netstacks", (run) => run.wall_s),
            unit: "s",
            better: "lower",
            bar,
            aim,
            note: `netmiko ${medianOf(runs, "netmiko", (run) => run.wall_s)?.toFixed(2) ?? "?"} s`,
          }),
        );
      });
    return { measurements, figures, notes: [], profile };
  },
};

export const pushRows: Row[] = [pushLine, pushStaged, pushOne];
