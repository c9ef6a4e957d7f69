import { setTimeout as sleep } from "node:timers/promises";
import type { AuditVerification } from "../../domain/contract/audit.ts";
import { figure, type Row } from "../lib/rows.ts";
import { percentile } from "../lib/stats.ts";
import { steadily, type Timed } from "../load/requests.ts";
import { storeDevices, storeEndedRuns, storeJournal } from "../load/stored.ts";
import { approve, askFor, hasEnded, untilRun } from "../platform/changes.ts";
import type { BenchProduct } from "../platform/product.ts";
import { withDevices } from "./platform.ts";

const PASSWORD = "a-long-test-password-1";

/** The stall of the API's event loop that it measured itself since the last look. */
async function stallMs({ address }: BenchProduct): Promise<number | null> {
  const text = await (await fetch(`${address}/metrics`)).text();
  const found = /^nodejs_eventloop_lag_p99_seconds(?:\{[^}]*\})? ([\d.e+-]+)$/m.exec(text)?.[1];
  return found === undefined ? null : Number(found) * 1000;
}

const READS = [
  "/devices?limit=50",
  "/runs?limit=50",
  "/runs?limit=50&status=success&offset=5000",
  "/changes?limit=50",
  "/approvals?status=pending",
  "/devices?search=0007",
] as const;

