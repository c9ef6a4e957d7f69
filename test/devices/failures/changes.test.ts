import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readRunningConfig, testDevice } from "../../../devices/read.ts";
import type { NewFault } from "../../../lab/faults.ts";
import type { Recorder } from "../../../devices/session/transcript.ts";
import { createLabWorld, endRun, type Change, type LabWorld } from "../world.ts";

/** The three ways in which a change becomes one: line by line, in a session with a commit, in a candidate with a commit. */
const IOS = "lab-ams-1";
const EOS = "lab-ams-2";
const JUNOS = "lab-ams-3";
const KINDS = [
  { name: IOS, line: "ntp server 192.0.2.77" },
  { name: EOS, line: "ntp server 192.0.2.77" },
  { name: JUNOS, line: "set system ntp server 192.0.2.77" },
];
let w: LabWorld;
beforeAll(async () => {
  w = await createLabWorld([IOS, EOS, JUNOS], { timeScale: 60 });
});
afterAll(() => w.stop());
beforeEach(() => w.pool`update devices set updated_at = clock_timestamp()`);
afterEach(async () => {
  for (const key of Object.keys(w.limits)) Reflect.deleteProperty(w.limits, key);
  await w.pool`update device_locks set run_id = null, holder = null, expires_at = null`;
  for (const { name } of KINDS) {
    await w.control.clearFaults(name);
    await w.control.reset(name);
  }
});
const lastSeq = async (name: string) => (await w.control.ledger(name)).at(-1)?.seq ?? 0;

describe.each(KINDS)("the configuration of $name is locked by somebody else", ({ name, line }) => {
  test("it is waited for as long as the device is given, then named with its holder, and nothing is sent", async () => {
    const id = await w.device(name);
    const change = await w.approve([id], line);
    Object.assign(w.limits, { lock: 600 });
    await w.control.addFault(name, { kind: "config_locked", by: "night-shift" });
    const since = await lastSeq(name);
    const began = performance.now();
    expect(await w.run(change, id, "apply")).toMatchObject({
      status: "failed",
      failure: { code: "device_locked", message: expect.stringContaining("night-shift") as string },
      nothingSent: true,
    });
    expect(performance.now() - began).toBeGreaterThan(500);
    const { faults } = await w.control.router(name);
    expect(faults[0]?.fired).toBeGreaterThan(5);
    expect(await w.sent(name, since)).toEqual([]);
    // Nothing that would take the lock from its holder either.
    const said = (await w.control.ledger(name, since)).filter((e) => e.kind === "exec").map((e) => e.line);
    expect(said.join("\n")).not.toMatch(/clear|kill|request|abort|force/);
    expect(await w.rows(change)).toEqual([]);
    await endRun(w, change);
  });

  test("it is entered when it is let go meanwhile", async () => {
    const id = await w.device(name);
    const change = await w.approve([id], line);
    Object.assign(w.limits, { lock: 3000 });
    await w.control.addFault(name, { kind: "config_locked", by: "night-shift" });
    const running = w.run(change, id, "apply");
    await expect
      .poll(async () => (await w.control.router(name)).faults[0]?.fired ?? 0, { timeout: 5000 })
      .toBeGreaterThan(1);
    await w.control.clearFaults(name);
    expect((await running).status).toBe("done");
    expect(await w.config(name)).toContain("192.0.2.77");
    await endRun(w, change);
  });

  test("for a minute, where nobody said otherwise", async () => {
    expect((await w.access(await w.device(name))).timeouts.lock).toBe(60_000);
  });
});

test("uncommitted lines of somebody else are shown, neither committed nor thrown away", async () => {
  const id = await w.device(JUNOS);
  const change = await w.approve([id], "set system ntp server 192.0.2.77");
  await w.control.addFault(JUNOS, { kind: "foreign_candidate", line: "set system ntp server 192.0.2.99" });
  const since = await lastSeq(JUNOS);
  expect(await w.run(change, id, "apply")).toMatchObject({
    status: "failed",
    failure: { code: "dirty_candidate" },
    nothingSent: true,
  });
  expect(await w.config(JUNOS)).not.toMatch(/192\.0\.2\.(77|99)/);
  const said = (await w.control.ledger(JUNOS, since)).map((e) => e.line.trim());
  expect(said.filter((l) => /^(commit|rollback)/.test(l))).toEqual([]);
  await endRun(w, change);
});

