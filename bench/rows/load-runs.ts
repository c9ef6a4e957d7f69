import { setTimeout as sleep } from "node:timers/promises";
import { figure, type Row } from "../lib/rows.ts";
import { percentile } from "../lib/stats.ts";
import { dropPendingApprovals, storePendingApprovals } from "../load/stored.ts";
import { stuckViewer, watchRun } from "../load/viewers.ts";
import { approve, askFor, hasEnded, untilRun, type PlannedChange } from "../platform/changes.ts";
import type { BenchProduct } from "../platform/product.ts";
import { withDevices } from "./platform.ts";

const CHANGE = ["interface Loopback97", ...Array.from({ length: 9 }, (_, i) => ` ip helper-address 10.97.0.${i + 1}`)];

/** Milliseconds between the end of one step of a device and the begin of its next one. */
async function handOvers({ database }: BenchProduct, runIds: readonly string[]): Promise<number[]> {
  const rows = await database.pool<{ ms: number }[]>`
    select extract(epoch from min(n.at) - e.at) * 1000 as ms
    from run_events e join run_events n on n.run_id = e.run_id and n.device = e.device and n.status = 'running'
      and (e.step, n.step) in (('apply', 'verify'), ('verify', 'keep'), ('apply', 'keep'))
      and n.at >= e.at
    where e.run_id = any(${[...runIds]}::uuid[]) and e.device is not null and e.status = 'success' and e.step in ('apply', 'verify')
    group by e.run_id, e.device, e.step, e.at`;
  return rows.map((row) => Number(row.ms));
}

const changesAtOnce: Row = {
  id: "load-changes",
  title: "200 changes at once",
  run: async (bench) => {
    const n = bench.quick ? 20 : 200;
    return withDevices(bench, { platform: "ios", n, configLines: 200 }, async (sim, product, names) => {
      const before = await sim.counters();
      const asked = performance.now();
      const changes = await Promise.all(names.map((name) => askFor(product, `change ${name}`, [name], CHANGE)));
      const planned = performance.now();
      await Promise.all(changes.map((change) => approve(product, change)));
      const ends = await Promise.all(changes.map((change) => untilRun(product.database, change.runId, hasEnded, 240)));
      const seconds = (performance.now() - planned) / 1000;
      const lines = (await sim.counters()).config_lines - before.config_lines;
      const failed = ends.filter((status) => status !== "success").length;
      const hand = await handOvers(
        product,
        changes.map((change) => change.runId),
      );
      const line = `${n} changes of ${CHANGE.length} lines at once, ${n} devices`;
      return {
        measurements: [],
        notes: [],
        figures: [
          figure({
            line,
            name: "from the decisions until all are verified and saved",
            value: failed === 0 && lines === n * CHANGE.length ? seconds : null,
            unit: "s",
            better: "lower",
            bar: 180,
            note: `${failed} failed; the routers counted ${lines} of ${n * CHANGE.length} lines; planning all of them before took ${((planned - asked) / 1000).toFixed(1)} s`,
          }),
          figure({
            line,
            name: "from one step of a device to its next, p95",
            value: percentile(hand, 0.95),
            unit: "ms",
            better: "lower",
            bar: 500,
            note: `${hand.length} hand-overs`,
          }),
        ],
      };
    });
  },
};

