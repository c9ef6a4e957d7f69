import { HINT_TOPICS, type Hint, type HintTopic } from "../domain/contract/platform.ts";
import type { Pool } from "../db/client.ts";
import { HINTS_CHANNEL } from "../db/queries/hints.ts";
import type { Logger } from "../system/log.ts";

/** Passes on what Postgres tells of: which run has moved, which list has changed. */
export type Hub = {
  /** Calls back when the run may have moved: when it is told so, and every 2 s anyway. Gives the way to stop. */
  onRun(runId: string, listener: () => void): () => void;
  onHint(listener: (hint: Hint) => void): () => void;
  /** Aborts when the hub closes: every live view ends with it. */
  closed: AbortSignal;
  close(): Promise<void>;
};

/** Its payload is the id of a run. */
const RUN_CHANNEL = "run_progress";
const REREAD_MS = 2000;
const HINT_MS = 500;
/** The lists that a run shows in. */
const RUN_TOPICS = ["runs", "changes", "approvals"] as const;
/** In place of an id: any of them. */
const ANY = "*";

/** Listens on a connection of its own, which comes back by itself; what was missed meanwhile is told as "any". */
export async function createHub(pool: Pool, log: Logger): Promise<Hub> {
  const runs = new Map<string, Set<() => void>>();
  const hints = new Set<(hint: Hint) => void>();
  const closing = new AbortController();
  const tell = (listeners: Iterable<() => void>) => {
    for (const listener of listeners) listener();
  };
  const hint = (it: Hint) => {
    for (const listener of hints) listener(it);
  };
  const everything = () => {
    for (const topic of HINT_TOPICS) hint({ topic, id: ANY });
    for (const listeners of runs.values()) tell(listeners);
  };

  const onRunChannel = (runId: string) => {
    tell(runs.get(runId) ?? []);
    hintRun(runId);
  };
  // A run that sends lines moves many times a second; the lists that show it are told at most so often.
  const moved = new Set<string>();
  const hintRun = (runId: string) => {
    if (moved.has(runId)) return;
    moved.add(runId);
    setTimeout(() => {
      moved.delete(runId);
      for (const topic of RUN_TOPICS) hint({ topic, id: runId });
    }, HINT_MS).unref();
  };
  const onHintsChannel = (payload: string) => {
    const [topic, id] = payload.split(":", 2);
    if (isTopic(topic) && id !== undefined) hint({ topic, id });
  };
  const started = Promise.all([
    pool.listen(RUN_CHANNEL, onRunChannel),
    pool.listen(HINTS_CHANNEL, onHintsChannel, everything),
  ]);
  // The API starts without its database; the driver goes on trying.
  const listening = await started.catch((error: unknown) => {
    log.warn({ err: error }, "live updates wait for the database");
    return [];
  });
  const timer = setInterval(() => {
    for (const listeners of runs.values()) tell(listeners);
  }, REREAD_MS);
  timer.unref();

  return {
    onRun(runId, listener) {
      const listeners = runs.get(runId) ?? new Set();
      runs.set(runId, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && runs.get(runId) === listeners) runs.delete(runId);
      };
    },
    onHint(listener) {
      hints.add(listener);
      return () => hints.delete(listener);
    },
    closed: closing.signal,
    async close() {
      closing.abort();
      clearInterval(timer);
      await Promise.all(listening.map((channel) => channel.unlisten()));
    },
  };
}

const isTopic = (text: string | undefined): text is HintTopic => HINT_TOPICS.some((topic) => topic === text);
