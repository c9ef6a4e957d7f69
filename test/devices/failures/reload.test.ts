import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { DeviceAccess } from "../../../devices/access.ts";
import { lookForReturn, readBeforeReload, waitForReturn, type BeforeReload } from "../../../devices/reload.ts";
import type { Sessions } from "../../../devices/sessions.ts";
import { createLabWorld, endRun, type LabWorld } from "../world.ts";

/** A lab whose minutes take a tenth of a second: uptimes are told in minutes. A restart takes 8 ms, so that it is held up where it matters. */
const NAMES = ["lab-ams-1", "lab-ams-2", "lab-ams-3"];
let w: LabWorld;
beforeAll(async () => {
  w = await createLabWorld(NAMES, { timeScale: 600 });
});
afterAll(() => w.stop());
afterEach(async () => {
  for (const name of NAMES) await w.control.clearFaults(name);
  await w.pool`delete from credential_refusals`;
});

const anew = () => w.pool`update devices set updated_at = clock_timestamp()`;
const beforeOf = async (name: string): Promise<{ access: DeviceAccess; before: BeforeReload }> => {
  await anew();
  const access = await w.access(await w.device(name));
  // Old enough that a new start shows.
  await expect
    .poll(async () => (await w.sessions.use(access, "read", readBeforeReload)).uptimeS, { timeout: 10_000 })
    .toBeGreaterThan(180);
  return { access, before: await w.sessions.use(access, "read", readBeforeReload) };
};
const quick = { timeoutMs: 5000, everyMs: 40 };

test.each(NAMES)("%s goes away and comes back: newly booted, with its version and serial number", async (name) => {
  const { access, before } = await beforeOf(name);
  expect(before).toMatchObject({
    osVersion: expect.stringMatching(/\d/) as string,
    serial: expect.stringMatching(/^LAB/) as string,
  });
  await w.control.addFault(name, { kind: "refuse_connection" });
  await w.control.reload(name);
  const away = await lookForReturn(w.sessions, access, before);
  expect(away).toMatchObject({ state: "away" });
  const waiting = waitForReturn(w.sessions, access, { ...quick, before, osVersion: before.osVersion });
  setTimeout(() => void w.control.clearFaults(name), 150);
  const facts = await waiting;
  expect(facts.os_version).toBe(before.osVersion);
  expect(facts.uptime_s).toBeLessThan(before.uptimeS ?? 0);
});

test("a device that never went down is no device that restarted", async () => {
  const { access, before } = await beforeOf("lab-ams-1");
  expect(await lookForReturn(w.sessions, access, before)).toEqual({ state: "not_restarted" });
  const waiting = waitForReturn(w.sessions, access, { before, osVersion: null, timeoutMs: 200, everyMs: 40 });
  await expect(waiting).rejects.toMatchObject({ code: "reload_not_happened" });
});

test("a device that stays away is reload_timeout, with what it said last", async () => {
  const { access, before } = await beforeOf("lab-ams-1");
  await w.control.addFault("lab-ams-1", { kind: "refuse_connection" });
  await w.control.reload("lab-ams-1");
  const waiting = waitForReturn(w.sessions, access, { before, osVersion: null, timeoutMs: 200, everyMs: 40 });
  await expect(waiting).rejects.toMatchObject({
    code: "reload_timeout",
    message: expect.stringContaining("refuses the connection") as string,
  });
});

test("another version than the expected one is named", async () => {
  const { access, before } = await beforeOf("lab-ams-2");
  await w.control.addFault("lab-ams-2", { kind: "other_box", hostname: "lab-ams-2", os_version: "4.99.9F" });
  await w.control.reload("lab-ams-2");
  const waiting = waitForReturn(w.sessions, access, { ...quick, before, osVersion: before.osVersion });
  await expect(waiting).rejects.toMatchObject({
    code: "version_unexpected",
    message: expect.stringContaining("4.99.9F") as string,
  });
});

