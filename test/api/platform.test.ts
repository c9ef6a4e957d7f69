import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { notifyHint } from "../../db/queries/hints.ts";
import { startApi, type Api, type Caller } from "./api.ts";

let api: Api;
let viewer: Caller;
let webDir: string;
beforeAll(async () => {
  webDir = await mkdtemp(join(tmpdir(), "netstacks-web-"));
  await mkdir(join(webDir, "assets"));
  await writeFile(join(webDir, "index.html"), "<!doctype html><title>NetStacks</title>");
  await writeFile(join(webDir, "assets", "app-abc123.js"), `console.log(${JSON.stringify("x".repeat(5000))})`);
  await writeFile(join(webDir, "favicon.svg"), "<svg/>");
  api = await startApi({ webDir });
  viewer = await api.as(["viewer"], "vera");
});
afterAll(async () => {
  await api.stop();
  await rm(webDir, { recursive: true });
});

describe("health", () => {
  test("alive, ready, and every engine named", async () => {
    expect((await api.call("GET", "/healthz")).status).toBe(200);
    expect((await api.call("GET", "/readyz")).status).toBe(200);
    const { body } = await viewer.call("GET", "/api/platform/health");
    expect(body.data).toMatchObject({
      status: "ok",
      workers: 1,
      engines: [
        { name: "postgres", ok: true },
        { name: "temporal", ok: true },
        { name: "workers", ok: true },
      ],
    });
  });

  test("with the workflow engine away it is alive, not ready, and says what is away", async () => {
    api.engine.answers.reachable = false;
    try {
      expect((await api.call("GET", "/healthz")).status).toBe(200);
      const ready = await api.call("GET", "/readyz");
      expect({ status: ready.status, code: ready.body.code, again: ready.headers.get("retry-after") }).toEqual({
        status: 503,
        code: "not_ready",
        again: "5",
      });
      expect(ready.body.error).toBe("temporal does not answer");
      expect((await viewer.call("GET", "/api/platform/health")).body.data.status).toBe("degraded");
      expect((await viewer.call("GET", "/api/devices")).status).toBe(200);
    } finally {
      api.engine.answers.reachable = true;
    }
  });

  test("metrics count requests by route, not by path", async () => {
    await viewer.call("GET", "/api/devices/some-name-that-is-nobodys");
    const { text, headers } = await viewer.call("GET", "/metrics");
    expect(headers.get("content-type")).toMatch(/^text\/plain/);
    expect(text).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/api\/devices\/\{device\}",status="404"\} 1/,
    );
    expect(text).toContain("nodejs_eventloop_lag_p99_seconds");
    expect(text).not.toContain("some-name-that-is-nobodys");
  });

  test("stats count what there is, for who asks", async () => {
    const { body } = await viewer.call("GET", "/api/platform/stats");
    expect(body.data).toMatchObject({
      devices: { total: 0 },
      approvals_pending: 0,
      approvals_for_me: 0,
      runs_active: 0,
      last_change_at: null,
    });
    expect(body.data.change_days).toHaveLength(14);
    expect(body.data.change_days.at(-1)?.day).toBe(new Date().toISOString().slice(0, 10));
  });
});

describe("the document of the API", () => {
  test("is made from the schemas, names each code's form, and its page loads nothing from elsewhere", async () => {
    const { body } = await api.call("GET", "/api/openapi.json");
    expect(body.openapi).toBe("3.1.0");
    expect(body.components.schemas["NewDevice"]?.additionalProperties).toBe(false);
    expect(body.paths["/api/devices/{device}"]?.["get"]?.parameters[0]).toMatchObject({
      name: "device",
      in: "path",
      required: true,
    });
    const page = await api.call("GET", "/api/docs");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'self'");
    const loaded = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((m) => m[1] ?? "");
    expect(loaded.length).toBeGreaterThan(3);
    for (const path of loaded) {
      expect(path.startsWith("/api/docs/")).toBe(true);
      expect((await api.call("GET", path)).status).toBe(200);
    }
    expect(page.text).not.toMatch(/<script>|<script [^>]*>[^<]|onload=/);
    expect((await api.call("GET", "/api/docs/package.json")).status).toBe(404);
    expect((await api.call("GET", "/api/docs/..%2Fpackage.json")).status).toBe(404);
  });
});

