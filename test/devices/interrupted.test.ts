import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { NewFault } from "../../lab/faults.ts";
import { createLabWorld, endRun, type Change, type LabWorld } from "./world.ts";

let w: LabWorld;
beforeAll(async () => {
  w = await createLabWorld(["lab-ams-1", "lab-ams-2", "lab-ams-3"], { timeScale: 60 });
});
afterAll(() => w.stop());
beforeEach(async () => {
  for (const { name } of w.lab.routers) await w.control.clearFaults(name);
  // As little time as shows the same: a device that went silent, a lock that somebody holds.
  Object.assign(w.limits, { silence: 3000, lock: 6000 });
  await w.pool`update devices set timeouts = '{"idle": 2}', updated_at = clock_timestamp()`;
});
afterEach(async () => {
  await w.pool`update device_locks set run_id = null, holder = null, expires_at = null`;
  for (const { name } of w.lab.routers) await w.control.reset(name);
});

const IOS = [
  "interface GigabitEthernet0/1",
  " description one",
  " mtu 1400",
  "interface GigabitEthernet0/2",
  " description two",
  "ntp server 192.0.2.77",
  "ntp server 192.0.2.78",
];
const seqOf = async (name: string) => (await w.control.ledger(name)).at(-1)?.seq ?? 0;

/** Goes on until the change is done, as a run with `on_interrupted: verify` would. */
async function carryThrough(change: Change, r: string): Promise<string[]> {
  const said: string[] = [];
  for (let turn = 0; turn < 8; turn++) {
    const outcome = await w.run(change, r, "apply");
    said.push(outcome.status);
    if (outcome.status === "done" || outcome.status === "rejected") return said;
    if (outcome.status === "failed" && !outcome.nothingSent) return said;
    if (outcome.status === "in_doubt") said.push((await w.settle(change, r)).verdict);
  }
  return said;
}

/** How often each line took effect on the router, by its own ledger. */
async function taken(name: string, since: number): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const e of await w.control.ledger(name, since))
    if (e.kind === "config" && e.changed) counts.set(e.line.trim(), (counts.get(e.line.trim()) ?? 0) + 1);
  return counts;
}

