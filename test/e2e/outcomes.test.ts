import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Approval } from "../../domain/contract/approval.ts";
import type { Change } from "../../domain/contract/change.ts";
import type { JournalLine, Run } from "../../domain/contract/run.ts";
import type { ApiClient } from "../support/api-client.ts";
import { ask, carryOut, ownDevice, plan } from "../support/network.ts";
import { startProduct, type Product } from "../support/product.ts";

// What a run says of itself, in the corners: it never waits for what cannot come, and never says what is not so.
let product: Product;
let operator: ApiClient;
let approver: ApiClient;
const ROUTERS = { "one-ios": "lab-ams-1", "two-ios": "lab-fra-1", "one-junos": "lab-ams-3" };
const [IOS, IOS2, JUNOS] = ["lab-ams-1", "lab-fra-1", "lab-ams-3"] as const;
const holds = async (router: string, text: string) => (await product.lab.running(router)).running.includes(text);
const sentSince = async (router: string) => {
  const since = (await product.lab.ledger(router)).at(-1)?.seq ?? 0;
  return async (text: string) =>
    (await product.lab.ledger(router, since)).filter((e) => e.kind === "config" && e.line.includes(text)).length;
};
const getRun = async (id: string) => (await operator.get<{ run: Run }>(`/runs/${id}`)).run;
const getChange = async (id: string) => (await operator.get<{ change: Change }>(`/changes/${id}`)).change;
const step = (run: Run, id: string, device: string | null = null) =>
  run.steps.find((s) => s.id === id && s.device === device);
const ntp = (server: string, ...devices: string[]) =>
  devices.map((device) => ({
    device,
    lines: [device.endsWith("junos") ? `set system ntp server ${server}` : `ntp server ${server}`],
  }));
const loopback = (n: number, lines: number) => [
  {
    device: "one-ios",
    lines: [
      `interface Loopback${n}`,
      ...Array.from({ length: lines }, (_, i) => ` ip helper-address 198.51.100.${i + 1}`),
    ],
  },
];
/** Planned, asked for; `yes` approves it. */
async function asked(body: Record<string, unknown>) {
  const planned = await plan(operator, body);
  const change = await ask(operator, planned);
  return {
    changeId: change.id,
    runId: planned.run.id,
    approvalId: change.approval_id,
    yes: () => approver.post(`/approvals/${change.approval_id}/approve`, {}),
  };
}

beforeAll(async () => {
  product = await startProduct();
  operator = await product.admin.newUser("olga", ["operator"]);
  approver = await product.admin.newUser("adam", ["approver"]);
  for (const [name, router] of Object.entries(ROUTERS)) await ownDevice(product, name, router);
});
afterEach(async () => {
  for (const router of Object.values(ROUTERS)) await product.lab.clearFaults(router);
});
afterAll(() => product.stop());

