import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { ApiResource, ApiTest, Egress } from "../../domain/contract/api-resource.ts";
import { Unprocessable } from "../../domain/contract/errors.ts";
import { fetchApiVariables } from "../../services/api-variables.ts";
import { startApi, type Api, type Caller, type Reply } from "./api.ts";

let api: Api;
let admin: Caller;
let asked: { method: string; url: string; headers: IncomingMessage["headers"]; body: string }[] = [];
let base = "";

/** An inventory as there are many: it wants a token, and answers with a list. */
const inventory = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
  request.on("end", () => {
    asked.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
    const path = request.url ?? "";
    if (path.startsWith("/v1/broken")) return void response.writeHead(500).end("CANARY of the service");
    if (path.startsWith("/v1/reference"))
      return void response.end('{"x": ["secret://00000000-0000-8000-a000-000000000000"]}');
    if (path.startsWith("/v1/page")) return void response.end("<html>");
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ results: [{ name: "fra", asn: 65010 }], ntp: ["192.0.2.1"] }));
  });
});
beforeAll(async () => {
  api = await startApi();
  admin = await api.as(["admin"], "root");
  await new Promise<void>((done) => inventory.listen(0, "127.0.0.1", done));
  base = `http://127.0.0.1:${(inventory.address() as AddressInfo).port}/v1`;
  await allow(["127.0.0.1"]);
});
afterAll(async () => {
  inventory.closeAllConnections();
  await new Promise((done) => inventory.close(done));
  await api.stop();
});
beforeEach(() => (asked = []));

type Data = { resource: ApiResource; resources: ApiResource[]; test: ApiTest; egress: Egress };
const dataOf = (reply: Reply): Data => (JSON.parse(reply.text) as { data: Data }).data;
const allow = (entries: string[]) => admin.call("PUT", "/api/settings/egress", { allow: entries });
let made = 0;
async function make(more: object): Promise<ApiResource> {
  made += 1;
  const reply = await admin.call("POST", "/api/settings/api-resources", { name: `r${made}`, base_url: base, ...more });
  if (reply.status !== 201) throw new Error(reply.text);
  return dataOf(reply).resource;
}
const tryOut = async (id: string, call: object = {}): Promise<ApiTest> =>
  dataOf(await admin.call("POST", `/api/settings/api-resources/${id}/test`, call)).test;

test.each([
  ["none", {}, {}],
  ["bearer", { token: "CANARY-1" }, { authorization: "Bearer CANARY-1" }],
  ["api_key", { key_in: "header", key_name: "X-Api-Key", token: "CANARY-2" }, { "x-api-key": "CANARY-2" }],
  [
    "basic",
    { username: "ü", password: "CANARY-3" },
    { authorization: `Basic ${Buffer.from("ü:CANARY-3").toString("base64")}` },
  ],
  ["custom", { secret_headers: { "X-Auth": "CANARY-4", "X-Org": "9" } }, { "x-auth": "CANARY-4", "x-org": "9" }],
])("%s is sent as it was given, and never comes back", async (auth, secrets, headers) => {
  const resource = await make({ auth, ...secrets, headers: { "X-Plain": "shown" } });
  expect(await tryOut(resource.id, { endpoint: "/sites", json_path: "$.results[0].asn" })).toMatchObject({
    ok: true,
    status: 200,
    value: 65010,
    error: null,
  });
  expect(asked[0]).toMatchObject({ method: "GET", url: "/v1/sites", headers: { ...headers, "x-plain": "shown" } });
  const shown = await admin.call("GET", `/api/settings/api-resources/${resource.id}`);
  expect(dataOf(shown).resource).toMatchObject({ auth, has_secret: auth !== "none", last_test: { ok: true } });
  const everything = [
    shown.text,
    (await admin.call("GET", "/api/settings/api-resources")).text,
    (await admin.call("GET", "/api/audit?limit=500")).text,
    api.log(),
  ].join("\n");
  expect(everything).not.toContain("CANARY");
  const [row] = await api.pool<{ sealed: Buffer | null }[]>`select sealed from api_resources where id = ${resource.id}`;
  expect(row?.sealed?.toString("latin1") ?? "").not.toContain("CANARY");
});

