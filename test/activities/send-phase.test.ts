import { afterAll, beforeAll, expect, test } from "vitest";
import { sendPhase } from "../../activities/send-phase.ts";
import { transaction, type Pool } from "../../db/client.ts";
import { appendEvent } from "../../services/run-events.ts";
import { createLog } from "../../system/log.ts";
import { createLabWorld, endRun, type LabWorld } from "../devices/world.ts";

let w: LabWorld;
beforeAll(async () => {
  w = await createLabWorld(["lab-ams-1"]);
});
afterAll(() => w.stop());

/** A database that is away for the first statements. */
function awayAtFirst(pool: Pool, statements: number): Pool {
  let left = statements;
  return new Proxy(pool, {
    apply: (target, self, args) =>
      left-- > 0
        ? Promise.reject(new Error("the database is not accepting connections"))
        : Reflect.apply(target, self, args),
  });
}

const depsWith = (pool: Pool) => ({
  pool,
  vault: w.vault,
  log: createLog("test", "silent"),
  sessions: w.sessions,
  journal: w.journal,
  holder: "test",
});

test("a database that is away for a moment when a phase begins costs no try", async () => {
  const deviceId = await w.device("lab-ams-1");
  const change = await w.approve([deviceId], "ntp server 192.0.2.77");
  const deps = depsWith(awayAtFirst(w.pool, 2));
  const where = { runId: change.runId, changeId: change.changeId, deviceId, phase: "apply" as const };
  expect(await sendPhase(deps, where, new AbortController().signal)).toMatchObject({ status: "done" });
  expect(await w.config("lab-ams-1")).toContain("ntp server 192.0.2.77");
  await endRun(w, change);
});

test("a worker that comes back when the run asks somebody does not take the question away", async () => {
  const deviceId = await w.device("lab-ams-1");
  const change = await w.approve([deviceId], "ntp server 192.0.2.78\nntp server 192.0.2.79");
  const { runId } = change;
  await w.control.addFault("lab-ams-1", { kind: "slow_line", match: "192", delay_ms: 600 });
  const where = { runId, changeId: change.changeId, deviceId, phase: "apply" as const };
  const late = sendPhase(depsWith(w.pool), where, new AbortController().signal);
  await expect.poll(async () => (await w.rows(change)).length, { timeout: 5000 }).toBe(1);
  // Meanwhile the engine has given it up: another one has its device, and the run asks.
  await w.pool`update device_locks set epoch = epoch + 1, holder = 'another' where device_id = ${deviceId}`;
  const question = {
    runId,
    step: "apply",
    device: "lab-ams-1",
    attempt: 1,
    status: "interrupted",
    message: "how does it go on?",
  };
  await transaction(w.pool, (db) => appendEvent(db, { ...question, kind: "step", key: "asked" }));
  expect(await late).toMatchObject({
    status: "in_doubt",
    message: expect.stringContaining("another worker") as string,
  });
  await w.control.clearFaults("lab-ams-1");

  const steps = await w.pool`select status, message from run_steps where run_id = ${runId} and step = 'apply'`;
  expect(steps).toEqual([{ status: "interrupted", message: "how does it go on?" }]);
  // What it has to say is kept, beside the step.
  const said = await w.pool<
    { kind: string; message: string }[]
  >`select kind, message from run_events where run_id = ${runId} order by seq`;
  expect(said.at(-1)).toMatchObject({ kind: "device", message: expect.stringContaining("too late") as string });
  await w.pool`update device_locks set holder = null, expires_at = null where device_id = ${deviceId}`;
  await endRun(w, change);
});

test("a stop before the lines of a later attempt does not say that nothing was sent by an earlier one", async () => {
  const deviceId = await w.device("lab-ams-1");
  const change = await w.approve([deviceId], "ntp server 192.0.2.81\nntp server 192.0.2.82");
  const where = { runId: change.runId, changeId: change.changeId, deviceId, phase: "apply" as const };
  await w.control.addFault("lab-ams-1", { kind: "cut_at_line", line: 2, phase: "after_echo", once: true });
  expect(await sendPhase(depsWith(w.pool), where, new AbortController().signal)).toMatchObject({ status: "in_doubt" });
  await w.pool`update runs set cancel_requested = true where id = ${change.runId}`;
  expect(await sendPhase(depsWith(w.pool), where, new AbortController().signal)).toEqual({
    status: "stopped",
    message: expect.stringMatching(/lines that were sent before may be on the device$/) as string,
  });
  await endRun(w, change);
});

test("a stop before the first line says that nothing was sent", async () => {
  const deviceId = await w.device("lab-ams-1");
  const change = await w.approve([deviceId], "ntp server 192.0.2.83");
  const where = { runId: change.runId, changeId: change.changeId, deviceId, phase: "apply" as const };
  await w.pool`update runs set cancel_requested = true where id = ${change.runId}`;
  expect(await sendPhase(depsWith(w.pool), where, new AbortController().signal)).toEqual({
    status: "stopped",
    message: expect.stringMatching(/before its lines were sent$/) as string,
  });
  await endRun(w, change);
});

test("what was done before, and not heard of by the engine, is told again and not done again", async () => {
  const deviceId = await w.device("lab-ams-1");
  const change = await w.approve([deviceId], "ntp server 192.0.2.80");
  const where = { runId: change.runId, changeId: change.changeId, deviceId, phase: "apply" as const };
  const run = () => sendPhase(depsWith(w.pool), where, new AbortController().signal);
  expect(await run()).toMatchObject({ status: "done" });
  const since = (await w.control.ledger("lab-ams-1")).at(-1)?.seq ?? 0;
  expect(await run()).toMatchObject({ status: "done" });
  expect(await w.control.ledger("lab-ams-1", since)).toEqual([]);
  await endRun(w, change);
});
