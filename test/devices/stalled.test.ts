import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { apply } from "../../devices/apply.ts";
import { checkApproved } from "../../devices/approved-change.ts";
import { openLease, type Clock, type Lease } from "../../devices/locks.ts";
import { createLabWorld, endRun, type Change, type LabWorld } from "./world.ts";

let w: LabWorld;
let r: string;
beforeAll(async () => {
  w = await createLabWorld(["lab-ams-1"]);
  r = await w.device("lab-ams-1");
});
afterAll(() => w.stop());
beforeEach(async () => {
  await w.control.reset("lab-ams-1");
  await w.pool`update devices set updated_at = clock_timestamp()`;
  await w.pool`update device_locks set run_id = null, holder = null, expires_at = null`;
});

const LINES = "interface GigabitEthernet0/1\n description one\nntp server 192.0.2.77";
const with_ = async (change: Change, lease: Lease, more: Partial<Parameters<typeof apply>[2]> = {}) => {
  const approved = await checkApproved(w.pool, w.vault, {
    runId: change.runId,
    changeId: change.changeId,
    deviceId: r,
    phase: "apply",
  });
  return w.sessions.use(await w.access(r), "write", (s) =>
    apply(s, approved, { pool: w.pool, vault: w.vault, journal: w.journal, lease, ...more }),
  );
};
const lastSeq = async () => (await w.control.ledger("lab-ams-1")).at(-1)?.seq ?? 0;

test("a worker that stalled between the commit of its row and the write sends nothing: the row says so", async () => {
  const change = await w.approve([r], LINES);
  const clock = { wall: 0, monotonic: 0 };
  const clocks: Clock = { wall: () => clock.wall, monotonic: () => clock.monotonic };
  const lease = await openLease(w.pool, { deviceId: r, runId: change.runId, holder: "stalls", clock: clocks });
  const since = await lastSeq();
  const journal = {
    ...w.journal,
    begin: async (window: Parameters<typeof w.journal.begin>[0]) => {
      const verdict = await w.journal.begin(window);
      // Stopped for a minute, and woken in the worst moment.
      if (window.lines[0]?.seq === 1) clock.monotonic += 60_000;
      return verdict;
    },
  };
  const outcome = await with_(change, lease, { journal });
  expect(outcome).toMatchObject({ status: "in_doubt", seqs: [], failure: { code: "epoch_lost" } });
  expect((await w.sent("lab-ams-1", since)).map((l) => l.trim())).toEqual(["interface GigabitEthernet0/1", "end"]);
  expect((await w.rows(change)).map((x) => x.state)).toEqual(["taken", "absent"]);
  await lease.close();
  // Another worker goes on: nothing is sent twice, nothing is left out.
  expect((await w.run(change, r, "apply", { holder: "second" })).status).toBe("done");
  expect(await w.config("lab-ams-1")).toContain("description one");
  await endRun(w, change);
});

test("a worker whose epoch was taken over is stopped by the journal before its next line", async () => {
  const change = await w.approve([r], LINES);
  const lease = await openLease(w.pool, { deviceId: r, runId: change.runId, holder: "first" });
  const since = await lastSeq();
  const journal = {
    ...w.journal,
    begin: async (window: Parameters<typeof w.journal.begin>[0]) => {
      if (window.lines[0]?.seq === 1)
        await w.pool`update device_locks set epoch = epoch + 1, holder = 'second' where device_id = ${r}`;
      return w.journal.begin(window);
    },
  };
  expect(await with_(change, lease, { journal })).toMatchObject({
    status: "in_doubt",
    seqs: [],
    failure: { code: "epoch_lost" },
  });
  expect((await w.sent("lab-ams-1", since)).map((l) => l.trim())).toEqual(["interface GigabitEthernet0/1", "end"]);
  // The answer to the first line came in the statement that was refused: its row may only be settled by who holds the device now.
  expect(await w.rows(change)).toHaveLength(1);
  await endRun(w, change);
});

test("without a journal nothing is sent", async () => {
  const change = await w.approve([r], LINES);
  const lease = await openLease(w.pool, { deviceId: r, runId: change.runId, holder: "x" });
  const since = await lastSeq();
  const { failure } = await import("../../devices/failures.ts");
  const journal = {
    ...w.journal,
    begin: () => Promise.reject(failure("journal_unavailable", "the journal could not be written")),
  };
  expect(await with_(change, lease, { journal })).toMatchObject({
    status: "in_doubt",
    seqs: [0],
    failure: { code: "journal_unavailable" },
  });
  expect((await w.sent("lab-ams-1", since)).filter((l) => l !== "end")).toEqual([]);
  expect(await w.rows(change)).toEqual([]);
  await lease.close();
  expect((await w.settle(change, r)).verdict).toBe("nothing_sent");
  expect((await w.run(change, r, "apply")).status).toBe("done");
  await endRun(w, change);
});

test("a worker that is shutting down stops before its next line", async () => {
  const change = await w.approve([r], LINES);
  const stop = new AbortController();
  await w.control.addFault("lab-ams-1", { kind: "slow_line", match: "description", delay_ms: 400, once: true });
  const lease = await openLease(w.pool, { deviceId: r, runId: change.runId, holder: "x" });
  const running = with_(change, lease, { signal: stop.signal });
  await expect.poll(async () => (await w.rows(change)).length, { timeout: 5000 }).toBe(2);
  stop.abort();
  expect(await running).toEqual({ status: "stopped", why: "paused", nextSeq: 2 });
  await lease.close();
  expect((await w.run(change, r, "apply")).status).toBe("done");
  await endRun(w, change);
});

test("a change tells how far it is, line by line", async () => {
  const change = await w.approve([r], Array.from({ length: 20 }, (_, n) => `ntp server 192.0.2.${n + 100}`).join("\n"));
  const progress: number[] = [];
  const lease = await openLease(w.pool, { deviceId: r, runId: change.runId, holder: "x" });
  expect((await with_(change, lease, { onProgress: ({ seq }) => progress.push(seq) })).status).toBe("done");
  expect(progress).toEqual(Array.from({ length: 20 }, (_, n) => n));
  await lease.close();
  await endRun(w, change);
});