const approvals: Row = {
  id: "load-approvals",
  title: "10,000 pending approvals",
  run: async (bench) => {
    const [stored, real] = bench.quick ? [1000, 5] : [10_000, 50];
    return withDevices(bench, { platform: "ios", n: real, configLines: 100 }, async (_sim, product, names) => {
      await storePendingApprovals(product.database, stored);
      try {
        const times: number[] = [];
        const [person] = product.approvers;
        for (let i = 0; i < (bench.quick ? 20 : 100); i++) {
          const began = performance.now();
          const query = i % 2 === 0 ? "status=pending&limit=50" : `status=pending&mine=true&limit=50&offset=${i * 50}`;
          await person?.get(`/approvals?${query}`);
          times.push(performance.now() - began);
        }
        const changes: PlannedChange[] = [];
        for (const name of names)
          changes.push(await askFor(product, `decide about ${name}`, [name], CHANGE.slice(0, 2)));
        const sent = new Map<string, number>();
        for (const change of changes) sent.set(change.runId, await approve(product, change));
        await Promise.all(changes.map((change) => untilRun(product.database, change.runId, hasEnded, 120)));
        const begun = await product.database.pool<
          { run_id: string; at: Date }[]
        >`select run_id, min(at) as at from run_events
          where run_id = any(${[...sent.keys()]}::uuid[]) and step = 'apply' and status = 'running' group by run_id`;
        const waits = begun.map((row) => row.at.getTime() - (sent.get(row.run_id) ?? 0));
        const line = `${stored.toLocaleString("en")} pending approvals`;
        return {
          measurements: [],
          notes: [
            "the pending approvals were stored by SQL, sealed as the service seals them; those that were decided are real ones among them",
          ],
          figures: [
            figure({
              line,
              name: "a page of the list, p99",
              value: percentile(times, 0.99),
              unit: "ms",
              better: "lower",
              bar: 200,
              note: `p50 ${percentile(times, 0.5)?.toFixed(1)} ms`,
            }),
            figure({
              line,
              name: "decision → next step, p95",
              value: percentile(waits, 0.95),
              unit: "ms",
              better: "lower",
              bar: 1000,
              note: `${waits.length} decisions, p50 ${percentile(waits, 0.5)?.toFixed(0)} ms`,
            }),
          ],
        };
      } finally {
        await dropPendingApprovals(product.database);
      }
    });
  },
};

const viewers: Row = {
  id: "load-viewers",
  title: "200 live viewers",
  run: async (bench) => {
    const [people, devices] = bench.quick ? [40, 10] : [200, 50];
    return withDevices(
      bench,
      { platform: "ios", n: devices, rttMs: 20, configLines: 100 },
      async (_sim, product, names) => {
        const change = await askFor(product, "watched by many", names, CHANGE);
        // One person may have 50 live views.
        const tokens = [product.admin.token()];
        for (let i = 1; i * 40 < people; i++)
          tokens.push((await product.admin.newUser(`viewer-${i}-${Date.now()}`, ["viewer"])).token());
        const at = (i: number) => ({
          address: product.address,
          token: tokens[i % tokens.length] ?? "",
          runId: change.runId,
        });
        const stuck = stuckViewer(at(0));
        const watching = Array.from({ length: people }, (_, i) => watchRun(at(i)));
        await sleep(2000);
        await approve(product, change);
        await untilRun(product.database, change.runId, hasEnded, 120);
        await sleep(2000);
        for (const viewer of watching) viewer.close();
        stuck.destroy();
        await Promise.all(watching.map((viewer) => viewer.done));
        const lags = watching.flatMap((viewer) => viewer.lagsMs);
        const [row] = await product.database.pool<
          { n: number }[]
        >`select count(*)::int as n from run_events where run_id = ${change.runId}`;
        const whole = watching.filter((viewer) => viewer.events === row?.n).length;
        const line = `${people} live viewers of one run on ${devices} devices, and one that reads nothing`;
        return {
          measurements: [],
          notes: [],
          figures: [
            figure({
              line,
              name: "event → viewer, p95",
              value: percentile(lags, 0.95),
              unit: "ms",
              better: "lower",
              bar: 1000,
              note: `${lags.length} events, worst ${Math.max(0, ...lags)} ms`,
            }),
            figure({
              line,
              name: "viewers that got every event, once",
              value: whole,
              unit: `of ${people}`,
              bar: people,
              note: `${row?.n ?? 0} events each`,
            }),
          ],
        };
      },
    );
  },
};

export const loadRunRows: Row[] = [changesAtOnce, approvals, viewers];