describe("line by line", () => {
  const name = "lab-ams-1";
  const phases = ["before_receipt", "before_echo", "after_echo", "before_prompt"] as const;
  type Cut = { phase: (typeof phases)[number]; line: number; applied: boolean };
  const cuts = phases.flatMap((phase) =>
    [1, 2, 4, 7].flatMap((line): Cut[] =>
      (phase === "before_receipt" ? [true] : [true, false]).map((applied) => ({ phase, line, applied })),
    ),
  );

  test.each(cuts)(
    "cut $phase of line $line (applied: $applied): every line takes effect once, and the config is as planned",
    async ({ phase, line, applied }) => {
      const r = await w.device(name);
      const change = await w.approve([r], IOS.join("\n"));
      const since = await seqOf(name);
      await w.control.addFault(name, { kind: "cut_at_line", line, phase, applied, once: true });
      const said = await carryThrough(change, r);
      expect(said.at(-1)).toBe("done");
      expect(said[0]).toMatch(/in_doubt|failed/);
      const config = await w.config(name);
      for (const text of [
        "description one",
        "mtu 1400",
        "description two",
        "ntp server 192.0.2.77",
        "ntp server 192.0.2.78",
      ])
        expect(config).toContain(text);
      for (const [text, n] of await taken(name, since)) expect(`${text}: ${n}`).toBe(`${text}: 1`);
      await everyLineHasARow(change, name, since);
      await endRun(w, change);
    },
  );

  test("a half-open connection is given up, read back and gone on from", async () => {
    const r = await w.device(name);
    const change = await w.approve([r], IOS.join("\n"));
    const since = await seqOf(name);
    await w.control.addFault(name, { kind: "half_open", match: "mtu", applied: true, once: true });
    const said = await carryThrough(change, r);
    expect(said).toEqual(["in_doubt", "resume", "done"]);
    for (const [text, n] of await taken(name, since)) expect(`${text}: ${n}`).toBe(`${text}: 1`);
    await endRun(w, change);
  });

  test("a refused line in the middle stops there and is named; what was sent can be taken back", async () => {
    const r = await w.device(name);
    const before = await w.config(name);
    const change = await w.approve([r], IOS.join("\n"));
    await w.control.addFault(name, { kind: "refused_line", match: "description two", once: true });
    const outcome = await w.run(change, r, "apply");
    expect(outcome).toMatchObject({
      status: "rejected",
      seq: 4,
      line: expect.stringContaining("description two") as string,
      answer: expect.stringContaining("Invalid input") as string,
    });
    expect((await w.rows(change)).map((x) => x.state)).toEqual(["taken", "taken", "taken", "taken", "refused"]);
    expect(await w.config(name)).not.toContain("192.0.2.77");
    // Asked again, the journal answers: nothing is sent.
    const since = await seqOf(name);
    expect(await w.run(change, r, "apply")).toMatchObject({ status: "rejected", seq: 4 });
    expect(await w.sent(name, since)).toEqual([]);
    expect((await w.run(change, r, "rollback")).status).toBe("done");
    expect(await w.config(name)).toBe(before);
    await endRun(w, change);
  });

  test("a question in the middle is not answered, and the line is in doubt until it is read back", async () => {
    const r = await w.device(name);
    const change = await w.approve([r], IOS.join("\n"));
    await w.control.addFault(name, { kind: "question", match: "mtu", text: "Are you sure? [confirm]", once: true });
    const outcome = await w.run(change, r, "apply");
    expect(outcome).toMatchObject({ status: "in_doubt", seqs: [2], failure: { code: "unexpected_question" } });
    expect(await w.settle(change, r)).toMatchObject({ verdict: "resume", fromSeq: 2 });
    expect((await w.run(change, r, "apply")).status).toBe("done");
    expect(await w.config(name)).toContain("mtu 1400");
    await endRun(w, change);
  });

  test("a garbled echo stops: nothing more is sent", async () => {
    const r = await w.device(name);
    const change = await w.approve([r], IOS.join("\n"));
    const since = await seqOf(name);
    await w.control.addFault(name, { kind: "wrong_echo", match: "mtu", once: true });
    const outcome = await w.run(change, r, "apply");
    expect(outcome).toMatchObject({ status: "in_doubt", failure: { code: "echo_mismatch" } });
    expect((await w.sent(name, since)).at(-1)?.trim()).toBe("mtu 1400");
    expect((await carryThrough(change, r)).at(-1)).toBe("done");
    await endRun(w, change);
  });

  test("pause stops before the next line; resumed, it goes on behind the last one", async () => {
    const r = await w.device(name);
    const change = await w.approve([r], IOS.join("\n"));
    const since = await seqOf(name);
    await w.control.addFault(name, { kind: "slow_line", match: "mtu", delay_ms: 700, once: true });
    const running = w.run(change, r, "apply");
    await expect.poll(async () => (await w.rows(change)).length, { timeout: 5000 }).toBe(3);
    await w.pool`update runs set pause_requested = true where id = ${change.runId}`;
    expect(await running).toEqual({ status: "stopped", why: "paused", nextSeq: 3 });
    expect((await w.rows(change)).map((x) => x.state)).toEqual(["taken", "taken", "taken"]);
    await w.pool`update runs set pause_requested = false where id = ${change.runId}`;
    expect((await w.run(change, r, "apply")).status).toBe("done");
    for (const [text, n] of await taken(name, since)) expect(`${text}: ${n}`).toBe(`${text}: 1`);
    await endRun(w, change);
  });

  test("cancelled in the middle of a section, nothing more is sent and the device is out of its configuration mode", async () => {
    const r = await w.device(name);
    const change = await w.approve([r], IOS.join("\n"));
    await w.control.addFault(name, { kind: "slow_line", match: "description one", delay_ms: 500, once: true });
    const running = w.run(change, r, "apply");
    await expect.poll(async () => (await w.rows(change)).length, { timeout: 5000 }).toBe(2);
    await w.pool`update runs set cancel_requested = true where id = ${change.runId}`;
    expect(await running).toEqual({ status: "stopped", why: "cancelled", nextSeq: 2 });
    expect((await w.sent(name)).at(-1)).toBe("end");
    await expect(w.run(change, r, "apply")).rejects.toMatchObject({ code: "run_cancelled" });
    await endRun(w, change);
  });

  test("a rollback that broke off goes on where it stands", async () => {
    const r = await w.device(name);
    const before = await w.config(name);
    const change = await w.approve([r], IOS.join("\n"));
    expect((await w.run(change, r, "apply")).status).toBe("done");
    await w.control.addFault(name, { kind: "cut_at_line", line: 3, phase: "after_echo", applied: true, once: true });
    expect((await w.run(change, r, "rollback")).status).toBe("in_doubt");
    const since = await seqOf(name);
    expect((await w.run(change, r, "rollback")).status).toBe("done");
    expect(await w.config(name)).toBe(before);
    for (const [text, n] of await taken(name, since)) expect(`${text}: ${n}`).toBe(`${text}: 1`);
    expect((await w.rows(change, "rollback")).every((x) => x.state !== "sent")).toBe(true);
    await endRun(w, change);
  });

  test("a line that the config cannot tell is left to a person, who may send it again", async () => {
    const r = await w.device(name);
    const change = await w.approve([r], "username ops secret s3cretCanary\nntp server 192.0.2.77");
    await w.control.addFault(name, { kind: "cut_at_line", line: 1, phase: "after_echo", applied: false, once: true });
    expect((await w.run(change, r, "apply")).status).toBe("in_doubt");
    expect((await w.settle(change, r)).verdict).toBe("unclear");
    expect(await w.run(change, r, "apply")).toMatchObject({ status: "in_doubt", seqs: [0] });
    expect((await w.settle(change, r, true)).verdict).toBe("nothing_sent");
    expect((await w.run(change, r, "apply")).status).toBe("done");
    expect(await w.config(name)).toContain("username ops");
    await endRun(w, change);
  });

  test("somebody else's lock is waited for and never broken", async () => {
    const r = await w.device(name);
    const change = await w.approve([r], IOS.join("\n"));
    await w.control.addFault(name, { kind: "config_locked", by: "night-shift", once: true });
    expect((await w.run(change, r, "apply")).status).toBe("done");
    await endRun(w, change);
  }, 20_000);

  test("another box on the address gets nothing", async () => {
    const r = await w.device(name);
    const change = await w.approve([r], IOS.join("\n"));
    const since = await seqOf(name);
    await w.control.addFault(name, { kind: "other_box" });
    // Another box can only answer a new connection: the open one is not used for a device that was edited.
    await w.pool`update devices set updated_at = clock_timestamp() where id = ${r}`;
    expect(await w.run(change, r, "apply")).toMatchObject({
      status: "failed",
      failure: { code: "wrong_device" },
      nothingSent: true,
    });
    expect(await w.sent(name, since)).toEqual([]);
    expect(await w.rows(change)).toEqual([]);
    await endRun(w, change);
  });

  test("a save that fails is told, and can be repeated", async () => {
    const r = await w.device(name);
    const change = await w.approve([r], IOS.join("\n"));
    await w.run(change, r, "apply");
    await w.control.addFault(name, { kind: "save_failure", once: true });
    expect(await w.run(change, r, "keep")).toMatchObject({
      status: "failed",
      failure: { code: "save_failed" },
      nothingSent: false,
    });
    expect((await w.run(change, r, "keep")).status).toBe("done");
    expect((await w.rows(change, "keep")).map((x) => `${x.attempt} ${x.state}`)).toEqual(["1 refused", "2 taken"]);
    await endRun(w, change);
  });

  test("a question whose answer is known is answered, and the save goes through", async () => {
    const r = await w.device(name);
    const change = await w.approve([r], IOS.join("\n"));
    await w.run(change, r, "apply");
    await w.control.addFault(name, {
      kind: "question",
      match: "^write",
      text: "Overwrite the previous NVRAM configuration?[confirm]",
      once: true,
    });
    expect((await w.run(change, r, "keep")).status).toBe("done");
    expect((await w.control.running(name)).startup).toContain("description two");
    await endRun(w, change);
  });

  test("a change of the device's own name is followed", async () => {
    const r = await w.device(name);
    const change = await w.approve([r], "hostname renamed-router\nntp server 192.0.2.77");
    expect((await w.run(change, r, "apply")).status).toBe("done");
    expect((await w.run(change, r, "keep")).status).toBe("done");
    expect((await w.run(change, r, "rollback")).status).toBe("done");
    expect(await w.config(name)).toContain(`hostname ${name}`);
    await endRun(w, change);
  });

  test("a banner of several lines goes out as one window", async () => {
    const r = await w.device(name);
    const change = await w.approve([r], "banner motd #\nhello\n  there\n#\nntp server 192.0.2.77");
    expect((await w.run(change, r, "apply")).status).toBe("done");
    expect(await w.config(name)).toContain("  there");
    expect(new Set((await w.rows(change)).map((x) => x.window_no)).size).toBe(2);
    await endRun(w, change);
  });

  test("secrets are filled in on the way, and stand neither in the journal nor in the transcript", async () => {
    const r = await w.device(name);
    const change = await w.approve(
      [r],
      "username ops secret s3cretCanary\nsnmp-server community c0mmunityCanary RO\nntp server 192.0.2.77",
    );
    const said: string[] = [];
    expect(
      (await w.run(change, r, "apply", { record: (direction, text) => void said.push(`${direction} ${text}`) })).status,
    ).toBe("done");
    expect((await w.sent(name)).join("\n")).toContain("c0mmunityCanary");
    expect(said.join("\n")).toContain("secret://");
    const everything = `${said.join("\n")}${JSON.stringify(await w.rows(change))}${JSON.stringify(await w.pool`select * from plans`)}`;
    expect(everything).not.toMatch(/Canary/);
    await endRun(w, change);
  });

  async function everyLineHasARow(change: Change, router: string, since: number): Promise<void> {
    const rows = await w.rows(change);
    const journaled = new Map<string, number>();
    for (const { line } of rows) journaled.set(line.trim(), (journaled.get(line.trim()) ?? 0) + 1);
    const got = new Map<string, number>();
    for (const line of (await w.sent(router, since))
      .map((l) => l.trim())
      .filter((l) => l !== "" && l !== "end" && lines(change).has(l)))
      got.set(line, (got.get(line) ?? 0) + 1);
    for (const [line, n] of got)
      expect(`${line}: ${n} of ${journaled.get(line) ?? 0} rows`).toBe(
        `${line}: ${Math.min(n, journaled.get(line) ?? 0)} of ${journaled.get(line) ?? 0} rows`,
      );
  }
  const lines = (change: Change): Set<string> => new Set(change.targets[0]?.lines.map((l) => l.trim()));
});

