import { asyncLocalStorage, type Context } from "@temporalio/activity";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { checkingActivities } from "../../activities/checking.ts";
import { recordActivities } from "../../activities/records.ts";
import { createLog } from "../../system/log.ts";
import { createLabWorld, endRun, type Change, type LabWorld } from "../devices/world.ts";

/**
 * A worker that was stopped wakes up, and does what it was about to do when the run still waited. Meanwhile another one has
 * gone on and sends: nothing of what is late may end the run, or let go of its devices.
 */
let w: LabWorld;
let device: string;
let change: Change;
beforeAll(async () => {
  w = await createLabWorld(["lab-ams-1"]);
  device = await w.device("lab-ams-1");
});
afterAll(() => w.stop());
beforeEach(async () => {
  if (change !== undefined) await endRun(w, change);
  change = await w.approve([device], "ntp server 192.0.2.77");
});

const activities = () => {
  const { pool, vault, sessions, journal } = w;
  const deps = { pool, vault, sessions, journal, log: createLog("test", "silent"), holder: "late" };
  return { ...recordActivities(deps), ...checkingActivities(deps) };
};
const input = () => ({ runId: change.runId, changeId: change.changeId });

/** Of an activity's context, these activities use no more than this. */
const contextOf = (workflowId: string): Context =>
  ({
    info: { workflowExecution: { workflowId, runId: "1" }, activityId: "late" },
    heartbeat: () => undefined,
    cancelled: new Promise(() => undefined),
    cancellationSignal: new AbortController().signal,
  }) as unknown as Context;
const late = <T>(act: () => Promise<T>): Promise<T> => asyncLocalStorage.run(contextOf(change.runId), act);

async function stillHeld(): Promise<void> {
  const [lock] = await w.pool<{ run_id: string | null }[]>`select run_id from device_locks where device_id = ${device}`;
  expect(lock?.run_id).toBe(change.runId);
  const [run] = await w.pool<{ completed_at: Date | null }[]>`select completed_at from runs where id = ${change.runId}`;
  expect(run?.completed_at).toBeNull();
}

test.each(["applying", "verifying", "interrupted"])(
  "while a change is %s, its devices stay its run's",
  async (status) => {
    await w.pool`update changes set status = ${status} where id = ${change.changeId}`;
    const { reserveDevices, finishChecking, beginApply, loadState } = activities();
    await late(() => reserveDevices(input()));
    await stillHeld();
    expect(await late(() => finishChecking({ ...input(), results: [] }))).toBe("valid");
    await stillHeld();
    const error = { code: "connect_timeout", message: "lab-ams-1 did not answer" };
    expect(
      await late(() => finishChecking({ ...input(), results: [{ device: "lab-ams-1", state: "failed", error }] })),
    ).toBe("valid");
    await stillHeld();
    expect(await late(() => beginApply(input()))).toMatchObject({ next: "apply", devices: [{ name: "lab-ams-1" }] });
    await stillHeld();
    // A cancel stops what is sent at its next window; it does not end the run behind the back of what is under way.
    await w.pool`update runs set cancel_requested = true where id = ${change.runId}`;
    await late(() => loadState(input()));
    expect(await late(() => finishChecking({ ...input(), results: [] }))).toBe("valid");
    await stillHeld();
  },
);

test("a question that is put twice by one activity does not come back after it was answered", async () => {
  const { askFor } = activities();
  const question = { ...input(), device: "lab-ams-1", step: "apply", why: "its session broke" };
  expect(await late(() => askFor(question))).toBe("asked");
  await w.pool`update changes set status = 'applying' where id = ${change.changeId}`;
  expect(await late(() => askFor(question))).toBe("asked");
  const [row] = await w.pool<{ status: string }[]>`select status from changes where id = ${change.changeId}`;
  expect(row?.status).toBe("applying");
});
