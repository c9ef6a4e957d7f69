import type { HintTopic } from "../../domain/contract/platform.ts";
import type { Pool } from "../client.ts";

export const HINTS_CHANNEL = "hints";

/**
 * Tells all API processes that lists of this kind have changed. Call it after the commit, never inside it: NOTIFY in
 * the writing transaction makes commits take turns. A lost hint costs seconds, not truth, so it never fails its caller.
 */
export async function notifyHint(pool: Pool, topic: HintTopic, id: string): Promise<void> {
  await pool`select pg_notify(${HINTS_CHANNEL}, ${`${topic}:${id}`})`.then(
    () => undefined,
    () => undefined,
  );
}
