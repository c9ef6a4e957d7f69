import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { processCount, treeCpuSeconds, treePssMib, untilQuiet } from "../lib/machine.ts";
import { runMeasured } from "../lib/measured.ts";
import type { Bench } from "../lib/bench.ts";
import { figure, type Row } from "../lib/rows.ts";
import type { Simulator } from "../lib/simulator.ts";
import { median, percentile } from "../lib/stats.ts";
import { approve, askFor, hasEnded, untilRun } from "../platform/changes.ts";
import { startUp } from "../platform/product.ts";
import { withDevices } from "./platform.ts";

const LINES = ["interface Loopback99", " description decided"];

/** Sessions that planning left open are kept for half a minute; people take longer than that to decide. */
async function untilHungUp(sim: Simulator): Promise<void> {
  for (const until = Date.now() + 60_000; Date.now() < until; await sleep(500))
    if ((await sim.counters()).open === 0) return;
  throw new Error("sessions of the planning are still open after a minute");
}

const decision: Row = {
  id: "decision",
  title: "a decision on an approval → first byte to the device",
  run: async (bench) => {
    const n = bench.quick ? 10 : 50;
    return withDevices(bench, { platform: "ios", n, configLines: 200 }, async (sim, product, names) => {
      const firstBytes: number[] = [];
      const firstLines: number[] = [];
      for (let run = 0; run < (bench.quick ? 1 : 2); run++) {
        const changes = await Promise.all(names.map((name) => askFor(product, `decide about ${name}`, [name], LINES)));
        await untilHungUp(sim);
        if (bench.patient) await untilQuiet(bench);
        await sim.mark();
        const sent = await Promise.all(changes.map((change) => approve(product, change)));
        await Promise.all(changes.map((change) => untilRun(product.database, change.runId, hasEnded, 120)));
        for (const [i, [byte, line]] of (await sim.moments()).entries()) {
          const from = sent[i];
          if (from === undefined || byte === 0 || line === 0)
            throw new Error(`${names[i]} got nothing after the decision`);
          firstBytes.push(byte - from);
          firstLines.push(line - from);
        }
        await sim.clear();
      }
      const line = `a decision on an approval → first byte to the device, p95, ${n} runs at once`;
      return {
        measurements: [],
        notes: [
          "the clock starts when the request of the deciding person is sent, and stops at the router; all decisions are sent at the same moment",
        ],
        figures: [
          figure({
            line,
            name: "first byte",
            value: percentile(firstBytes, 0.95),
            unit: "ms",
            better: "lower",
            bar: 500,
            aim: 200,
            note: `p50 ${percentile(firstBytes, 0.5)?.toFixed(0)} ms, worst ${Math.max(...firstBytes).toFixed(0)} ms`,
          }),
          figure({
            line,
            name: "first line of the change, after the device was read and checked again",
            value: percentile(firstLines, 0.95),
            unit: "ms",
            better: "lower",
            note: `p50 ${percentile(firstLines, 0.5)?.toFixed(0)} ms`,
          }),
        ],
      };
    });
  },
};

const Load = z.object({
  requests: z.number(),
  failed: z.number(),
  served: z.number(),
  per_s: z.number(),
  p50_ms: z.number(),
  p99_ms: z.number(),
  bytes_each: z.number(),
  failure: z.string(),
});

/** Asks one path for some seconds over connections that stay open. */
async function load(
  bench: Bench,
  at: { address: string; token: string; path: string; connections: number; seconds: number },
): Promise<z.infer<typeof Load>> {
  const { stdout, stderr } = await runMeasured(bench.programs, [
    bench.programs.httpload,
    `${at.address}/api${at.path}`,
    `${at.connections}`,
    `${at.seconds}`,
    at.token,
  ]);
  if (stdout === "") throw new Error(`the requests could not be sent: ${stderr}`);
  const found = Load.parse(JSON.parse(stdout));
  bench.say(
    `  GET ${at.path} × ${at.connections}: ${found.per_s.toFixed(0)}/s, p50 ${found.p50_ms.toFixed(1)} ms, p99 ${found.p99_ms.toFixed(1)} ms, ${found.failed} failed`,
  );
  return found;
}