describe("the web app's files", () => {
  test("pages are index.html, never kept; files with a hash are kept for ever", async () => {
    for (const path of ["/", "/devices", "/runs/0198a000-0000-7000-8000-000000000000", "/login", "/index.html"]) {
      const { status, text, headers } = await api.call("GET", path, { headers: { accept: "text/html" } });
      expect({ path, status, html: text.includes("<title>NetStacks"), cache: headers.get("cache-control") }).toEqual({
        path,
        status: 200,
        html: true,
        cache: "no-cache",
      });
    }
    const asset = await api.call("GET", "/assets/app-abc123.js");
    expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(asset.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    const again = await api.call("GET", "/assets/app-abc123.js", {
      headers: { "if-none-match": asset.headers.get("etag") ?? "" },
    });
    expect(again.status).toBe(304);
    const packed = await api.call("GET", "/assets/app-abc123.js", { headers: { "accept-encoding": "gzip" } });
    expect(packed.headers.get("content-encoding")).toBe("gzip");
    expect(packed.text.length).toBeLessThan(1000);
  });

  test("a file that is not there is not a page", async () => {
    expect((await api.call("GET", "/assets/app-old.js")).status).toBe(404);
    expect((await api.call("GET", "/assets/../../../etc/passwd")).text).not.toContain("root:");
    expect((await api.call("GET", "/%2e%2e%2f%2e%2e%2fetc/passwd")).status).toBe(404);
  });

  test("every answer forbids what pages do not need", async () => {
    for (const path of ["/", "/api/devices", "/api/nothing", "/healthz"]) {
      const { headers } = await api.call("GET", path);
      expect(headers.get("content-security-policy")).toBe(
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      );
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("same-origin");
      if (path !== "/") expect(headers.get("cache-control")).toBe("no-store");
    }
  });
});

describe("live hints", () => {
  /** Reads an event stream until `done` says so. */
  async function listen(
    caller: Caller,
    started: () => Promise<unknown>,
    done: (text: string) => boolean,
  ): Promise<string> {
    const response = await api.app.request("/api/events", { headers: { authorization: `Bearer ${caller.token}` } });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    const reader = response.body?.getReader();
    if (!reader) throw new Error("no body");
    const decoder = new TextDecoder();
    let text = "";
    const begun = started();
    for (;;) {
      const { value, done: ended } = await reader.read();
      if (ended) break;
      text += decoder.decode(value);
      if (done(text)) break;
    }
    await begun;
    await reader.cancel();
    return text;
  }

  test("arrive on every API process when something changed", async () => {
    const text = await listen(
      viewer,
      () => notifyHint(api.pool, "devices", "some-id"),
      (t) => t.includes("some-id"),
    );
    expect(text).toContain('event: ping\ndata: {"server_time":"');
    expect(text).toContain('event: hint\ndata: {"topic":"devices","id":"some-id"}\n\n');
  });

  test("a write sends one after its commit", async () => {
    const operator = await api.as(["operator"]);
    const text = await listen(
      viewer,
      () => operator.call("POST", "/api/devices", { name: "hinted", host: "10.0.0.1", device_type: "linux" }),
      (t) => t.includes('"devices"'),
    );
    const { body } = await viewer.call("GET", "/api/devices/hinted");
    expect(text).toContain(body.data.device.id);
  });

  test("a client that does not read is let go, and slows nobody", async () => {
    const stuck = await api.app.request("/api/events", { headers: { authorization: `Bearer ${viewer.token}` } });
    const large = "x".repeat(7000);
    for (let i = 0; i < 400; i += 1) await notifyHint(api.pool, "devices", `${large}${i}`);
    // Hints come in order: behind this one, none of the large ones is still on its way.
    await listen(
      viewer,
      () => notifyHint(api.pool, "devices", "all-delivered"),
      (t) => t.includes("all-delivered"),
    );
    const text = await listen(
      viewer,
      () => notifyHint(api.pool, "devices", "still-heard"),
      (t) => t.includes("still-heard"),
    );
    expect(text).not.toContain(large);
    // The stream has ended: what it holds can be read to its end.
    const left = await stuck.text();
    expect(left.length).toBeGreaterThan(1_900_000);
    expect(left).not.toContain(`${large}399`);
  });

  test("are limited for each person, and asking for their head alone opens none", async () => {
    const greedy = await api.as(["viewer"]);
    const open = async (method: string): Promise<Response> =>
      api.app.request("/api/events", { method, headers: { authorization: `Bearer ${greedy.token}` } });
    for (let i = 0; i < 60; i += 1) expect((await open("HEAD")).status).toBe(200);
    const streams = await Promise.all(Array.from({ length: 60 }, () => open("GET")));
    expect(streams.filter((s) => s.status === 200)).toHaveLength(50);
    expect(streams.filter((s) => s.status === 429)).toHaveLength(10);
    for (const stream of streams) await stream.body?.cancel();
    const again = await open("GET");
    expect(again.status).toBe(200);
    await again.body?.cancel();
    const { text } = await viewer.call("GET", "/metrics");
    expect(text).toContain("http_streams_open 0");
  });

  test("end with the session", async () => {
    const leaver = await api.as(["viewer"]);
    const text = await listen(
      leaver,
      () => leaver.call("POST", "/api/auth/logout"),
      () => false,
    );
    expect(text).toContain("event: ping");
  }, 30_000);

  test("a run's listeners are called when it moves, and every 2 s anyway; nobody else is", async () => {
    const calls = { mine: 0, other: 0 };
    const stops = [api.hub.onRun("run-1", () => (calls.mine += 1)), api.hub.onRun("run-2", () => (calls.other += 1))];
    for (let i = 0; i < 20; i += 1) await api.pool`select pg_notify('run_progress', 'run-1')`;
    await expect.poll(() => calls.mine, { timeout: 10_000 }).toBeGreaterThanOrEqual(20);
    expect(calls.other).toBeLessThan(3);
    await expect.poll(() => calls.other >= 1, { timeout: 15_000 }).toBe(true);
    for (const stop of stops) stop();
    const { mine } = calls;
    await api.pool`select pg_notify('run_progress', 'run-1')`;
    await new Promise((done) => setTimeout(done, 2500));
    expect(calls.mine).toBe(mine);
  });
});