const mixed: Row = {
  id: "load-api",
  title: "100 requests a second with 100,000 runs stored",
  run: async (bench) => {
    const stored = bench.quick ? 5000 : 100_000;
    return withDevices(bench, { platform: "ios", n: 200, configLines: 100 }, async (_sim, product, names) => {
      await storeEndedRuns(product.database, stored);
      const user = `clerk-${Date.now()}`;
      await product.admin.newUser(user, ["operator"]);
      const headers = { authorization: `Bearer ${product.admin.token()}`, "content-type": "application/json" };
      const ask = async (method: string, path: string, body?: unknown): Promise<number> => {
        const answer = await fetch(`${product.address}/api${path}`, {
          method,
          headers,
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        await answer.arrayBuffer();
        return answer.status;
      };
      const { runs } = await product.admin.get<{ runs: { id: string }[] }>("/runs?limit=100");
      // The first requests of each kind pay for what is prepared once.
      for (const path of READS) await ask("GET", path);
      await stallMs(product);
      const seconds = bench.quick ? 5 : 30;
      const timed = await steadily({ perSecond: 100, seconds }, (n) => {
        if (n % 200 === 0)
          return {
            kind: "login",
            what: "POST /auth/login",
            answer: ask("POST", "/auth/login", { username: user, password: PASSWORD }),
          };
        if (n % 10 === 1) {
          const device = names[n % names.length] ?? "";
          return {
            kind: "write",
            what: "PATCH /devices/{device}",
            answer: ask("PATCH", `/devices/${device}`, { description: `seen ${n}` }),
          };
        }
        const path = n % 3 === 0 ? `/runs/${runs[n % runs.length]?.id ?? ""}` : (READS[n % READS.length] ?? "/devices");
        return { kind: "read", what: path.startsWith("/runs/") ? "/runs/{id}" : path, answer: ask("GET", path) };
      });
      const stall = await stallMs(product);
      const line = `API at 100 requests/s, mixed, ${stored.toLocaleString("en")} runs stored`;
      const bad = timed.filter((each) => each.status !== 200);
      const at = (kind: Timed["kind"], share: number): number | null =>
        percentile(
          timed.filter((each) => each.kind === kind && each.status === 200).map((each) => each.ms),
          share,
        );
      const slowest = [...new Set(timed.filter((each) => each.kind === "read").map((each) => each.what))]
        .map((what) => ({
          what,
          ms:
            percentile(
              timed.filter((each) => each.what === what).map((each) => each.ms),
              0.99,
            ) ?? 0,
        }))
        .toSorted((a, b) => b.ms - a.ms)[0];
      const shown = (name: string, kind: string, share: number, bar: number) =>
        figure({
          line,
          name,
          value: at(kind, share),
          unit: "ms",
          better: "lower",
          bar,
          note: `p50 ${at(kind, 0.5)?.toFixed(1) ?? "?"} ms, ${timed.filter((each) => each.kind === kind).length} of them${kind === "read" ? `, slowest \`${slowest?.what ?? ""}\`` : ""}`,
        });
      return {
        measurements: [],
        notes: [
          "the runs, with their steps and events, were stored by SQL; a request is late from the moment at which it was due",
        ],
        figures: [
          shown("reads, p99", "read", 0.99, 100),
          shown("writes, p99", "write", 0.99, 250),
          shown("sign-ins, p95", "login", 0.95, 1500),
          figure({
            line,
            name: "stall of the API's event loop, p99",
            value: stall,
            unit: "ms",
            better: "lower",
            bar: 50,
          }),
          figure({
            line,
            name: "requests that failed",
            value: bad.length,
            unit: "",
            better: "lower",
            bar: 0,
            note: bad[0] === undefined ? "" : `${bad[0].kind} answered ${bad[0].status}`,
          }),
        ],
      };
    });
  },
};

const LINES = ["interface Loopback96", ...Array.from({ length: 19 }, (_, i) => ` ip helper-address 10.96.0.${i + 1}`)];

const journal: Row = {
  id: "load-journal",
  title: "1,000,000 journal rows, 5,000 devices",
  run: async (bench) => {
    const [rows, devices] = bench.quick ? [20_000, 500] : [1_000_000, 5000];
    const n = 20;
    return withDevices(bench, { platform: "ios", n, configLines: 100 }, async (sim, product, names) => {
      const push = async (): Promise<number> => {
        const change = await askFor(product, `${LINES.length} lines`, names, LINES);
        const began = performance.now();
        await approve(product, change);
        const status = await untilRun(product.database, change.runId, hasEnded, 120);
        if (status !== "success") throw new Error(`the change ended with ${status}`);
        await sim.clear();
        return (performance.now() - began) / 1000;
      };
      await push();
      const before = await push();
      await storeEndedRuns(product.database, bench.quick ? 1000 : 50_000);
      const stored = await storeJournal(product.database, rows);
      await storeDevices(product.database, devices);
      await sleep(3000);
      const after = await push();
      const times: number[] = [];
      for (let i = 0; i < (bench.quick ? 20 : 100); i++) {
        const began = performance.now();
        await product.admin.get(
          `/devices?search=${["rtr-4", "edge-7-", "floor 3", "10.0.12", names[3]][i % 5]}&limit=50`,
        );
        times.push(performance.now() - began);
      }
      const verifying = performance.now();
      const chain = await product.admin.get<AuditVerification>("/audit/verify");
      const verified = (performance.now() - verifying) / 1000;
      await product.database
        .pool`delete from devices where device_type = 'cisco_xe' and name like 'edge-%' and not exists (select 1 from change_devices c where c.device_id = devices.id)`;
      const line = `${stored.toLocaleString("en")} journal rows, ${devices.toLocaleString("en")} devices`;
      return {
        measurements: [],
        notes: ["the journal rows and the devices were stored by SQL"],
        figures: [
          figure({
            line,
            name: "search of devices, p99",
            value: percentile(times, 0.99),
            unit: "ms",
            better: "lower",
            bar: 200,
            note: `p50 ${percentile(times, 0.5)?.toFixed(1)} ms`,
          }),
          figure({
            line,
            name: "check of the audit chain",
            value: chain.ok ? verified : null,
            unit: "s",
            better: "lower",
            bar: 60,
            note: `${chain.checked.toLocaleString("en")} rows${chain.ok ? "" : `, of which ${chain.first_bad?.id} is wrong`}`,
          }),
          figure({
            line,
            name: `a change of ${LINES.length} lines on ${n} devices, over the same with an empty journal`,
            value: after / before,
            unit: "×",
            better: "lower",
            note: `${before.toFixed(2)} s before, ${after.toFixed(2)} s after`,
          }),
        ],
      };
    });
  },
};

export const loadStoredRows: Row[] = [mixed, journal];
