import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { LAB_ROUTERS } from "../../lab/inventory.ts";
import { getBackupHealth, listBackups, viewLatestBackup } from "../../services/config-backups.ts";
import { backUpAll, backUpOne, backUpSelected } from "../../services/start-backups.ts";
import { cancelRun, listRunEvents, listRuns, pauseRun, resumeRun } from "../../services/runs.ts";
import { rebuildRun } from "../../services/projections.ts";
import { atWork, typeAll } from "../lab/support/client.ts";
import { startBackupWorld, type BackupWorld } from "../support/backup-world.ts";

const [IOS, EOS, JUNOS] = ["lab-ams-1", "lab-ams-2", "lab-ams-3"] as const;
const OWN = [IOS, EOS, JUNOS];
const page = { limit: 50, offset: 0, sort: { column: "created_at", descending: true } as const };
const READ = { match: "^show (running-config|configuration)$" };

let world: BackupWorld;
beforeAll(async () => {
  world = await startBackupWorld({ routers: LAB_ROUTERS.slice(0, 3), timeouts: { idle: 2 } });
});
afterAll(() => world.stop());
beforeEach(async () => {
  for (const name of OWN) await world.control.clearFaults(name);
  await world.pool`delete from config_backups`;
  await world.pool`delete from credential_refusals`;
});

const run = async (names: readonly string[] = OWN) =>
  world.until(await backUpSelected(world.ctx, { devices: names }, null));
const stepOf = async (name: string) => {
  const { steps } = await run([name, ...OWN.filter((n) => n !== name)]);
  return steps.find((s) => s.device === name);
};
const router = (name: string) => {
  const found = world.lab.routers.find((r) => r.name === name);
  if (!found) throw new Error(`no router ${name}`);
  return found;
};
/** Nothing listens there any more, and what was connected is not used again. */
const refuse = async (name: string): Promise<void> => {
  await world.control.addFault(name, { kind: "refuse_connection" });
  await world.pool`update devices set updated_at = clock_timestamp() where name = ${name}`;
};
const typeOn = async (name: string, lines: readonly string[]): Promise<void> => {
  const person = await atWork(router(name));
  await typeAll(person, lines);
  person.leave();
};

