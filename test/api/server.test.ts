import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runApi } from "../../api/main.ts";
import { migrate } from "../../db/migrate.ts";
import { ensureAdmin } from "../../services/first-start.ts";
import { readConfig, requireEngines, type EngineConfig } from "../../system/config.ts";
import { startPostgres, type Postgres } from "../../system/engines/postgres.ts";
import { loadMasterKey } from "../../system/master-key.ts";
import { testTemporalAddress } from "../support/engines.ts";

const PASSWORD = "given-by-the-environment";
let dataDir: string;
let postgres: Postgres;
let config: EngineConfig;
let server: Awaited<ReturnType<typeof runApi>>;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "netstacks-server-"));
  postgres = await startPostgres({ dataDir, throwaway: true });
  config = requireEngines(
    readConfig({
      PORT: "0",
      NETSTACKS_DATA_DIR: dataDir,
      DATABASE_URL: postgres.url,
      TEMPORAL_ADDRESS: testTemporalAddress(),
      NETSTACKS_ADMIN_PASSWORD: PASSWORD,
      LOG_LEVEL: "silent",
    }),
    "api",
  );
  await migrate(config.databaseUrl);
  await ensureAdmin(config, await loadMasterKey(config));
  server = await runApi(config);
});
afterAll(async () => {
  await server.stop();
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const url = (path: string): string => `${server.address}${path}`;

async function signIn(): Promise<string> {
  const reply = await fetch(url("/api/auth/login"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username: "admin", password: PASSWORD }),
  });
  const { data } = (await reply.json()) as { data: { access_token: string } };
  return data.access_token;
}

/** Writes bytes as they are, which no HTTP client would, and gives the status line and the rest. */
function raw(
  request: string,
  more: (write: (text: string) => void) => void = () => undefined,
): Promise<{ status: number; text: string }> {
  return new Promise((done, failed) => {
    const socket = connect(Number(new URL(server.address).port), "127.0.0.1");
    let text = "";
    socket.on("data", (bytes) => (text += bytes.toString()));
    socket.on("error", (error) => (text === "" ? failed(error) : done(answer())));
    socket.on("close", () => done(answer()));
    const answer = () => ({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text });
    socket.write(request);
    more((chunk) => socket.write(chunk));
  });
}
const head = (method: string, path: string, ...headers: string[]): string =>
  [`${method} ${path} HTTP/1.1`, "Host: localhost", "Connection: close", ...headers, "", ""].join("\r\n");

describe("over a real socket", () => {
  test("a body without a length is counted while it streams", async () => {
    const token = await signIn();
    const reply = await raw(
      head(
        "POST",
        "/api/devices",
        `Authorization: Bearer ${token}`,
        "Content-Type: application/json",
        "Transfer-Encoding: chunked",
      ),
      (write) => {
        const chunk = `${(65_536).toString(16)}\r\n${" ".repeat(65_536)}\r\n`;
        for (let i = 0; i < 32; i += 1) write(chunk);
        write("0\r\n\r\n");
      },
    );
    expect(reply.status).toBe(413);
    expect(reply.text).toContain('"code":"body_too_large"');
  });

  test("a length that lies does not help", async () => {
    const token = await signIn();
    const reply = await raw(
      head(
        "POST",
        "/api/devices",
        `Authorization: Bearer ${token}`,
        "Content-Type: application/json",
        "Content-Length: 99999999999",
      ),
    );
    expect(reply.status).toBe(413);
  });

  test("a stranger's body is not even read", async () => {
    const reply = await raw(head("POST", "/api/devices", "Content-Type: application/json", "Content-Length: 500000"));
    expect(reply.status).toBe(401);
  });

  test.each([
    "//api/devices",
    "/./api/devices",
    "/x/../api/devices",
    "/api/../api/devices",
    "/api/./devices",
    "/%2e/api/devices",
    "/api%2fdevices",
    "/api\\devices",
    "/\\api/devices",
    "/api//devices",
    "/API/devices",
    "/api/devices%00",
    "/api/devices/",
    "/api/devices/.",
    "/api/devices;x",
    "http://localhost/api/devices",
    "http://evil.example/api/devices",
  ])("the path %s as it is written gives nothing to a stranger", async (path) => {
    const { status, text } = await raw(head("GET", path));
    expect([400, 401, 404], text.slice(0, 300)).toContain(status);
  });

  test("metrics are for this machine without a proxy, or for who may", async () => {
    expect((await fetch(url("/metrics"))).status).toBe(200);
    expect((await fetch(url("/metrics"), { headers: { "x-forwarded-for": "192.0.2.1" } })).status).toBe(401);
    expect((await fetch(url("/metrics"), { headers: { "x-forwarded-for": "127.0.0.1" } })).status).toBe(401);
  });

  test("headers beyond measure are refused", async () => {
    expect((await raw(head("GET", "/healthz", `X-Large: ${"x".repeat(40_000)}`))).status).toBe(431);
  });

  test("a taken port, or an address of another machine: one sentence with the way out", async () => {
    const taken = { ...config, port: Number(new URL(server.address).port) };
    await expect(runApi(taken)).rejects.toThrow(/^Port \d+ on 127\.0\.0\.1 is taken by another program; .* PORT /);
    await expect(runApi({ ...config, host: "192.0.2.1" })).rejects.toThrow(
      /^HOST 192\.0\.2\.1 is no address of this machine/,
    );
  });
});

