import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, Connection } from "@temporalio/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Change } from "../../domain/contract/change.ts";
import { DECIDE, NUDGE, TASK_QUEUE, type DecideInput } from "../../domain/contract/messages.ts";
import type { Run } from "../../domain/contract/run.ts";
import { openPool } from "../../db/client.ts";
import { loadMasterKey } from "../../system/master-key.ts";
import { payloadCodec } from "../../system/payload-codec.ts";
import { openVault } from "../../system/vault.ts";
import type { ApiClient } from "../support/api-client.ts";
import { ask, ownDevice, plan } from "../support/network.ts";
import { startProduct, type Product } from "../support/product.ts";

let product: Product;
let operator: ApiClient;
let approver: ApiClient;
const targets = (server: string) => [{ device: "edge-ios", lines: [`ntp server ${server}`] }];
const runFile = async (part: string) =>
  JSON.parse(await readFile(join(product.dataDir, "run", `${part}.json`), "utf8")) as { address: string };
const configLines = async (since: number) =>
  (await product.lab.ledger("lab-ams-1", since)).filter((e) => e.kind === "config");
const lastSeq = async () => (await product.lab.ledger("lab-ams-1")).at(-1)?.seq ?? 0;

beforeAll(async () => {
  product = await startProduct();
  operator = await product.admin.newUser("olga", ["operator"]);
  approver = await product.admin.newUser("adam", ["approver"]);
  await ownDevice(product, "edge-ios", "lab-ams-1");
});
afterAll(() => product.stop());

/** A client on the engine's port, as whoever reaches that port has one; it even holds the payload key. */
async function forger() {
  const vault = openVault(await loadMasterKey({ dataDir: product.dataDir, masterKey: undefined }));
  const connection = await Connection.connect({ address: (await runFile("temporal")).address });
  return {
    connection,
    vault,
    client: new Client({ connection, dataConverter: { payloadCodecs: [payloadCodec(vault)] } }),
  };
}

test("a forged signal, start or second workflow on the engine's port sends nothing", async () => {
  const planned = await plan(operator, { title: "Forged", targets: targets("203.0.113.21") });
  const asked = await ask(operator, planned);
  const since = await lastSeq();
  const { client, connection } = await forger();
  const input = { runId: planned.run.id, changeId: planned.change.id };
  for (let i = 0; i < 5; i += 1) await client.workflow.getHandle(planned.run.id).signal(NUDGE);
  const forged = await client.workflow.start("change", {
    taskQueue: TASK_QUEUE,
    workflowId: `forged-${randomUUID()}`,
    args: [input],
  });
  // The activities themselves, from a workflow of somebody's own choosing, are refused too.
  await sleep(4000);
  await forged.terminate("end of the test").catch(() => undefined);
  expect(await configLines(since)).toEqual([]);
  const { approval } = await operator.get<{ approval: { status: string } }>(`/approvals/${asked.approval_id}`);
  expect(approval.status).toBe("pending");
  await connection.close();
});

test("a forged choice for an interrupted device is not followed; a real one is, once", async () => {
  const planned = await plan(operator, {
    title: "Forged choice",
    targets: [
      { device: "edge-ios", lines: ["ntp server 203.0.113.31", "ntp server 203.0.113.32", "ntp server 203.0.113.33"] },
    ],
  });
  const asked = await ask(operator, planned);
  await product.lab.addFault("lab-ams-1", { kind: "cut_at_line", line: 2, phase: "before_prompt", once: true });
  await approver.post(`/approvals/${asked.approval_id}/approve`, {});
  await operator.untilRun(planned.run.id, (run) => run.status === "interrupted");
  const since = await lastSeq();
  const { client, connection } = await forger();
  const forge = (choice: DecideInput) =>
    client.workflow.getHandle(planned.run.id).executeUpdate(DECIDE, { args: [choice] });
  const made = { device: "edge-ios", choice: "retry", actor: "olga", reason: null } as const;
  await forge(made);
  await forge({ ...made, requestId: randomUUID() });
  // Of a real request of the same person, about something else.
  const other = await operator.call("POST", `/runs/${planned.run.id}/pause`, {});
  await forge({ ...made, requestId: other.headers.get("x-request-id") ?? "" });
  await operator.post(`/runs/${planned.run.id}/resume`, {});
  await sleep(3000);
  expect((await operator.get<{ run: Run }>(`/runs/${planned.run.id}`)).run.status).toBe("interrupted");
  expect(await configLines(since)).toEqual([]);

  await operator.post(`/runs/${planned.run.id}/resume`, { device: "edge-ios", choice: "verify" });
  expect((await operator.untilEnded(planned.run.id)).status).toBe("success");
  await connection.close();
});

test("a cancel on the engine's port, past the service, does not leave a run behind that holds its devices", async () => {
  const planned = await plan(operator, { title: "Cancelled past us", targets: targets("203.0.113.27") });
  const asked = await ask(operator, planned);
  const { client, connection } = await forger();
  await client.workflow.getHandle(planned.run.id).cancel();
  await approver.post(`/approvals/${asked.approval_id}/approve`, { hash: planned.change.hash });
  expect((await operator.untilEnded(planned.run.id, 60)).status).toBe("success");
  await connection.close();
});

