import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Approval } from "../../domain/contract/approval.ts";
import type { Change } from "../../domain/contract/change.ts";
import type { JournalLine, Run } from "../../domain/contract/run.ts";
import type { ApiClient } from "../support/api-client.ts";
import { ask, carryOut, ownDevice, plan } from "../support/network.ts";
import { startProduct, type Product } from "../support/product.ts";

let product: Product;
let operator: ApiClient;
let approver: ApiClient;
const running = async (router: string) => (await product.lab.running(router)).running;
const startup = async (router: string) => (await product.lab.running(router)).startup;

beforeAll(async () => {
  product = await startProduct();
  operator = await product.admin.newUser("olga", ["operator"]);
  approver = await product.admin.newUser("adam", ["approver"]);
  await ownDevice(product, "edge-ios", "lab-ams-1");
  await ownDevice(product, "edge-eos", "lab-ams-2");
  await ownDevice(product, "edge-junos", "lab-ams-3");
});
afterAll(() => product.stop());

const NTP = (server: string) => [
  { device: "edge-ios", lines: [`ntp server ${server}`] },
  { device: "edge-eos", lines: [`ntp server ${server}`] },
  { device: "edge-junos", lines: [`set system ntp server ${server}`] },
];
const ROUTERS = ["lab-ams-1", "lab-ams-2", "lab-ams-3"];

describe("the way of a change", () => {
  test("plan, approve by somebody else, apply, verify, keep: on IOS, EOS and Junos, and saved", async () => {
    const { change, run } = await carryOut(operator, approver, {
      title: "One more NTP server",
      targets: NTP("203.0.113.7"),
      verify: [{ device: "edge-ios", command: "show running-config | include ntp", expect: "203.0.113.7" }],
    });
    expect({ run: run.status, change: change.status }).toEqual({ run: "success", change: "applied" });
    for (const router of ROUTERS) expect(await running(router)).toContain("203.0.113.7");
    for (const router of ["lab-ams-1", "lab-ams-2"]) expect(await startup(router)).toContain("203.0.113.7");
    const lines = (await operator.get<{ lines: JournalLine[] }>(`/runs/${run.id}/lines`)).lines.filter(
      (l) => l.direction === "apply",
    );
    // A staged platform's commit stands in the journal behind the lines.
    expect(lines.map((l) => `${l.device} ${l.line.split(" ")[0]} ${l.state}`)).toEqual([
      "edge-ios ntp taken",
      "edge-eos ntp taken",
      "edge-eos commit taken",
      "edge-junos set taken",
      "edge-junos commit taken",
    ]);
  });

  test("a change that changes nothing says so and sends nothing", async () => {
    const seq = (await product.lab.ledger("lab-ams-1")).at(-1)?.seq ?? 0;
    const { change } = await plan(operator, { title: "Again", targets: NTP("203.0.113.7") });
    expect(change.targets.map((t) => t.state)).toEqual(["no_change", "no_change", "no_change"]);
    const refused = await operator.call("POST", `/changes/${change.id}/apply`, {});
    expect(refused).toMatchObject({ status: 409, code: "nothing_to_change" });
    expect((await product.lab.ledger("lab-ams-1", seq)).filter((e) => e.kind === "config")).toEqual([]);
  });

  test("a kept change is undone by a new change with its own approval", async () => {
    const kept = await carryOut(operator, approver, { title: "To be undone", targets: NTP("203.0.113.8") });
    const undo = await operator.post<{ change: Change; run: Run }>(`/changes/${kept.change.id}/rollback?wait=30`, {
      reason: "not needed",
    });
    expect(undo.change).toMatchObject({ status: "draft", origin: { kind: "undo", change_id: kept.change.id } });
    const asked = await ask(operator, undo);
    await approver.post(`/approvals/${asked.approval_id}/approve`, {});
    expect((await operator.untilEnded(undo.run.id)).status).toBe("success");
    for (const router of ROUTERS) expect(await running(router)).not.toContain("203.0.113.8");
  });

  test("a refused line stops its device and is named; the whole change goes back", async () => {
    const before = await Promise.all(ROUTERS.map(running));
    await product.lab.addFault("lab-ams-1", { kind: "refused_line", match: "198\\.51\\.100\\.77" });
    const { change, run } = await carryOut(operator, approver, {
      title: "Refused in the middle",
      targets: [
        ...NTP("203.0.113.9").slice(1),
        {
          device: "edge-ios",
          lines: [
            "interface Loopback77",
            " description middle",
            " ip address 198.51.100.77 255.255.255.255",
            " no shutdown",
          ],
        },
      ],
    });
    await product.lab.clearFaults("lab-ams-1");
    expect(run.status).toBe("rolled_back");
    expect(change.status).toBe("rolled_back");
    expect(run.error).toMatchObject({ code: "line_rejected" });
    expect(run.error?.message).toContain("198.51.100.77");
    expect(await Promise.all(ROUTERS.map(running))).toEqual(before);
  });
});

