import { afterAll, beforeAll, expect, test } from "vitest";
import { checkApproved } from "../../devices/approved-change.ts";
import { newId } from "../../system/ids.ts";
import { json } from "../../db/client.ts";
import { createLabWorld, endRun, sealApproval, type Change, type LabWorld } from "./world.ts";

let w: LabWorld;
let r: string;
beforeAll(async () => {
  w = await createLabWorld(["lab-ams-1"]);
  r = await w.device("lab-ams-1");
});
afterAll(() => w.stop());

const LINES = "interface GigabitEthernet0/1\n description approved\n";
const where = (change: Change) => ({
  runId: change.runId,
  changeId: change.changeId,
  deviceId: r,
  phase: "apply" as const,
});

/** Each makes the rows into something that was not approved. */
const forgeries: [string, (change: Change) => Promise<unknown>, string][] = [
  [
    "is pending",
    async (c) =>
      w.pool`update approvals set status = 'pending' where id = ${c.approvalId}`.then(() =>
        sealApproval(w, c.approvalId),
      ),
    "not_approved",
  ],
  [
    "was rejected",
    async (c) =>
      w.pool`update approvals set status = 'rejected' where id = ${c.approvalId}`.then(() =>
        sealApproval(w, c.approvalId),
      ),
    "not_approved",
  ],
  [
    "was set to approved past the service",
    async (c) => {
      await w.pool`update approvals set status = 'pending' where id = ${c.approvalId}`;
      await sealApproval(w, c.approvalId);
      await w.pool`update approvals set status = 'approved' where id = ${c.approvalId}`;
    },
    "approval_forged",
  ],
  [
    "has a seal of other bytes",
    async (c) => w.pool`update approvals set hmac = decode(repeat('00', 32), 'hex') where id = ${c.approvalId}`,
    "approval_forged",
  ],
  [
    "was made valid for longer",
    async (c) => w.pool`update approvals set valid_until = valid_until + interval '1 day' where id = ${c.approvalId}`,
    "approval_forged",
  ],
  [
    "needs fewer people than it did",
    async (c) => w.pool`update approvals set required = 0 where id = ${c.approvalId}`,
    "approval_forged",
  ],
  [
    "has another decider than it had",
    async (c) => {
      await w.pool`alter table approval_decisions disable trigger approval_decisions_append_only`;
      await w.pool`update approval_decisions set user_id = ${w.people.other} where approval_id = ${c.approvalId}`;
      await w.pool`alter table approval_decisions enable trigger approval_decisions_append_only`;
    },
    "approval_forged",
  ],
  [
    "was decided by who asked for it",
    async (c) => {
      await w.pool`alter table approval_decisions disable trigger approval_decisions_append_only`;
      await w.pool`update approval_decisions set user_id = ${w.people.asker} where approval_id = ${c.approvalId}`;
      await w.pool`alter table approval_decisions enable trigger approval_decisions_append_only`;
      await sealApproval(w, c.approvalId);
    },
    "four_eyes",
  ],
  [
    "was decided by who edited the change",
    async (c) => w.pool`update changes set edited_by = ${[w.people.asker, w.people.approver]} where id = ${c.changeId}`,
    "four_eyes",
  ],
  [
    "needs two people",
    async (c) =>
      w.pool`update approvals set required = 2 where id = ${c.approvalId}`.then(() => sealApproval(w, c.approvalId)),
    "four_eyes",
  ],
  [
    "says lab, but the device is none",
    async (c) =>
      w.pool`update approvals set lab_only = true where id = ${c.approvalId}`.then(() => sealApproval(w, c.approvalId)),
    "approval_not_lab",
  ],
  [
    "has run out",
    async (c) =>
      w.pool`update approvals set valid_until = now() - interval '1 s' where id = ${c.approvalId}`.then(() =>
        sealApproval(w, c.approvalId),
      ),
    "approval_expired",
  ],
  [
    "was not taken by the run",
    async (c) => w.pool`update approvals set consumed_at = null where id = ${c.approvalId}`,
    "approval_not_taken",
  ],
  [
    "is for another plan",
    async (c) => {
      const other = newId();
      await w.pool`insert into plans select ${other}, change_id, 2, content_version, hash, body, risk, devices, added, removed, diffs from plans where id = ${c.planId}`;
      await w.pool`update changes set plan_id = ${other} where id = ${c.changeId}`;
    },
    "approval_other_plan",
  ],
  [
    "is for a plan with other lines",
    async (c) => edit(c, (t) => (t.lines = [...t.lines, "hostname evil"])),
    "hash_mismatch",
  ],
  [
    "is for a plan with another way back",
    async (c) => edit(c, (t) => (t.rollback_lines = ["hostname evil"])),
    "hash_mismatch",
  ],
  ["is for a plan with another host key", async (c) => edit(c, (t) => (t.host_key = "SHA256:other")), "hash_mismatch"],
  [
    "is for a plan of another kind of device",
    async (c) => edit(c, (t) => (t.device_type = "arista_eos")),
    "hash_mismatch",
  ],
  [
    "is of a run that has ended",
    async (c) => w.pool`update runs set status = 'failed' where id = ${c.runId}`,
    "run_ended",
  ],
  [
    "is of a run that was cancelled",
    async (c) => w.pool`update runs set cancel_requested = true where id = ${c.runId}`,
    "run_cancelled",
  ],
  [
    "is for a device whose type was changed since",
    async () => w.pool`update devices set device_type = 'frr' where id = ${r}`,
    "device_changed",
  ],
];
type EditablePlan = { lines: string[]; rollback_lines: string[]; host_key: string | null; device_type: string };
async function edit(c: Change, change: (target: EditablePlan) => void): Promise<void> {
  const [plan] = await w.pool<{ body: { targets: EditablePlan[] } }[]>`select body from plans where id = ${c.planId}`;
  const target = plan?.body.targets[0];
  if (!plan || !target) throw new Error("no plan");
  change(target);
  await w.pool`alter table plans disable trigger plans_immutable`;
  await w.pool`update plans set body = ${json(w.pool, plan.body)} where id = ${c.planId}`;
  await w.pool`alter table plans enable trigger plans_immutable`;
}

