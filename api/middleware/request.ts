import type { BlockList } from "node:net";
import { isIP } from "node:net";
import type { MiddlewareHandler } from "hono";
import { newId } from "../../system/ids.ts";
import { withLogFields, type Logger } from "../../system/log.ts";
import { span, underTraceparent } from "../../system/tracing.ts";
import type { Env } from "../env.ts";
import type { Metrics } from "../metrics.ts";

/** Gives each request its id and its caller's address, measures it, and leaves one log line. */
export function request({
  log,
  metrics,
  trusted,
}: {
  log: Logger;
  metrics: Metrics;
  trusted: BlockList;
}): MiddlewareHandler<Env> {
  const measured: MiddlewareHandler<Env> = async (c, next) => {
    const began = performance.now();
    const { ip, direct } = callerOf(socketAddress(c.env), c.req.header("x-forwarded-for"), trusted);
    c.set("ip", ip);
    c.set("direct", direct);
    c.set("route", "other");
    await next();
    c.header("X-Request-Id", c.var.requestId);
    const seconds = (performance.now() - began) / 1000;
    metrics.observe({ method: c.req.method, route: c.var.route, status: c.res.status, seconds });
    // The path without its query: searches and tokens in links are nobody's business later.
    log.info(
      {
        request_id: c.var.requestId,
        method: c.req.method,
        path: c.req.path,
        status: c.res.status,
        ms: Math.round(seconds * 1000),
        ip,
      },
      "request",
    );
  };
  return (c, next) => {
    const requestId = newId();
    c.set("requestId", requestId);
    const logged = (): Promise<void> =>
      withLogFields({ request_id: requestId }, async () => void (await measured(c, next)));
    if (!c.req.path.startsWith("/api/")) return logged();
    return underTraceparent(clientTrace(c.req.raw.headers), () =>
      span(c.req.method, { kind: "server", request_id: requestId }, async (it) => {
        await logged();
        it?.updateName(`${c.req.method} ${c.var.route}`);
        it?.setAttributes({
          "http.request.method": c.req.method,
          "http.route": c.var.route,
          "http.response.status_code": c.res.status,
        });
      }),
    );
  };
}

/**
 * A page begins its trace with the click. Whoever shows no login at all cannot put spans into somebody's trace; and whether
 * a trace is kept is not the client's to say.
 */
export function clientTrace(headers: Headers): string | undefined {
  if (!headers.has("cookie") && !headers.has("authorization")) return undefined;
  return headers.get("traceparent")?.replace(/-[0-9a-f]{2}$/, "-01");
}

/** Of @hono/node-server's environment; there is none when the app is called without a socket. */
function socketAddress(env: unknown): string | undefined {
  if (typeof env !== "object" || env === null || !("incoming" in env)) return undefined;
  const { incoming } = env;
  if (typeof incoming !== "object" || incoming === null || !("socket" in incoming)) return undefined;
  const { socket } = incoming;
  return typeof socket === "object" &&
    socket !== null &&
    "remoteAddress" in socket &&
    typeof socket.remoteAddress === "string"
    ? socket.remoteAddress
    : undefined;
}

/** Walks X-Forwarded-For from the right as long as who wrote it is trusted; what stands further left anybody may have written. */
export function callerOf(
  remote: string | undefined,
  forwardedFor: string | undefined,
  trusted: BlockList,
): { ip: string | null; direct: boolean } {
  if (remote === undefined) return { ip: null, direct: false };
  let ip = plain(remote);
  const hops = (forwardedFor ?? "")
    .split(",")
    .map((hop) => plain(hop.trim()))
    .filter((hop) => hop !== "");
  const direct = hops.length === 0;
  while (isTrusted(ip, trusted)) {
    const hop = hops.pop();
    if (hop === undefined || isIP(hop) === 0) break;
    ip = hop;
  }
  return { ip, direct };
}

const isTrusted = (ip: string, trusted: BlockList): boolean =>
  isIP(ip) !== 0 && trusted.check(ip, isIP(ip) === 6 ? "ipv6" : "ipv4");
/** `::ffff:10.0.0.1` is 10.0.0.1. */
const plain = (ip: string): string => ip.replace(/^::ffff:(?=\d+\.)/i, "");