test("an approval row that was edited past the service sends nothing", async () => {
  const planned = await plan(operator, { title: "Row edited", targets: targets("203.0.113.22") });
  const asked = await ask(operator, planned);
  const since = await lastSeq();
  const pool = openPool(await databaseUrl(), { max: 1 });
  try {
    await pool`update approvals set status = 'approved', valid_until = now() + interval '1 hour', decided_at = now() where id = ${asked.approval_id}`;
    await pool`update changes set status = 'approved' where id = ${planned.change.id}`;
  } finally {
    await pool.end();
  }
  const { client, connection } = await forger();
  await client.workflow.getHandle(planned.run.id).signal(NUDGE);
  const run = await operator.untilEnded(planned.run.id, 60);
  expect(run.status).toBe("failed");
  expect(await configLines(since)).toEqual([]);
  await connection.close();
});

async function databaseUrl(): Promise<string> {
  const pid = await product.pid("api");
  const environment = (await readFile(`/proc/${pid}/environ`, "utf8")).split("\0");
  return environment.find((e) => e.startsWith("DATABASE_URL="))?.slice("DATABASE_URL=".length) ?? "";
}

test("approving works while the workflow engine is down, and the run hears of it afterwards", async () => {
  const planned = await plan(operator, { title: "Engine away", targets: targets("203.0.113.23") });
  const asked = await ask(operator, planned);
  const temporal = await product.pid("temporal");
  process.kill(temporal, "SIGSTOP");
  const answer = await approver.call("POST", `/approvals/${asked.approval_id}/approve`, { hash: planned.change.hash });
  process.kill(temporal, "SIGCONT");
  expect(answer.status).toBe(200);
  expect(answer.data.approval).toMatchObject({ status: "approved", run_nudged: false });
  expect((await operator.untilEnded(planned.run.id)).status).toBe("success");
});

test(
  "1,000 posts with one Idempotency-Key, 50 at a time, the API killed twice: one change; another body is refused",
  { timeout: 240_000 },
  async () => {
    const key = randomUUID();
    const body = { title: "Once", targets: targets("203.0.113.24") };
    const post = async (): Promise<string> => {
      for (;;) {
        const answer = await operator.call("POST", "/changes", body, { "idempotency-key": key }).catch(() => undefined);
        if (answer?.status === 202) return (answer.data.change as unknown as Change).id;
        if (answer && answer.status < 500 && answer.status !== 429 && answer.status !== 401)
          throw new Error(JSON.stringify(answer.body));
        await sleep(100);
      }
    };
    const ids: string[] = [];
    let left = 1000;
    const kills = [sleep(500).then(() => product.kill("api")), sleep(5000).then(() => product.kill("api"))];
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        while (left-- > 0) ids.push(await post());
      }),
    );
    await Promise.all(kills);
    expect(new Set(ids).size).toBe(1);
    expect(ids).toHaveLength(1000);
    const { changes } = await operator.get<{ changes: Change[] }>("/changes?search=Once");
    expect(changes).toHaveLength(1);
    const other = await operator.call("POST", "/changes", { ...body, title: "Twice" }, { "idempotency-key": key });
    expect(other).toMatchObject({ status: 409, code: "idempotency_conflict" });
  },
);

test("two runs never hold one device at once: the second waits for the first", async () => {
  const planned = await Promise.all(
    ["203.0.113.25", "203.0.113.26"].map((s) => plan(operator, { title: `Queue ${s}`, targets: targets(s) })),
  );
  await product.lab.addFault("lab-ams-1", { kind: "slow_line", delay_ms: 100 });
  const asked = await Promise.all(planned.map((p) => ask(operator, p)));
  await Promise.all(asked.map((a) => approver.post(`/approvals/${a.approval_id}/approve`, {})));
  const runs: Run[] = await Promise.all(planned.map((p) => operator.untilEnded(p.run.id)));
  await product.lab.clearFaults("lab-ams-1");
  expect(
    runs.map((r) => r.status),
    JSON.stringify(runs, null, 1),
  ).toEqual(["success", "success"]);
  const { running } = await product.lab.running("lab-ams-1");
  expect(running).toContain("203.0.113.25");
  expect(running).toContain("203.0.113.26");
});

test("a run whose workflow was terminated in the engine ends as failed, and lets go of its device", async () => {
  const planned = await plan(operator, { title: "Terminated", targets: targets("203.0.113.29") });
  const asked = await ask(operator, planned);
  await product.lab.addFault("lab-ams-1", { kind: "cut_at_line", line: 1, phase: "before_prompt", once: true });
  await approver.post(`/approvals/${asked.approval_id}/approve`, {});
  await operator.untilRun(planned.run.id, (r) => r.status === "interrupted");
  const { client, connection } = await forger();
  await client.workflow.getHandle(planned.run.id).terminate("by hand");
  await connection.close();
  const run = await operator.untilEnded(planned.run.id, 90);
  expect(run).toMatchObject({ status: "failed", error: { code: "engine_lost" } });
  const { device } = await operator.get<{ device: { held_by: unknown } }>("/devices/edge-ios");
  expect(device.held_by).toBeNull();
});