describe("when Postgres goes away", () => {
  test("it is alive, not ready, answers 503 with when to come back, and finds everything again by itself", async () => {
    const token = await signIn();
    const get = (path: string) => fetch(url(path), { headers: { authorization: `Bearer ${token}` } });
    const events = await get("/api/events");
    const reader = events.body?.getReader();
    expect((await get("/api/devices")).status).toBe(200);
    expect((await fetch(url("/readyz"))).status).toBe(200);

    await postgres.stop();
    await expect.poll(async () => (await fetch(url("/readyz"))).status, { timeout: 15_000 }).toBe(503);
    expect(await (await fetch(url("/readyz"))).json()).toMatchObject({
      code: "not_ready",
      error: "postgres does not answer",
    });
    expect((await fetch(url("/healthz"))).status).toBe(200);
    // What the cache believes for 3 s is past by then.
    await expect.poll(async () => (await get("/api/devices")).status, { timeout: 20_000 }).toBe(503);
    const reply = await get("/api/devices");
    expect(reply.headers.get("retry-after")).toBe("5");
    expect(await reply.json()).toMatchObject({ success: false, code: "database_away" });
    const login = await fetch(url("/api/auth/login"), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"username":"admin","password":"x"}',
    });
    expect(login.status).toBe(503);

    postgres = await startPostgres({ dataDir, throwaway: true, port: postgres.port });
    await expect.poll(async () => (await fetch(url("/readyz"))).status, { timeout: 15_000 }).toBe(200);
    await expect.poll(async () => (await get("/api/devices")).status, { timeout: 15_000 }).toBe(200);
    await reader?.cancel();

    // Live hints come again too.
    const again = await get("/api/events");
    const live = again.body?.getReader();
    const decoder = new TextDecoder();
    let text = "";
    const made = await fetch(url("/api/devices"), {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: '{"name":"after","host":"10.0.0.1","device_type":"linux"}',
    });
    expect(made.status).toBe(201);
    while (!text.includes("event: hint")) {
      const { value, done } = (await live?.read()) ?? { value: undefined, done: true };
      if (done) break;
      text += decoder.decode(value);
    }
    expect(text).toContain('"topic":"devices"');
    await live?.cancel();
  }, 60_000);
});

test("told to stop, it ends live views at once and lets a request under way finish", async () => {
  const other = await runApi({ ...config, port: 0 });
  const token = await signIn();
  const stream = await fetch(`${other.address}/api/events`, { headers: { authorization: `Bearer ${token}` } });
  const login = fetch(`${other.address}/api/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username: "admin", password: PASSWORD }),
  });
  const me = await fetch(`${other.address}/api/auth/me`, { headers: { authorization: `Bearer ${token}` } });
  expect(me.status).toBe(200);
  await Promise.all([other.stop(), stream.text()]);
  expect((await login).status).toBe(200);
  await expect(fetch(`${other.address}/healthz`)).rejects.toThrow();
});
