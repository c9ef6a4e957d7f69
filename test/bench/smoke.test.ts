import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { benchVault } from "../../bench/engine/database.ts";
import { seedDevices } from "../../bench/engine/seed.ts";
import type { Bench } from "../../bench/lib/bench.ts";
import { buildPrograms, hasGo } from "../../bench/lib/build.ts";
import { medianOf, runClients } from "../../bench/lib/run-clients.ts";
import { SIM_PLATFORMS, startSimulator, type SimPlatform } from "../../bench/lib/simulator.ts";
import { openPool, type Pool } from "../../db/client.ts";
import { createTestDatabase } from "../support/engines.ts";

const go = hasGo();

describe.skipIf(!go)(`the bench's own clients${go ? "" : " [skipped: Go is not installed]"}`, () => {
  let bench: Bench;
  let pool: Pool;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const database = await createTestDatabase();
    pool = openPool(database.url, { max: 4 });
    drop = database.drop;
    const at = { url: database.url, pid: process.pid, pool, vault: benchVault(), stop: async () => undefined };
    bench = {
      programs: buildPrograms(),
      quick: true,
      patient: false,
      database: () => Promise.resolve(at),
      product: () => Promise.reject(new Error("the product is not part of this test")),
      say: () => undefined,
      close: async () => undefined,
    };
  }, 120_000);
  afterAll(async () => {
    await pool.end({ timeout: 5 });
    await drop();
  });

  test.each(["ios", "eos", "frr"] satisfies SimPlatform[])(
    "the session engine reads and pushes on simulated %s routers, and the routers count its lines",
    async (platform) => {
      const sim = await startSimulator(bench.programs, { platform, n: 3, net: 33, configLines: 60 });
      try {
        await seedDevices(await bench.database(), sim);
        const { runs, missing } = await runClients(bench, sim, { job: "j3", n: 3, inFlight: 2 }, [
          { name: "netstacks", runs: 1 },
        ]);
        expect(missing.size).toBe(0);
        expect(runs).toMatchObject([
          { client: "netstacks", platform: SIM_PLATFORMS[platform], ok: 3, fail: 0, error: null },
        ]);
        expect(medianOf(runs, "netstacks", (run) => run.cpu_ms)).toBeGreaterThan(0);
        expect((await sim.counters()).config_lines).toBe(600);
      } finally {
        await sim.stop();
      }
    },
    60_000,
  );

  test("clients run in turns, and an answer that is not a router's is a failure, not a figure", async () => {
    const sim = await startSimulator(bench.programs, { platform: "ios", n: 2, net: 34 });
    try {
      await seedDevices(await bench.database(), sim);
      const { runs } = await runClients(bench, sim, { job: "j2", n: 2, inFlight: 2 }, [
        { name: "netstacks", runs: 2 },
        { name: "ssh2", runs: 1 },
      ]);
      expect(runs.map((run) => [run.client, run.ok])).toEqual([
        ["netstacks", 2],
        ["ssh2", 2],
        ["netstacks", 2],
      ]);
      // Two routers answer; a third address has none.
      const tooMany = await runClients(bench, sim, { job: "j1", n: 3, inFlight: 3 }, [{ name: "ssh2", runs: 1 }]);
      expect(tooMany.runs).toMatchObject([{ ok: 2, fail: 1 }]);
      expect(medianOf(tooMany.runs, "ssh2", (run) => run.devices_s)).toBeNull();
    } finally {
      await sim.stop();
    }
  }, 60_000);
});