const api: Row = {
  id: "api",
  title: "`GET /api/devices` with 200 devices",
  run: async (bench) => {
    // Devices of rows before would be in the list as well.
    await bench.close();
    return withDevices(bench, { platform: "ios", n: 200, configLines: 100 }, async (_sim, product) => {
      const seconds = bench.quick ? 2 : 5;
      const token = product.admin.token();
      const measure = async (path: string, connections: number) => {
        if (bench.patient) await untilQuiet(bench);
        return load(bench, { address: product.address, token, path, connections, seconds });
      };
      await measure("/devices", 10);
      const alone = await measure("/devices", 1);
      const hundred = await measure("/devices", 100);
      const many = await measure("/devices", 500);
      const all = await measure("/devices?limit=200", 1);
      const allHundred = await measure("/devices?limit=200", 100);
      // Answers are kept as long as they are true: here they are true for a tenth of a second.
      const writing = setInterval(
        () => void product.admin.call("PATCH", "/devices/cisco-ios-0007", { description: `seen ${Date.now()}` }),
        100,
      );
      const changing = await measure("/devices", 100).finally(() => clearInterval(writing));
      const line = "`GET /api/devices`, 200 devices: requests a second";
      const words = (found: typeof alone): string =>
        `${(found.bytes_each / 1024).toFixed(0)} KiB each, p99 ${found.p99_ms.toFixed(1)} ms${found.failed > 0 ? `, ${found.failed} failed: ${found.failure}` : ""}`;
      const shown = (name: string, found: typeof alone, bar: number | null, aim: number | null) =>
        figure({
          line,
          name,
          value: found.failed > 0 && bar !== null ? null : found.per_s,
          unit: "/s",
          bar,
          aim,
          note: words(found),
        });
      return {
        measurements: [],
        notes: [
          "`GET /api/devices` gives its first page of 50; with `limit=200` one request gives all of them. An answer is kept until something that it is made of is written. The program that asks shares the two cores with the service",
        ],
        figures: [
          shown("alone (one connection)", alone, 1500, 3000),
          shown("100 connections", hundred, 2000, 4000),
          figure({
            line,
            name: "500 connections held: connections that were served, none refused",
            value: many.failed === 0 ? many.served : null,
            unit: "of 500",
            bar: 500,
            note: `${many.per_s.toFixed(0)}/s, ${words(many)}`,
          }),
          shown("100 connections, while a device is changed ten times a second", changing, null, null),
          shown("all 200 in one page, alone", all, null, null),
          shown("all 200 in one page, 100 connections", allHundred, null, null),
        ],
      };
    });
  },
};

const idle: Row = {
  id: "idle",
  title: "idle, everything running",
  run: async (bench) => {
    // Others of the same programs would carry a part of its memory.
    await bench.close();
    const product = await startUp();
    try {
      await sleep(bench.quick ? 10_000 : 30_000);
      if (bench.patient) await untilQuiet(bench);
      const roots = [product.pid];
      const memory: number[] = [];
      const [cpu, began] = [treeCpuSeconds(roots), performance.now()];
      for (let i = 0; i < (bench.quick ? 4 : 12); i++) {
        memory.push(treePssMib(roots));
        await sleep(2500);
      }
      const cores = (treeCpuSeconds(roots) - cpu) / ((performance.now() - began) / 1000);
      const line = "idle, everything running (`npm start`: API, worker, Temporal, Postgres, lab)";
      return {
        measurements: [],
        notes: [],
        figures: [
          figure({
            line,
            name: "memory (PSS)",
            value: median(memory),
            unit: "MiB",
            better: "lower",
            bar: 700,
            aim: 450,
            note: `${processCount(roots)} processes`,
          }),
          figure({ line, name: "of a core", value: cores * 100, unit: "%", better: "lower", bar: 3, aim: 1 }),
        ],
      };
    } finally {
      await product.stop();
    }
  },
};

export const serviceRows: Row[] = [decision, api, idle];