describe.each([
  { name: EOS, line: "ntp server 192.0.2.77", text: "% Commit failed: no space left on device" },
  {
    name: JUNOS,
    line: "set system ntp server 192.0.2.77",
    text: "error: configuration check-out failed: (statements constraint check failed)",
  },
])("a commit on $name", ({ name, line, text }) => {
  test("that is refused is commit_failed in the device's words, and nothing is active", async () => {
    const id = await w.device(name);
    const before = await w.config(name);
    const change = await w.approve([id], line);
    await w.control.addFault(name, { kind: "commit_failure", text, once: true });
    expect(await w.run(change, id, "apply")).toMatchObject({
      status: "failed",
      failure: { code: "commit_failed", message: expect.stringContaining(text) as string },
      nothingSent: true,
    });
    expect(await w.config(name)).toBe(before);
    expect((await w.rows(change)).at(-1)).toMatchObject({
      state: "refused",
      answer: expect.stringContaining(text) as string,
    });
    await endRun(w, change);
  });

  test("whose timer runs out is rolled_back_by_device: nothing more is sent to save it", async () => {
    const id = await w.device(name);
    const before = await w.config(name);
    const change = await w.approve([id], line, { confirmMinutes: 1 });
    expect((await w.run(change, id, "apply")).status).toBe("done");
    await expect.poll(() => w.config(name), { timeout: 10_000 }).toBe(before);
    expect(await w.run(change, id, "keep")).toMatchObject({
      status: "failed",
      failure: { code: "rolled_back_by_device" },
      nothingSent: true,
    });
    expect(await w.config(name)).toBe(before);
    await endRun(w, change);
  });
});