describe("asking and deciding", () => {
  test("a change that cannot be asked for ends and says why, instead of planning for ever", async () => {
    const { run, change } = await operator.post<{ run: Run; change: Change }>("/changes", {
      title: "Too late",
      targets: ntp("198.18.1.1", "one-ios"),
      window: { from: "2020-01-01T00:00:00Z", to: "2020-01-02T00:00:00Z" },
      request_approval: true,
    });
    expect(await operator.untilEnded(run.id, 30)).toMatchObject({ status: "failed", error: { code: "window_over" } });
    expect((await getChange(change.id)).status).toBe("failed");
  });

  test("revoked, asked for again and approved: run and step say at each time what is so", async () => {
    const from = new Date(Date.now() + 3_600_000).toISOString();
    const g = await asked({
      title: "Twice asked",
      targets: ntp("198.18.1.2", "one-ios"),
      window: { from, to: "2090-01-01T00:00:00Z" },
    });
    await g.yes();
    const waits = await operator.untilRun(g.runId, (r) => r.message?.includes(from) ?? false, 20);
    expect(waits.status).toBe("pending");
    await approver.post(`/approvals/${g.approvalId}/revoke`, {});
    expect(await getRun(g.runId)).toMatchObject({ status: "pending", message: expect.stringContaining("revoked") });
    const again = await ask(operator, { change: await getChange(g.changeId), run: await getRun(g.runId) });
    expect(step(await getRun(g.runId), "approve")?.status).toBe("waiting_approval");
    await approver.post(`/approvals/${again.approval_id}/approve`, {});
    expect(step(await getRun(g.runId), "approve")?.status).toBe("success");
    await operator.post(`/changes/${g.changeId}/cancel`, {});
    await operator.untilEnded(g.runId);
  });

  test("asked for again by itself after a drift, the drift is still shown to whoever decides", async () => {
    await carryOut(operator, approver, { title: "First", targets: ntp("198.18.1.3", "one-ios") });
    const { change } = await operator.post<{ change: Change }>("/changes?wait=20", {
      title: "By itself",
      targets: [{ device: "one-ios", lines: ["no ntp server 198.18.1.3", "ntp server 198.18.1.4"] }],
      request_approval: true,
    });
    const first = await operator.untilChange(change.id, ["pending_approval"]);
    await carryOut(operator, approver, {
      title: "Meanwhile",
      targets: [{ device: "one-ios", lines: ["no ntp server 198.18.1.3"] }],
    });
    await approver.post(`/approvals/${first.approval_id}/approve`, {});
    await expect.poll(async () => (await getChange(change.id)).plan_version, { timeout: 30_000 }).toBe(2);
    const second = await operator.untilChange(change.id, ["pending_approval"]);
    expect(second.drift.map((d) => d.device)).toEqual(["one-ios"]);
    expect(second.approval_id).not.toBe(first.approval_id);
    await operator.post(`/changes/${change.id}/cancel`, {});
    await operator.untilEnded(change.run_id);
  });

  test("people who act on one change at the same moment never stop each other", async () => {
    const window = { from: "2089-01-01T00:00:00Z", to: "2090-01-01T00:00:00Z" };
    const answers: number[] = [];
    const round = async (n: number): Promise<void> => {
      const g = await asked({ title: "Crowd", targets: ntp(`198.18.2.${n}`, "two-ios"), window });
      const acts = [
        () => approver.call("POST", `/approvals/${g.approvalId}/approve`, {}),
        () => approver.call("POST", `/approvals/${g.approvalId}/reject`, {}),
        () => operator.call("POST", `/approvals/${g.approvalId}/revoke`, {}),
        () => operator.call("POST", `/changes/${g.changeId}/replan`, {}),
        () => operator.call("POST", `/changes/${g.changeId}/apply`, {}),
        () => operator.call("POST", `/runs/${g.runId}/pause`, {}),
      ];
      for (const { status } of await Promise.all(acts.map((act) => act()))) answers.push(status);
      await operator.call("POST", `/runs/${g.runId}/cancel`, {});
      expect((await operator.untilEnded(g.runId)).status).toBe("cancelled");
    };
    await Promise.all(
      [0, 10, 20].map(async (from) => {
        for (let n = 1; n <= 4; n += 1) await round(from + n);
      }),
    );
    expect(answers.filter((status) => status >= 500)).toEqual([]);
  }, 120_000);
});

describe("devices that break off", () => {
  test("a cancel that comes while a session breaks ends the run; nobody is asked", async () => {
    const g = await asked({ title: "Cancelled in time", targets: loopback(801, 6) });
    await product.lab.addFault(IOS, { kind: "slow_line", delay_ms: 4000, match: "198.51.100.3$" });
    await product.lab.addFault(IOS, { kind: "cut_at_line", match: "198.51.100.3$", once: true });
    await g.yes();
    await expect.poll(() => holds(IOS, "198.51.100.2"), { timeout: 30_000 }).toBe(true);
    await operator.post(`/runs/${g.runId}/cancel`, {});
    const run = await operator.untilEnded(g.runId, 60);
    expect(run).toMatchObject({ status: "cancelled", message: expect.stringContaining("one-ios") });
    expect(step(run, "apply", "one-ios")?.status).toBe("cancelled");
  }, 90_000);

  test("a device whose configuration somebody else holds is waited for; a pause and a cancel need not wait with it", async () => {
    const waits = async (title: string, server: string) => {
      await product.lab.addFault(IOS, { kind: "config_locked", by: "night-shift" });
      const g = await asked({ title, targets: ntp(server, "one-ios") });
      await g.yes();
      await operator.untilRun(g.runId, (r) => step(r, "apply", "one-ios")?.status === "running", 60);
      await sleep(2000);
      return g;
    };
    const paused = await waits("Paused at a lock", "198.18.4.1");
    await operator.post(`/runs/${paused.runId}/pause`, {});
    await operator.untilRun(paused.runId, (r) => r.status === "paused", 10);
    await product.lab.clearFaults(IOS);
    await operator.post(`/runs/${paused.runId}/resume`, {});
    expect((await operator.untilEnded(paused.runId)).status).toBe("success");
    const cancelled = await waits("Cancelled at a lock", "198.18.4.2");
    await operator.post(`/runs/${cancelled.runId}/cancel`, {});
    expect((await operator.untilEnded(cancelled.runId, 10)).status).toBe("cancelled");
    expect(await holds(IOS, "198.18.4.2")).toBe(false);
  }, 120_000);

  test("a line that breaks the session each time is not sent for ever: a person is asked", async () => {
    const g = await asked({ title: "Again and again", targets: loopback(802, 4), on_interrupted: "verify" });
    await product.lab.addFault(IOS, {
      kind: "cut_at_line",
      match: "198.51.100.2$",
      phase: "after_echo",
      applied: false,
    });
    const sent = await sentSince(IOS);
    await g.yes();
    const run = await operator.untilRun(g.runId, (r) => r.status === "interrupted", 60);
    expect(run.message).toContain("broke 3 times");
    expect(await sent("198.51.100.2")).toBeLessThanOrEqual(3);
    await product.lab.clearFaults(IOS);
    await operator.post(`/runs/${g.runId}/resume`, { device: "one-ios", choice: "verify" });
    expect((await operator.untilEnded(g.runId)).status).toBe("success");
  }, 120_000);

  test("a run whose device waits for a choice says so, paused and resumed in between", async () => {
    const g = await asked({ title: "Paused while asking", targets: loopback(803, 4) });
    await product.lab.addFault(IOS, { kind: "cut_at_line", line: 3, once: true });
    await g.yes();
    await operator.untilRun(g.runId, (r) => r.status === "interrupted", 60);
    await operator.post(`/runs/${g.runId}/pause`, {});
    await operator.post(`/runs/${g.runId}/resume`, {});
    // By then the run has looked at both.
    await sleep(2000);
    expect((await getRun(g.runId)).status).toBe("interrupted");
    await operator.post(`/runs/${g.runId}/resume`, { device: "one-ios", choice: "rollback" });
    const run = await operator.untilEnded(g.runId);
    expect(run.status).toBe("rolled_back");
    expect(step(run, "apply", "one-ios")?.status).toBe("failed");
  }, 90_000);
});