test.each(forgeries)("nothing is sent when the approval %s", async (_what, forge, code) => {
  const change = await w.approve([r], LINES);
  await forge(change);
  const since = (await w.control.ledger("lab-ams-1")).at(-1)?.seq ?? 0;
  await expect(w.run(change, r, "apply")).rejects.toMatchObject({ code });
  expect(await w.sent("lab-ams-1", since)).toEqual([]);
  expect(await w.rows(change)).toEqual([]);
  await w.pool`update devices set device_type = 'cisco_ios' where id = ${r}`;
  await endRun(w, change);
});

test("another run, another change and a device that is not planned are refused", async () => {
  const [one, two] = [await w.approve([r], LINES), null];
  await endRun(w, one);
  const other = await w.approve([r], LINES);
  await expect(checkApproved(w.pool, w.vault, { ...where(one), runId: other.runId })).rejects.toMatchObject({
    code: "approval_other_run",
  });
  await expect(checkApproved(w.pool, w.vault, { ...where(one), changeId: other.changeId })).rejects.toMatchObject({
    code: "approval_other_run",
  });
  await expect(checkApproved(w.pool, w.vault, { ...where(one), deviceId: newId() })).rejects.toMatchObject({
    code: "device_not_planned",
  });
  await expect(checkApproved(w.pool, w.vault, { ...where(one), runId: newId() })).rejects.toMatchObject({
    code: "not_found",
  });
  expect(two).toBeNull();
  await endRun(w, other);
});

test("outside of its window nothing is sent", async () => {
  const hour = 3_600_000;
  const early = await w.approve([r], LINES, {
    window: { from: new Date(Date.now() + hour).toISOString(), to: new Date(Date.now() + 2 * hour).toISOString() },
  });
  await expect(w.run(early, r, "apply")).rejects.toMatchObject({ code: "window_closed" });
  await endRun(w, early);
  const open = await w.approve([r], LINES, {
    window: { from: new Date(Date.now() - hour).toISOString(), to: new Date(Date.now() + hour).toISOString() },
  });
  const { notAfter } = await checkApproved(w.pool, w.vault, where(open));
  expect(notAfter?.getTime()).toBeLessThanOrEqual(Date.now() + hour);
  await endRun(w, open);
});

test("lab devices may be approved by whoever asked", async () => {
  await w.pool`update devices set is_lab = true where id = ${r}`;
  const change = await w.approve([r], LINES);
  await w.pool`alter table approval_decisions disable trigger approval_decisions_append_only`;
  await w.pool`update approval_decisions set user_id = ${w.people.asker} where approval_id = ${change.approvalId}`;
  await w.pool`alter table approval_decisions enable trigger approval_decisions_append_only`;
  await w.pool`update approvals set lab_only = true where id = ${change.approvalId}`;
  await sealApproval(w, change.approvalId);
  expect((await checkApproved(w.pool, w.vault, where(change))).device).toBe("lab-ams-1");
  await w.pool`update devices set is_lab = false where id = ${r}`;
  await endRun(w, change);
});

test("a change that has begun may be finished after its approval has run out; one that has not cannot be kept", async () => {
  const before = await w.config("lab-ams-1");
  const change = await w.approve([r], LINES);
  await expect(w.run(change, r, "keep")).rejects.toMatchObject({ code: "not_begun" });
  await expect(w.run(change, r, "rollback")).rejects.toMatchObject({ code: "not_begun" });
  expect((await w.run(change, r, "apply")).status).toBe("done");
  await w.pool`update approvals set valid_until = now() - interval '1 minute' where id = ${change.approvalId}`;
  await sealApproval(w, change.approvalId);
  expect((await w.run(change, r, "keep")).status).toBe("done");
  expect((await w.run(change, r, "rollback")).status).toBe("done");
  expect(await w.config("lab-ams-1")).toBe(before);
  await endRun(w, change);
});

test("an approval acts once: a second apply finds everything done and sends nothing", async () => {
  const change = await w.approve([r], LINES);
  expect((await w.run(change, r, "apply")).status).toBe("done");
  const since = (await w.control.ledger("lab-ams-1")).at(-1)?.seq ?? 0;
  expect((await w.run(change, r, "apply")).status).toBe("done");
  expect(await w.sent("lab-ams-1", since)).toEqual([]);
  expect((await w.run(change, r, "rollback")).status).toBe("done");
  await endRun(w, change);
});