test("another box that comes up on the address is not the device", async () => {
  const { access, before } = await beforeOf("lab-ams-2");
  await w.control.addFault("lab-ams-2", { kind: "other_box", hostname: "lab-ams-2", serial: "SPARE0000001" });
  await w.control.reload("lab-ams-2");
  const waiting = waitForReturn(w.sessions, access, { ...quick, before, osVersion: null });
  await expect(waiting).rejects.toMatchObject({ code: "wrong_device" });
});

describe("what no repeat can mend ends the wait at once", () => {
  test("a refused login: one password, though the device is asked again and again", async () => {
    const { access, before } = await beforeOf("lab-ams-1");
    await w.control.addFault("lab-ams-1", { kind: "refuse_auth" });
    await w.control.reload("lab-ams-1");
    const since = (await w.control.ledger("lab-ams-1")).at(-1)?.seq ?? 0;
    const waiting = waitForReturn(w.sessions, access, { ...quick, before, osVersion: null });
    await expect(waiting).rejects.toMatchObject({ code: "auth_failed" });
    expect((await w.control.ledger("lab-ams-1", since)).filter((e) => e.kind === "auth")).toHaveLength(1);
  });

  test("a login that is hung up on: two passwords, never a third", async () => {
    const { access, before } = await beforeOf("lab-ams-1");
    await w.control.addFault("lab-ams-1", { kind: "hang_up_at_login" });
    await w.control.reload("lab-ams-1");
    const since = (await w.control.ledger("lab-ams-1")).at(-1)?.seq ?? 0;
    const waiting = waitForReturn(w.sessions, access, { ...quick, before, osVersion: null });
    await expect(waiting).rejects.toMatchObject({ code: "auth_unanswered" });
    expect((await w.control.ledger("lab-ams-1", since)).filter((e) => e.kind === "auth")).toHaveLength(2);
  });

  test("a person who stops the work", async () => {
    const { access, before } = await beforeOf("lab-ams-1");
    const stop = new AbortController();
    const waiting = waitForReturn(w.sessions, access, {
      before,
      osVersion: null,
      timeoutMs: 60_000,
      everyMs: 30_000,
      signal: stop.signal,
    });
    setTimeout(() => stop.abort(), 100);
    await expect(waiting).rejects.toMatchObject({ code: "stopped" });
  });
});

test("an uptime that grows past the old one while the device is away does not hide the restart of a young device", async () => {
  const told = (uptime_s: number) => ({
    vendor: "x",
    os_version: "1",
    model: null,
    serial: null,
    hostname: null,
    uptime_s,
  });
  const sessions: Sessions = {
    use: async () => told(240) as never,
    closeAll: async () => undefined,
  };
  const { access } = await beforeOf("lab-ams-1");
  const at = (secondsAgo: number): BeforeReload => ({
    readAt: Date.now() - secondsAgo * 1000,
    uptimeS: 60,
    osVersion: "1",
    serial: null,
  });
  // A minute old when it was read, four minutes now, and ten have passed.
  expect((await lookForReturn(sessions, access, at(600))).state).toBe("back");
  expect((await lookForReturn(sessions, access, at(180))).state).toBe("not_restarted");
});

test("a device that restarts in the middle of a change leaves it in doubt, and what it lost is found when it is read back", async () => {
  const name = "lab-ams-1";
  const id = await w.device(name);
  await anew();
  const change = await w.approve([id], "ntp server 192.0.2.77\nntp server 192.0.2.78");
  await w.control.addFault(name, { kind: "reload", match: "192.0.2.78", once: true });
  expect(await w.run(change, id, "apply")).toMatchObject({
    status: "in_doubt",
    seqs: [1],
    failure: { code: "connection_lost" },
  });
  await expect.poll(() => w.config(name)).not.toContain("192.0.2.77");
  // A real box takes minutes to start; here the change has begun that much earlier.
  await w.pool`update journal set sent_at = sent_at - interval '1 hour' where change_id = ${change.changeId}`;
  const settled = await w.settle(change, id);
  expect(settled).toMatchObject({ verdict: "nothing_sent", fromSeq: 0 });
  expect((await w.run(change, id, "apply")).status).toBe("done");
  expect(await w.config(name)).toContain("192.0.2.77");
  expect(await w.config(name)).toContain("192.0.2.78");
  await w.run(change, id, "rollback");
  await endRun(w, change);
});
