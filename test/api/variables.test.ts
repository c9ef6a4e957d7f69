import { afterAll, beforeAll, expect, test } from "vitest";
import type { DeviceGroup, EffectiveVariable, Variable } from "../../domain/contract/variables.ts";
import { openSecret } from "../../db/queries/secrets.ts";
import { effectiveVariables } from "../../services/variables.ts";
import { startApi, type Api, type Caller, type Reply } from "./api.ts";

let api: Api;
let admin: Caller;
let deviceId: string;
beforeAll(async () => {
  api = await startApi();
  admin = await api.as(["admin"], "root");
  const made = await admin.call("POST", "/api/devices", {
    name: "fra-1",
    host: "192.0.2.1",
    device_type: "cisco_ios",
    site: "fra",
    tags: ["core", "mpls"],
  });
  deviceId = made.body.data.device.id;
});
afterAll(() => api.stop());

type Data = { variables: EffectiveVariable[] & Variable[]; group: DeviceGroup; groups: DeviceGroup[]; total: number };
/** Validated against the OpenAPI document by the caller of every test. */
const dataOf = (reply: Reply): Data => (JSON.parse(reply.text) as { data: Data }).data;
const put = (scope: string, owner: string, body: object, caller = admin) =>
  caller.call("PUT", `/api/variables/${scope}/${encodeURIComponent(owner)}`, body);
const effective = async (): Promise<EffectiveVariable[]> =>
  dataOf(await admin.call("GET", "/api/devices/fra-1/variables")).variables;

test("each effective value tells where it is from, and what it hides, in the one order", async () => {
  const groups = { core: 5, backbone: 0, access: 0 };
  for (const [name, priority] of Object.entries(groups))
    expect((await admin.call("POST", "/api/device-groups", { name, priority, devices: ["fra-1"] })).status).toBe(201);
  const givers: [string, string][] = [
    ["global", "all"],
    ["site", "fra"],
    ["site", "ams"],
    ["tag", "mpls"],
    ["tag", "core"],
    ["group", "backbone"],
    ["group", "access"],
    ["group", "core"],
    ["device", "fra-1"],
  ];
  for (const [scope, owner] of givers) {
    const reply = await put(scope, owner, { variables: { ntp: `${scope} ${owner}` } });
    expect(reply.status).toBe(200);
  }
  const ntp = (await effective()).find((v) => v.name === "ntp");
  expect(ntp).toMatchObject({ value: "device fra-1", origin: { kind: "device", id: deviceId, name: "fra-1" } });
  expect(ntp?.hides.map((h) => h.value)).toEqual([
    "group core",
    "group access",
    "group backbone",
    "tag core",
    "tag mpls",
    "site fra",
    "global all",
  ]);
  const { values } = await effectiveVariables(api.pool, deviceId, [
    { origin: { kind: "stack", id: null, name: "edge" }, variables: { ntp: "stack", only: 1 } },
    { origin: { kind: "run", id: null, name: "run" }, variables: { ntp: "run" } },
  ]);
  expect(values).toMatchObject({ ntp: "run", only: 1 });
  expect((await admin.call("DELETE", "/api/variables/device/fra-1/ntp")).status).toBe(200);
  expect((await effective()).find((v) => v.name === "ntp")?.value).toBe("group core");
  expect((await admin.call("DELETE", "/api/variables/device/fra-1/ntp")).status).toBe(404);
});

test("any JSON is kept as it is, with the order of its keys", async () => {
  const value = { z: 1, a: [null, true, "ü", { deep: -1.5 }], "10": "x", empty: {} };
  await put("site", "fra", { variables: { shape: value, nothing: null, no: false } });
  const shown = await effective();
  const found = shown.find((v) => v.name === "shape")?.value;
  expect(JSON.stringify(found)).toBe(JSON.stringify(value));
  expect(shown.find((v) => v.name === "nothing")?.value).toBe(null);
  expect(shown.find((v) => v.name === "no")?.value).toBe(false);
});

