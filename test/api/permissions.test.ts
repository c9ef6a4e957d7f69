import { z } from "zod";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PUBLIC_ROUTES, publicRoute, route, type Route } from "../../api/route.ts";
import { routes } from "../../api/routes/index.ts";
import { PERMISSIONS, ROLE_PERMISSIONS, ROLES, type Role } from "../../domain/contract/user.ts";
import { startApi, type Api, type Caller } from "./api.ts";

let api: Api;
const callers = new Map<Role, Caller>();

beforeAll(async () => {
  api = await startApi();
  for (const role of ROLES) callers.set(role, await api.as([role]));
});
afterAll(() => api.stop());

/** Any id that nothing has: what may be called answers anything but 401 and 403. */
const NOBODY = "0198a000-0000-7000-8000-000000000000";
const concrete = (path: string): string =>
  path
    .replaceAll(/\{id\}/g, NOBODY)
    .replaceAll(/\{file\}/g, "init.js")
    .replaceAll(/\{\w+\}/g, "nobody-of-this-name");
/** Streams do not end by themselves, and logging out would end the caller. */
const LONG = ["GET /api/events"];
const ENDS_SESSION = ["POST /api/auth/logout"];
const name = (r: { method: string; path: string }): string => `${r.method.toUpperCase()} ${r.path}`;

