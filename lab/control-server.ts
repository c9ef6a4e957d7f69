import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { z } from "zod";
import { parseFault } from "./faults.ts";
import type { Router } from "./router.ts";

export type ControlDeps = { routers: Router[]; token: string; host: string; port: number };
type Reply = { status: number; body: unknown };

const fail = (status: number, error: string): Reply => ({ status, body: { error } });
const same = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

async function readBody(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > 64_000) throw new SyntaxError("the body is larger than 64 kB");
  }
  return text;
}

const summary = (router: Router) => ({
  ...router.info(),
  up: router.member.up,
  sessions: router.sessions(),
  faults: router.faults.list(),
});

async function answer(routers: Router[], request: IncomingMessage): Promise<Reply> {
  const url = new URL(request.url ?? "/", "http://lab");
  const [first, name, action, ...rest] = url.pathname
    .split("/")
    .filter((part) => part !== "")
    .map(decodeURIComponent);
  const call = `${request.method} ${action ?? ""}`;
  if (first !== "routers" || rest.length > 0) return fail(404, "unknown path");
  if (name === undefined)
    return request.method === "GET" ? { status: 200, body: routers.map(summary) } : fail(405, "use GET");
  const router = routers.find((r) => r.info().name === name);
  if (!router) return fail(404, `the lab has no router ${JSON.stringify(name)}`);
  switch (call) {
    case "GET ":
      return { status: 200, body: summary(router) };
    case "GET running":
      return { status: 200, body: { running: router.box.running(), startup: router.box.startup() } };
    case "GET ledger":
      return { status: 200, body: router.ledger.since(Number(url.searchParams.get("since") ?? 0) || 0) };
    case "GET faults":
      return { status: 200, body: router.faults.list() };
    case "POST faults": {
      const armed = router.faults.arm(parseFault(JSON.parse(await readBody(request))));
      await router.settled();
      return { status: 201, body: armed };
    }
    case "DELETE faults": {
      const id = url.searchParams.get("id");
      router.clearFaults(id === null ? undefined : Number(id));
      await router.settled();
      return { status: 200, body: router.faults.list() };
    }
    case "POST reset":
      router.reset();
      return { status: 200, body: summary(router) };
    case "POST reload":
      router.reload();
      return { status: 202, body: summary(router) };
    default:
      return fail(404, "unknown path");
  }
}

/** The control port: loopback only, and only with the token. */
export function startControl({
  routers,
  token,
  host,
  port,
}: ControlDeps): Promise<{ url: string; stop: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
    const reply = same(given, token)
      ? answer(routers, request)
      : Promise.resolve(fail(401, "give the token of lab.json as Authorization: Bearer"));
    reply
      .catch((error: unknown): Reply => {
        if (error instanceof z.ZodError) return fail(400, z.prettifyError(error));
        if (error instanceof SyntaxError || error instanceof URIError) return fail(400, error.message);
        return fail(500, String(error));
      })
      .then(({ status, body }) =>
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body)),
      )
      .catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      const address = server.address();
      const bound = address !== null && typeof address !== "string" ? address.port : port;
      const stop = (): Promise<void> =>
        new Promise((done) => {
          server.close(() => done());
          server.closeAllConnections();
        });
      resolve({ url: `http://${host}:${bound}`, stop });
    });
  });
}