describe("another box answers on the address", () => {
  const boxes: { what: string; fault: NewFault; code: string; says: string }[] = [
    { what: "with another name", fault: { kind: "other_box" }, code: "wrong_device", says: "other-router" },
    {
      what: "with the same name and another serial number",
      fault: { kind: "other_box", hostname: IOS, serial: "SPARE0000001" },
      code: "wrong_device",
      says: "SPARE0000001",
    },
    { what: "with another host key", fault: { kind: "host_key_changed" }, code: "host_key_changed", says: "SHA256:" },
  ];
  beforeEach(async () => {
    const id = await w.device(IOS);
    const { facts } = await testDevice(w.sessions, await w.access(id));
    await w.pool`update devices set facts = ${w.pool.json({ ...facts })}, updated_at = clock_timestamp() where id = ${id}`;
  });
  afterEach(async () => {
    await w.pool`update devices set facts = ${w.pool.json({ hostname: IOS })} where id = ${await w.device(IOS)}`;
  });

  test.each(boxes)("$what: nothing is sent, and no row is written", async ({ fault, code, says }) => {
    const id = await w.device(IOS);
    const change = await w.approve([id], "ntp server 192.0.2.77");
    await w.pool`update devices set updated_at = clock_timestamp()`;
    const since = await lastSeq(IOS);
    await w.control.addFault(IOS, fault);
    const outcome = await w.run(change, id, "apply").catch((error: unknown) => ({ status: "thrown", failure: error }));
    expect(outcome).toMatchObject({
      failure: { code, message: expect.stringContaining(says) as string },
    });
    expect(await w.sent(IOS, since)).toEqual([]);
    expect(await w.rows(change)).toEqual([]);
    await endRun(w, change);
  });

  test("after a change broke off: it is not believed when it is read back, and without a trace of the change the way back is not sent to it", async () => {
    const id = await w.device(IOS);
    const before = await w.sessions.use(await w.access(id), "read", readRunningConfig);
    const change = await w.approve([id], "ntp server 192.0.2.77\nntp server 192.0.2.78");
    await w.control.addFault(IOS, { kind: "cut_at_line", line: 2, phase: "after_echo", once: true });
    expect(await w.run(change, id, "apply")).toMatchObject({ status: "in_doubt", seqs: [1] });
    await w.control.addFault(IOS, { kind: "other_box", hostname: IOS, serial: "SPARE0000001" });
    const since = await lastSeq(IOS);
    await expect(w.settle(change, id)).rejects.toMatchObject({ code: "wrong_device" });
    // The other one has the same name and host key, and the config from before.
    await w.control.addFault(IOS, {
      kind: "other_output",
      text: `Building configuration...\n\n${before.trimEnd()}`,
      match: "^show running-config",
    });
    expect(await w.run(change, id, "rollback")).toMatchObject({ failure: { code: "wrong_device" } });
    expect(await w.sent(IOS, since)).toEqual([]);
    await w.control.clearFaults(IOS);
    await w.pool`update devices set updated_at = clock_timestamp()`;
    expect((await w.settle(change, id)).verdict).toBe("all_present");
    await endRun(w, change);
  });

  test("a stack whose other member answers now is still given the way back, and the number is noted", async () => {
    const id = await w.device(IOS);
    const before = await w.config(IOS);
    const change = await w.approve([id], "ntp server 192.0.2.77\nntp server 192.0.2.78");
    expect((await w.run(change, id, "apply")).status).toBe("done");
    await w.pool`update devices set updated_at = clock_timestamp()`;
    await w.control.addFault(IOS, { kind: "other_box", hostname: IOS, serial: "MEMBER000002" });
    const notes: string[] = [];
    const record: Recorder = (direction, text) => void (direction === "note" && notes.push(text));
    expect(await w.run(change, id, "keep", { record })).toMatchObject({ status: "done" });
    expect(await w.run(change, id, "rollback", { record })).toMatchObject({ status: "done" });
    expect(notes.filter((note) => note.includes("MEMBER000002")).length).toBeGreaterThan(0);
    expect(await w.config(IOS)).toBe(before);
    await endRun(w, change);
    // Nothing new is begun on it.
    const next = await w.approve([id], "ntp server 192.0.2.79");
    expect(await w.run(next, id, "apply")).toMatchObject({ failure: { code: "wrong_device" } });
    await endRun(w, next);
  });

  test("the right one is asked once a session, and gets its lines", async () => {
    const id = await w.device(IOS);
    const change = await w.approve([id], "ntp server 192.0.2.77");
    await w.pool`update devices set updated_at = clock_timestamp()`;
    const since = await lastSeq(IOS);
    expect((await w.run(change, id, "apply")).status).toBe("done");
    expect((await w.run(change, id, "keep")).status).toBe("done");
    const seen = await w.control.ledger(IOS, since);
    const asked = seen.filter((e) => e.line === "show version");
    expect(asked.length).toBeGreaterThan(0);
    expect(asked).toHaveLength(seen.filter((e) => e.kind === "login").length);
    await endRun(w, change);
  });
});

describe("the name changes in the middle of a change", () => {
  test("by the change itself: it is followed", async () => {
    const id = await w.device(IOS);
    const change = await w.approve([id], "hostname renamed-router\nntp server 192.0.2.77");
    expect((await w.run(change, id, "apply")).status).toBe("done");
    expect((await w.run(change, id, "rollback")).status).toBe("done");
    await endRun(w, change);
  });

  test("by somebody else: the prompt is no longer the device's own, and nothing more is sent to it", async () => {
    const id = await w.device(IOS);
    const change = await w.approve([id], "ntp server 192.0.2.77\nntp server 192.0.2.78");
    Object.assign(w.limits, { idle: 1000 });
    await w.control.addFault(IOS, { kind: "slow_line", match: "192.0.2.77", delay_ms: 500, once: true });
    const since = await lastSeq(IOS);
    const running = w.run(change, id, "apply");
    await expect.poll(async () => (await w.rows(change)).length, { timeout: 5000 }).toBe(1);
    await w.control.addFault(IOS, { kind: "other_box", hostname: "sombody-elses" });
    expect(await running).toMatchObject({ status: "in_doubt", seqs: [0], failure: { code: "timeout_idle" } });
    expect((await w.sent(IOS, since)).filter((l) => l !== "end")).toEqual(["ntp server 192.0.2.77"]);
    await endRun(w, change);
  });
});

