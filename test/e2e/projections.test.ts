import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Run } from "../../domain/contract/run.ts";
import { openPool } from "../../db/client.ts";
import type { ApiClient } from "../support/api-client.ts";
import { databaseUrlOf } from "../support/leak-places.ts";
import { ask, carryOut, ownDevice, plan } from "../support/network.ts";
import { startProduct, type Product } from "../support/product.ts";

const NETSTACKS = fileURLToPath(new URL("../../cli/netstacks.ts", import.meta.url));

let product: Product;
let operator: ApiClient;
beforeAll(async () => {
  product = await startProduct();
  operator = await product.admin.newUser("olga", ["operator"]);
  await ownDevice(product, "edge-ios", "lab-ams-1");
  await ownDevice(product, "edge-junos", "lab-ams-3");
});
afterAll(() => product.stop());

/** `netstacks rebuild-projections`, as an operator types it beside a running NetStacks. */
async function rebuild(): Promise<{ runs: number; mended: string[]; digest: string }> {
  const env = { ...process.env, NETSTACKS_DATA_DIR: product.dataDir };
  const { stdout } = await promisify(execFile)(process.execPath, [NETSTACKS, "rebuild-projections"], { env });
  return {
    runs: Number(/^(\d+) runs? folded/m.exec(stdout)?.[1]),
    mended: [...stdout.matchAll(/^ {2}mended (\S+)/gm)].map((m) => m[1] ?? ""),
    digest: /^digest ([0-9a-f]{64})$/m.exec(stdout)?.[1] ?? stdout,
  };
}

test("after runs of every kind, projections that are dropped and folded again have the same digest, also while a run goes on", async () => {
  const { admin, lab } = product;
  const lines = (n: number) => [`ntp server 203.0.113.${n}`];
  const ends: Record<string, string> = {};
  const end = (run: Run) => (ends[run.status] = run.id);

  end(
    (
      await carryOut(operator, admin, {
        title: "kept",
        targets: [{ device: "edge-junos", lines: ["set system ntp server 203.0.113.90"] }],
      })
    ).run,
  );
  await lab.addFault("lab-ams-1", { kind: "refused_line", match: "203.0.113.91" });
  const both = [
    { device: "edge-ios", lines: [...lines(90), ...lines(91)] },
    { device: "edge-junos", lines: ["set system ntp server 203.0.113.91"] },
  ];
  end((await carryOut(operator, admin, { title: "rolled back", targets: both })).run);
  await lab.clearFaults("lab-ams-1");
  const dropped = await plan(operator, { title: "cancelled", targets: [{ device: "edge-ios", lines: lines(92) }] });
  await operator.post(`/changes/${dropped.change.id}/cancel`, { reason: "no longer wanted" });
  end(await operator.untilEnded(dropped.run.id));
  const said = await ask(
    operator,
    await plan(operator, { title: "rejected", targets: [{ device: "edge-ios", lines: lines(93) }] }),
  );
  await admin.post(`/approvals/${said.approval_id}/reject`, { reason: "no" });
  end(await operator.untilEnded(said.run_id));
  expect(Object.keys(ends)).toEqual(expect.arrayContaining(["success", "rolled_back", "cancelled"]));

  // One that waits for a person, with a line in doubt.
  const cut = await plan(operator, {
    title: "cut",
    targets: [{ device: "edge-ios", lines: [...lines(94), ...lines(95), ...lines(96)] }],
  });
  const cutAsked = await ask(operator, cut);
  await lab.addFault("lab-ams-1", { kind: "cut_at_line", line: 2, phase: "before_prompt", once: true });
  await admin.post(`/approvals/${cutAsked.approval_id}/approve`, { hash: cutAsked.hash });
  await operator.untilRun(cut.run.id, (run) => run.status === "interrupted");

  const before = await rebuild();
  expect(before).toMatchObject({ mended: [] });
  const shown = await everyRun();
  const pool = openPool(await databaseUrlOf(product), { max: 1 });
  try {
    await pool`truncate run_steps`;
    await pool`update runs set status = 'pending', message = null, started_at = null, completed_at = null, error = null`;
  } finally {
    await pool.end();
  }
  expect(await everyRun()).not.toEqual(shown);
  const after = await rebuild();
  expect(after.mended).toHaveLength(before.runs);
  expect(after.digest).toBe(before.digest);
  expect(await everyRun()).toEqual(shown);

  // While lines are being sent: nothing is lost, and the run ends as it should.
  await lab.addFault("lab-ams-1", { kind: "slow_line", delay_ms: 200 });
  await operator.post(`/runs/${cut.run.id}/resume`, { device: "edge-ios", choice: "verify" });
  let folds = 0;
  let going = true;
  const ended = operator.untilEnded(cut.run.id).finally(() => (going = false));
  for (; going; folds += 1) expect((await rebuild()).mended).toEqual([]);
  expect(folds).toBeGreaterThan(1);
  expect((await ended).status).toBe("success");
  expect((await rebuild()).mended).toEqual([]);
}, 240_000);

async function everyRun(): Promise<Run[]> {
  const { runs } = await product.admin.get<{ runs: Run[] }>("/runs?limit=100");
  return Promise.all(runs.map(async ({ id }) => (await product.admin.get<{ run: Run }>(`/runs/${id}`)).run));
}
