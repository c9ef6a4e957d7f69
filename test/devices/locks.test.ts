import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { insertRun } from "../../db/queries/runs.ts";
import { openLease, release, reserve, type Clock } from "../../devices/locks.ts";
import { newId } from "../../system/ids.ts";
import { createWorld, type World } from "./world.ts";

let w: World;
let device: string;
beforeAll(async () => {
  w = await createWorld();
});
afterAll(() => w.stop());
beforeEach(async () => {
  device = await w.addDevice(`d-${newId()}`, {
    host: "127.0.0.1",
    port: 1,
    device_type: "cisco_ios",
    username: "x",
    password: "y",
    host_key_sha256: null,
  });
});

const run = async (title: string): Promise<string> => {
  const id = newId();
  await insertRun(w.pool, { id, title, changeId: newId(), startedBy: "x" });
  return id;
};
const wants = (runId: string) => reserve(w.pool, { deviceId: device, runId, reason: "test" });

test("who waits for a device is served in the order of coming, and sees whom it waits for", async () => {
  const [a, b, c] = [await run("first"), await run("second"), await run("third")];
  expect(await wants(a)).toEqual({ granted: true });
  expect(await wants(a)).toEqual({ granted: true });
  expect(await wants(b)).toEqual({ granted: false, behind: { run_id: a, title: "first" }, position: 1 });
  expect(await wants(c)).toEqual({ granted: false, behind: { run_id: b, title: "second" }, position: 2 });
  await release(w.pool, a);
  expect(await wants(c)).toMatchObject({ granted: false, behind: { run_id: b, title: "second" } });
  expect(await wants(b)).toEqual({ granted: true });
  await release(w.pool, b);
  expect(await wants(c)).toEqual({ granted: true });
});

test("one of many that ask at once gets the device", async () => {
  const runs = await Promise.all(Array.from({ length: 30 }, (_, n) => run(`run ${n}`)));
  const got = await Promise.all(runs.map(wants));
  expect(got.filter((g) => g.granted)).toHaveLength(1);
});

test("a run that has ended holds nothing, and its place in the queue is given up", async () => {
  const [a, b, c] = [await run("crashed"), await run("gave up"), await run("goes on")];
  await wants(a);
  await wants(b);
  await w.pool`update runs set status = 'failed' where id = any(${[a, b]})`;
  expect(await wants(c)).toEqual({ granted: true });
});

test("a lease is only for the run that holds the device", async () => {
  const [a, b] = [await run("holds"), await run("does not")];
  await wants(a);
  await expect(openLease(w.pool, { deviceId: device, runId: b, holder: "w1" })).rejects.toMatchObject({
    code: "device_busy",
  });
  const lease = await openLease(w.pool, { deviceId: device, runId: a, holder: "w1" });
  expect(lease.live()).toBe(true);
  await lease.close();
  expect(lease.live()).toBe(false);
});

test("each lease begins a new epoch; one that was let go makes the next one wait for nothing", async () => {
  const a = await run("run");
  await wants(a);
  const first = await openLease(w.pool, { deviceId: device, runId: a, holder: "w1" });
  await first.close();
  const second = await openLease(w.pool, { deviceId: device, runId: a, holder: "w2" });
  expect(second.epoch).toBe(first.epoch + 1);
  await second.close();
});

test("a new lease waits until the one before it has run out, even of the same worker", async () => {
  const a = await run("run");
  await wants(a);
  const first = await openLease(w.pool, { deviceId: device, runId: a, holder: "w1" });
  let got = false;
  const next = openLease(w.pool, { deviceId: device, runId: a, holder: "w1" }).then((lease) => {
    got = true;
    return lease;
  });
  await sleep(300);
  expect(got).toBe(false);
  await w.pool`update device_locks set expires_at = clock_timestamp() + interval '100 ms' where device_id = ${device}`;
  const second = await next;
  expect(second.epoch).toBe(first.epoch + 1);
  await first.close();
  expect((await w.pool`select holder from device_locks where device_id = ${device}`)[0]?.holder).toBe("w1");
  await second.close();
});

test("a process that was stopped, or a machine that slept, finds its lease ended by its own clocks", async () => {
  const a = await run("run");
  const clock = { at: 1_000_000, monotonicAt: 5000 };
  const clocks: Clock = { wall: () => clock.at, monotonic: () => clock.monotonicAt };
  for (const stall of [
    { at: 60_000, monotonicAt: 0 },
    { at: 0, monotonicAt: 60_000 },
  ]) {
    await wants(a);
    const lease = await openLease(w.pool, { deviceId: device, runId: a, holder: "w1", clock: clocks });
    expect(lease.live()).toBe(true);
    clock.at += stall.at;
    clock.monotonicAt += stall.monotonicAt;
    expect(lease.live()).toBe(false);
    await lease.close();
  }
});

test("a lease is renewed while its worker lives, and lost when another one has taken over", async () => {
  vi.useFakeTimers({ toFake: ["setInterval"] });
  try {
    const a = await run("run");
    await wants(a);
    const clock = { now: 0 };
    const lease = await openLease(w.pool, {
      deviceId: device,
      runId: a,
      holder: "w1",
      clock: { wall: () => clock.now, monotonic: () => clock.now },
    });
    clock.now = 17_000;
    expect(lease.live()).toBe(true);
    vi.advanceTimersByTime(5000);
    await vi.waitFor(() => {
      clock.now = 30_000;
      expect(lease.live()).toBe(true);
    });
    await w.pool`update device_locks set epoch = epoch + 1 where device_id = ${device}`;
    vi.advanceTimersByTime(5000);
    await vi.waitFor(() => expect(lease.live()).toBe(false));
    await lease.close();
  } finally {
    vi.useRealTimers();
  }
});