test("a key in the query is added to what the endpoint has, and stays out of what is told", async () => {
  const { id } = await make({ auth: "api_key", key_in: "query", key_name: "token", token: "CANARY 5&x" });
  const test = await tryOut(id, { endpoint: "broken?name=a%20b" });
  expect(asked[0]?.url).toBe("/v1/broken?name=a%20b&token=CANARY%205%26x");
  expect(test).toMatchObject({ ok: false, status: 500, value: null, error: { code: "http_status" } });
  expect(JSON.stringify(test)).not.toContain("CANARY");
});

test("a body is sent as JSON, by the method asked for", async () => {
  const { id } = await make({});
  expect((await tryOut(id, { endpoint: "q", method: "POST", body: { q: "{ sites }" } })).ok).toBe(true);
  expect(asked[0]).toMatchObject({ method: "POST", body: '{"q":"{ sites }"}' });
  expect(asked[0]?.headers["content-type"]).toBe("application/json");
});

test.each([
  ["../admin", "endpoint_outside"],
  ["/..%2fadmin", "endpoint_outside"],
  ["/%2e%2e/admin", "endpoint_outside"],
  ["..\\admin", "endpoint_outside"],
  ["a/../../admin", "endpoint_outside"],
  ["page", "answer_not_json"],
])("the endpoint %s gives %s", async (endpoint, code) => {
  const { id } = await make({});
  expect((await tryOut(id, { endpoint })).error?.code).toBe(code);
  if (code === "endpoint_outside") expect(asked).toEqual([]);
});