describe("who may decide, and when", () => {
  test("not oneself, not with another hash, not twice; each refusal says why", async () => {
    const both = await product.admin.newUser("bea", ["operator", "approver"]);
    const planned = await plan(both, { title: "Four eyes", targets: NTP("203.0.113.10") });
    const asked = await ask(both, planned);
    expect(await both.call("POST", `/approvals/${asked.approval_id}/approve`, {})).toMatchObject({
      status: 403,
      code: "four_eyes",
    });
    expect(await operator.call("POST", `/approvals/${asked.approval_id}/approve`, {})).toMatchObject({
      status: 403,
      code: "permission_missing",
    });
    const other = `sha256:${"0".repeat(64)}`;
    expect(await approver.call("POST", `/approvals/${asked.approval_id}/approve`, { hash: other })).toMatchObject({
      status: 409,
      code: "hash_mismatch",
    });
    expect(
      (await approver.call("POST", `/approvals/${asked.approval_id}/reject`, { reason: "not tonight" })).status,
    ).toBe(200);
    expect(await approver.call("POST", `/approvals/${asked.approval_id}/approve`, {})).toMatchObject({
      status: 409,
      code: "approval_decided",
    });
    const run = await operator.untilEnded(planned.run.id);
    expect(run.message).toContain("not tonight");
    for (const router of ROUTERS) expect(await running(router)).not.toContain("203.0.113.10");
  });

  test("an edit voids the approval, and whoever edited may not decide either", async () => {
    const editor = await product.admin.newUser("edith", ["operator", "approver"]);
    const planned = await plan(operator, { title: "Edited", targets: NTP("203.0.113.11").slice(0, 1) });
    const first = await ask(operator, planned);
    await editor.post(`/changes/${planned.change.id}/replan?wait=30`, { targets: NTP("203.0.113.12").slice(0, 1) });
    expect((await operator.get<{ approval: Approval }>(`/approvals/${first.approval_id}`)).approval.status).toBe(
      "cancelled",
    );
    const again = await operator.untilChange(planned.change.id, ["draft"]);
    const second = await ask(operator, { ...planned, change: again });
    expect(await editor.call("POST", `/approvals/${second.approval_id}/approve`, {})).toMatchObject({
      status: 403,
      code: "four_eyes",
    });
    expect((await approver.call("POST", `/approvals/${second.approval_id}/approve`, { hash: again.hash })).status).toBe(
      200,
    );
    await operator.untilEnded(planned.run.id);
    expect(await running("lab-ams-1")).toContain("203.0.113.12");
    expect(await running("lab-ams-1")).not.toContain("203.0.113.11");
  });

  test("a yes can be revoked until something was sent", async () => {
    const planned = await plan(operator, {
      title: "Revoked",
      targets: NTP("203.0.113.13"),
      window: { from: "2090-01-01T00:00:00Z", to: "2090-01-01T04:00:00Z" },
    });
    const asked = await ask(operator, planned);
    await approver.post(`/approvals/${asked.approval_id}/approve`, {});
    expect(
      (await approver.call("POST", `/approvals/${asked.approval_id}/revoke`, { reason: "wrong night" })).status,
    ).toBe(200);
    expect((await operator.untilChange(planned.change.id, ["draft"])).status).toBe("draft");
    await operator.post(`/changes/${planned.change.id}/cancel`, { reason: "enough" });
    expect((await operator.untilEnded(planned.run.id)).status).toBe("cancelled");
  });

  test("a device that moved on makes the plan stale: nothing is sent, the drift and the new diff are shown", async () => {
    const planned = await plan(operator, {
      title: "Stale",
      targets: [{ device: "edge-ios", lines: ["no ntp server 203.0.113.7", "ntp server 203.0.113.14"] }],
    });
    const asked = await ask(operator, planned);
    // Somebody else changes the very line, past this change.
    await carryOut(operator, approver, {
      title: "Meanwhile",
      targets: [{ device: "edge-ios", lines: ["no ntp server 203.0.113.7"] }],
    });
    await approver.post(`/approvals/${asked.approval_id}/approve`, {});
    const stale = await operator.untilChange(planned.change.id, ["stale"]);
    expect(stale.drift.map((d) => d.device)).toEqual(["edge-ios"]);
    expect(stale.hash).not.toBe(planned.change.hash);
    expect(await running("lab-ams-1")).not.toContain("203.0.113.14");
    const second = await ask(operator, { ...planned, change: stale });
    await approver.post(`/approvals/${second.approval_id}/approve`, { hash: stale.hash });
    expect((await operator.untilEnded(planned.run.id)).status).toBe("success");
    expect(await running("lab-ams-1")).toContain("203.0.113.14");
  });
});

