import { TooMany, Unavailable } from "../domain/contract/errors.ts";
import type { Deps } from "./deps.ts";
import type { ApiContext } from "./env.ts";
import { identityOf } from "./middleware/admit.ts";

export type Message = { event: string; data: unknown; id?: string | number };
/** A message as its bytes: made once, however many clients get it. */
export type Frame = Uint8Array;

const encoder = new TextEncoder();
export const frame = ({ event, data, id }: Message): Frame =>
  encoder.encode(`${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);

/** What a stream's writer may do. After `closed` has aborted, what is put goes nowhere. */
export type Stream = {
  put(frame: Frame): void;
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
  let ping: NodeJS.Timeout | undefined;
  let cancelled = false;

  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        count(userId, 1);
        deps.metrics.streams.inc();
        const put = (bytes: Frame) => {
          if (closed.aborted) return;
          if ((controller.desiredSize ?? 0) < -MOST_UNREAD) gone.abort();
          else controller.enqueue(bytes);
        };
        const tellTime = () => put(frame({ event: "ping", data: { server_time: new Date().toISOString() } }));
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
          else tellTime();
        };
        const failed = (error: unknown) => {
          deps.log.warn(
            { err: error, request_id: c.var.requestId },
            "a live view ended; its client comes back by itself",
          );
          gone.abort();
        };
        ping = setInterval(() => void sendPing().catch(failed), PING_MS);
        put(encoder.encode("retry: 2000\n\n"));
        tellTime();
        Promise.resolve(write({ put, closed })).catch(failed);
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
