import { getRunRow } from "../db/queries/runs.ts";
import { countRunLines, getRun, listRunEvents } from "../services/runs.ts";
import type { Ctx } from "../services/context.ts";
import type { Hub } from "./hub.ts";
import { frame, type Frame, type Stream } from "./sse.ts";

/** Somebody who watches a run, and the number of the last event they were sent. */
type Viewer = { stream: Stream; seq: number; fail: (error: unknown) => void };

/** What all that watch one run are shown. `seq`: how far it has read. */
type Feed = {
  seq: number;
  viewers: Set<Viewer>;
  run: { text: string; frame: Frame } | null;
  /** How far each device is, by device and direction. */
  lines: Map<string, { text: string; frame: Frame }>;
  closing: AbortController;
};

export type RunFeeds = {
  /**
   * Follows one run: every event after `after` exactly once and in order, the run itself when it changed, and how far
   * each device is. It reads what is committed, so whoever comes back by Last-Event-ID misses nothing.
   */
  watch(what: { ctx: Ctx; runId: string; after: number; stream: Stream }): Promise<void>;
};

const PAGE = 500;
/** A run that moves fast is read this often at most; one of thousands of devices, so that reading it takes a fifth of the time. */
const REST_MS = 150;
const LONGEST_REST_MS = 2000;
const RESTS = 4;

/**
 * A run is read once for all that watch it in this process: what many people look at in the night costs as much as what
 * one does. `lagged` hears how many seconds after it happened each event went out.
 */
export function createRunFeeds(hub: Hub, lagged: (seconds: number) => void): RunFeeds {
  const feeds = new Map<string, Feed>();

  const open = (ctx: Ctx, runId: string, seq: number): Feed => {
    const feed: Feed = { seq, viewers: new Set(), run: null, lines: new Map(), closing: new AbortController() };
    feeds.set(runId, feed);
    void follow(hub, runId, feed.closing.signal, () => pump(feed, ctx, runId, lagged)).catch((error: unknown) => {
      close(runId, feed);
      for (const viewer of feed.viewers) viewer.fail(error);
    });
    return feed;
  };
  const close = (runId: string, feed: Feed): void => {
    feed.closing.abort();
    if (feeds.get(runId) === feed) feeds.delete(runId);
  };

  return {
    async watch({ ctx, runId, after, stream }) {
      const { promise: failed, reject: fail } = Promise.withResolvers<never>();
      // What a client says it saw last decides where the others' feed begins: it cannot be later than what there is.
      const { last_seq: last } = await getRunRow(ctx.pool, runId);
      const viewer: Viewer = { stream, seq: Math.max(0, Math.min(Math.trunc(after), last)), fail };
      await catchUp(viewer, ctx, runId);
      // What the feed sent to others while this one read is read again, until both stand at the same event.
      let feed = feeds.get(runId);
      for (; feed !== undefined && viewer.seq < feed.seq && !stream.closed.aborted; feed = feeds.get(runId))
        await catchUp(viewer, ctx, runId);
      if (stream.closed.aborted) return;
      feed ??= open(ctx, runId, viewer.seq);
      for (const { frame: known } of feed.lines.values()) stream.put(known);
      if (feed.run !== null) stream.put(feed.run.frame);
      feed.viewers.add(viewer);
      const gone = new Promise<void>((done) => stream.closed.addEventListener("abort", () => done(), { once: true }));
      try {
        await Promise.race([gone, failed]);
      } finally {
        feed.viewers.delete(viewer);
        if (feed.viewers.size === 0) close(runId, feed);
      }
    },
  };
}

/** Sends a viewer the events that are stored already. */
async function catchUp(viewer: Viewer, ctx: Ctx, runId: string): Promise<void> {
  for (;;) {
    const events = await listRunEvents(ctx, runId, viewer.seq, PAGE);
    for (const event of events) {
      viewer.stream.put(frame({ event: "event", data: event, id: event.seq }));
      viewer.seq = event.seq;
    }
    if (events.length < PAGE || viewer.stream.closed.aborted) return;
  }
}

/** Reads what is new, and sends it to all viewers. */
async function pump(feed: Feed, ctx: Ctx, runId: string, lagged: (seconds: number) => void): Promise<void> {
  const sendAll = (what: Frame): void => {
    for (const { stream } of feed.viewers) stream.put(what);
  };
  for (;;) {
    const events = await listRunEvents(ctx, runId, feed.seq, PAGE);
    for (const event of events) {
      const sent = frame({ event: "event", data: event, id: event.seq });
      for (const viewer of feed.viewers) {
        if (viewer.seq >= event.seq) continue;
        viewer.stream.put(sent);
        viewer.seq = event.seq;
      }
      feed.seq = event.seq;
      lagged(Math.max(0, Date.now() - Date.parse(event.at)) / 1000);
    }
    if (events.length < PAGE) break;
  }
  for (const line of await countRunLines(ctx.pool, runId)) {
    const text = JSON.stringify(line);
    const key = `${line.device} ${line.direction}`;
    if (feed.lines.get(key)?.text === text) continue;
    const known = { text, frame: frame({ event: "lines", data: line }) };
    feed.lines.set(key, known);
    sendAll(known.frame);
  }
  const run = await getRun(ctx, runId);
  const text = JSON.stringify(run);
  if (text === feed.run?.text) return;
  feed.run = { text, frame: frame({ event: "run", data: run }) };
  sendAll(feed.run.frame);
}

/** Calls `read` once, and again after each sign of life, never twice at a time. */
async function follow(hub: Hub, runId: string, closed: AbortSignal, read: () => Promise<void>): Promise<void> {
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
        await read();
        const rest = Math.min(Math.max(REST_MS, RESTS * (performance.now() - began)), LONGEST_REST_MS);
        await new Promise((done) => setTimeout(done, rest));
      } else await new Promise<void>((done) => (wake = done));
    }
  } finally {
    stop();
  }
}
