import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createLabWorld, endRun, type Change, type LabWorld } from "./world.ts";

let w: LabWorld;
beforeAll(async () => {
  w = await createLabWorld(["lab-ams-2", "lab-ams-3"], { timeScale: 60 });
});
afterAll(() => w.stop());
beforeEach(async () => {
  for (const { name } of w.lab.routers) await w.control.clearFaults(name);
});

const JUNOS = {
  name: "lab-ams-3",
  lines: "set interfaces ge-0/0/1 description roof\nset system ntp server 192.0.2.77\n",
  seen: "roof",
  bad: "set interfacez ge-0/0/1 mtu 9000",
};
const PLATFORMS = [
  {
    name: "lab-ams-2",
    lines: "interface Ethernet1\n   description to the roof\nntp server 192.0.2.77\n",
    seen: "to the roof",
    bad: "ntp servor 1.2.3.4",
  },
  JUNOS,
];

const linesOf = (change: Change): string[] => change.targets[0]?.lines ?? [];

describe.each(PLATFORMS)("$name", ({ name, lines, seen, bad }) => {
  test("a change is committed as one, kept, and taken back", async () => {
    const r = await w.device(name);
    const before = await w.config(name);
    const change = await w.approve([r], lines);
    expect(await w.run(change, r, "apply")).toEqual({ status: "done", confirmBy: null });
    expect(await w.config(name)).toContain(seen);
    expect((await w.rows(change)).map((x) => x.state)).toEqual(Array(linesOf(change).length + 1).fill("taken"));
    expect(await w.run(change, r, "keep")).toEqual({ status: "done", confirmBy: null });
    expect(await w.run(change, r, "rollback")).toEqual({ status: "done", confirmBy: null });
    expect(await w.config(name)).toBe(before);
    await endRun(w, change);
  });

  test("a commit with a timer goes back by itself unless it is kept", async () => {
    const r = await w.device(name);
    const before = await w.config(name);
    const change = await w.approve([r], lines, { confirmMinutes: 2 });
    const outcome = await w.run(change, r, "apply");
    expect(outcome.status).toBe("done");
    expect(outcome.status === "done" && outcome.confirmBy).toBeInstanceOf(Date);
    expect(await w.config(name)).toContain(seen);
    await expect.poll(() => w.config(name), { timeout: 10_000 }).toBe(before);
    const kept = await w.run(change, r, "keep");
    expect(kept).toMatchObject({ status: "failed", failure: { code: "rolled_back_by_device" } });
    await endRun(w, change);
  });

  test("a commit with a timer stays when it is kept in time, and is taken back while it waits", async () => {
    const r = await w.device(name);
    const before = await w.config(name);
    const kept = await w.approve([r], lines, { confirmMinutes: 10 });
    expect((await w.run(kept, r, "apply")).status).toBe("done");
    expect(await w.run(kept, r, "keep")).toEqual({ status: "done", confirmBy: null });
    expect(await w.config(name)).toContain(seen);
    expect((await w.run(kept, r, "rollback")).status).toBe("done");
    expect(await w.config(name)).toBe(before);
    await endRun(w, kept);
    const waiting = await w.approve([r], lines, { confirmMinutes: 10 });
    expect((await w.run(waiting, r, "apply")).status).toBe("done");
    expect(await w.config(name)).toContain(seen);
    expect((await w.run(waiting, r, "rollback")).status).toBe("done");
    expect(await w.config(name)).toBe(before);
    await endRun(w, waiting);
  });

  test("nothing is committed on top of a commit that waits for its confirmation", async () => {
    const r = await w.device(name);
    const before = await w.config(name);
    const first = await w.approve([r], lines, { confirmMinutes: 3 });
    expect((await w.run(first, r, "apply")).status).toBe("done");
    // As after a cancel: the run lets go of the device, and its timer still runs there.
    await endRun(w, first);
    const second = await w.approve(
      [r],
      name === "lab-ams-3" ? "set system ntp server 192.0.2.78" : "ntp server 192.0.2.78",
    );
    expect(await w.run(second, r, "apply")).toMatchObject({
      status: "failed",
      failure: { code: "device_locked" },
      nothingSent: true,
    });
    await endRun(w, second);
    await expect.poll(() => w.config(name), { timeout: 15_000 }).toBe(before);
  });

  test("a refused line is named, and nothing of the change becomes active", async () => {
    const r = await w.device(name);
    const before = await w.config(name);
    const [first = "", ...rest] = lines.trim().split("\n");
    const change = await w.approve([r], [first, ...rest].join("\n"));
    await w.control.addFault(name, { kind: "refused_line", match: "192\\.0\\.2\\.77", once: true });
    const outcome = await w.run(change, r, "apply");
    expect(outcome).toMatchObject({ status: "rejected" });
    expect(outcome.status === "rejected" && outcome.line).toContain("192.0.2.77");
    expect(await w.config(name)).toBe(before);
    expect((await w.rows(change)).filter((x) => x.state !== "absent").map((x) => x.state)).toEqual(["refused"]);
    await endRun(w, change);
    expect(bad).toBeTruthy();
  });

  test("a refused commit leaves nothing", async () => {
    const r = await w.device(name);
    const before = await w.config(name);
    const change = await w.approve([r], lines);
    await w.control.addFault(name, { kind: "commit_failure", once: true });
    expect(await w.run(change, r, "apply")).toMatchObject({
      status: "failed",
      failure: { code: "commit_failed" },
      nothingSent: true,
    });
    expect(await w.config(name)).toBe(before);
    expect((await w.rows(change)).map((x) => x.state)).toEqual([...linesOf(change).map(() => "absent"), "refused"]);
    await endRun(w, change);
  });
});

