import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, Connection } from "@temporalio/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ENDED, type Run } from "../../domain/contract/run.ts";
import { ask, plan } from "../support/network.ts";
import { bundleFile, otherBuild } from "../support/other-build.ts";
import { startProduct, type Product } from "../support/product.ts";

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product.stop());

/** What a deployment does: other workflow code, and the worker that ran the old one ends. */
async function deploy(code: string): Promise<void> {
  await writeFile(await bundleFile(product.dataDir), code);
  const old = await product.kill("worker");
  await expect.poll(() => product.pid("worker"), { timeout: 60_000 }).not.toBe(old);
}

async function asked(title: string, device: string, lines: string[]): Promise<{ run: Run; approvalId: string }> {
  const planned = await plan(product.admin, { title, targets: [{ device, lines }], on_interrupted: "ask" });
  const { approval_id } = await ask(product.admin, planned);
  return { run: planned.run, approvalId: approval_id ?? "" };
}
const approve = (id: string): Promise<unknown> => product.admin.post(`/approvals/${id}/approve`, {});
const eightLines = (mark: number): string[] => Array.from({ length: 8 }, (_, i) => `ntp server 10.88.${mark}.${i + 1}`);

/** Names of the patches that a run's history has a marker of. */
async function patchesOf(runId: string): Promise<number> {
  const { address } = JSON.parse(await readFile(join(product.dataDir, "run", "temporal.json"), "utf8")) as {
    address: string;
  };
  const connection = await Connection.connect({ address });
  try {
    const history = await new Client({ connection }).workflow.getHandle(runId).fetchHistory();
    return (history.events ?? []).filter((e) => e.markerRecordedEventAttributes?.markerName === "core_patch").length;
  } finally {
    await connection.close();
  }
}

test("runs that wait for approval, are paused, or ask, begun by one build, are finished by another", async () => {
  const waiting = await asked("parked: waits", "lab-ams-1", eightLines(1));
  const paused = await asked("parked: paused", "lab-fra-1", eightLines(2));
  const asking = await asked("parked: asks", "lab-lon-1", eightLines(3));
  await product.lab.addFault("lab-fra-1", { kind: "slow_line", delay_ms: 400 });
  await product.lab.addFault("lab-lon-1", { kind: "cut_at_line", line: 4, phase: "before_prompt", once: true });
  await Promise.all([approve(paused.approvalId), approve(asking.approvalId)]);
  await product.admin.untilRun(paused.run.id, (r) => r.steps.some((s) => s.id === "apply" && s.status === "running"));
  await product.admin.post(`/runs/${paused.run.id}/pause`, {});
  await product.admin.untilRun(paused.run.id, (r) => r.status === "paused");
  await product.admin.untilRun(asking.run.id, (r) => r.status === "interrupted");
  await product.lab.clearFaults("lab-fra-1");

  const first = `await records.beginApply(input);`;
  await deploy(
    await otherBuild([
      {
        file: "carry-out.ts",
        from: `from "@temporalio/workflow";`,
        to: `from "@temporalio/workflow";\nimport { patched } from "@temporalio/workflow";`,
      },
      {
        file: "carry-out.ts",
        from: `const begun = ${first}`,
        to: `if (patched("looks-twice")) await records.loadControls(input);\n  const begun = ${first}`,
      },
    ]),
  );

  await approve(waiting.approvalId);
  await product.admin.post(`/runs/${paused.run.id}/resume`, {});
  // Whoever answers while workers change over is asked to repeat it.
  const answered = (): Promise<number> =>
    product.admin
      .call("POST", `/runs/${asking.run.id}/resume`, { device: "lab-lon-1", choice: "verify" })
      .then((answer) => answer.status);
  await expect.poll(answered, { timeout: 60_000, interval: 1_000 }).toSatisfy((s) => s === 200 || s === 409);
  for (const { run } of [waiting, paused, asking])
    expect(await product.admin.untilEnded(run.id, 90)).toMatchObject({ status: "success", title: run.title });
  // Where the changed place was still ahead, the new build went its way; where it lay behind, the old one's way holds.
  expect(await patchesOf(waiting.run.id)).toBe(1);
  expect(await patchesOf(paused.run.id)).toBe(0);
  expect(await patchesOf(asking.run.id)).toBe(0);
}, 240_000);

test("a build that throws stops runs where they stand, and with the next build all of them go on", async () => {
  const good = await readFile(await bundleFile(product.dataDir), "utf8");
  const routers = (await product.lab.routers()).filter((r) => r.device_type === "cisco_ios").map((r) => r.name);
  const parked = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      asked(`thrown ${n}`, routers[n % routers.length] ?? "", [`ntp server 10.89.${n}.1`]),
    ),
  );
  await deploy(
    await otherBuild([
      {
        file: "change.ts",
        from: "const inbox = openInbox();",
        to: `if (input.runId !== "") throw new TypeError("a fault of this build");\n  const inbox = openInbox();`,
      },
    ]),
  );
  await Promise.all(parked.map(({ approvalId }) => approve(approvalId)));
  await sleep(8_000);
  const runs = await Promise.all(parked.map(({ run }) => product.admin.get<{ run: Run }>(`/runs/${run.id}`)));
  expect(runs.filter(({ run }) => ENDED.includes(run.status))).toEqual([]);

  await deploy(good);
  const ended = await Promise.all(parked.map(({ run }) => product.admin.untilEnded(run.id, 120)));
  // They share three routers: one change makes the next one's plan stale only where lines meet, and these do not.
  expect(ended.map((r) => r.status)).toEqual(parked.map(() => "success"));
}, 300_000);