describe("every route has a permission", () => {
  test("in the registry: a permission, or a place in the public list", () => {
    const unlisted = routes.filter((r) =>
      r.access === "public" ? !PUBLIC_ROUTES.includes(name(r)) : !PERMISSIONS.includes(r.access),
    );
    expect(unlisted.map(name)).toEqual([]);
    expect(routes.length).toBeGreaterThan(40);
  });

  test("in the app: no handler beside the registry, but the web app's files", () => {
    const listed = new Set(routes.map((r) => `${r.method.toUpperCase()} ${r.path.replaceAll(/\{(\w+)\}/g, ":$1")}`));
    const beside = api.app.routes.filter((r) => r.method !== "ALL" && !listed.has(`${r.method} ${r.path}`));
    expect(beside.map((r) => `${r.method} ${r.path}`)).toEqual(["GET /*"]);
  });

  test("in its document: each path and method of the registry, and nothing else", async () => {
    const { body } = await api.call("GET", "/api/openapi.json");
    const documented = Object.entries<object>(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const undocumented = ["GET /api/openapi.json", "GET /api/docs", "GET /api/docs/{file}"];
    expect(documented.sort()).toEqual(
      routes
        .map(name)
        .filter((n) => !undocumented.includes(n))
        .sort(),
    );
  });

  test("one that names none cannot be made", () => {
    const spec = { method: "get", path: "/api/secret", tag: "x", summary: "x", answer: z.object({}) } as const;
    // What a program without types could do.
    expect(() => route({ ...spec, access: "nothing" as "self" }, async () => ({ data: {} }))).toThrow(
      /names no permission/,
    );
    expect(() => publicRoute(spec, async () => ({ data: {} }))).toThrow(/names no permission/);
  });

  test("a handler hung into the app past the registry stops the start", () => {
    const smuggler: Route = {
      method: "get",
      path: "/api/listed",
      access: "self",
      mount: (app) => void app.get("/api/smuggled", (c) => c.text("hello")),
    };
    routes.push(smuggler);
    try {
      expect(() => api.appAgain()).toThrow(/GET \/api\/smuggled/);
    } finally {
      routes.pop();
    }
  });
});

describe("each route lets in who holds its permission, and nobody else", () => {
  const guarded = routes.filter((r) => r.access !== "public" && !LONG.includes(name(r)));

  test.each(guarded.map((r) => [name(r), r] as const))("%s", async (_name, { method, path, access }) => {
    if (access === "public") throw new Error("public routes are not in this list");
    const stranger = await api.call(method.toUpperCase(), concrete(path));
    expect({ status: stranger.status, code: stranger.body.code }).toEqual({ status: 401, code: "unauthenticated" });
    for (const role of ROLES) {
      const caller = callers.get(role);
      if (!caller) throw new Error("no caller");
      const allowed = ROLE_PERMISSIONS[role].includes(access);
      if (allowed && ENDS_SESSION.includes(`${method.toUpperCase()} ${path}`)) continue;
      const { status, body, text } = await caller.call(method.toUpperCase(), concrete(path));
      if (allowed) {
        expect(status, `${role}: ${text}`).not.toBe(401);
        // The service behind may refuse for another reason, in words of its own.
        expect(body?.code, `${role}: ${text}`).not.toBe("permission_missing");
        expect(status, `${role}: ${text}`).toBeLessThan(500);
      } else expect({ role, status, code: body?.code }).toEqual({ role, status: 403, code: "permission_missing" });
    }
  });
});

describe("no spelling of a path leads around the check", () => {
  const ways: ((path: string) => string)[] = [
    (p) => `/${p}`,
    (p) => `//${p.slice(1)}`,
    (p) => `///${p}`,
    (p) => p.replace("/api/", "/api//"),
    (p) => p.replaceAll("/", "//"),
    (p) => p.replace("/api/", "/api/./"),
    (p) => p.replace("/api/", "/api/x/../"),
    (p) => p.replace("/api/", "/x/../api/"),
    (p) => p.replace("/api/", "/api%2f"),
    (p) => p.replace("/api/", "/api%2F"),
    (p) => p.replace("/api/", "/api%5c"),
    (p) => p.replace("/api/", "/api\\"),
    (p) => p.replace("/api/", "/%61pi/"),
    (p) => p.replace("/api/", "/%2561pi/"),
    (p) => p.replace("/api/", "/API/"),
    (p) => p.replace("/api/", "/Api/"),
    (p) => p.replace("/api/", "/api;a=b/"),
    (p) => p.replace("/api/", "/api/%00"),
    (p) => p.replace("/api/", "/api/%2e/"),
    (p) => p.replace("/api/", "/api/%2e%2e/api/"),
    (p) => p.replace("/api/", "/.//api/"),
    (p) => p.replace("/api/", "/%2fapi/"),
    (p) => p.replace("/api/", "/api/%20"),
    (p) => p.replace("/api/", "/api\u2215"),
    (p) => `${p}/`,
    (p) => `${p}//`,
    (p) => `${p}/.`,
    (p) => `${p}/..`,
    (p) => `${p}%20`,
    (p) => `${p}%00`,
    (p) => `${p}%0a`,
    (p) => `${p};x`,
    (p) => `${p}.json`,
    (p) => `${p}?x=1`,
    (p) => `${p}%3fx=1`,
    (p) => `${p}#x`,
    (p) => `${p}/%2e%2e/healthz`,
    (p) => p.replace(/(\w)(\w*)$/, (_, a: string, b: string) => `%${a.charCodeAt(0).toString(16)}${b}`),
    (p) => p.toUpperCase(),
    (p) => encodeURIComponent(p),
  ];
  const paths = [
    "/api/devices",
    "/api/users",
    "/api/audit/export",
    "/api/credentials",
    "/api/runs",
    "/api/auth/tokens",
  ];

  test(`${ways.length * paths.length} variants answer 401 or 404 to a stranger`, async () => {
    for (const path of paths) {
      for (const way of ways) {
        const variant = way(path);
        const { status, text } = await api.call("GET", variant.startsWith("/") ? variant : `/${variant}`);
        expect([401, 404], `${variant}: ${status} ${text.slice(0, 200)}`).toContain(status);
      }
    }
  });

  test("nor does another method", async () => {
    for (const method of ["HEAD", "OPTIONS", "TRACE", "PROPFIND", "POST", "PUT", "PATCH", "DELETE"]) {
      // The platform's own Request refuses TRACE, as every server in front does.
      if (method === "TRACE") continue;
      const { status } = await api.call(method, "/api/audit");
      expect([401, 404, 405], method).toContain(status);
    }
    const { status } = await api.call("POST", "/api/audit", { headers: { "x-http-method-override": "GET" } });
    expect(status).toBe(404);
  });

  test("nor a header that claims another path or address", async () => {
    for (const header of ["x-original-url", "x-rewrite-url", "x-forwarded-prefix", "x-forwarded-path"]) {
      const { status } = await api.call("GET", "/api/devices", { headers: { [header]: "/healthz" } });
      expect(status, header).toBe(401);
    }
    const { status } = await api.call("GET", "/metrics", { headers: { "x-forwarded-for": "127.0.0.1" } });
    expect(status).toBe(401);
  });
});