describe("a commit that goes on without its session", () => {
  const name = "lab-ams-3";
  const { lines, seen } = JUNOS;
  const commitsOf = async (since: number): Promise<number> =>
    (await w.control.ledger(name, since)).filter((e) => e.line.startsWith("commit") && e.changed).length;
  const breakAtCommit = async (late_ms: number): Promise<{ r: string; change: Change; since: number }> => {
    const r = await w.device(name);
    const change = await w.approve([r], lines);
    const since = (await w.control.ledger(name)).at(-1)?.seq ?? 0;
    await w.control.addFault(name, { kind: "cut_at_line", match: "^commit", phase: "after_echo", late_ms, once: true });
    expect(await w.run(change, r, "apply")).toMatchObject({ status: "in_doubt" });
    expect(await w.config(name)).not.toContain(seen);
    return { r, change, since };
  };
  const takeBack = async (change: Change, r: string): Promise<void> => {
    expect(await w.run(change, r, "rollback")).toMatchObject({ status: "done" });
    await endRun(w, change);
  };

  test("is waited for: what it did is known, and is not sent again", async () => {
    const { r, change, since } = await breakAtCommit(2500);
    expect(await w.settle(change, r)).toMatchObject({ verdict: "all_present" });
    expect(await w.config(name)).toContain(seen);
    expect(await w.run(change, r, "apply")).toMatchObject({ status: "done" });
    expect(await commitsOf(since)).toBe(1);
    await takeBack(change, r);
  });

  test("is never said to have done nothing while it may still work", async () => {
    const { r, change, since } = await breakAtCommit(2500);
    w.limits.lock = 500;
    try {
      expect(await w.settle(change, r)).toMatchObject({ verdict: "unclear" });
    } finally {
      delete w.limits.lock;
    }
    expect((await w.rows(change)).at(-1)).toMatchObject({ state: "sent" });
    expect(await w.settle(change, r)).toMatchObject({ verdict: "all_present" });
    expect(await commitsOf(since)).toBe(1);
    await takeBack(change, r);
  });

  test("is waited for by the way back too, which then takes it back", async () => {
    const r = await w.device(name);
    const before = await w.config(name);
    const { change } = await breakAtCommit(2000);
    expect(await w.run(change, r, "rollback")).toMatchObject({ status: "done" });
    expect(await w.config(name)).toBe(before);
    // Both commits came, in their order.
    const comments = (await w.control.ledger(name)).filter((e) => e.line.startsWith("commit") && e.changed);
    expect(comments.slice(-2).map(({ line }) => /-([ar])\d/.exec(line)?.[1])).toEqual(["a", "r"]);
    await endRun(w, change);
  });

  test("is not known of where somebody else left lines that may not be touched", async () => {
    const r = await w.device(name);
    const change = await w.approve([r], lines);
    await w.control.addFault(name, { kind: "cut_at_line", match: "^commit", applied: false, once: true });
    expect(await w.run(change, r, "apply")).toMatchObject({ status: "in_doubt" });
    await w.control.addFault(name, {
      kind: "foreign_candidate",
      line: "set system ntp server 192.0.2.99",
      once: true,
    });
    expect(await w.settle(change, r)).toMatchObject({ verdict: "unclear" });
    expect(await w.config(name)).not.toMatch(/192\.0\.2\.(77|99)/);
    // Still there for whoever left it: not thrown away either.
    expect(await w.settle(change, r)).toMatchObject({ verdict: "unclear" });
    await w.control.reset(name);
    expect(await w.settle(change, r)).toMatchObject({ verdict: "nothing_sent" });
    await endRun(w, change);
  });
});
