import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startApi, type Api, type Caller } from "./api.ts";

let api: Api;
let operator: Caller;
let viewer: Caller;
beforeAll(async () => {
  api = await startApi();
  operator = await api.as(["operator"], "op");
  viewer = await api.as(["viewer"], "viewer");
});
afterAll(() => api.stop());

let n = 0;
const fresh = (more: object = {}) => ({
  name: `dev-${(n += 1)}`,
  host: `10.1.0.${n}`,
  device_type: "arista_eos",
  ...more,
});
async function make(more: object = {}): Promise<{ id: string; name: string }> {
  const { status, body, text } = await operator.call("POST", "/api/devices", fresh(more));
  if (status !== 201) throw new Error(text);
  return body.data.device;
}
const idOf = (username: string) =>
  api.pool<{ id: string }[]>`select id from users where username = ${username}`.then(([row]) => row?.id ?? "");

/** A run that holds the device, with the change it belongs to. */
async function hold(deviceId: string, status = "applying"): Promise<{ changeId: string; runId: string }> {
  const [change] = await api.pool<{ id: string; run_id: string }[]>`
    insert into changes (id, run_id, title, status, content, origin, requested_by)
    values (gen_random_uuid(), gen_random_uuid(), 'NTP', ${status}, '{}', '{}', ${await idOf("op")}) returning id, run_id`;
  if (!change) throw new Error("no change");
  await api.pool`insert into change_devices (change_id, device_id) values (${change.id}, ${deviceId})`;
  await api.pool`insert into runs (id, kind, title, change_id, started_by) values (${change.run_id}, 'change', 'NTP', ${change.id}, 'op')`;
  await api.pool`insert into device_locks (device_id, run_id) values (${deviceId}, ${change.run_id})`;
  return { changeId: change.id, runId: change.run_id };
}