describe("a question in the middle of a change", () => {
  const questions: { text: string; style: "confirm" | "line" }[] = [
    { text: "Are you sure? [confirm]", style: "confirm" },
    { text: "Do you want to remove the key pair? [yes/no]: ", style: "line" },
    { text: "Continue (y/n)? ", style: "line" },
  ];
  test.each(questions)("“$text” is not answered, not even by the next line", async ({ text, style }) => {
    const id = await w.device(IOS);
    const change = await w.approve([id], "ntp server 192.0.2.77\nntp server 192.0.2.78");
    await w.control.addFault(IOS, { kind: "question", match: "192.0.2.77", text, style, once: true });
    const since = await lastSeq(IOS);
    expect(await w.run(change, id, "apply")).toMatchObject({
      status: "in_doubt",
      seqs: [0],
      failure: { code: "unexpected_question", message: expect.stringContaining(text.trim()) as string },
    });
    expect(
      (await w.control.ledger(IOS, since)).filter((e) => e.kind === "answer").map((e) => e.line),
    ).not.toContainEqual(expect.stringMatching(/^(y|yes|\r|n|no|ntp.*)?$/));
    expect((await w.sent(IOS, since)).filter((l) => l !== "end")).toEqual(["ntp server 192.0.2.77"]);
    expect((await w.settle(change, id)).verdict).toBe("nothing_sent");
    await endRun(w, change);
  });
});

describe("the journal is read before anything is concluded from it", () => {
  const brokenOff = async (): Promise<{ id: string; change: Change }> => {
    const id = await w.device(IOS);
    const change = await w.approve(
      [id],
      "ntp server 192.0.2.77\nusername ops secret s3cretCanary\nntp server 192.0.2.78",
    );
    await w.control.addFault(IOS, { kind: "cut_at_line", line: 3, phase: "after_echo", once: true });
    expect(await w.run(change, id, "apply")).toMatchObject({ status: "in_doubt", seqs: [2] });
    return { id, change };
  };

  const forgeries: [string, (c: Change) => Promise<unknown>][] = [
    [
      "another line",
      (c) => w.pool`update journal set line = 'ntp server 192.0.2.66' where change_id = ${c.changeId} and seq = 0`,
    ],
    [
      "another code",
      (c) => w.pool`update journal set line_hmac = sha256('x'::bytea) where change_id = ${c.changeId} and seq = 1`,
    ],
    [
      "a row of another line",
      (c) =>
        w.pool`update journal set line_hmac = (select line_hmac from journal where change_id = ${c.changeId} and seq = 0) where change_id = ${c.changeId} and seq = 2`,
    ],
  ];
  test.each(forgeries)(
    "a row that holds %s stops the read-back, the way on and nothing is sent",
    async (_what, forge) => {
      const { id, change } = await brokenOff();
      await forge(change);
      const since = await lastSeq(IOS);
      await expect(w.settle(change, id)).rejects.toMatchObject({ code: "journal_tampered" });
      expect(await w.run(change, id, "apply")).toMatchObject({ failure: { code: "journal_tampered" } });
      expect(await w.sent(IOS, since)).toEqual([]);
      await endRun(w, change);
    },
  );

  test("rows as they were written are believed, lines with secrets too", async () => {
    const { id, change } = await brokenOff();
    expect(await w.settle(change, id)).toMatchObject({ verdict: "all_present" });
    expect((await w.run(change, id, "apply")).status).toBe("done");
    await endRun(w, change);
  });
});
