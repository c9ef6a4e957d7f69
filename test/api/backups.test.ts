import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type {
  BackupDiff,
  BackupHealth,
  BackupTotals,
  ConfigBackup,
  ConfigBackupContent,
} from "../../domain/contract/backup.ts";
import type { Run } from "../../domain/contract/run.ts";
import { putBlob } from "../../db/queries/blobs.ts";
import { insertBackups } from "../../db/queries/config-backups.ts";
import { newId } from "../../system/ids.ts";
import { startApi, type Api, type Caller, type Reply } from "./api.ts";

let api: Api;
let viewer: Caller;
let operator: Caller;
let admin: Caller;
const ids: Record<string, string> = {};

beforeAll(async () => {
  api = await startApi();
  [viewer, operator, admin] = [await api.as(["viewer"]), await api.as(["operator"]), await api.as(["admin"])];
  for (const [name, type] of [
    ["edge-1", "cisco_ios"],
    ["edge-2", "cisco_ios"],
    ["core-1", "juniper_junos"],
    ["host-1", "linux"],
  ] as const) {
    ids[name] = newId();
    await api.pool`insert into devices (id, name, host, device_type, site) values (${ids[name]}, ${name}, '192.0.2.1', ${type}, 'ams')`;
  }
});
afterAll(() => api.stop());
beforeEach(async () => {
  await api.pool`delete from backup_results`;
  await api.pool`delete from config_backups`;
  await api.pool`update devices set enabled = true`;
});

/** Of an answer, the parts that a test looks at. */
type Data = {
  backups: ConfigBackup[];
  total: number;
  backup: ConfigBackupContent;
  diff: BackupDiff;
  devices: BackupHealth[];
  totals: BackupTotals;
  execution_id: string;
  status: string;
  run: Run;
};
const dataOf = ({ text }: Reply): Data => (JSON.parse(text) as { data: Data }).data;

const HOUR = 3_600_000;
/** A version as the worker stores it; `shown` is what is left of the text when its secrets are masked. */
async function store(
  device: string,
  whole: string,
  { hoursAgo = 0, shown = whole, type = "cisco_ios" as ConfigBackup["device_type"] } = {},
): Promise<string> {
  const id = newId();
  const at = new Date(Date.now() - hoursAgo * HOUR);
  await insertBackups(api.pool, [
    {
      id,
      device_id: ids[device] ?? "",
      device_name: device,
      device_type: type,
      config_hash: `hmac:${whole.length}`,
      config_format: "native",
      size: whole.length,
      lines: whole.split("\n").length,
      hostname: device,
      shrunk: false,
      blob_ref: await putBlob(api.pool, api.vault, whole),
      shown_ref: await putBlob(api.pool, api.vault, shown),
      run_id: newId(),
      snapshot_id: null,
      created_at: at,
      last_seen_at: at,
    },
  ]);
  return id;
}
const config = (ntp: string, more = ""): string =>
  `! Last configuration change at 10:00:0${ntp.length % 10} UTC\nversion 15.9\nhostname edge-1\n!\ninterface GigabitEthernet0/1\n ip address 192.0.2.1 255.255.255.0\n!\n${more}ntp server ${ntp}\nend\n`;
const lastAudit = async () =>
  (
    await api.pool<{ actor: string; action: string; subject: string; detail: object }[]>`
    select actor, action, subject, detail from audit order by id desc limit 1`
  )[0];