describe("devices", () => {
  test("are made, read by id and by name in any case, changed and deleted", async () => {
    const made = await operator.call("POST", "/api/devices", {
      name: "Edge-1",
      ip_address: "2001:db8::1",
      device_type: "juniper_junos",
      tags: ["edge", "edge"],
      site: "ams",
      timeouts: { idle: 5 },
    });
    expect(made.status).toBe(201);
    const { id } = made.body.data.device;
    expect(made.body.data.device).toMatchObject({
      name: "Edge-1",
      host: "2001:db8::1",
      port: 22,
      tags: ["edge"],
      site: "ams",
      state: "unknown",
      enabled: true,
      is_lab: false,
      host_key: null,
      held_by: null,
      timeouts: { idle: 5 },
    });
    expect((await viewer.call("GET", `/api/devices/${id}`)).body.data.device.name).toBe("Edge-1");
    expect((await viewer.call("GET", "/api/devices/edge-1")).body.data.device.id).toBe(id);
    const changed = await operator.call("PATCH", "/api/devices/edge-1", { site: null, description: "two\nlines" });
    expect(changed.body.data.device).toMatchObject({ site: null, description: "two\nlines", tags: ["edge"] });
    expect((await operator.call("DELETE", `/api/devices/${id}`)).status).toBe(200);
    expect((await viewer.call("GET", `/api/devices/${id}`)).status).toBe(404);
  });

  test("two made with one name at the same moment: one is, the other hears which", async () => {
    const device = fresh();
    const replies = await Promise.all(Array.from({ length: 5 }, () => operator.call("POST", "/api/devices", device)));
    const made = replies.filter((r) => r.status === 201);
    expect(made).toHaveLength(1);
    for (const r of replies.filter((x) => x.status !== 201)) {
      expect(r.body).toMatchObject({ code: "device_exists" });
      expect(r.body.error).toContain(made[0]?.body.data.device.id);
    }
  });

  test("a name may not become one that is taken", async () => {
    const a = await make();
    const b = await make();
    const reply = await operator.call("PUT", `/api/devices/${a.id}`, { name: b.name.toUpperCase() });
    expect({ status: reply.status, code: reply.body.code }).toEqual({ status: 409, code: "device_exists" });
    expect(reply.body.error).toContain(b.id);
    // In another case it is still the device's own.
    expect((await operator.call("PUT", `/api/devices/${a.id}`, { name: a.name.toUpperCase() })).status).toBe(200);
  });

  test("secrets go in and never come out; null takes one away", async () => {
    const { id } = await make({ username: "u", password: "p4ssw0rd-CANARY", enable_password: "en4ble-CANARY" });
    const shown = await operator.call("GET", `/api/devices/${id}`);
    expect(shown.body.data.device).toMatchObject({
      has_password: true,
      has_enable_password: true,
      has_private_key: false,
    });
    expect(shown.text).not.toContain("CANARY");
    const less = await operator.call("PUT", `/api/devices/${id}`, { enable_password: null });
    expect(less.body.data.device).toMatchObject({ has_password: true, has_enable_password: false });
    const [row] = await api.pool<{ sealed: Buffer }[]>`select sealed from devices where id = ${id}`;
    expect(JSON.parse(api.vault.open(row?.sealed ?? Buffer.alloc(0), `device:${id}`).toString())).toEqual({
      password: "p4ssw0rd-CANARY",
    });
    // Sealed for this device: moved to another it does not open.
    expect(() => api.vault.open(row?.sealed ?? Buffer.alloc(0), "device:other")).toThrow();
    const none = await operator.call("PUT", `/api/devices/${id}`, { password: null });
    expect(none.body.data.device.has_password).toBe(false);
    expect(await api.pool`select 1 from devices where id = ${id} and sealed is null`).toHaveLength(1);
  });

  test("are disabled with a reason and enabled again", async () => {
    const { id } = await make();
    expect((await operator.call("PATCH", `/api/devices/${id}`, { enabled: false })).body.code).toBe("reason_missing");
    const off = await operator.call("PATCH", `/api/devices/${id}`, { enabled: false, disabled_reason: "being moved" });
    expect(off.body.data.device).toMatchObject({ enabled: false, disabled_reason: "being moved", state: "disabled" });
    const on = await operator.call("PATCH", `/api/devices/${id}`, { enabled: true });
    expect(on.body.data.device).toMatchObject({ enabled: true, disabled_reason: null, state: "unknown" });
  });

  test("a new address keeps the pinned key and forgets what was known of reaching it", async () => {
    const { id } = await make();
    await api.pool`insert into host_keys (id, device_id, algorithm, fingerprint, status, accepted_by, accepted_at) values (gen_random_uuid(), ${id}, 'ssh-ed25519', 'SHA256:x', 'accepted', 'op', now())`;
    await api.pool`update devices set state = 'reachable', latency_ms = 3, state_since = now() where id = ${id}`;
    const moved = await operator.call("PUT", `/api/devices/${id}`, { host: "10.9.9.9", port: 2222 });
    expect(moved.body.data.device).toMatchObject({
      host: "10.9.9.9",
      port: 2222,
      state: "unknown",
      latency_ms: null,
      host_key: { fingerprint: "SHA256:x", status: "accepted" },
    });
  });

  test("while a run holds one, who answers there cannot be changed, and it cannot be deleted", async () => {
    const { id } = await make();
    const { runId, changeId } = await hold(id);
    for (const patch of [{ host: "10.9.9.8" }, { port: 23 }, { device_type: "linux" }]) {
      const reply = await operator.call("PUT", `/api/devices/${id}`, patch);
      expect({ status: reply.status, code: reply.body.code }).toEqual({ status: 409, code: "device_busy" });
      expect(reply.body.error).toContain(runId);
    }
    const described = await operator.call("PUT", `/api/devices/${id}`, { description: "still fine", host: undefined });
    expect(described.body.data.device).toMatchObject({
      description: "still fine",
      held_by: { run_id: runId, title: "NTP" },
      last_change: { change_id: changeId, status: "applying" },
    });
    expect((await operator.call("DELETE", `/api/devices/${id}`)).body.code).toBe("device_busy");
    await api.pool`delete from device_locks where device_id = ${id}`;
    const open = await operator.call("DELETE", `/api/devices/${id}`);
    expect({ status: open.status, code: open.body.code }).toEqual({ status: 409, code: "device_in_changes" });
    expect(open.body.error).toContain(changeId);
    await api.pool`update changes set status = 'applied' where id = ${changeId}`;
    expect((await operator.call("DELETE", `/api/devices/${id}`)).body.code).toBe("device_has_history");
  });

  test("a virtual router of the lab stays one: nothing real may be put behind it", async () => {
    const { id } = await make({ name: "lab-r1" });
    await api.pool`update devices set is_lab = true where id = ${id}`;
    for (const patch of [{ host: "192.0.2.1" }, { port: 23 }, { device_type: "linux" }, { jump_device: "dev-1" }]) {
      expect((await operator.call("PUT", `/api/devices/${id}`, patch)).body.code).toBe("lab_device_fixed");
    }
    expect((await operator.call("PUT", `/api/devices/${id}`, { is_lab: false })).body.code).toBe("unknown_field");
    expect((await operator.call("DELETE", `/api/devices/${id}`)).body.code).toBe("lab_device_fixed");
    expect((await operator.call("PUT", `/api/devices/${id}`, { tags: ["mine"] })).status).toBe(200);
  });

  test("jump devices: known ones, no rings, and not deleted under those behind them", async () => {
    const gate = await make();
    const inner = await make({ jump_device: gate.name });
    expect((await operator.call("GET", `/api/devices/${inner.id}`)).body.data.device.jump_device).toBe(gate.name);
    expect((await operator.call("PUT", `/api/devices/${gate.id}`, { jump_device: inner.name })).body.code).toBe(
      "jump_device_loop",
    );
    expect((await operator.call("PUT", `/api/devices/${gate.id}`, { jump_device: gate.name })).body.code).toBe(
      "jump_device_loop",
    );
    expect((await operator.call("DELETE", `/api/devices/${gate.id}`)).body.code).toBe("device_is_jump");
    expect(
      (await operator.call("PUT", `/api/devices/${inner.id}`, { jump_device: null })).body.data.device.jump_device,
    ).toBeNull();
  });

  test("weak algorithms are opted into by name, seen on the device and in the log", async () => {
    const { id } = await make({ weak_algorithms: ["ssh-rsa"] });
    expect((await operator.call("GET", `/api/devices/${id}`)).body.data.device.weak_algorithms).toEqual(["ssh-rsa"]);
    expect((await operator.call("PUT", `/api/devices/${id}`, { weak_algorithms: ["none"] })).status).toBe(400);
    await operator.call("PUT", `/api/devices/${id}`, { weak_algorithms: ["ssh-rsa", "3des-cbc"] });
    const admin = await api.as(["admin"]);
    const { text } = await admin.call("GET", "/api/audit?action=device.update");
    expect(text).toContain("3des-cbc");
  });
});