describe("a run over a fleet", () => {
  test("stores each device's whole configuration, and the same again is no new version", async () => {
    const first = await run();
    expect(first).toMatchObject({ status: "success", backup: { total: 3, success: 3, unchanged: 0, failed: 0 } });
    expect(first.message).toBe("3 of 3 devices backed up, 3 in a new version");
    const before = await listBackups(world.ctx, {}, page);
    const second = await run();
    expect(second).toMatchObject({ status: "success", backup: { success: 3, unchanged: 3 } });
    const after = await listBackups(world.ctx, {}, page);
    expect(after.backups.map((b) => b.id)).toEqual(before.backups.map((b) => b.id));
    for (const [i, backup] of after.backups.entries()) {
      expect(backup.created_at).toBe(before.backups[i]?.created_at);
      expect(Date.parse(backup.last_seen_at)).toBeGreaterThan(Date.parse(backup.created_at));
      expect(backup).toMatchObject({ is_latest: true, snapshot_id: first.id, run_id: first.id, status: "good" });
    }
  });

  test("a change is a new version; what comes back is a version again, and its text is stored once", async () => {
    await run();
    await typeOn(IOS, ["configure terminal", "interface Loopback55", "description for a while", "end"]);
    await run();
    await typeOn(IOS, ["configure terminal", "no interface Loopback55", "end"]);
    const third = await run();
    expect(third.backup).toMatchObject({ success: 3, unchanged: 2 });
    const rows = await world.pool<{ blob_ref: string; config_hash: string; shrunk: boolean }[]>`
      select blob_ref, config_hash, shrunk from config_backups where device_name = ${IOS} order by created_at`;
    expect(rows.map((r) => r.config_hash === rows[0]?.config_hash)).toEqual([true, false, true]);
    expect(rows[2]?.blob_ref).toBe(rows[0]?.blob_ref);
    expect(rows.map((r) => r.shrunk)).toEqual([false, false, false]);
  });

  test("a version whose time has not come yet, of a clock that was ahead, hides no change", async () => {
    await run([IOS]);
    await world.pool`update config_backups set created_at = now() + interval '2 hours', last_seen_at = now() + interval '3 hours'`;
    await typeOn(IOS, ["configure terminal", "interface Loopback56", "end"]);
    expect(await stepOf(IOS)).toMatchObject({ status: "success", message: expect.stringMatching(/^new version/) });
    await typeOn(IOS, ["configure terminal", "no interface Loopback56", "end"]);
    const { backups } = await listBackups(world.ctx, { device: IOS }, page);
    expect(backups.map((b) => b.is_latest)).toEqual([true, false]);
    expect((await world.texts(IOS)).map((text) => text.includes("Loopback56"))).toEqual([false, true]);
    for (const { last_seen_at } of backups) expect(Date.parse(last_seen_at)).toBeLessThan(Date.now() + 60_000);
  });

  test("what is read while a reading that began later is stored is older, and is not called unchanged", async () => {
    await run([IOS]);
    await typeOn(IOS, ["configure terminal", "interface Loopback57", "end"]);
    await world.control.addFault(IOS, { kind: "trickle", bytes: 100, delay_ms: 100, ...READ });
    const since = (await world.control.ledger(IOS)).at(-1)?.seq ?? 0;
    const begun = await backUpOne(world.ctx, IOS, null);
    await expect
      .poll(async () => (await world.control.ledger(IOS, since)).some((e) => e.line === "show running-config"), {
        timeout: 10_000,
      })
      .toBe(true);
    await world.pool`update config_backups set created_at = clock_timestamp(), last_seen_at = clock_timestamp()`;
    await world.control.clearFaults(IOS);
    const { steps, backup } = await world.until(begun);
    expect(steps).toMatchObject([{ device: IOS, status: "success", message: "a newer version is stored already" }]);
    expect(backup).toMatchObject({ success: 1, unchanged: 0 });
    await typeOn(IOS, ["configure terminal", "no interface Loopback57", "end"]);
  });

  test("what was read as another platform's is masked and stored anew", async () => {
    await run([IOS]);
    await world.pool`update devices set device_type = 'cisco_xe' where name = ${IOS}`;
    try {
      expect(await stepOf(IOS)).toMatchObject({ message: expect.stringMatching(/^new version/) });
      const { backups } = await listBackups(world.ctx, { device: IOS }, page);
      expect(backups.map((b) => b.device_type)).toEqual(["cisco_xe", "cisco_ios"]);
    } finally {
      await world.pool`update devices set device_type = 'cisco_ios' where name = ${IOS}`;
    }
  });

  test("one device that fails fails nothing else, and says why", async () => {
    await refuse(EOS);
    const ended = await run();
    expect(ended).toMatchObject({ status: "success", backup: { total: 3, success: 2, failed: 1 } });
    expect(ended.steps.find((s) => s.device === EOS)).toMatchObject({
      status: "failed",
      error: { code: "connection_refused", what_to_do: expect.stringContaining("SSH") },
    });
    const { devices } = await getBackupHealth(world.ctx, { ...page, sort: { column: "status", descending: false } });
    expect(devices[0]).toMatchObject({
      device: EOS,
      status: "failed",
      latest_backup_id: null,
      last_failure: { code: "connection_refused", run_id: ended.id },
    });
    expect(devices.find((d) => d.device === IOS)).toMatchObject({ status: "fresh", versions: 1, last_failure: null });
  });

  test("a run in which no device could be read has failed", async () => {
    for (const name of OWN) await refuse(name);
    expect(await run()).toMatchObject({
      status: "failed",
      message: "0 of 3 devices backed up; 3 failed",
      error: { code: "connection_refused" },
    });
  });

  test("disabled devices are skipped and say so; a platform without a configuration is unsupported", async () => {
    await world.addDevice({ ...router(IOS), name: "a-host", device_type: "linux" });
    await world.pool`update devices set enabled = false, disabled_reason = 'in repair' where name = ${EOS}`;
    try {
      const ended = await world.until(await backUpAll(world.ctx, undefined, null));
      expect(ended).toMatchObject({ status: "success", backup: { total: 4, success: 2, failed: 0, skipped: 2 } });
      expect(ended.steps.find((s) => s.device === EOS)).toMatchObject({
        status: "skipped",
        message: `${EOS} is disabled: in repair`,
        error: { code: "device_disabled" },
      });
      expect(ended.steps.find((s) => s.device === "a-host")).toMatchObject({
        status: "skipped",
        error: { code: "unsupported" },
      });
      const { devices, totals } = await getBackupHealth(world.ctx, {
        ...page,
        sort: { column: "device", descending: false },
      });
      expect(devices.find((d) => d.device === "a-host")?.status).toBe("unsupported");
      expect(totals).toMatchObject({ devices: 4, unsupported: 1, fresh: 2 });
      await expect(backUpOne(world.ctx, EOS, null)).rejects.toThrow(/is disabled \(in repair\)/);
      await expect(backUpOne(world.ctx, "a-host", null)).rejects.toThrow(/no running configuration/);
    } finally {
      await world.pool`delete from devices where name = 'a-host'`;
      await world.pool`update devices set enabled = true, disabled_reason = null where name = ${EOS}`;
    }
  });

  test("devices whose credential is paused fail with that word, and nothing is sent to them", async () => {
    const [device] = await world.pool<{ id: string }[]>`select id from devices where name = ${JUNOS}`;
    for (let i = 0; i < 2; i += 1)
      await world.pool`insert into credential_refusals (credential, device_id) values (${`device:${device?.id ?? ""}`}, ${device?.id ?? ""})`;
    await world.pool`update devices set updated_at = now() where name = ${JUNOS}`;
    const since = (await world.control.ledger(JUNOS)).at(-1)?.seq ?? 0;
    expect(await stepOf(JUNOS)).toMatchObject({ status: "failed", error: { code: "credential_paused" } });
    expect((await world.control.ledger(JUNOS, since)).map((e) => e.kind)).toEqual(["close"]);
  });

  test("the run's events fold to what its rows show, in batches as one by one", async () => {
    const ended = await run();
    const events = await listRunEvents(world.ctx, ended.id, 0, 1000);
    expect(events.map((e) => e.seq)).toEqual(events.map((_e, i) => i + 1));
    expect(await world.pool.begin((db) => rebuildRun(db, ended.id)), "something differed").toBe(false);
    expect(await world.until(ended)).toEqual(ended);
  });

  test("in a list a run has its counts, but not its thousand devices", async () => {
    const ended = await run();
    const { runs } = await listRuns(world.ctx, {
      kind: "backup",
      device: IOS,
      limit: 1,
      offset: 0,
      sort: "-created_at",
    });
    expect(runs).toMatchObject([{ id: ended.id, steps: [], devices: [], backup: { total: 3, success: 3 } }]);
  });
});