describe("versions", () => {
  test("are listed without their texts, newest first, by device and by age", async () => {
    const old = await store("edge-1", config("192.0.2.9"), { hoursAgo: 30 });
    const now = await store("edge-1", config("192.0.2.10"));
    await store("edge-2", config("192.0.2.11"), { hoursAgo: 2 });
    const all = dataOf(await viewer.call("GET", "/api/config-backups"));
    expect(all.total).toBe(3);
    expect(all.backups.map((b) => b.device_name)).toEqual(["edge-1", "edge-2", "edge-1"]);
    expect(JSON.stringify(all)).not.toContain("ntp server");
    for (const called of ["edge-1", "EDGE-1", ids["edge-1"]]) {
      const { backups } = dataOf(await viewer.call("GET", `/api/config-backups?device=${called}&sort=created_at`));
      expect(backups.map((b) => [b.id, b.is_latest])).toEqual([
        [old, false],
        [now, true],
      ]);
    }
    const latest = dataOf(await viewer.call("GET", "/api/config-backups?latest=true&sort=device_name"));
    expect(latest.backups.map((b) => b.device_name)).toEqual(["edge-1", "edge-2"]);
    expect((await viewer.call("GET", "/api/config-backups?devcie=edge-1")).status).toBe(400);
  });

  test("are shown with their secrets masked, and who looked is on record", async () => {
    const secret = "canary-5e1d";
    const masked = config("192.0.2.9", "snmp-server community secret://0a RO\n");
    const id = await store("edge-1", config("192.0.2.9", `snmp-server community ${secret} RO\n`), { shown: masked });
    const shown = dataOf(await viewer.call("GET", `/api/config-backups/${id}`)).backup;
    expect(shown).toMatchObject({ id, device_name: "edge-1", content: masked });
    expect(await lastAudit()).toMatchObject({
      actor: viewer.username,
      action: "backup.view",
      subject: id,
      detail: { device: "edge-1" },
    });
    const latest = await viewer.call("GET", "/api/config-backups/device/edge-1/latest");
    expect(dataOf(latest).backup.id).toBe(id);
    expect(api.log()).not.toContain(secret);
    expect((await viewer.call("GET", "/api/config-backups/device/edge-2/latest")).status).toBe(404);
  });

  test("what was kept with less masking than is known of today is masked when it is shown", async () => {
    const id = await store("edge-1", config("192.0.2.9", "username u secret 0 not-masked-then\n"));
    const { content } = dataOf(await viewer.call("GET", `/api/config-backups/${id}`)).backup;
    expect(content).not.toContain("not-masked-then");
    expect(content).toContain("username u secret 0 secret://");
  });

  test("two of them are compared, the older one first, and lines that only tell the time do not count", async () => {
    const old = await store("edge-1", config("192.0.2.9"), { hoursAgo: 5 });
    const now = await store("edge-1", config("192.0.2.100"));
    for (const pair of [`${old}/diff/${now}`, `${now}/diff/${old}`]) {
      const { diff } = dataOf(await viewer.call("GET", `/api/config-backups/${pair}`));
      expect([diff.before.id, diff.after.id, diff.same, diff.added, diff.removed]).toEqual([old, now, false, 1, 1]);
      expect(diff.unified).toMatch(/^--- edge-1 .*\n\+\+\+ edge-1 .*\n@@ -2,6 \+2,6 @@\n/);
      expect(diff.unified).toContain("\n-ntp server 192.0.2.9\n+ntp server 192.0.2.100\n");
      expect(diff.rows.find((row) => row.op === "~")).toMatchObject({
        left: { line: 8, text: "ntp server 192.0.2.9" },
        right: { line: 8, text: "ntp server 192.0.2.100" },
      });
      expect(diff.hunks.flatMap((h) => h.lines.filter((l) => l.op !== " ").map((l) => l.op + l.text)).sort()).toEqual([
        "+ntp server 192.0.2.100",
        "-ntp server 192.0.2.9",
      ]);
    }
    const same = dataOf(await viewer.call("GET", `/api/config-backups/${old}/diff/${old}`)).diff;
    expect(same).toMatchObject({ same: true, added: 0, removed: 0, unified: "", hunks: [] });
    expect((await lastAudit())?.action).toBe("backup.diff");
    const junos = await store("core-1", "system {\n    host-name core-1;\n}\n", { type: "juniper_junos" });
    const other = await viewer.call("GET", `/api/config-backups/${old}/diff/${junos}`);
    expect([other.status, other.body.code]).toEqual([422, "not_comparable"]);
  });

  test("an old one can be deleted with its text, a device's newest cannot", async () => {
    const old = await store("edge-1", config("192.0.2.9"), { hoursAgo: 5 });
    const now = await store("edge-1", config("192.0.2.10"));
    await store("edge-2", config("192.0.2.10"));
    const blobs = async () => (await api.pool`select 1 from blobs`).length;
    const before = await blobs();
    expect((await operator.call("DELETE", `/api/config-backups/${old}`)).status).toBe(403);
    const refused = await admin.call("DELETE", `/api/config-backups/${now}`);
    expect([refused.status, refused.body.code]).toEqual([409, "last_backup"]);
    expect((await admin.call("DELETE", `/api/config-backups/${old}`)).status).toBe(200);
    expect(await blobs()).toBe(before - 1);
    expect(await lastAudit()).toMatchObject({ action: "backup.delete", subject: old });
    expect((await viewer.call("GET", `/api/config-backups/${old}`)).status).toBe(404);
    expect((await viewer.call("GET", `/api/config-backups/${now}`)).status).toBe(200);
  });

  test("stay when their device is deleted", async () => {
    const gone = newId();
    ids.gone = gone;
    await api.pool`insert into devices (id, name, host, device_type) values (${gone}, 'gone', '192.0.2.7', 'cisco_ios')`;
    const id = await store("gone", config("192.0.2.9"));
    expect((await admin.call("DELETE", "/api/devices/gone")).status).toBe(200);
    const { backup } = dataOf(await viewer.call("GET", `/api/config-backups/${id}`));
    expect(backup).toMatchObject({ device_id: null, device_name: "gone", is_latest: false });
    expect(dataOf(await viewer.call("GET", "/api/config-backups?device=gone")).total).toBe(1);
  });
});

