import { afterAll, beforeAll, expect, test } from "vitest";
import { openPool } from "../../db/client.ts";
import { putReadBack } from "../../db/queries/read-backs.ts";
import { insertRun } from "../../db/queries/runs.ts";
import { lineMac, openJournal, type JournalWindow } from "../../devices/journal.ts";
import { openLease, reserve, type Lease } from "../../devices/locks.ts";
import { newId } from "../../system/ids.ts";
import { createWorld, type World } from "./world.ts";

let w: World;
beforeAll(async () => {
  w = await createWorld();
});
afterAll(() => w.stop());

type Held = { changeId: string; lease: Lease; runId: string; deviceId: string };
async function hold(): Promise<Held> {
  const deviceId = await w.addDevice(`d-${newId()}`, {
    host: "127.0.0.1",
    port: 1,
    device_type: "cisco_ios",
    username: "x",
    password: "y",
    host_key_sha256: null,
  });
  const [runId, changeId] = [newId(), newId()];
  await insertRun(w.pool, { id: runId, title: "run", changeId, startedBy: "x" });
  await reserve(w.pool, { deviceId, runId, reason: "test" });
  return { changeId, runId, deviceId, lease: await openLease(w.pool, { deviceId, runId, holder: "w1" }) };
}
const window = ({ changeId, lease }: Held, seq: number, more: Partial<JournalWindow> = {}): JournalWindow => ({
  changeId,
  direction: "apply",
  attempt: 1,
  windowNo: seq + 1,
  lease,
  stoppable: true,
  notAfter: null,
  lines: [{ seq, line: `line ${seq}`, sent: `line ${seq}` }],
  answers: [],
  ...more,
});
const states = async ({ changeId }: Held) =>
  (
    await w.pool<
      { seq: number; attempt: number; state: string }[]
    >`select seq, attempt, state from journal where change_id = ${changeId} order by seq, attempt`
  ).map((r) => `${r.seq}.${r.attempt} ${r.state}`);

test("a window's rows are committed with the answers to the one before it", async () => {
  const h = await hold();
  expect(await w.journal.begin(window(h, 0))).toBe("committed");
  const answer = {
    change_id: h.changeId,
    device_id: h.deviceId,
    direction: "apply" as const,
    seq: 0,
    attempt: 1,
    epoch: h.lease.epoch,
    holder: "w1",
    state: "taken" as const,
    answer: null,
  };
  expect(await w.journal.begin(window(h, 1, { answers: [answer] }))).toBe("committed");
  expect(await states(h)).toEqual(["0.1 taken", "1.1 sent"]);
  await w.journal.finish(h.runId, [{ ...answer, seq: 1, state: "refused", answer: "% Invalid" }]);
  expect(await states(h)).toEqual(["0.1 taken", "1.1 refused"]);
  const [row] = await w.pool`select line_hmac from journal where change_id = ${h.changeId} and seq = 0`;
  expect(row?.line_hmac).toEqual(
    lineMac(w.vault, { changeId: h.changeId, deviceId: h.deviceId, direction: "apply", seq: 0, attempt: 1 }, "line 0"),
  );
});

test("a line is journaled once: its key is refused a second time", async () => {
  const h = await hold();
  await w.journal.begin(window(h, 0));
  expect(await w.journal.begin(window(h, 0))).toBe("duplicate");
  expect(await states(h)).toEqual(["0.1 sent"]);
});

test("a second attempt needs the record of a read-back", async () => {
  const h = await hold();
  await w.journal.begin(window(h, 0));
  expect(await w.journal.begin(window(h, 0, { attempt: 2 }))).toBe("no_read_back");
  await putReadBack(w.pool, {
    changeId: h.changeId,
    deviceId: h.deviceId,
    direction: "apply",
    attempt: 1,
    epoch: h.lease.epoch,
    configRef: null,
    result: {},
  });
  expect(await w.journal.begin(window(h, 0, { attempt: 2 }))).toBe("committed");
  expect(await w.journal.begin(window(h, 0, { attempt: 3 }))).toBe("no_read_back");
});

