import type { DeviceTest } from "../../domain/contract/device.ts";
import type { Run } from "../../domain/contract/run.ts";
import { CONFIG_LINES } from "../clients/jobs.ts";
import type { Simulator } from "../lib/simulator.ts";
import { approve, askFor, hasEnded, untilRun } from "./changes.ts";
import { forgetSessions, type BenchProduct } from "./product.ts";

/* The clients' jobs, done through the product: each gives the seconds that a user waits, and throws when an answer is not as it must be. */

/** J1: logs in on all devices and learns what they are from `show version`, in one request. */
export async function testAll(product: BenchProduct, names: readonly string[]): Promise<number> {
  await forgetSessions(product.database);
  const began = performance.now();
  const { tests } = await product.admin.post<{ tests: DeviceTest[] }>("/devices/bulk/test", { devices: names });
  const seconds = (performance.now() - began) / 1000;
  const bad = tests.find((test) => test.error !== null || test.facts?.os_version?.startsWith("15.7") !== true);
  if (bad !== undefined || tests.length !== names.length) throw new Error(`a test failed: ${JSON.stringify(bad)}`);
  return seconds;
}

let round = 0;

/** J2: backs up every device; each configuration is a new version, so each is stored. */
export async function backUpAll(product: BenchProduct, sim: Simulator): Promise<number> {
  await sim.push(`snmp-server location round ${++round}`);
  await forgetSessions(product.database);
  const began = performance.now();
  const { execution_id } = await product.admin.post<{ execution_id: string }>("/config-backups/run-all");
  await untilRun(product.database, execution_id, hasEnded, 170);
  const seconds = (performance.now() - began) / 1000;
  const { run } = await product.admin.get<{ run: Run }>(`/runs/${execution_id}`);
  const { backup } = run;
  if (run.status !== "success" || backup === null || backup.success !== sim.n || backup.unchanged > 0)
    throw new Error(`the backup ended with ${run.status}: ${JSON.stringify(backup)} ${run.message ?? ""}`);
  return seconds;
}

/** J3: plans 200 lines for every device, gets them approved, and carries them out until they are verified and saved. */
export async function pushAll(
  product: BenchProduct,
  sim: Simulator,
  names: readonly string[],
): Promise<{ planS: number; carryOutS: number }> {
  await forgetSessions(product.database);
  const before = await sim.counters();
  const began = performance.now();
  const change = await askFor(product, `${CONFIG_LINES.length} lines to ${names.length} devices`, names, CONFIG_LINES);
  const planned = performance.now();
  await approve(product, change);
  const status = await untilRun(product.database, change.runId, hasEnded, 170);
  const ended = performance.now();
  const pushed = (await sim.counters()).config_lines - before.config_lines;
  if (status !== "success" || pushed !== CONFIG_LINES.length * names.length) {
    const { run } = await product.admin.get<{ run: Run }>(`/runs/${change.runId}`);
    throw new Error(`the change ended with ${status}, and the routers counted ${pushed} lines: ${run.message ?? ""}`);
  }
  await sim.clear();
  return { planS: (planned - began) / 1000, carryOutS: (ended - planned) / 1000 };
}