describe("the list of devices", () => {
  beforeAll(async () => {
    for (const [name, site, type, tags, host] of [
      ["list-a", "fra", "cisco_ios", ["core"], "192.0.2.3"],
      ["list-b", "fra", "frr", ["core", "bgp"], "192.0.2.1"],
      ["list-c", "lon", "frr", ["50%_off"], "192.0.2.2"],
    ] as const) {
      await operator.call("POST", "/api/devices", {
        name,
        site,
        device_type: type,
        tags: tags.filter((t) => !t.includes("%")),
        host,
        description: tags.join(" "),
      });
    }
    await api.pool`update devices set state = 'reachable' where name = 'list-b'`;
  });
  const names = async (query: string): Promise<string[]> =>
    (await viewer.call("GET", `/api/devices?${query}`)).body.data.devices.map((d) => d.name);

  test.each([
    ["search=LIST-", ["list-a", "list-b", "list-c"]],
    ["search=192.0.2.1", ["list-b"]],
    ["search=50%25_", ["list-c"]],
    ["search=5_%25", []],
    ["site=fra", ["list-a", "list-b"]],
    ["tag=bgp", ["list-b"]],
    ["device_type=frr", ["list-b", "list-c"]],
    ["state=reachable", ["list-b"]],
    ["search=list-&enabled=false", []],
    ["search=list-&is_lab=false", ["list-a", "list-b", "list-c"]],
    ["search=list-&sort=host", ["list-b", "list-c", "list-a"]],
    ["search=list-&sort=-name", ["list-c", "list-b", "list-a"]],
    ["search=list-&sort=site", ["list-a", "list-b", "list-c"]],
    ["search=list-&sort=-state", ["list-a", "list-c", "list-b"]],
    ["search=list-&limit=1&offset=1", ["list-b"]],
  ])("?%s", async (query, expected) => {
    const found = await names(query);
    expect(query.includes("sort=-state") || query === "search=list-&sort=site" ? [...found].sort() : found).toEqual(
      query.includes("sort=-state") ? [...expected].sort() : expected,
    );
  });

  test("counts all that fit, not only the page", async () => {
    const { body } = await viewer.call("GET", "/api/devices?search=list-&limit=1");
    expect(body.data.total).toBe(3);
    expect(body.data.devices).toHaveLength(1);
  });

  test("facets count sites, tags, types and states", async () => {
    const { body } = await viewer.call("GET", "/api/devices/facets");
    expect(body.data.sites).toContainEqual({ value: "fra", count: 2 });
    expect(body.data.tags).toContainEqual({ value: "core", count: 2 });
    expect(body.data.device_types).toContainEqual({ value: "cisco_ios", count: 1 });
    expect(body.data.states).toContainEqual({ value: "reachable", count: 1 });
  });
});