describe("health", () => {
  const failed = async (device: string, hoursAgo: number): Promise<void> => {
    const runId = newId();
    await api.pool`insert into runs (id, kind, title, started_by) values (${runId}, 'backup', 'x', 'x')`;
    await api.pool`insert into backup_results (run_id, device_id, device_name, part, outcome, error, at)
      values (${runId}, ${ids[device] ?? ""}, ${device}, 0, 'failed', ${api.pool.json({ code: "connect_timeout", message: "no answer" })}, ${new Date(Date.now() - hoursAgo * HOUR)})`;
  };

  test("tells each device's age, newest failure and state, the worst first, and the fleet's totals", async () => {
    await store("edge-1", config("192.0.2.9"), { hoursAgo: 1 });
    await failed("edge-1", 3);
    await store("edge-2", config("192.0.2.9"), { hoursAgo: 40 });
    await store("core-1", "system {\n}\n", { hoursAgo: 2, type: "juniper_junos" });
    await failed("core-1", 1);
    const { devices, totals, total } = dataOf(await viewer.call("GET", "/api/config-backups/health"));
    expect(devices.map((d) => [d.device, d.status])).toEqual([
      ["core-1", "failed"],
      ["edge-2", "stale"],
      ["edge-1", "fresh"],
      ["host-1", "unsupported"],
    ]);
    expect(total).toBe(4);
    expect(totals).toMatchObject({ devices: 4, fresh: 1, stale: 1, failed: 1, never: 0, unsupported: 1 });
    expect(devices[0]).toMatchObject({ last_failure: { code: "connect_timeout" }, versions: 1 });
    expect(devices[2]?.age_s).toBeGreaterThanOrEqual(3600);
    expect(devices[2]?.age_s).toBeLessThan(3700);
    const some = dataOf(await viewer.call("GET", "/api/config-backups/health?status=failed,stale&search=edge"));
    expect(some.devices.map((d) => d.device)).toEqual(["edge-2"]);
    expect(some.totals.devices).toBe(4);
    const oldest = dataOf(await viewer.call("GET", "/api/config-backups/health?sort=-age&limit=2"));
    expect(oldest.devices.map((d) => d.device)).toEqual(["edge-2", "core-1"]);
  });

  test("says when a change was carried out after the newest backup", async () => {
    await store("edge-1", config("192.0.2.9"), { hoursAgo: 2 });
    await store("edge-2", config("192.0.2.9"), { hoursAgo: 2 });
    const [changeId, runId] = [newId(), newId()];
    const [user] = await api.pool<{ id: string }[]>`select id from users limit 1`;
    await api.pool`insert into changes (id, run_id, title, status, content, origin, requested_by, updated_at)
      values (${changeId}, ${runId}, 'x', 'applied', '{}', '{}', ${user?.id ?? ""}, now() - interval '1 hour')`;
    for (const device of ["edge-1", "edge-2"])
      await api.pool`insert into change_devices (change_id, device_id) values (${changeId}, ${ids[device] ?? ""})`;
    // Only to one of them was something sent.
    await api.pool`insert into journal (change_id, device_id, direction, seq, attempt, run_id, window_no, epoch, holder, line, line_hmac, state)
      values (${changeId}, ${ids["edge-1"] ?? ""}, 'apply', 0, 1, ${runId}, 0, 1, 'x', 'ntp server 192.0.2.1', ''::bytea, 'taken')`;
    const since = async () =>
      dataOf(await viewer.call("GET", "/api/config-backups/health?sort=device"))
        .devices.filter((d) => d.changed_since)
        .map((d) => d.device);
    expect(await since()).toEqual(["edge-1"]);
    await store("edge-1", config("192.0.2.99"));
    expect(await since()).toEqual([]);
  });
});

