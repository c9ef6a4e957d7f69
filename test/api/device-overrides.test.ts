import { afterAll, beforeAll, expect, test } from "vitest";
import type { Device } from "../../domain/contract/device.ts";
import type { DeviceOverride } from "../../domain/contract/override.ts";
import { insertRun } from "../../db/queries/runs.ts";
import { loadAccess } from "../../devices/access.ts";
import { enableExpired } from "../../services/device-overrides.ts";
import { newId } from "../../system/ids.ts";
import { startApi, type Api, type Caller, type Reply } from "./api.ts";

let api: Api;
let admin: Caller;
beforeAll(async () => {
  api = await startApi();
  admin = await api.as(["admin"], "root");
});
afterAll(() => api.stop());

type Data = { override: DeviceOverride; overrides: DeviceOverride[]; device: Device; total: number };
const dataOf = (reply: Reply): Data => (JSON.parse(reply.text) as { data: Data }).data;
let made = 0;
async function device(more: object = {}): Promise<{ id: string; name: string }> {
  made += 1;
  const reply = await admin.call("POST", "/api/devices", {
    name: `r${made}`,
    host: "192.0.2.1",
    device_type: "cisco_ios",
    username: "own",
    password: "CANARY-own",
    timeouts: { connect: 5, idle: 50 },
    ...more,
  });
  if (reply.status !== 201) throw new Error(reply.text);
  return reply.body.data.device;
}
const put = (name: string, body: object, caller = admin) => caller.call("PUT", `/api/device-overrides/${name}`, body);
const shown = async (name: string): Promise<Device> =>
  (await admin.call("GET", `/api/devices/${name}`)).body.data.device;
const access = (id: string) => loadAccess(api.pool, api.vault, id);

test("what is overridden holds wherever a device is read, and gives way again", async () => {
  const { id, name } = await device();
  const reply = await put(name, { host: "192.0.2.99", port: 2222, device_type: "cisco_xe", timeouts: { idle: 99 } });
  expect(dataOf(reply).override).toMatchObject({
    host: "192.0.2.99",
    own: { host: "192.0.2.1", port: 22, device_type: "cisco_ios", timeouts: { connect: 5, idle: 50 } },
    updated_by: "root",
  });
  expect(await shown(name)).toMatchObject({
    host: "192.0.2.99",
    port: 2222,
    device_type: "cisco_xe",
    timeouts: { connect: 5, idle: 99 },
    overridden: ["host", "port", "device_type", "timeouts"],
  });
  const opened = await access(id);
  expect([opened.host, opened.port, opened.platform.id, opened.timeouts.idle]).toEqual([
    "192.0.2.99",
    2222,
    "cisco_xe",
    99_000,
  ]);
  // The device's own values change below it, and show when it goes.
  expect(
    (await admin.call("PUT", `/api/devices/${name}`, { host: "192.0.2.50", port: 23, description: "moved" })).status,
  ).toBe(200);
  expect(await shown(name)).toMatchObject({ host: "192.0.2.99", port: 2222, description: "moved" });
  await put(name, { port: null });
  expect(await shown(name)).toMatchObject({ host: "192.0.2.99", port: 23 });
  const again = await access(id);
  expect(again.version).not.toBe(opened.version);
  expect((await admin.call("DELETE", `/api/device-overrides/${name}`)).status).toBe(200);
  expect(await shown(name)).toMatchObject({ host: "192.0.2.50", port: 23, device_type: "cisco_ios", overridden: [] });
  expect((await access(id)).host).toBe("192.0.2.50");
  expect((await admin.call("DELETE", `/api/device-overrides/${name}`)).status).toBe(404);
});