describe("what a device answers is doubted", () => {
  test("over 30 % shorter: read again over a new session, stored when it is the same, and marked", async () => {
    const routes = Array.from({ length: 160 }, (_, i) => `ip route 203.0.113.${i} 255.255.255.255 Null0`);
    await typeOn(IOS, ["configure terminal", ...routes, "end"]);
    await run([IOS]);
    await typeOn(IOS, ["configure terminal", ...routes.map((line) => `no ${line}`), "end"]);
    const since = (await world.control.ledger(IOS)).at(-1)?.seq ?? 0;
    await run([IOS]);
    const { backups } = await listBackups(world.ctx, { device: IOS }, page);
    expect(backups.map((b) => b.status)).toEqual(["shrunk", "good"]);
    const reads = (await world.control.ledger(IOS, since)).filter((e) => e.line === "show running-config");
    expect(new Set(reads.map((e) => e.session)).size).toBe(2);
    expect(await world.texts(IOS)).toHaveLength(2);
  });

  test("a middle that is missing once is not believed", async () => {
    await run([EOS]);
    await world.control.addFault(EOS, { kind: "lost_output", where: "middle", percent: 15, once: true, ...READ });
    expect(await stepOf(EOS)).toMatchObject({ status: "success", message: "unchanged" });
    expect(await world.texts(EOS)).toHaveLength(1);
  });

  test("the end of a configuration that marks none is counted", async () => {
    // Cut between two of its sections, where every brace is closed.
    const { running } = await world.control.running(JUNOS);
    const cut = running.slice(0, running.lastIndexOf("\n}\n", running.length - 5) + 3);
    expect(cut.length).toBeLessThan(running.length);
    await world.control.addFault(JUNOS, {
      kind: "other_output",
      text: cut.trimEnd(),
      once: true,
      match: "^show configuration$",
    });
    await run([JUNOS]);
    const [text] = await world.texts(JUNOS);
    expect(text?.trimEnd().endsWith(running.trimEnd()), text).toBe(true);
  });

  test.each([
    ["cut short, and the prompt comes", { kind: "lost_output", percent: 20, ...READ } as const, "config_incomplete"],
    ["cut in the middle", { kind: "cut_output", percent: 60, ...READ } as const, "connection_lost"],
    ["an error", { kind: "other_output", text: "% Unable to read", ...READ } as const, "config_incomplete"],
    ["another device", { kind: "other_box" } as const, "wrong_device"],
  ])("%s: nothing is stored", async (_name, fault, code) => {
    await world.pool`update devices set facts = ${world.pool.json({ hostname: IOS })}, updated_at = now() where name = ${IOS}`;
    await world.control.addFault(IOS, fault);
    expect(await stepOf(IOS)).toMatchObject({ status: "failed", error: { code } });
    expect(await world.texts(IOS)).toEqual([]);
  });
});