const STAGED: { name: string; lines: string; seen: string; commit: string; lost: NewFault }[] = [
  {
    name: "lab-ams-2",
    lines: "interface Ethernet1\n   description one\nntp server 192.0.2.77",
    seen: "description one",
    commit: "^commit",
    lost: { kind: "half_open", applied: true, match: "^configure session .* commit$", once: true },
  },
  {
    name: "lab-ams-3",
    lines: "set interfaces ge-0/0/1 description one\nset system ntp server 192.0.2.77",
    seen: "description one",
    commit: "^commit",
    lost: { kind: "cut_at_line", applied: true, phase: "after_echo", match: "^commit", once: true },
  },
];
describe.each(STAGED)("staged on $name", ({ name, lines, seen, commit, lost }) => {
  const cut = (more: Partial<Extract<NewFault, { kind: "cut_at_line" }>>): NewFault => ({
    kind: "cut_at_line",
    once: true,
    ...more,
  });

  test.each([
    { applied: true, phase: "after_echo" as const, verdict: "all_present" },
    { applied: true, phase: "before_prompt" as const, verdict: "all_present" },
    { applied: false, phase: "after_echo" as const, verdict: "nothing_sent" },
  ])("a commit in doubt ($phase, applied: $applied) is settled by its label", async ({ applied, phase, verdict }) => {
    const r = await w.device(name);
    for (const confirmMinutes of [0, 10]) {
      const change = await w.approve([r], lines, { confirmMinutes });
      const since = await seqOf(name);
      await w.control.addFault(name, cut({ line: 1, phase, applied, match: commit }));
      const outcome = await w.run(change, r, "apply");
      const n = change.targets[0]?.lines.length ?? 0;
      expect(outcome).toMatchObject({ status: "in_doubt", seqs: [n] });
      expect((await w.rows(change)).map((x) => x.state)).toEqual([...Array<string>(n).fill("taken"), "sent"]);
      expect(await w.run(change, r, "apply")).toMatchObject({ status: "in_doubt", seqs: [n] });
      expect((await w.settle(change, r)).verdict).toBe(verdict);
      expect((await w.run(change, r, "apply")).status).toBe("done");
      expect(await w.config(name)).toContain(seen);
      const commits = (await w.control.ledger(name, since)).filter(
        (e) => e.kind === "config" && e.line.startsWith("commit") && e.changed,
      );
      expect(commits).toHaveLength(1);
      expect((await w.run(change, r, "keep")).status).toBe("done");
      expect((await w.run(change, r, "rollback")).status).toBe("done");
      expect(await w.config(name)).not.toContain(seen);
      await endRun(w, change);
      await w.control.clearFaults(name);
    }
  });

  test.each([
    { applied: true, state: "present" },
    { applied: false, state: "absent" },
  ])(
    "the commit of a way back in doubt (applied: $applied) is told as $state, and comes once",
    async ({ applied, state }) => {
      const r = await w.device(name);
      const before = await w.config(name);
      const change = await w.approve([r], lines);
      expect((await w.run(change, r, "apply")).status).toBe("done");
      const since = await seqOf(name);
      await w.control.addFault(name, cut({ line: 1, phase: "after_echo", applied, match: commit }));
      expect((await w.run(change, r, "rollback")).status).toBe("in_doubt");
      expect((await w.run(change, r, "rollback")).status).toBe("done");
      expect(await w.config(name)).toBe(before);
      // Of the first attempt: the commit as it was, and no line as taken that was loaded for one that never came.
      const first = (await w.rows(change, "rollback")).filter((row) => row.attempt === 1);
      expect(first.at(-1)?.line).toMatch(/^commit/);
      expect(first.at(-1)?.state).toBe(state);
      if (!applied) expect(new Set(first.map((row) => row.state))).toEqual(new Set(["absent"]));
      const commits = (await w.control.ledger(name, since)).filter(
        (e) => e.kind === "config" && e.line.startsWith("commit") && e.changed,
      );
      expect(commits).toHaveLength(1);
      await endRun(w, change);
    },
  );

  test("cut while lines are loaded: nothing of them is active, and it begins anew", async () => {
    const r = await w.device(name);
    const before = await w.config(name);
    const change = await w.approve([r], lines);
    await w.control.addFault(name, cut({ line: 2, phase: "before_prompt", applied: true }));
    expect((await w.run(change, r, "apply")).status).toBe("in_doubt");
    expect(await w.config(name)).toBe(before);
    expect((await w.settle(change, r)).verdict).toBe("nothing_sent");
    expect((await w.run(change, r, "apply")).status).toBe("done");
    expect(await w.config(name)).toContain(seen);
    await endRun(w, change);
  });

  test("paused before the commit, the candidate is thrown away", async () => {
    const r = await w.device(name);
    const before = await w.config(name);
    const change = await w.approve([r], lines);
    await w.control.addFault(name, { kind: "slow_line", match: "192\\.0\\.2\\.77", delay_ms: 700, once: true });
    const running = w.run(change, r, "apply");
    await expect.poll(async () => (await w.rows(change)).length, { timeout: 5000 }).toBeGreaterThan(0);
    await w.pool`update runs set pause_requested = true where id = ${change.runId}`;
    expect(await running).toEqual({ status: "stopped", why: "paused", nextSeq: 0 });
    expect(await w.config(name)).toBe(before);
    expect((await w.rows(change)).every((x) => x.state === "absent")).toBe(true);
    await w.pool`update runs set pause_requested = false where id = ${change.runId}`;
    expect((await w.run(change, r, "apply")).status).toBe("done");
    expect(await w.config(name)).toContain(seen);
    await endRun(w, change);
  });

  test("a keep whose answer was lost is repeated without harm", async () => {
    const r = await w.device(name);
    const change = await w.approve([r], lines, { confirmMinutes: 60 });
    expect((await w.run(change, r, "apply")).status).toBe("done");
    // The answer to a commit may take minutes: where the line goes silent, it is the keep-alive that finds it dead.
    await w.control.addFault(name, lost);
    expect(await w.run(change, r, "keep")).toMatchObject({
      status: "in_doubt",
      seqs: [0],
      failure: { code: "connection_lost" },
    });
    expect((await w.run(change, r, "keep")).status).toBe("done");
    expect((await w.rows(change, "keep")).map((x) => x.state)).not.toContain("sent");
    expect(await w.config(name)).toContain(seen);
    await endRun(w, change);
  }, 60_000);
});

test("somebody else's uncommitted candidate is not committed, nor thrown away", async () => {
  const name = "lab-ams-3";
  const r = await w.device(name);
  const change = await w.approve([r], "set system ntp server 192.0.2.77");
  await w.control.addFault(name, { kind: "foreign_candidate", line: "set system ntp server 192.0.2.99" });
  const outcome = await w.run(change, r, "apply");
  expect(outcome).toMatchObject({ status: "failed", failure: { code: "dirty_candidate" }, nothingSent: true });
  expect(await w.config(name)).not.toMatch(/192\.0\.2\.(77|99)/);
  await endRun(w, change);
});
