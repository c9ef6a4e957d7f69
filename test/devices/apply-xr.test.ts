import { afterEach, beforeEach, expect, test } from "vitest";
import { startFakeXr, type FakeXr } from "./fake-xr.ts";
import { createWorld, type World } from "./world.ts";

const CONFIG = `hostname r1
interface GigabitEthernet0/0/0/0
 description to r2
 ipv4 address 203.0.113.1 255.255.255.252
!
router ospf 1
 area 0
  interface GigabitEthernet0/0/0/0
   cost 10
  !
 !
!
end
`;
const LINES = [
  "interface GigabitEthernet0/0/0/0",
  " description to r3",
  "router ospf 1",
  " area 0",
  "  interface GigabitEthernet0/0/0/0",
  "   cost 20",
].join("\n");

let w: World;
let xr: FakeXr;
let id: string;
beforeEach(async () => {
  w = await createWorld();
  xr = await startFakeXr(CONFIG);
  const { host, port, username, hostKey } = xr.access;
  id = await w.addDevice("r1", {
    host,
    port,
    username,
    password: "pw",
    device_type: "cisco_xr",
    host_key_sha256: hostKey?.fingerprint ?? null,
  });
});
afterEach(async () => {
  await w.stop();
  await xr.stop();
});
const states = async (change: Awaited<ReturnType<World["approve"]>>): Promise<string[]> =>
  (await w.rows(change)).map((row) => row.state);

test("a change is one commit under its label, is kept, and is taken back by another", async () => {
  const before = xr.running();
  const change = await w.approve([id], LINES);
  expect(change.targets[0]).toMatchObject({ mode: "staged", transaction: "commit" });
  expect(await w.run(change, id, "apply")).toEqual({ status: "done", confirmBy: null });
  expect(xr.running()).toContain("cost 20");
  expect(xr.commits()).toEqual([expect.stringMatching(/^ns-[0-9a-f]{12}-a1$/)]);
  expect(await w.run(change, id, "keep")).toEqual({ status: "done", confirmBy: null });
  expect(await w.run(change, id, "rollback")).toEqual({ status: "done", confirmBy: null });
  expect(xr.running()).toBe(before);
  expect(xr.commits()).toHaveLength(2);
});

test("asked for a commit that confirms itself later, the plan says plainly that there is none", async () => {
  const change = await w.approve([id], LINES, { confirmMinutes: 5 });
  expect(change.targets[0]).toMatchObject({ transaction: "commit", confirm_minutes: 0 });
  expect(await w.run(change, id, "apply")).toEqual({ status: "done", confirmBy: null });
});

test("cut before the commit worked: by its label it is known that nothing did, and it goes on once", async () => {
  const change = await w.approve([id], LINES);
  xr.next("cut_before");
  expect(await w.run(change, id, "apply")).toMatchObject({ status: "in_doubt" });
  expect(await w.settle(change, id)).toMatchObject({ verdict: "nothing_sent" });
  expect(await w.run(change, id, "apply")).toEqual({ status: "done", confirmBy: null });
  expect(xr.running()).toContain("cost 20");
  expect(xr.commits()).toEqual([expect.stringMatching(/-a2$/)]);
});

test("cut after the commit worked: by its label it is known that all of it did, and nothing is sent again", async () => {
  const change = await w.approve([id], LINES);
  xr.next("cut_after");
  expect(await w.run(change, id, "apply")).toMatchObject({ status: "in_doubt" });
  expect(xr.running()).toContain("cost 20");
  expect(await w.settle(change, id)).toMatchObject({ verdict: "all_present" });
  expect(await w.run(change, id, "apply")).toEqual({ status: "done", confirmBy: null });
  expect(xr.commits()).toHaveLength(1);
  expect(new Set(await states(change))).toEqual(new Set(["present"]));
});

test("a commit that goes on without its session is waited for, and not sent a second time", async () => {
  const change = await w.approve([id], LINES);
  xr.next("cut_long_before");
  expect(await w.run(change, id, "apply")).toMatchObject({ status: "in_doubt" });
  w.limits.lock = 600;
  expect(await w.settle(change, id)).toMatchObject({ verdict: "unclear" });
  expect(await states(change)).toContain("sent");
  w.limits.lock = 20_000;
  expect(await w.settle(change, id)).toMatchObject({ verdict: "all_present" });
  expect(await w.run(change, id, "apply")).toEqual({ status: "done", confirmBy: null });
  expect(xr.commits()).toEqual([expect.stringMatching(/-a1$/)]);
});

test("a refused line is named; what was loaded is thrown away, and nobody is asked what to do with it", async () => {
  const before = xr.running();
  const change = await w.approve([id], `${LINES}\nrouter ospf 2\n nonsense here`);
  expect(await w.run(change, id, "apply")).toMatchObject({
    status: "rejected",
    line: expect.stringContaining("nonsense") as string,
    answer: "% Invalid input detected at '^' marker.",
  });
  expect(xr.running()).toBe(before);
  expect(xr.commits()).toEqual([]);
  // Nothing is left locked: the next one gets in.
  expect((await w.run(await reapproved(change), id, "apply")).status).toBe("done");
});

test("a refused commit leaves nothing behind and says why in the device's own words", async () => {
  const before = xr.running();
  const change = await w.approve([id], LINES);
  xr.next("refuse");
  expect(await w.run(change, id, "apply")).toMatchObject({
    status: "failed",
    nothingSent: true,
    failure: { code: "commit_failed", message: expect.stringContaining("the MTU is too small") as string },
  });
  expect(xr.running()).toBe(before);
  expect(xr.commits()).toEqual([]);
});

test("a configuration that somebody else holds is waited for, and left to them by name", async () => {
  w.limits.lock = 1500;
  xr.lockedBy("carol");
  const change = await w.approve([id], LINES);
  expect(await w.run(change, id, "apply")).toMatchObject({
    status: "failed",
    nothingSent: true,
    failure: { code: "device_locked", message: expect.stringContaining("carol") as string },
  });
  expect(xr.commits()).toEqual([]);
});

/** Another change of the same lines, after the first one gave the device back. */
async function reapproved(first: Awaited<ReturnType<World["approve"]>>): ReturnType<World["approve"]> {
  await w.pool`update device_locks set run_id = null, holder = null, expires_at = null where run_id = ${first.runId}`;
  return w.approve([id], LINES);
}