describe("pause, cancel, and lines in doubt", () => {
  const loopback = (n: number, lines: number) => [
    `interface Loopback${n}`,
    ...Array.from({ length: lines }, (_, i) => ` ip helper-address 192.0.2.${i + 1}`),
  ];

  test("a pause stops before the next line, and a resume sends the rest once", async () => {
    await product.lab.addFault("lab-ams-1", { kind: "slow_line", delay_ms: 150 });
    const lines = loopback(501, 20);
    const planned = await plan(operator, { title: "Paused", targets: [{ device: "edge-ios", lines }] });
    const asked = await ask(operator, planned);
    const seq = (await product.lab.ledger("lab-ams-1")).at(-1)?.seq ?? 0;
    await approver.post(`/approvals/${asked.approval_id}/approve`, {});
    const took = async () =>
      (await product.lab.ledger("lab-ams-1", seq)).filter((e) => e.line.includes("helper-address")).length;
    await expect.poll(took, { timeout: 30_000, interval: 50 }).toBeGreaterThan(2);
    await operator.post(`/runs/${planned.run.id}/pause`, { reason: "phone rings" });
    await operator.untilRun(planned.run.id, (run) => run.status === "paused", 15);
    const sent = await took();
    expect(sent).toBeLessThan(20);
    await product.lab.clearFaults("lab-ams-1");
    await operator.post(`/runs/${planned.run.id}/resume`, {});
    expect((await operator.untilEnded(planned.run.id)).status).toBe("success");
    expect(await took()).toBe(20);
  });

  test("a cancel stops before the next line and says what stays", async () => {
    await product.lab.addFault("lab-ams-1", { kind: "slow_line", delay_ms: 150 });
    const planned = await plan(operator, {
      title: "Cancelled",
      targets: [{ device: "edge-ios", lines: loopback(502, 20) }],
    });
    const asked = await ask(operator, planned);
    await approver.post(`/approvals/${asked.approval_id}/approve`, {});
    await expect
      .poll(async () => (await running("lab-ams-1")).includes("Loopback502"), { timeout: 30_000, interval: 50 })
      .toBe(true);
    await operator.post(`/runs/${planned.run.id}/cancel`, { reason: "wrong device" });
    const run = await operator.untilEnded(planned.run.id, 20);
    await product.lab.clearFaults("lab-ams-1");
    expect(run.status).toBe("cancelled");
    expect(run.message).toContain("edge-ios");
    const states = (await operator.get<{ lines: JournalLine[] }>(`/runs/${run.id}/lines`)).lines.map((l) => l.state);
    expect(states).toContain("taken");
    expect(states).toContain("not_sent");
    expect((await product.lab.router("lab-ams-1")).sessions.length).toBeLessThan(4);
  });

  test.each(["before_receipt", "before_echo", "after_echo", "before_prompt"] as const)(
    "a session cut %s of a line asks; reading back sends what is missing, once",
    async (phase) => {
      const n = 510 + ["before_receipt", "before_echo", "after_echo", "before_prompt"].indexOf(phase);
      const planned = await plan(operator, {
        title: `Cut ${phase}`,
        targets: [{ device: "edge-ios", lines: loopback(n, 6) }],
      });
      const asked = await ask(operator, planned);
      const seq = (await product.lab.ledger("lab-ams-1")).at(-1)?.seq ?? 0;
      await product.lab.addFault("lab-ams-1", { kind: "cut_at_line", line: 3, phase, once: true });
      await approver.post(`/approvals/${asked.approval_id}/approve`, {});
      const run = await operator.untilRun(planned.run.id, (r) => r.status === "interrupted", 60);
      const states = (await operator.get<{ lines: JournalLine[] }>(`/runs/${run.id}/lines`)).lines.map((l) => l.state);
      expect(states.filter((s) => s === "in_doubt")).toHaveLength(1);
      expect(states).toContain("not_sent");
      expect(
        await operator.call("POST", `/runs/${run.id}/resume`, { device: "edge-eos", choice: "verify" }),
      ).toMatchObject({ status: 409, code: "not_waiting" });
      await operator.post(`/runs/${run.id}/resume`, { device: "edge-ios", choice: "verify", reason: "go on" });
      expect((await operator.untilEnded(run.id)).status).toBe("success");
      const helpers = (await product.lab.ledger("lab-ams-1", seq))
        .filter((e) => e.kind === "config" && e.line.includes("helper-address"))
        .map((e) => e.line.trim());
      expect(new Set(helpers).size).toBe(helpers.length);
      expect(await running("lab-ams-1")).toContain("ip helper-address 192.0.2.6");
    },
  );

  test("an interrupted device can be rolled back instead", async () => {
    const before = await running("lab-ams-1");
    const planned = await plan(operator, {
      title: "Cut and back",
      targets: [{ device: "edge-ios", lines: loopback(520, 6) }],
    });
    const asked = await ask(operator, planned);
    await product.lab.addFault("lab-ams-1", { kind: "cut_at_line", line: 4, phase: "before_prompt", once: true });
    await approver.post(`/approvals/${asked.approval_id}/approve`, {});
    await operator.untilRun(planned.run.id, (r) => r.status === "interrupted", 60);
    await operator.post(`/runs/${planned.run.id}/resume`, { device: "edge-ios", choice: "rollback" });
    expect((await operator.untilEnded(planned.run.id)).status).toBe("rolled_back");
    expect(await running("lab-ams-1")).toBe(before);
  });
});
