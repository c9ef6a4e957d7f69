import type { Pool } from "../db/client.ts";
import { getRunRow } from "../db/queries/runs.ts";
import { failure } from "../devices/failures.ts";

/** How often a run's pause or cancel is looked for while devices are waited for. */
const LOOK_EVERY_MS = 2000;

/**
 * A signal that aborts when the worker stops, and soon after somebody paused or cancelled the run: what waits for a device
 * then gives up waiting.
 */
export async function watchWishes(
  pool: Pool,
  runId: string,
  stopping: AbortSignal,
): Promise<{ hangUp: AbortSignal; close(): void }> {
  const controller = new AbortController();
  const stop = (): void =>
    controller.abort(failure("stopped", "the run was paused or cancelled, or the worker is stopping"));
  const look = async (): Promise<void> => {
    const run = await getRunRow(pool, runId);
    if (run.cancel_requested || run.pause_requested) stop();
  };
  if (stopping.aborted) stop();
  stopping.addEventListener("abort", stop, { once: true });
  await look();
  // A look that fails is made up for by the next one; a database that is away stops the part where it writes.
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_EVERY_MS);
  return {
    hangUp: controller.signal,
    close: () => {
      clearInterval(timer);
      stopping.removeEventListener("abort", stop);
    },
  };
}
