import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createHub, type Hub } from "../../api/hub.ts";
import { createRunFeeds, type RunFeeds } from "../../api/run-feeds.ts";
import type { Frame } from "../../api/sse.ts";
import { insertRun } from "../../db/queries/runs.ts";
import type { Permission } from "../../domain/contract/user.ts";
import type { Ctx } from "../../services/context.ts";
import { appendEvent, notifyRun } from "../../services/run-events.ts";
import { newId } from "../../system/ids.ts";
import { createLog } from "../../system/log.ts";
import { createWorld, type World } from "../devices/world.ts";

let w: World;
let hub: Hub;
let feeds: RunFeeds;
let ctx: Ctx;

beforeAll(async () => {
  w = await createWorld();
  hub = await createHub(w.pool, createLog("test", "silent"));
  feeds = createRunFeeds(hub, () => undefined);
  ctx = contextOf(w);
});
afterAll(async () => {
  await hub.close();
  await w.stop();
});

/** Only what reading a run needs of it. */
const contextOf = ({ pool, vault }: World): Ctx =>
  ({
    pool,
    vault,
    actor: { id: newId(), username: "v", roles: [], permissions: new Set<Permission>(["runs:read"]), via: "session" },
  }) as unknown as Ctx;

async function newRun(): Promise<string> {
  const id = newId();
  await insertRun(w.pool, { id, title: "watched", changeId: newId(), startedBy: "x" });
  return id;
}

async function happens(runId: string, n: number): Promise<void> {
  await appendEvent(w.pool, { runId, kind: "device", device: `d-${n}`, message: `event ${n}`, key: randomUUID() });
  await notifyRun(w.pool, runId);
}

/** Watches from `after` on, and keeps what it is sent. */
function watcher(runId: string, after = 0) {
  const closing = new AbortController();
  const decoder = new TextDecoder();
  const frames: string[] = [];
  const ended = feeds.watch({
    ctx,
    runId,
    after,
    stream: { put: (bytes: Frame) => void frames.push(decoder.decode(bytes)), closed: closing.signal },
  });
  return {
    seqs: () => frames.flatMap((text) => /^id: (\d+)\nevent: event/.exec(text)?.[1] ?? []).map(Number),
    runs: () => frames.filter((text) => text.startsWith("event: run")).length,
    close: async () => {
      closing.abort();
      await ended;
    },
  };
}

test("whoever comes while a run moves gets every event once and in order, from the one after their last", async () => {
  const runId = await newRun();
  const total = 120;
  const watchers: { from: number; one: ReturnType<typeof watcher> }[] = [];
  for (let n = 1; n <= total; n += 1) {
    await happens(runId, n);
    if (n % 6 !== 1) continue;
    const from = n % 12 === 1 ? 0 : Math.floor(n / 2);
    watchers.push({ from, one: watcher(runId, from) });
    if (n % 18 === 1) await sleep(20);
  }
  const wanted = (from: number): number[] => Array.from({ length: total - from }, (_, i) => from + 1 + i);
  for (const { from, one } of watchers) {
    await expect.poll(() => one.seqs().length, { timeout: 10_000 }).toBeGreaterThanOrEqual(total - from);
    expect(one.seqs()).toEqual(wanted(from));
    await expect.poll(one.runs, { timeout: 10_000 }).toBeGreaterThan(0);
  }
  await Promise.all(watchers.map(({ one }) => one.close()));
});

test("a run that nobody watches any more is read anew for the next one who does", async () => {
  const runId = await newRun();
  await happens(runId, 1);
  const first = watcher(runId);
  await expect.poll(first.seqs, { timeout: 10_000 }).toEqual([1]);
  await first.close();
  await happens(runId, 2);
  const second = watcher(runId, 1);
  await expect.poll(second.seqs, { timeout: 10_000 }).toEqual([2]);
  await happens(runId, 3);
  await expect.poll(second.seqs, { timeout: 10_000 }).toEqual([2, 3]);
  expect(first.seqs()).toEqual([1]);
  await second.close();
});

test("one who claims to have seen what never was gets what comes next, and keeps it from nobody", async () => {
  const runId = await newRun();
  await happens(runId, 1);
  const liar = watcher(runId, 99_999_999);
  await expect.poll(liar.runs, { timeout: 10_000 }).toBeGreaterThan(0);
  const other = watcher(runId, 0.5);
  await expect.poll(other.seqs, { timeout: 10_000 }).toEqual([1]);
  await happens(runId, 2);
  await expect.poll(other.seqs, { timeout: 10_000 }).toEqual([1, 2]);
  await expect.poll(liar.seqs, { timeout: 10_000 }).toEqual([2]);
  await Promise.all([liar.close(), other.close()]);
});

test("when a run cannot be read, all who watch it are told, and may come back", async () => {
  const runId = await newRun();
  const gone = contextOf({ ...w, pool: { listen: undefined } as unknown as World["pool"] });
  const stream = { put: () => undefined, closed: new AbortController().signal };
  await expect(feeds.watch({ ctx: gone, runId, after: 0, stream })).rejects.toThrow();
  const back = watcher(runId);
  await happens(runId, 1);
  await expect.poll(back.seqs, { timeout: 10_000 }).toEqual([1]);
  await back.close();
});
