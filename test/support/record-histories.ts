import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client, Connection } from "@temporalio/client";
import proto from "@temporalio/proto";
import type { StackDeploy } from "../../domain/contract/stack.ts";
import { HISTORY_KEY } from "./history-key.ts";
import { ask, carryOut, ownDevice, plan } from "./network.ts";
import { startProduct } from "./product.ts";

/**
 * Records one history of each way that a workflow can go, into test/histories/: `node test/support/record-histories.ts`.
 * What is there stays as it was recorded; a change of workflow code that needs new ones adds them beside the old.
 */
const FOLDER = fileURLToPath(new URL("../histories/", import.meta.url));
const VERSION = "0.1.0";
const { History } = proto.temporal.api.history.v1;

const product = await startProduct({ env: { NETSTACKS_MASTER_KEY: HISTORY_KEY } });
try {
  const operator = await product.admin.newUser("olga", ["operator"]);
  const approver = await product.admin.newUser("adam", ["approver"]);
  await ownDevice(product, "edge-ios", "lab-ams-1");
  await ownDevice(product, "edge-junos", "lab-ams-3");
  const runs: Record<string, string> = {};
  const both = (server: string) => [
    { device: "edge-ios", lines: [`ntp server ${server}`] },
    { device: "edge-junos", lines: [`set system ntp server ${server}`] },
  ];
  const loopback = (n: number) => [
    `interface Loopback${n}`,
    ...Array.from({ length: 8 }, (_, i) => ` ip helper-address 192.0.2.${i + 1}`),
  ];

  runs.kept = (await carryOut(operator, approver, { title: "kept", targets: both("203.0.113.51") })).run.id;

  const rejected = await plan(operator, { title: "rejected", targets: both("203.0.113.52") });
  const rejectedAsk = await ask(operator, rejected);
  await operator.post(`/changes/${rejected.change.id}/replan?wait=20`, { title: "rejected, planned again" });
  await ask(operator, { ...rejected, change: await operator.untilChange(rejected.change.id, ["draft"]) });
  const { change } = await operator.get<{ change: { approval_id: string } }>(`/changes/${rejected.change.id}`);
  await approver.post(`/approvals/${change.approval_id}/reject`, { reason: "no" });
  if (rejectedAsk.approval_id === change.approval_id) throw new Error("planning again must open another approval");
  runs.rejected = (await operator.untilEnded(rejected.run.id)).id;

  await product.lab.addFault("lab-ams-1", { kind: "refused_line", match: "203.0.113.53" });
  runs.rolled_back = (
    await carryOut(operator, approver, { title: "rolled back", targets: both("203.0.113.53") })
  ).run.id;
  await product.lab.clearFaults("lab-ams-1");

  for (const choice of ["verify", "rollback", "skip"] as const) {
    const cut = await plan(operator, {
      title: `cut, ${choice}`,
      targets: [{ device: "edge-ios", lines: loopback(600 + choice.length) }],
    });
    const asked = await ask(operator, cut);
    await product.lab.addFault("lab-ams-1", { kind: "cut_at_line", line: 4, phase: "before_prompt", once: true });
    await approver.post(`/approvals/${asked.approval_id}/approve`, {});
    await operator.untilRun(cut.run.id, (run) => run.status === "interrupted");
    await operator.post(`/runs/${cut.run.id}/resume`, { device: "edge-ios", choice });
    runs[`cut_${choice}`] = (await operator.untilEnded(cut.run.id)).id;
  }

  await product.lab.addFault("lab-ams-1", { kind: "slow_line", delay_ms: 150 });
  const paused = await plan(operator, { title: "paused", targets: [{ device: "edge-ios", lines: loopback(650) }] });
  const pausedAsk = await ask(operator, paused);
  await approver.post(`/approvals/${pausedAsk.approval_id}/approve`, {});
  await operator.untilRun(paused.run.id, (run) => run.steps.some((s) => s.id === "apply"));
  await operator.post(`/runs/${paused.run.id}/pause`, {});
  await operator.untilRun(paused.run.id, (run) => run.status === "paused");
  await operator.post(`/runs/${paused.run.id}/resume`, {});
  runs.paused = (await operator.untilEnded(paused.run.id)).id;
  await product.lab.clearFaults("lab-ams-1");

  for (const [name, content] of Object.entries({
    first: "ntp server 203.0.113.61",
    second: "{% if broken %}bogus words{% else %}ntp server 203.0.113.62{% endif %}",
  }))
    await operator.post("/templates", { name, content });
  const stack = async (name: string, variables: Record<string, unknown>) => {
    await operator.post("/stacks", {
      name,
      shared_variables: variables,
      services: [
        { name: "first", template: "first", devices: ["edge-ios"] },
        { name: "second", template: "second", devices: ["edge-ios"], depends_on: ["first"] },
      ],
    });
    const { deploy } = await operator.post<{ deploy: StackDeploy }>(`/stacks/${name}/deploy`);
    const { approval_id } = await operator.untilRun(deploy.run_id, (run) => run.status === "waiting_approval");
    await approver.post(`/approvals/${approval_id}/approve`, {});
    await operator.untilEnded(deploy.run_id);
    return { deploy: deploy.run_id, first: deploy.services[0]?.run_id ?? "" };
  };
  const undone = await stack("undone", { broken: true });
  const deployed = await stack("deployed", { broken: false });
  runs.held_undo = undone.first;
  runs.held_stay = deployed.first;

  const { address } = JSON.parse(await readFile(join(product.dataDir, "run", "temporal.json"), "utf8")) as {
    address: string;
  };
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });
  const recorded = Object.entries(runs).map(([way, id]) => ({ name: `change-${VERSION}-${way}`, id }));
  recorded.push({ name: `stackDeploy-${VERSION}-deployed`, id: deployed.deploy });
  recorded.push({ name: `stackDeploy-${VERSION}-rolled_back`, id: undone.deploy });

  await operator.post("/devices/edge-ios/test");
  await operator.get("/devices/edge-ios/config");
  await operator.post("/devices/edge-ios/record");
  await operator.post("/devices/edge-ios/show", { command: "show version" });
  for (const type of ["testDevices", "readConfig", "recordDevice", "readCommand"]) {
    const found = client.workflow.list({ query: `WorkflowType = "${type}"`, pageSize: 1 });
    const one = await found[Symbol.asyncIterator]().next();
    if (one.done) throw new Error(`no workflow ${type} was run`);
    recorded.push({ name: `${type}-${VERSION}-done`, id: one.value.workflowId });
  }

  const backup = await operator.post<{ run: { id: string } }>("/config-backups/run-all", { title: "all" });
  await operator.untilEnded(backup.run.id);
  recorded.push({ name: `backupFleet-${VERSION}-done`, id: backup.run.id });
  for (const router of await product.lab.routers())
    await product.lab.addFault(router.name, { kind: "slow_line", delay_ms: 1500 });
  const held = await operator.post<{ run: { id: string } }>("/config-backups/run-all", {
    title: "paused, then cancelled",
  });
  await operator.post(`/runs/${held.run.id}/pause`, {});
  await operator.untilRun(held.run.id, (run) => run.status === "paused");
  await operator.post(`/runs/${held.run.id}/cancel`, {});
  await operator.untilEnded(held.run.id);
  recorded.push({ name: `backupFleet-${VERSION}-cancelled`, id: held.run.id });

  await mkdir(FOLDER, { recursive: true });
  for (const { name, id } of recorded) {
    const file = join(FOLDER, `${name}.bin`);
    if (existsSync(file)) continue;
    const history = await client.workflow.getHandle(id).fetchHistory();
    await writeFile(file, History.encode(history).finish());
    console.log(`${name}: ${history.events?.length ?? 0} events`);
  }
  await connection.close();
} finally {
  await product.stop();
}
