import type { HintTopic } from "../../domain/contract/platform.ts";
import type { Pool } from "../client.ts";

export const HINTS_CHANNEL = "hints";
export const RUN_CHANNEL = "run_progress";

/**
 * Tells all API processes that lists of this kind have changed. Call it after the commit, never inside it: NOTIFY in
 * the writing transaction makes commits take turns. A lost hint costs seconds, not truth, so it never fails its caller.
 */
export async function notifyHint(pool: Pool, topic: HintTopic, id: string): Promise<void> {
  await notify(pool, HINTS_CHANNEL, `${topic}:${id}`);
}

/** As notifyHint: the events or lines of this run have changed. */
export async function notifyRun(pool: Pool, runId: string): Promise<void> {
  await notify(pool, RUN_CHANNEL, runId);
}

async function notify(pool: Pool, channel: string, payload: string): Promise<void> {
  await pool`select pg_notify(${channel}, ${payload})`.then(
    () => undefined,
    () => undefined,
  );
}
