import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startApi, type Api, type Caller } from "./api.ts";

let api: Api;
let admin: Caller;
let deviceId: string;

beforeAll(async () => {
  api = await startApi();
  admin = await api.as(["admin"]);
  const made = await admin.call("POST", "/api/devices", { name: "core-1", host: "10.0.0.1", device_type: "cisco_ios" });
  deviceId = made.body.data.device.id;
});
afterAll(() => api.stop());

const device = { name: "new-1", host: "10.0.0.9", device_type: "cisco_ios" };
const encryptedKey = generateKeyPairSync("ec", {
  namedCurve: "P-256",
  privateKeyEncoding: { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "right" },
  publicKeyEncoding: { type: "spki", format: "pem" },
}).privateKey;
const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
const NOBODY = "0198a000-0000-7000-8000-000000000000";

type Row = {
  what: string;
  method?: string;
  path?: string;
  body?: unknown;
  headers?: Record<string, string>;
  status: number;
  code: string;
  says: RegExp;
};
const corpus: Row[] = [
  { what: "1 broken JSON", body: "{", status: 400, code: "json_invalid", says: /line 1, column 2/ },
  {
    what: "1 broken JSON on its third line",
    body: '{\n"name": "x",\n  oops}',
    status: 400,
    code: "json_invalid",
    says: /line 3, column 3/,
  },
  { what: "1 not UTF-8", body: "\u0000", status: 400, code: "name_characters", says: /U\+0000/ },
  {
    what: "2 a body of 2 MB",
    body: JSON.stringify({ name: "x".repeat(2_000_000) }),
    status: 413,
    code: "body_too_large",
    says: /1 MB/,
  },
  {
    what: "2 a change of 9 MB",
    path: "/api/changes",
    body: { title: "x", targets: [{ device: "nowhere", lines: "x".repeat(9_000_000) }] },
    status: 413,
    code: "body_too_large",
    says: /8 MB/,
  },
  {
    what: "2 a change of 200 lines for each of 200 devices, none of them known",
    path: "/api/changes",
    body: {
      title: "x",
      targets: Array.from({ length: 200 }, (_, d) => ({
        device: `nowhere-${d}`,
        lines: Array.from({ length: 200 }, (__, n) => `ip route 192.0.2.${n} 255.255.255.255 Null0 name ${d}`),
      })),
    },
    status: 400,
    code: "invalid",
    says: /nowhere-0/,
  },
  { what: "3 JSON 100 levels deep", body: nested(100), status: 400, code: "json_too_deep", says: /32/ },
  {
    what: "4 __proto__",
    body: '{"__proto__":{"role":"admin"}}',
    status: 400,
    code: "unknown_field",
    says: /__proto__/,
  },
  {
    what: "4 __proto__ further in",
    body: '{"timeouts":{"__proto__":{"idle":1}}}',
    status: 400,
    code: "unknown_field",
    says: /timeouts\.__proto__/,
  },
  {
    what: "4 constructor",
    body: { ...device, constructor: { prototype: {} } },
    status: 400,
    code: "unknown_field",
    says: /constructor/,
  },
  {
    what: "5 an extra field",
    body: { ...device, approved: true },
    status: 400,
    code: "unknown_field",
    says: /approved/,
  },
  {
    what: "5 is_lab, which only the lab sets",
    body: { ...device, is_lab: true },
    status: 400,
    code: "unknown_field",
    says: /is_lab/,
  },
  {
    what: "5 an extra query parameter",
    method: "GET",
    path: "/api/devices?colour=red",
    status: 400,
    code: "unknown_field",
    says: /colour/,
  },
  {
    what: "6 XML",
    body: "<device/>",
    headers: { "content-type": "text/xml" },
    status: 415,
    code: "content_type",
    says: /application\/json/,
  },
  {
    what: "6 a compressed body",
    body: "{}",
    headers: { "content-encoding": "gzip" },
    status: 415,
    code: "content_encoding",
    says: /compression/,
  },
  {
    what: "7 an id that climbs",
    method: "GET",
    path: "/api/credentials/..%2F..%2Fx",
    status: 400,
    code: "id_invalid",
    says: /id/,
  },
  {
    what: "7 a device name that climbs",
    method: "GET",
    path: "/api/devices/..%2F..%2Fx",
    status: 400,
    code: "id_invalid",
    says: /device/,
  },
  {
    what: "8 a run that is not there",
    method: "GET",
    path: `/api/runs/${NOBODY}`,
    status: 404,
    code: "not_found",
    says: /does not exist/,
  },
  {
    what: "9 a huge limit",
    method: "GET",
    path: "/api/devices?limit=100000",
    status: 400,
    code: "limit_range",
    says: /1 to 500/,
  },
  {
    what: "9 a limit that is no number",
    method: "GET",
    path: "/api/devices?limit=many",
    status: 400,
    code: "limit_range",
    says: /1 to 500/,
  },
  {
    what: "9 a negative offset",
    method: "GET",
    path: "/api/devices?offset=-1",
    status: 400,
    code: "offset_range",
    says: /from 0/,
  },
  {
    what: "9 a limit given twice",
    method: "GET",
    path: "/api/devices?limit=1&limit=2",
    status: 400,
    code: "query_twice",
    says: /twice/,
  },
  {
    what: "10 SQL as a sort column",
    method: "GET",
    path: "/api/devices?sort=name;drop%20table",
    status: 400,
    code: "sort_unknown",
    says: /name, host, device_type, site, state, updated_at/,
  },
  {
    what: "11 an address that is none",
    body: { ...device, host: "999.1.1.1" },
    status: 400,
    code: "address_invalid",
    says: /host/,
  },
  {
    what: "12 a port out of range",
    body: { ...device, port: 70_000 },
    status: 400,
    code: "port_range",
    says: /1 to 65535/,
  },
  { what: "12 a port as text", body: { ...device, port: "22" }, status: 400, code: "port_range", says: /1 to 65535/ },
  {
    what: "13 a name that is taken",
    body: { ...device, name: "CORE-1" },
    status: 409,
    code: "device_exists",
    says: /[0-9a-f-]{36}/,
  },
  {
    what: "14 a name with a line end",
    body: { ...device, name: "a\nb" },
    status: 400,
    code: "name_characters",
    says: /U\+000A/,
  },
  {
    what: "14 a name that turns the text round",
    body: { ...device, description: "a\u202eb" },
    status: 400,
    code: "name_characters",
    says: /U\+202E/,
  },
  {
    what: "14 half a surrogate pair",
    body: '{"name":"\\ud800"}',
    status: 400,
    code: "name_characters",
    says: /surrogate/,
  },
  {
    what: "14 NUL in a search",
    method: "GET",
    path: "/api/devices?search=a%00b",
    status: 400,
    code: "name_characters",
    says: /U\+0000/,
  },
  {
    what: "15 a platform misspelt",
    body: { ...device, device_type: "cisco_iso" },
    status: 400,
    code: "platform_unknown",
    says: /did you mean cisco_ios/,
  },
  {
    what: "15 a platform nobody knows",
    body: { ...device, device_type: "abacus" },
    status: 400,
    code: "platform_unknown",
    says: /one of cisco_ios, cisco_xe/,
  },
  {
    what: "16 a credential that is not there",
    body: { ...device, credential_id: NOBODY },
    status: 400,
    code: "credential_unknown",
    says: /credential/,
  },
  {
    what: "17 a private key with a wrong passphrase",
    body: { ...device, private_key: encryptedKey, passphrase: "wrong" },
    status: 400,
    code: "key_passphrase",
    says: /passphrase/,
  },
  {
    what: "17 a private key without its passphrase",
    body: { ...device, private_key: encryptedKey },
    status: 400,
    code: "key_passphrase",
    says: /encrypted/,
  },
  {
    what: "17 no private key at all",
    body: { ...device, private_key: "hello" },
    status: 400,
    code: "private_key_invalid",
    says: /OpenSSH/,
  },
  {
    what: "28 a test of no devices",
    path: "/api/devices/bulk/test",
    body: { devices: [] },
    status: 400,
    code: "devices_empty",
    says: /no device/,
  },
  {
    what: "28 an enrolment of no devices",
    path: "/api/devices/bulk/host-keys",
    body: { devices: [] },
    status: 400,
    code: "devices_empty",
    says: /no device/,
  },
  {
    what: "28 a change of no devices",
    path: "/api/changes",
    body: { title: "x", targets: [] },
    status: 400,
    code: "devices_empty",
    says: /no device/,
  },
  {
    what: "40 a CSV row with a missing cell",
    path: "/api/devices/import",
    headers: { "content-type": "text/csv" },
    body: "\ufeffname;host;device_type\nr1;10.0.0.1;cisco_ios\nr2;10.0.0.2\n",
    status: 422,
    code: "csv_rows",
    says: /row 3/,
  },
  {
    what: "a field of the wrong type",
    body: { ...device, tags: "core" },
    status: 400,
    code: "field_type",
    says: /tags must be an array/,
  },
  {
    what: "a field that is missing",
    body: { host: "10.0.0.1", device_type: "linux" },
    status: 400,
    code: "field_missing",
    says: /name is missing/,
  },
  { what: "no body at all", status: 400, code: "field_missing", says: /is missing/ },
  { what: "a body that is a list", body: "[]", status: 400, code: "field_type", says: /object/ },
  {
    what: "the address twice",
    body: { ...device, ip_address: "10.0.0.2" },
    status: 400,
    code: "host_missing",
    says: /once/,
  },
  {
    what: "a name that is a word of the paths",
    body: { ...device, name: "export" },
    status: 400,
    code: "name_reserved",
    says: /name/,
  },
  {
    what: "a name in the form of an id",
    body: { ...device, name: NOBODY },
    status: 400,
    code: "name_is_id",
    says: /id/,
  },
  {
    what: "disabled without a reason",
    body: { ...device, enabled: false },
    status: 400,
    code: "reason_missing",
    says: /why/,
  },
  {
    what: "a jump device that is not there",
    body: { ...device, jump_device: "nowhere" },
    status: 400,
    code: "jump_device_unknown",
    says: /nowhere/,
  },
  {
    what: "a path that is not there",
    method: "GET",
    path: "/api/nothing",
    status: 404,
    code: "not_found",
    says: /nothing/,
  },
];

describe("bad input is refused with its status, a stable code and words that name the place", () => {
  test.each(corpus)("$what", async ({ method = "POST", path = "/api/devices", body, headers, status, code, says }) => {
    const reply = await admin.call(method, path, body, headers);
    expect({ status: reply.status, code: reply.body.code }, reply.text).toEqual({ status, code });
    expect(JSON.stringify(reply.body)).toMatch(says);
    expect(reply.body).toMatchObject({ success: false, request_id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });

  test("several faults are listed each at its place, under the code invalid", async () => {
    const { status, body } = await admin.call("POST", "/api/devices", {
      name: "a b",
      host: "999.1.1.1",
      port: 0,
      device_type: "x",
    });
    expect(status).toBe(400);
    expect(body.code).toBe("invalid");
    expect(body.details?.map((d) => d.path).sort()).toEqual(["device_type", "host", "name", "port"]);
  });

  test("nothing of it was written", async () => {
    const { body } = await admin.call("GET", "/api/devices");
    expect(body.data.devices.map((d) => d.id)).toEqual([deviceId]);
  });
});