test("a secret goes into the vault: it is a reference from then on, and only opening that gives it", async () => {
  const reply = await put("device", "fra-1", {
    secrets: { snmp: "CANARY-word" },
    descriptions: { snmp: "of the NMS" },
  });
  const [variable] = dataOf(reply).variables.filter((v) => v.name === "snmp");
  expect(variable).toMatchObject({ is_secret: true, description: "of the NMS" });
  expect(variable?.value).toMatch(/^secret:\/\/[0-9a-f-]{36}$/);
  const everything = [
    reply.text,
    (await admin.call("GET", "/api/variables?limit=500")).text,
    (await admin.call("GET", "/api/devices/fra-1/variables")).text,
    (await admin.call("GET", "/api/audit?limit=500")).text,
    (await admin.call("GET", "/api/variables?search=CANARY")).text,
    JSON.stringify(await api.pool`select value from variables`),
    api.log(),
  ].join("\n");
  expect(everything).not.toContain("CANARY-word");
  expect(await openSecret(api.pool, api.vault, String(variable?.value))).toBe("CANARY-word");
  const plain = await put("device", "fra-1", { variables: { snmp: "public" } });
  expect(dataOf(plain).variables.find((v) => v.name === "snmp")).toMatchObject({
    is_secret: false,
    value: "public",
    description: "of the NMS",
  });
});

test.each([
  [{ variables: { "a-b": 1 } }, "variables.a-b", 400],
  [{ variables: { device: 1 } }, "variables.device", 400],
  [{ variables: { __proto__x: 1, _x: 1 } }, "variables.__proto__x", 400],
  [{ variables: { big: "x".repeat(70_000) } }, "variables.big", 400],
  [{ secrets: { s: "two\nlines" } }, "secrets.s", 400],
  [{ secrets: { s: "" } }, "secrets.s", 400],
  [{ variables: { a: 1 }, secrets: { a: "x" } }, "a", 400],
  [{ variables: { a: 1 }, remove: ["a"] }, "a", 400],
  [{ descriptions: { unknown: "x" } }, "descriptions.unknown", 400],
  [{}, "variables", 400],
  [{ value: 1 }, "value", 400],
])("%j is refused at its place", async (body, path, status) => {
  const reply = await put("device", "fra-1", body);
  expect([reply.status, reply.body.details?.[0]?.path]).toEqual([status, path]);
});

test.each([
  ["device", "none", 404],
  ["group", "none", 404],
  ["global", "some", 400],
  ["tag", "no tag", 400],
  ["site", "-", 400],
  ["planet", "earth", 400],
])("the owner %s %s", async (scope, owner, status) => {
  expect((await put(scope, owner, { variables: { a: 1 } })).status).toBe(status);
});

test("everybody reads, operators write, viewers do not; each write is in the audit log without values", async () => {
  const operator = await api.as(["operator"]);
  const viewer = await api.as(["viewer"]);
  expect((await put("tag", "core", { variables: { vlan: "CANARY-value" } }, operator)).status).toBe(200);
  expect((await put("tag", "core", { variables: { vlan: 2 } }, viewer)).body.code).toBe("permission_missing");
  expect((await viewer.call("GET", "/api/variables?scope=tag&owner=core")).status).toBe(200);
  const { text } = await admin.call("GET", "/api/audit?limit=500");
  expect(text).toContain("variables.update");
  expect(text).toContain("tag core");
  expect(text).not.toContain("CANARY-value");
});

test("a group is changed and deleted with its variables; its devices come and go with them", async () => {
  const made = await admin.call("POST", "/api/device-groups", { name: "lab-1", devices: ["fra-1"] });
  const { group } = dataOf(made);
  expect((await admin.call("POST", "/api/device-groups", { name: "LAB-1" })).body.code).toBe("group_exists");
  expect((await admin.call("PUT", "/api/device-groups/lab-1", { devices: ["none"] })).body.details?.[0]?.path).toBe(
    "devices[0]",
  );
  await put("group", "lab-1", { variables: { rack: 7 } });
  expect((await effective()).find((v) => v.name === "rack")?.origin).toMatchObject({ kind: "group", id: group.id });
  const renamed = await admin.call("PUT", `/api/device-groups/${group.id}`, { name: "lab-2" });
  expect(dataOf(renamed).group).toMatchObject({ name: "lab-2", devices: ["fra-1"], variables: 1 });
  await admin.call("PUT", "/api/device-groups/lab-2", { devices: [] });
  expect((await effective()).some((v) => v.name === "rack")).toBe(false);
  expect((await admin.call("DELETE", "/api/device-groups/lab-2")).status).toBe(200);
  expect(await api.pool`select 1 from variables where group_id = ${group.id}`).toHaveLength(0);
});

test("writers of one owner take turns, and none loses what another wrote", async () => {
  const names = Array.from({ length: 20 }, (_, i) => `v${i}`);
  const replies = await Promise.all(
    names.map((name) => put("site", "par", { variables: { [name]: name, shared: name } })),
  );
  expect(new Set(replies.map((r) => r.status))).toEqual(new Set([200]));
  const stored = dataOf(await admin.call("GET", "/api/variables?scope=site&owner=par&limit=100"));
  expect(stored.total).toBe(21);
});
