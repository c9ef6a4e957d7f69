import { TooMany, Unavailable } from "../domain/contract/errors.ts";
import type { Deps } from "./deps.ts";
import type { ApiContext } from "./env.ts";
import { identityOf } from "./middleware/admit.ts";

/** What a stream's writer may do. After `closed` has aborted, sends go nowhere. */
export type Stream = {
  send(message: { event: string; data: unknown; id?: string | number }): void;
  /** Aborts when the client has gone, was too slow, lost its session, or the server stops. */
  closed: AbortSignal;
};

const PING_MS = 5000;
const MOST_STREAMS = 1000;
/** A browser tab has two. */
const MOST_STREAMS_EACH = 50;
/** What a client may leave unread before it is let go; it comes back and resumes. */
const MOST_UNREAD = 2_000_000;

const HEADERS = {
  "Content-Type": "text/event-stream; charset=utf-8",
  "Cache-Control": "no-store",
  "X-Accel-Buffering": "no",
};

const openOf = new Map<string, number>();
const count = (userId: string, change: 1 | -1): void => {
  const open = (openOf.get(userId) ?? 0) + change;
  if (open === 0) openOf.delete(userId);
  else openOf.set(userId, open);
};

/**
 * Server-sent events. `write` starts when the client is connected and may return at once; the stream stays open with a
 * ping every 5 s until the client goes. A session that ends, ends its streams within a ping.
 */
export function sse(c: ApiContext, deps: Deps, write: (stream: Stream) => void | Promise<void>): Response {
  if (deps.hub.closed.aborted)
    throw new Unavailable("stopping", "this server is stopping; try again in a few seconds", { retryAfter: 5 });
  const userId = c.var.userId ?? "";
  const all = [...openOf.values()].reduce((sum, open) => sum + open, 0);
  if (all >= MOST_STREAMS || (openOf.get(userId) ?? 0) >= MOST_STREAMS_EACH)
    throw new TooMany("streams_full", "too many live views are open; close some, or try again in a few seconds", {
      retryAfter: 10,
    });
  // Nobody would read it, and so nobody would end it.
  if (c.req.raw.method === "HEAD") return new Response(null, { headers: HEADERS });
  const gone = new AbortController();
  const closed = AbortSignal.any([gone.signal, deps.hub.closed]);
  const encoder = new TextEncoder();
  let ping: NodeJS.Timeout | undefined;
  let cancelled = false;

  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        count(userId, 1);
        deps.metrics.streams.inc();
        const put = (text: string) => {
          if (closed.aborted) return;
          if ((controller.desiredSize ?? 0) < -MOST_UNREAD) gone.abort();
          else controller.enqueue(encoder.encode(text));
        };
        const send: Stream["send"] = ({ event, data, id }) =>
          put(`${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
        closed.addEventListener(
          "abort",
          () => {
            clearInterval(ping);
            count(userId, -1);
            deps.metrics.streams.dec();
            if (!cancelled) controller.close();
          },
          { once: true },
        );
        const sendPing = async () => {
          if ((await identityOf(c, deps)) === undefined) gone.abort();
          else send({ event: "ping", data: { server_time: new Date().toISOString() } });
        };
        const failed = (error: unknown) => {
          deps.log.warn(
            { err: error, request_id: c.var.requestId },
            "a live view ended; its client comes back by itself",
          );
          gone.abort();
        };
        ping = setInterval(() => void sendPing().catch(failed), PING_MS);
        put("retry: 2000\n\n");
        send({ event: "ping", data: { server_time: new Date().toISOString() } });
        Promise.resolve(write({ send, closed })).catch(failed);
      },
      cancel() {
        cancelled = true;
        gone.abort();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 65_536 }),
  );
  return new Response(body, { headers: HEADERS });
}