describe("the words at the end", () => {
  test("one device left as it is, the other rolled back: the run does not say that all is as before", async () => {
    const g = await asked({ title: "Half back", targets: ntp("198.18.3.1", "one-ios", "two-ios") });
    for (const router of [IOS, IOS2]) await product.lab.addFault(router, { kind: "save_failure" });
    await g.yes();
    const bothWait = (run: Run) => run.steps.filter((s) => s.id === "keep" && s.status === "interrupted").length === 2;
    await operator.untilRun(g.runId, bothWait, 60);
    for (const router of [IOS, IOS2]) await product.lab.clearFaults(router);
    await operator.post(`/runs/${g.runId}/skip`, { device: "one-ios" });
    await operator.post(`/runs/${g.runId}/resume`, { device: "two-ios", choice: "rollback" });
    const run = await operator.untilEnded(g.runId, 60);
    expect(run.status).toBe("failed");
    expect(step(run, "keep", "one-ios")?.status).toBe("skipped");
    expect([await holds(IOS, "198.18.3.1"), await holds(IOS2, "198.18.3.1")]).toEqual([true, false]);
  }, 120_000);

  test("a device that takes the rollback lines and does nothing is not rolled back", async () => {
    await product.lab.addFault(IOS, { kind: "ignored_line", match: "^no ntp server 198\\.18\\.3\\.2" });
    await product.lab.addFault(IOS, { kind: "refused_line", match: "198\\.18\\.3\\.3" });
    const g = await asked({
      title: "Not back",
      targets: [{ device: "one-ios", lines: ["ntp server 198.18.3.2", "ntp server 198.18.3.3"] }],
    });
    await g.yes();
    const waits = await operator.untilRun(g.runId, (r) => r.status === "interrupted", 60);
    expect(waits.message).toContain("198.18.3.2");
    await product.lab.clearFaults(IOS);
    await operator.post(`/runs/${g.runId}/retry`, { device: "one-ios" });
    expect((await operator.untilEnded(g.runId)).status).toBe("rolled_back");
    expect(await holds(IOS, "198.18.3.2")).toBe(false);
  }, 90_000);

  test("a cancel says which device goes back by itself, because its commit was not confirmed", async () => {
    await product.lab.addFault(IOS, { kind: "slow_line", delay_ms: 500 });
    const g = await asked({
      title: "Unconfirmed",
      targets: [...loopback(804, 30), ...ntp("198.18.3.4", "one-junos")],
      confirm_minutes: 1,
    });
    await g.yes();
    await operator.untilRun(g.runId, (r) => step(r, "apply", "one-junos")?.status === "success", 60);
    await expect.poll(() => holds(IOS, "Loopback804"), { timeout: 30_000 }).toBe(true);
    await operator.post(`/runs/${g.runId}/cancel`, {});
    const run = await operator.untilEnded(g.runId, 60);
    expect(run.message).toMatch(/stays on one-ios; one-junos goes back/);
    await expect.poll(() => holds(JUNOS, "198.18.3.4"), { timeout: 90_000, interval: 1000 }).toBe(false);
  }, 180_000);

  test("what was sent to a device is still told when the device has another name", async () => {
    const { run } = await carryOut(operator, approver, { title: "Renamed", targets: ntp("198.18.3.5", "two-ios") });
    expect((await product.admin.call("PATCH", "/devices/two-ios", { name: "renamed-ios" })).status).toBe(200);
    const { lines } = await operator.get<{ lines: JournalLine[] }>(`/runs/${run.id}/lines`);
    expect(lines.map((l) => [l.line, l.state])).toEqual([
      ["ntp server 198.18.3.5", "taken"],
      ["write memory", "taken"],
    ]);
    const { approval } = await operator.get<{ approval: Approval }>(`/approvals/${run.approval_id}`);
    expect(approval.status).toBe("approved");
  });
});
