import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Run } from "../../domain/contract/run.ts";
import type { ApiClient } from "../support/api-client.ts";
import { ask, ownDevice, plan, type Asked } from "../support/network.ts";
import { names, startOtlpReceiver, type ReceivedSpan } from "../support/otlp.ts";
import { startProduct, type Product } from "../support/product.ts";

const SECRET = "cnryTraceSecret77";
const LINE = `snmp-server community ${SECRET} RO`;
/** What a page sends with a click: the trace, and the click as its first span. */
const PLAN = { traceId: "a1".repeat(16), spanId: "b1".repeat(8) };
const YES = { traceId: "a2".repeat(16), spanId: "b2".repeat(8) };
const header = ({ traceId, spanId }: typeof PLAN) => ({ traceparent: `00-${traceId}-${spanId}-01` });

let receiver: Awaited<ReturnType<typeof startOtlpReceiver>>;
let product: Product;
let operator: ApiClient;
let asked: Asked;
let run: Run;
let approveRequest: string;
let deviceId: string;

beforeAll(async () => {
  receiver = await startOtlpReceiver();
  product = await startProduct({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint } });
  operator = await product.admin.newUser("olga", ["operator"]);
  deviceId = (await ownDevice(product, "edge-ios", "lab-ams-1")).id;
  asked = await operator.post<Asked>(
    "/changes?wait=30",
    { title: "Traced", targets: [{ device: "edge-ios", lines: [LINE, "ntp server 203.0.113.77"] }] },
    header(PLAN),
  );
  const { approval_id, hash } = await ask(operator, asked);
  const live = await fetch(`${product.address}/api/runs/${asked.run.id}/events`, {
    headers: { authorization: `Bearer ${operator.token()}` },
  });
  const yes = await product.admin.call("POST", `/approvals/${approval_id}/approve`, { hash }, header(YES));
  expect(yes.status, JSON.stringify(yes.body)).toBe(200);
  approveRequest = yes.headers.get("x-request-id") ?? "";
  run = await operator.untilEnded(asked.run.id);
  expect(run.status, JSON.stringify(run.error)).toBe("success");
  await sleep(500);
  await live.body?.cancel();
});
afterAll(async () => {
  await product.stop();
  await receiver.stop();
});

describe("traces", () => {
  const ofTrace = (spans: ReceivedSpan[], { traceId }: typeof PLAN) => spans.filter((s) => s.traceId === traceId);

  test("a click on “plan” is one trace, to the prompt of the device that is read", async () => {
    const wanted = [
      "netstacks-api: POST /api/changes",
      "netstacks-api: write change.create",
      "netstacks-api: start change",
      "netstacks-worker: workflow change",
      "netstacks-worker: activity planDevices",
      "netstacks-worker: device session",
      "netstacks-worker: lines to prompt",
    ];
    const spans = await receiver.until((all) => wanted.every((w) => names(ofTrace(all, PLAN)).includes(w)), 20);
    expectOneTree(ofTrace(spans, PLAN), PLAN.spanId);
  });

  test("a click on “approve” is one trace, to the prompt behind each window of lines", async () => {
    const wanted = [
      "netstacks-api: POST /api/approvals/{id}/approve",
      "netstacks-api: write approval.approve",
      "netstacks-api: signal nudge",
      "netstacks-worker: workflow took nudge",
      "netstacks-worker: activity applyDevice",
      "netstacks-worker: device session",
      "netstacks-worker: journal window",
      "netstacks-worker: lines to prompt",
      "netstacks-worker: activity keepDevice",
      "netstacks-worker: activity finish",
    ];
    const spans = await receiver.until((all) => wanted.every((w) => names(ofTrace(all, YES)).includes(w)), 20);
    const mine = ofTrace(spans, YES);
    expectOneTree(mine, YES.spanId);
    expect(pathTo(mine, "lines to prompt", "activity applyDevice")).toEqual([
      "POST /api/approvals/{id}/approve",
      "signal nudge",
      "workflow took nudge",
      "activity applyDevice",
      "device session",
      "lines to prompt",
    ]);
    const apply = mine.find((s) => s.name === "activity applyDevice");
    expect(apply?.attributes).toMatchObject({ run_id: run.id, device_id: deviceId, attempt: 1 });
    // The journal's row comes first, and of the line its number alone is told.
    const windows = mine.filter((s) => s.name === "journal window");
    expect(windows.length).toBeGreaterThan(0);
    for (const { attributes } of windows) expect(attributes.verdict).toBe("committed");
  });

  test("spans hold no line, no text of a device and no secret", () => {
    const raw = receiver.raw();
    expect(raw).toContain("lines to prompt");
    for (const text of [SECRET, "snmp-server", "203.0.113.77", product.adminPassword, "lab-ams-1#", "edge-ios#"])
      expect(raw).not.toContain(text);
  });
});