describe("starting a run", () => {
  test("takes who may, and answers 202 with a run of kind backup", async () => {
    expect((await viewer.call("POST", "/api/config-backups/run-all")).status).toBe(403);
    for (const [path, body, title] of [
      ["run-single", { device_name: "edge-1" }, "Back up edge-1"],
      ["run-selected", { devices: ["edge-1", ids["edge-2"], "EDGE-1"] }, "Back up 2 devices"],
      ["run-all", undefined, "Back up all 4 devices"],
      ["run-all", { title: "before the window" }, "before the window"],
    ] as const) {
      const reply = await operator.call("POST", `/api/config-backups/${path}`, body);
      expect(reply.status).toBe(202);
      const { execution_id, status, run } = dataOf(reply);
      expect([status, run.kind, run.title, run.change_id]).toEqual(["pending", "backup", title, null]);
      expect(execution_id).toBe(run.id);
      expect(run.backup?.total).toBe(run.devices.length);
      expect(await lastAudit()).toMatchObject({ actor: operator.username, action: "backup.start", subject: run.id });
    }
  });

  test("names what is wrong, and begins nothing", async () => {
    await api.pool`update devices set enabled = false, disabled_reason = 'moved' where name = 'edge-2'`;
    for (const [path, body, status, code, where] of [
      ["run-single", {}, 400, "field_missing", "device_name"],
      ["run-single", { device_name: "nobody" }, 400, "device_unknown", "device_name"],
      ["run-single", { device_name: "edge-2" }, 409, "device_disabled", undefined],
      ["run-single", { device_name: "host-1" }, 422, "unsupported", undefined],
      ["run-selected", { devices: [] }, 400, undefined, "devices"],
      ["run-selected", { devices: ["edge-1", "nobody"] }, 400, "device_unknown", "devices[1]"],
      ["run-all", { titel: "x" }, 400, "unknown_field", "titel"],
    ] as const) {
      const reply = await operator.call("POST", `/api/config-backups/${path}`, body);
      expect(reply.status, reply.text).toBe(status);
      if (code !== undefined) expect([reply.body.code, reply.body.details?.[0]?.code]).toContain(code);
      if (where !== undefined) expect(reply.body.details?.[0]?.path).toBe(where);
    }
    expect(await api.pool`select 1 from backup_results`).toHaveLength(0);
  });

  test("the same key is one run, however often it is sent at once", async () => {
    const headers = { "idempotency-key": "nightly-2026-11-24" };
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => operator.call("POST", "/api/config-backups/run-all", {}, headers)),
    );
    expect(new Set(replies.map((r) => dataOf(r).execution_id)).size).toBe(1);
    expect(replies.map((r) => r.status)).toEqual(replies.map(() => 202));
    const other = await operator.call("POST", "/api/config-backups/run-all", { title: "another" }, headers);
    expect([other.status, other.body.code]).toEqual([409, "idempotency_conflict"]);
    expect(await api.pool`select 1 from backup_results`).toHaveLength(4);
  });
});