describe("people act on a run", () => {
  const slow = () =>
    Promise.all(
      OWN.map((name) => world.control.addFault(name, { kind: "trickle", bytes: 40, delay_ms: 200, ...READ })),
    );

  test("pause reads no further, resume does; what was read stays read", async () => {
    await slow();
    await world.control.clearFaults(IOS);
    const begun = await backUpAll(world.ctx, undefined, null);
    await world.until(begun, (r) => r.backup?.success === 1);
    await pauseRun(world.ctx, begun.id, undefined);
    const paused = await world.until(begun, (r) => r.status === "paused");
    expect(paused.backup).toMatchObject({ success: 1, pending: 2 });
    for (const name of OWN) await world.control.clearFaults(name);
    const since = (await world.control.ledger(IOS)).at(-1)?.seq ?? 0;
    await resumeRun(world.ctx, begun.id, {});
    expect(await world.until(begun)).toMatchObject({ status: "success", backup: { total: 3, success: 3 } });
    expect((await world.control.ledger(IOS, since)).filter((e) => e.kind === "exec")).toEqual([]);
  });

  test("cancel hangs up within seconds, keeps what was read, and says what was not", async () => {
    await slow();
    await world.control.clearFaults(IOS);
    const begun = await backUpAll(world.ctx, undefined, null);
    await world.until(begun, (r) => r.backup?.success === 1);
    const asked = Date.now();
    await cancelRun(world.ctx, begun.id, "enough");
    const ended = await world.until(begun);
    expect(Date.now() - asked).toBeLessThan(10_000);
    expect(ended).toMatchObject({ status: "cancelled", backup: { success: 1, skipped: 2, pending: 0 } });
    expect(ended.message).toBe("cancelled; 1 of 3 devices backed up, 1 in a new version; 2 skipped");
    expect(ended.steps.filter((s) => s.status === "skipped").map((s) => s.error?.code)).toEqual([
      "cancelled",
      "cancelled",
    ]);
  });

  test("the same key is the same run, and another body with it is refused", async () => {
    const claim = (devices: string[]) => ({ key: "nightly-7", route: "POST x", body: { devices } });
    const first = await backUpSelected(world.ctx, { devices: [IOS] }, claim([IOS]));
    const again = await backUpSelected(world.ctx, { devices: [IOS] }, claim([IOS]));
    expect(again.id).toBe(first.id);
    await expect(backUpSelected(world.ctx, { devices: [EOS] }, claim([EOS]))).rejects.toThrow(/Idempotency-Key/);
    await world.until(first);
  });
});

test("a run whose worker stops goes on with the next one, and reads only what is not stored", async () => {
  await Promise.all(
    [EOS, JUNOS].map((name) => world.control.addFault(name, { kind: "trickle", bytes: 40, delay_ms: 200, ...READ })),
  );
  const begun = await backUpAll(world.ctx, undefined, null);
  await world.until(begun, (r) => r.backup?.success === 1);
  await world.stopWorker();
  for (const name of OWN) await world.control.clearFaults(name);
  const since = (await world.control.ledger(IOS)).at(-1)?.seq ?? 0;
  await world.startWorker();
  expect(await world.until(begun)).toMatchObject({ status: "success", backup: { total: 3, success: 3 } });
  expect((await world.control.ledger(IOS, since)).filter((e) => e.kind === "exec")).toEqual([]);
  expect(await world.texts(IOS)).toHaveLength(1);
}, 60_000);

test("5,000 devices are one run with a short history", async () => {
  await world.pool`insert into devices (id, name, host, device_type, enabled)
    select gen_random_uuid(), 'off-' || n, '192.0.2.1', 'cisco_ios', false from generate_series(1, 5000) n`;
  try {
    const begun = await backUpAll(world.ctx, undefined, null);
    expect(await world.until(begun)).toMatchObject({
      status: "success",
      backup: { total: 5003, success: 3, skipped: 5000 },
    });
    expect(await world.historyLength(begun)).toBeLessThan(8000);
  } finally {
    await world.pool`delete from devices where name like 'off-%'`;
  }
}, 120_000);

test("secrets are in the kept text and in nothing that is shown", async () => {
  await run([IOS]);
  const [whole = ""] = await world.texts(IOS);
  const { content } = await viewLatestBackup(world.ctx, IOS);
  expect(whole).toContain("lab-read");
  expect(content).not.toContain("lab-read");
  expect(content).toMatch(/snmp-server community secret:\/\/[0-9a-f-]+ /);
  expect(content.split("\n").length).toBe(whole.split("\n").length);
});