test.each(["http://169.254.169.254/", "//169.254.169.254/x", "https://example.net", "@169.254.169.254/", ":80/x"])(
  "the endpoint %s stays a path below the base URL",
  async (endpoint) => {
    const { id } = await make({});
    await tryOut(id, { endpoint });
    for (const { url } of asked) expect(url).toMatch(/^\/v1\//);
  },
);

test.each([
  ["$.nothing", "json_path_missing"],
  ["$..x", "json_path_invalid"],
])("the JSON path %s gives %s", async (json_path, code) => {
  const { id } = await make({});
  const test = await tryOut(id, { endpoint: "sites", json_path });
  expect(test).toMatchObject({ ok: false, status: 200, error: { code } });
  expect(test.error?.what_to_do).not.toBe("");
});

test("nothing is reached that the allow-list does not open", async () => {
  const { id } = await make({ auth: "bearer", token: "CANARY" });
  await allow([]);
  expect((await tryOut(id)).error).toMatchObject({ code: "egress_denied" });
  await allow(["*.example.net", "0.0.0.0/0"]);
  expect((await tryOut(id)).error?.message).toContain("this machine itself");
  await allow(["127.0.0.1"]);
  expect(asked).toEqual([]);
  expect((await tryOut(id)).ok).toBe(true);
});

test("a secret is for whom it was given for: another address or another kind forgets it", async () => {
  const { id } = await make({ auth: "bearer", token: "CANARY" });
  const put = (body: object) => admin.call("PUT", `/api/settings/api-resources/${id}`, body);
  expect((await put({ description: "kept" })).status).toBe(200);
  expect((await put({ base_url: `${base}/other` })).body.details?.[0]?.path).toBe("token");
  expect((await put({ base_url: `${base}/other`, token: "again" })).status).toBe(200);
  expect((await put({ auth: "none" })).status).toBe(200);
  const { resource } = dataOf(await admin.call("GET", `/api/settings/api-resources/${id}`));
  expect(resource).toMatchObject({ has_secret: false, secrets_set_at: null, last_test: null });
});

test.each([
  [{ base_url: "ftp://x/" }, "base_url"],
  [{ base_url: "http://x " }, "base_url"],
  [{ base_url: "http://" }, "base_url"],
  [{ base_url: "http://x\\@y" }, "base_url"],
  [{ base_url: "http://user:word@x/" }, "base_url"],
  [{ base_url: "http://x/?key=1" }, "base_url"],
  [{ auth: "bearer" }, "token"],
  [{ auth: "none", token: "x" }, "token"],
  [{ auth: "api_key", token: "x", key_in: "header" }, "key_name"],
  [{ auth: "api_key", token: "x", key_name: "k" }, "key_in"],
  [{ auth: "basic", username: "a:b", password: "x" }, "username"],
  [{ auth: "basic", username: "a" }, "password"],
  [{ auth: "custom" }, "secret_headers"],
  [{ auth: "bearer", token: "a\r\nX-Evil: 1" }, "token"],
  [{ headers: { Host: "evil" } }, "headers.Host"],
  [{ headers: { "a b": "x" } }, "headers.a b"],
  [{ headers: { a: "x\ny" } }, "headers.a"],
])("%j is refused at its place", async (more, path) => {
  const reply = await admin.call("POST", "/api/settings/api-resources", { name: "wrong", base_url: base, ...more });
  expect([reply.status, reply.body.details?.[0]?.path]).toEqual([400, path]);
});

test("everybody may read what there is; only admins change and test it, and what may be reached", async () => {
  const { id, name } = await make({});
  const operator = await api.as(["operator"]);
  expect((await operator.call("GET", "/api/settings/api-resources")).status).toBe(200);
  expect((await operator.call("GET", "/api/settings/egress")).status).toBe(200);
  for (const [method, path, body] of [
    ["PUT", `/api/settings/api-resources/${id}`, { name: "x" }],
    ["DELETE", `/api/settings/api-resources/${id}`, undefined],
    ["POST", `/api/settings/api-resources/${id}/test`, {}],
    ["PUT", "/api/settings/egress", { allow: [] }],
  ] as const)
    expect((await operator.call(method, path, body)).body.code).toBe("permission_missing");
  expect(
    (await admin.call("POST", "/api/settings/api-resources", { name: name.toUpperCase(), base_url: base })).body.code,
  ).toBe("api_resource_exists");
  const bad = await admin.call("PUT", "/api/settings/egress", { allow: ["10.0.0.0/8", "http://x/"] });
  expect([bad.status, bad.body.details?.[0]?.path]).toEqual([400, "allow[1]"]);
  expect((await admin.call("DELETE", `/api/settings/api-resources/${id}`)).status).toBe(200);
  expect((await admin.call("POST", `/api/settings/api-resources/${id}/test`)).status).toBe(404);
});

test("variables are fetched with where they are from, and a fault names each that could not be had", async () => {
  const { id, name } = await make({ auth: "bearer", token: "CANARY" });
  const deps = { db: api.pool, vault: api.vault };
  const call = { resource: name, endpoint: "/sites", method: "GET" } as const;
  const [asn] = await fetchApiVariables(deps, [{ ...call, name: "asn", json_path: "$.results[0].asn" }]);
  expect(asn).toMatchObject({
    name: "asn",
    value: 65010,
    source: { resource: name, resource_id: id, endpoint: "/sites", method: "GET", json_path: "$.results[0].asn" },
  });
  expect(asn?.source.hash).toMatch(/^sha256:[0-9a-f]{64}$/);
  const failed = await fetchApiVariables(deps, [
    { ...call, name: "ok" },
    { ...call, name: "gone", json_path: "$.gone" },
    { ...call, name: "unknown", resource: "nowhere" },
    { ...call, name: "forged", endpoint: "/reference" },
  ]).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(Unprocessable);
  expect(failed).toMatchObject({
    code: "api_variable_failed",
    details: [
      { path: "api_variables[1]", code: "json_path_missing" },
      { path: "api_variables[2].resource", code: "api_resource_unknown" },
      { path: "api_variables[3]", code: "value_reference" },
    ],
  });
  expect(String(failed)).not.toContain("CANARY");
});