test("a login of the override leaves nothing of the device's own, and its secrets never come back", async () => {
  const { id, name } = await device({ enable_password: "CANARY-enable" });
  const before = await access(id);
  expect(await before.openSecrets()).toEqual({ password: "CANARY-own", enable_password: "CANARY-enable" });
  await put(name, { username: "guest", password: "CANARY-guest" });
  const own = await access(id);
  expect([own.username, await own.openSecrets()]).toEqual(["guest", { password: "CANARY-guest" }]);
  const made2 = await admin.call("POST", "/api/credentials", {
    name: `c-${name}`,
    username: "shared",
    password: "CANARY-c",
  });
  const credential = made2.body.data.credential;
  await put(name, { username: null, password: null, credential_id: credential.id });
  const named = await access(id);
  expect([named.username, named.credential, await named.openSecrets()]).toEqual([
    "shared",
    `credential:${credential.id}`,
    { password: "CANARY-c" },
  ]);
  expect((await admin.call("DELETE", `/api/credentials/${credential.id}`)).body.code).toBe("credential_in_use");
  // A new password of the device itself waits below.
  await admin.call("PUT", `/api/devices/${name}`, { password: "CANARY-new" });
  expect(await (await access(id)).openSecrets()).toEqual({ password: "CANARY-c" });
  await put(name, { credential_id: null, enable_password: "CANARY-en" });
  const after = await access(id);
  expect([after.username, await after.openSecrets()]).toEqual([
    "own",
    { password: "CANARY-new", enable_password: "CANARY-en" },
  ]);
  await put(name, { enable_password: null });
  expect(await (await access(id)).openSecrets()).toEqual({ password: "CANARY-new", enable_password: "CANARY-enable" });
  expect(await api.pool`select 1 from device_overrides where device_id = ${id}`).toHaveLength(0);
  const everything = [
    (await admin.call("GET", "/api/device-overrides")).text,
    (await admin.call("GET", `/api/devices/${name}`)).text,
    (await admin.call("GET", "/api/audit?limit=500")).text,
    api.log(),
  ].join("\n");
  expect(everything).not.toContain("CANARY");
});

test("a credential that waits below an override is in use", async () => {
  const one = await admin.call("POST", "/api/credentials", { name: "below", username: "x", password: "y" });
  const credential = one.body.data.credential;
  const { name } = await device({ username: null, password: null, credential_id: credential.id });
  await put(name, { username: "x", password: "z", credential_id: null });
  const other = (await admin.call("POST", "/api/credentials", { name: "above", username: "x", password: "y" })).body
    .data.credential;
  await put(name, { password: null, username: null, credential_id: other.id });
  expect((await admin.call("GET", `/api/credentials/${credential.id}`)).body.data.credential.devices).toBe(1);
  expect((await admin.call("DELETE", `/api/credentials/${credential.id}`)).body.code).toBe("credential_in_use");
});

test("disabled is one switch, with a reason, who, and until when; then it is enabled by itself", async () => {
  const { id, name } = await device();
  expect((await put(name, { disabled: true })).body.details?.[0]?.path).toBe("disabled_reason");
  const past = await put(name, { disabled: true, disabled_reason: "rack", disabled_until: "2020-01-01T00:00:00Z" });
  expect(past.body.details?.[0]).toMatchObject({ path: "disabled_until", code: "time_past" });
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const reply = await put(name, { disabled: true, disabled_reason: "being moved", disabled_until: until });
  expect(dataOf(reply).override).toMatchObject({
    disabled: true,
    disabled_by: "root",
    disabled_until: until,
    host: null,
  });
  expect(await shown(name)).toMatchObject({
    enabled: false,
    state: "disabled",
    disabled_reason: "being moved",
    disabled_until: until,
  });
  await expect(access(id)).rejects.toMatchObject({ code: "device_disabled" });
  const refused = [
    ["POST", `/api/devices/${name}/test`, {}],
    ["GET", `/api/devices/${name}/config`, undefined],
    ["POST", `/api/devices/${name}/show`, { command: "show version" }],
    ["POST", `/api/devices/${name}/record`, {}],
    ["POST", "/api/config-backups/run-single", { device_name: name }],
    ["POST", "/api/changes", { title: "x", targets: [{ device: name, lines: "hostname x" }] }],
  ] as const;
  for (const [method, path, body] of refused) {
    const answer = await admin.call(method, path, body);
    expect([path, answer.body.code]).toEqual([path, "device_disabled"]);
  }
  const bulk = await admin.call("POST", "/api/devices/bulk/test", { devices: [name] });
  expect(bulk.body.data.tests[0]?.error?.code).toBe("device_disabled");
  await enableExpired(api.pool, api.vault);
  expect((await shown(name)).enabled).toBe(false);
  await api.pool`update devices set disabled_until = now() - interval '1 second' where id = ${id}`;
  await enableExpired(api.pool, api.vault);
  expect(await shown(name)).toMatchObject({
    enabled: true,
    disabled_reason: null,
    disabled_until: null,
    disabled_by: null,
  });
  expect((await admin.call("GET", "/api/audit?search=enable_expired")).text).toContain(name);
  expect((await access(id)).host).toBe("192.0.2.1");
});