describe("logs", () => {
  type Line = Record<string, unknown>;
  const readLines = async (part: string): Promise<Line[]> => {
    const text = await readFile(join(product.dataDir, "logs", `${part}.log`), "utf8");
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        expect(line, `a line of ${part}.log that is no JSON`).toMatch(/^\{.*\}$/);
        return JSON.parse(line) as Line;
      });
  };

  test("every line of every part is JSON, and says when, what and by whom", async () => {
    for (const part of ["api", "worker", "up", "lab"])
      for (const line of await readLines(part)) {
        expect(Date.parse(String(line.time))).not.toBeNaN();
        expect(line).toMatchObject({
          level: expect.any(String),
          part,
          pid: expect.any(Number),
          msg: expect.any(String),
        });
      }
  });

  test("a run is followed by its id, from the request to the device", async () => {
    const api = await readLines("api");
    const told = api.find((l) => l.run_id === run.id && l.request_id === approveRequest);
    expect(told).toMatchObject({ msg: "run told to look at its rows", nudged: true, trace_id: YES.traceId });
    expect(api).toContainEqual(
      expect.objectContaining({ msg: "request", request_id: approveRequest, status: 200, trace_id: YES.traceId }),
    );
    const worker = (await readLines("worker")).filter((l) => l.run_id === run.id);
    const messages = worker.map((l) => `${String(l.activity)}: ${String(l.msg)}`);
    for (const activity of ["planDevices", "checkDevices", "applyDevice", "verifyDevice", "keepDevice"])
      expect(messages).toContain(`${activity}: activity done`);
    expect(worker).toContainEqual(
      expect.objectContaining({ activity: "applyDevice", device_id: deviceId, msg: "activity done", status: "done" }),
    );
    // One login serves the whole change.
    expect(worker).toContainEqual(expect.objectContaining({ device: "edge-ios", msg: "session opened" }));
    expect(JSON.stringify([api, worker])).not.toContain(SECRET);
  });

  test("a part that is killed and started again is told in the supervisor's log", async () => {
    const pid = await product.kill("worker");
    for (const end = Date.now() + 20_000; Date.now() < end; await sleep(200))
      if ((await readLines("up")).some((l) => String(l.msg).startsWith("worker runs again"))) break;
    const lines = (await readLines("up")).map((l) => String(l.msg));
    expect(lines).toContainEqual(expect.stringMatching(/^worker was ended by SIGKILL; it is started again/));
    expect(lines).toContainEqual(expect.stringMatching(/^worker runs again \(pid \d+\)/));
    expect(await product.pid("worker")).not.toBe(pid);
  });
});

describe("metrics", () => {
  const scrape = async () => (await fetch(`${product.address}/metrics`)).text();

  test("one scrape covers API, workers, sessions, journal and what waits", async () => {
    await plan(operator, { title: "Measured", targets: [{ device: "lab-ams-2", lines: ["ntp server 203.0.113.78"] }] });
    let text = "";
    for (
      const end = Date.now() + 30_000;
      Date.now() < end && !/activity="planDevices",outcome="done"} [1-9]/.test(text);
    )
      await sleep(500).then(async () => (text = await scrape()));
    for (const sample of [
      /^http_request_duration_seconds_count\{method="POST",route="\/api\/changes",status="202"\} 2$/m,
      /^process_cpu_seconds_total /m,
      /^netstacks_worker_process_cpu_seconds_total\{worker="[^"]+"\} /m,
      /^netstacks_engine_up\{engine="postgres"\} 1$/m,
      /^netstacks_engine_up\{engine="temporal"\} 1$/m,
      /^netstacks_task_queue_backlog\{kind="workflow"\} \d/m,
      /^netstacks_task_queue_oldest_seconds\{kind="activity"\} \d/m,
      /^netstacks_task_queue_pollers\{kind="activity"\} [1-9]/m,
      /^netstacks_runs\{kind="change",status="success"\} 1$/m,
      /^netstacks_waiting\{what="approval"\} 0$/m,
      /^netstacks_waiting_oldest_seconds\{what="audit_seal"\} \d/m,
      /^netstacks_waiting_oldest_seconds\{what="run_start"\} 0$/m,
      /^netstacks_event_lag_seconds_count [1-9]/m,
      /^netstacks_sessions_open\{purpose="read",worker="[^"]+"\} \d/m,
      /^netstacks_session_open_seconds_count\{worker="[^"]+",purpose="read"\} [1-9]/m,
      /^netstacks_journal_rows_total\{worker="[^"]+"\} \d/m,
      /^netstacks_journal_commit_seconds_count\{worker="[^"]+"\} \d/m,
      /^netstacks_activity_seconds_count\{worker="[^"]+",activity="planDevices",outcome="done"\} [1-9]/m,
      /^netstacks_activities_in_flight\{activity="planDevices",worker="[^"]+"\} 0$/m,
    ])
      expect(text).toMatch(sample);
    expect(text).not.toContain(run.id);
    expect(text).not.toContain("edge-ios");
  });

  test("what Prometheus refuses is not there: no metric has two heads, no sample comes twice", async () => {
    const lines = (await scrape()).split("\n");
    const heads = lines.filter((l) => l.startsWith("# TYPE "));
    expect(heads.length).toBeGreaterThan(40);
    expect(heads.filter((l, i) => heads.indexOf(l) !== i)).toEqual([]);
    const samples = lines.filter((l) => l !== "" && !l.startsWith("#")).map((l) => l.slice(0, l.lastIndexOf(" ")));
    expect(new Set(samples).size).toBe(samples.length);
    for (const line of lines) expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|[a-zA-Z_:][\w:]*(\{.*\})? \S+|)$/);
  });
});

/** Every span hangs below another one of its trace, and the first below the click. */
function expectOneTree(spans: ReceivedSpan[], click: string): void {
  const known = new Set([click, ...spans.map((s) => s.spanId)]);
  expect(spans.filter((s) => !known.has(s.parentSpanId)).map((s) => s.name)).toEqual([]);
  expect(new Set(spans.map((s) => s.spanId)).size).toBe(spans.length);
}

/** From the first span to one named `name` that lies below one named `below`. */
function pathTo(spans: ReceivedSpan[], name: string, below: string): string[] {
  const paths = spans
    .filter((s) => s.name === name)
    .map((span) => {
      const path: string[] = [];
      for (let at: ReceivedSpan | undefined = span; at; at = spans.find((s) => s.spanId === at?.parentSpanId))
        path.unshift(at.name);
      return path;
    });
  return paths.find((path) => path.includes(below)) ?? [];
}