describe("tests of devices", () => {
  const result = (device: string) => ({
    device,
    reachable: true,
    latency_ms: 4,
    prompt: `${device}#`,
    facts: null,
    host_key: null,
    error: null,
  });

  test("go through a worker, one or many, each device once, and are on record", async () => {
    const a = await make();
    const b = await make();
    const off = await make({ enabled: false, disabled_reason: "dark site" });
    const known = new Map([a, b].map((d) => [d.id, d.name]));
    api.engine.answers.tests = (ids) => ids.map((id) => result(known.get(id) ?? "?"));
    const one = await operator.call("POST", `/api/devices/${a.name}/test`);
    expect(one.body.data.test).toMatchObject({ device: a.name, reachable: true });
    const many = await operator.call("POST", "/api/devices/bulk/test", { devices: [b.name, a.id, b.id, off.name] });
    expect(many.body.data.tests.map((t) => [t.device, t.error?.code ?? null])).toEqual([
      [b.name, null],
      [a.name, null],
      [off.name, "device_disabled"],
    ]);
    expect([...(api.engine.asked.tested.at(-1) ?? [])].sort()).toEqual([a.id, b.id].sort());
    expect((await operator.call("POST", `/api/devices/${off.name}/test`)).body.code).toBe("device_disabled");
    const unknown = await operator.call("POST", "/api/devices/bulk/test", { devices: [a.name, "nowhere"] });
    expect(unknown.body).toMatchObject({ code: "device_unknown", details: [{ path: "devices[1]" }] });
    const admin = await api.as(["admin"]);
    const { body } = await admin.call("GET", "/api/audit?action=device.test");
    expect(body.data.total).toBe(2);
  });

  test("without a worker: 503, and when to try again", async () => {
    const { name } = await make();
    const { Unavailable } = await import("../../domain/contract/errors.ts");
    api.engine.answers.tests = () =>
      Promise.reject(new Unavailable("workers_away", "no worker answers", { retryAfter: 5 }));
    const reply = await operator.call("POST", `/api/devices/${name}/test`);
    expect({ status: reply.status, code: reply.body.code, again: reply.headers.get("retry-after") }).toEqual({
      status: 503,
      code: "workers_away",
      again: "5",
    });
  });
});