test("disabling by the device and by the override is the same, and an override keeps its values meanwhile", async () => {
  const { name } = await device();
  await put(name, { host: "192.0.2.7" });
  await admin.call("PATCH", `/api/devices/${name}`, { enabled: false, disabled_reason: "by the device" });
  expect(dataOf(await admin.call("GET", `/api/device-overrides/${name}`)).override).toMatchObject({
    disabled: true,
    disabled_reason: "by the device",
    host: "192.0.2.7",
  });
  await put(name, { disabled: false });
  expect(await shown(name)).toMatchObject({ enabled: true, host: "192.0.2.7" });
  const list = dataOf(await admin.call("GET", `/api/device-overrides?search=${name}`));
  expect(list.overrides.map((o) => o.device)).toContain(name);
});

test("what a run was approved for does not move under it, nor a router of the lab", async () => {
  const { id, name } = await device();
  const runId = newId();
  await insertRun(api.pool, { id: runId, kind: "backup", title: "the run", changeId: null, startedBy: "root" });
  await api.pool`insert into device_locks (device_id, run_id) values (${id}, ${runId})`;
  expect((await put(name, { host: "192.0.2.66" })).body).toMatchObject({ code: "device_busy" });
  expect((await put(name, { notes: "seen" })).status).toBe(200);
  await api.pool`delete from device_locks where device_id = ${id}`;
  await api.pool`update devices set is_lab = true where id = ${id}`;
  expect((await put(name, { host: "192.0.2.66" })).body.code).toBe("lab_device_fixed");
  expect((await put(name, { device_type: "cisco_xe" })).body.code).toBe("lab_device_fixed");
});

test.each([
  [{ host: "no host!" }, "host", 400],
  [{ port: 70_000 }, "port", 400],
  [{ device_type: "cisco_catos" }, "device_type", 400],
  [{ credential_id: "00000000-0000-7000-8000-000000000000" }, "credential_id", 400],
  [{ private_key: "none" }, "private_key", 400],
  [{ timeouts: { idle: 0 } }, "timeouts.idle", 400],
  [{ name: "x" }, "name", 400],
])("%j is refused at its place, and changes nothing", async (body, path, status) => {
  const { id, name } = await device();
  const reply = await put(name, body);
  expect([reply.status, reply.body.details?.[0]?.path]).toEqual([status, path]);
  expect(await api.pool`select 1 from device_overrides where device_id = ${id}`).toHaveLength(0);
});

test("viewers read overrides, and do not write them", async () => {
  const { name } = await device();
  const viewer = await api.as(["viewer"]);
  expect((await put(name, { port: 1 }, viewer)).body.code).toBe("permission_missing");
  expect((await viewer.call("GET", `/api/device-overrides/${name}`)).status).toBe(200);
  expect((await admin.call("GET", "/api/device-overrides/none")).status).toBe(404);
});

test("two at once, of the device and of its override, lose nothing", async () => {
  const { name } = await device();
  await Promise.all(
    Array.from({ length: 12 }, (_, i) =>
      i % 2 === 0
        ? put(name, { port: 3000 + i })
        : admin.call("PUT", `/api/devices/${name}`, { host: `192.0.2.${100 + i}` }),
    ),
  );
  const after = await shown(name);
  const { override } = dataOf(await admin.call("GET", `/api/device-overrides/${name}`));
  expect(after).toMatchObject({ port: override.port, host: override.own.host });
  expect(override.own.port).toBe(22);
});

test("an export holds the device's own values: reading it back does not make an override its own", async () => {
  const { name } = await device();
  await put(name, { host: "192.0.2.77", username: "guest", password: "x" });
  const { text } = await admin.call("GET", `/api/devices/export?search=${name}`);
  expect(text).toContain("192.0.2.1");
  expect(text).not.toContain("192.0.2.77");
  expect(text).not.toContain("guest");
});