test("nothing is journaled without the lock: another epoch, holder or run, or a deadline that has passed", async () => {
  const h = await hold();
  expect(await w.journal.begin(window(h, 0, { lease: { ...h.lease, epoch: h.lease.epoch - 1 } }))).toBe("epoch_lost");
  expect(await w.journal.begin(window(h, 0, { lease: { ...h.lease, holder: "w2" } }))).toBe("epoch_lost");
  const other = await hold();
  expect(await w.journal.begin(window(h, 0, { lease: { ...h.lease, runId: other.runId } }))).toBe("epoch_lost");
  await w.pool`update device_locks set expires_at = clock_timestamp() - interval '1 ms' where device_id = ${h.deviceId}`;
  expect(await w.journal.begin(window(h, 0))).toBe("epoch_lost");
  expect(await states(h)).toEqual([]);
});

test("pause and cancel stop at the next window, but never a rollback", async () => {
  const h = await hold();
  await w.pool`update runs set pause_requested = true where id = ${h.runId}`;
  expect(await w.journal.begin(window(h, 0))).toBe("paused");
  expect(await w.journal.begin(window(h, 0, { direction: "rollback", stoppable: false }))).toBe("committed");
  await w.pool`update runs set cancel_requested = true where id = ${h.runId}`;
  expect(await w.journal.begin(window(h, 0))).toBe("cancelled");
  expect(await states(h)).toEqual(["0.1 sent"]);
});

test("a first window that comes after the approval has run out is refused", async () => {
  const h = await hold();
  expect(await w.journal.begin(window(h, 0, { notAfter: new Date(Date.now() - 1) }))).toBe("too_late");
  expect(await w.journal.begin(window(h, 0, { notAfter: new Date(Date.now() + 60_000) }))).toBe("committed");
});

test("answers of a worker that was replaced change nothing", async () => {
  const h = await hold();
  await w.journal.begin(window(h, 0));
  await w.journal.finish(h.runId, [
    {
      change_id: h.changeId,
      device_id: h.deviceId,
      direction: "apply",
      seq: 0,
      attempt: 1,
      epoch: h.lease.epoch + 1,
      holder: "w2",
      state: "taken",
      answer: null,
    },
  ]);
  expect(await states(h)).toEqual(["0.1 sent"]);
});

test("windows of a hundred devices share statements, and each gets its own answer", async () => {
  const held = await Promise.all(Array.from({ length: 100 }, hold));
  const [lost] = held;
  await w.pool`update device_locks set epoch = epoch + 1 where device_id = ${lost?.deviceId ?? ""}`;
  const verdicts = await Promise.all(
    held.flatMap((h) => [w.journal.begin(window(h, 0)), w.journal.begin(window(h, 1))]),
  );
  expect(verdicts.slice(0, 2)).toEqual(["epoch_lost", "epoch_lost"]);
  expect(verdicts.slice(2).every((v) => v === "committed")).toBe(true);
  // A row names the transaction that wrote it.
  const [written] = await w.pool<{ rows: number; transactions: number }[]>`
    select count(*)::int as rows, count(distinct xmin::text)::int as transactions
      from journal where change_id = any(${held.map((h) => h.changeId)})`;
  expect(written?.rows).toBe(198);
  expect(written?.transactions).toBeLessThan(100);
});

test("a journal that cannot be written says so, and nothing counts as committed", async () => {
  const h = await hold();
  const away = openPool("postgres://nobody@127.0.0.1:1/none", { max: 1 });
  const journal = openJournal(away, w.vault, { connections: 1 });
  await expect(journal.begin(window(h, 0))).rejects.toMatchObject({ code: "journal_unavailable" });
  await journal.close();
  await away.end({ timeout: 1 });
});

test("a window that the database refuses does not take the others with it", async () => {
  const [a, b] = [await hold(), await hold()];
  const bad = window(a, 0, { lines: [{ seq: 0, line: "no\u0000", sent: "no" }] });
  const [first, second] = await Promise.allSettled([w.journal.begin(bad), w.journal.begin(window(b, 0))]);
  expect(first).toMatchObject({ status: "rejected", reason: { code: "journal_unavailable" } });
  expect(second).toEqual({ status: "fulfilled", value: "committed" });
});

test("listeners are told which runs have news", async () => {
  const h = await hold();
  const heard: string[] = [];
  const { unlisten } = await w.pool.listen("run_progress", (id) => void heard.push(id));
  await w.journal.begin(window(h, 0));
  await w.journal.begin(window(h, 1));
  await expect.poll(() => heard.filter((id) => id === h.runId), { timeout: 3000 }).toHaveLength(1);
  await unlisten();
});
