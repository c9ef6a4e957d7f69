import { countRunLines, getRun, listRunEvents, type LineCounts } from "../services/runs.ts";
import type { Ctx } from "../services/context.ts";
import type { Hub } from "./hub.ts";
import type { Stream } from "./sse.ts";

const PAGE = 500;
/** A run that moves fast is read this often at most; one of thousands of devices, so that reading it takes a fifth of the time. */
const REST_MS = 150;
const LONGEST_REST_MS = 2000;
const RESTS = 4;

/**
 * Follows one run: every event after `after` exactly once and in order, the run itself when it changed, and how far each
 * device is. It reads what is committed, so whoever comes back by Last-Event-ID misses nothing.
 */
export async function runStream({
  ctx,
  hub,
  runId,
  after,
  stream,
  lagged,
}: {
  ctx: Ctx;
  hub: Hub;
  runId: string;
  after: number;
  stream: Stream;
  /** Hears how many seconds after it happened each event that was waited for went out. */
  lagged: (seconds: number) => void;
}): Promise<void> {
  let seq = after;
  let shown = "";
  let caughtUp = false;
  const counts = new Map<string, string>();
  const pump = async (): Promise<void> => {
    for (;;) {
      const events = await listRunEvents(ctx, runId, seq, PAGE);
      for (const event of events) {
        stream.send({ event: "event", data: event, id: event.seq });
        seq = event.seq;
        if (caughtUp) lagged(Math.max(0, Date.now() - Date.parse(event.at)) / 1000);
      }
      if (events.length < PAGE) break;
    }
    caughtUp = true;
    for (const line of await countRunLines(ctx.pool, runId)) sendCount(line);
    const run = await getRun(ctx, runId);
    const text = JSON.stringify(run);
    if (text !== shown) stream.send({ event: "run", data: run });
    shown = text;
  };
  const sendCount = (line: LineCounts): void => {
    const key = `${line.device} ${line.direction}`;
    const text = JSON.stringify(line);
    if (counts.get(key) !== text) stream.send({ event: "lines", data: line });
    counts.set(key, text);
  };
  await follow(hub, runId, stream.closed, pump);
}

/** Calls `pump` once, and again after each sign of life, never twice at a time. */
async function follow(hub: Hub, runId: string, closed: AbortSignal, pump: () => Promise<void>): Promise<void> {
  let wake: () => void = () => undefined;
  let due = true;
  const stop = hub.onRun(runId, () => {
    due = true;
    wake();
  });
  closed.addEventListener("abort", () => wake(), { once: true });
  try {
    while (!closed.aborted) {
      if (due) {
        due = false;
        const began = performance.now();
        await pump();
        const rest = Math.min(Math.max(REST_MS, RESTS * (performance.now() - began)), LONGEST_REST_MS);
        await new Promise((done) => setTimeout(done, rest));
      } else await new Promise<void>((done) => (wake = done));
    }
  } finally {
    stop();
  }
}
