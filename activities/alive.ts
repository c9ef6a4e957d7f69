import { ApplicationFailure, Context } from "@temporalio/activity";
import { failure, isFailure, mayTryAgain } from "../devices/failures.ts";

const EVERY_MS = 3000;

/**
 * Heartbeats while `fn` runs, so that a worker's death is noticed in seconds. The signal aborts when the worker is
 * stopping or the activity is cancelled. A failure that may not be tried again is not, whatever the retry policy says.
 */
export async function alive<T>(fn: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current();
  const controller = new AbortController();
  const stop = (): void => controller.abort(failure("stopped", "the worker is stopping"));
  context.cancellationSignal.addEventListener("abort", stop, { once: true });
  context.cancelled.catch(stop);
  const timer = setInterval(() => context.heartbeat(), EVERY_MS);
  try {
    return await fn(controller.signal);
  } catch (error) {
    if (!isFailure(error) || mayTryAgain(error, { tries: context.info.attempt, reading: true })) throw error;
    throw ApplicationFailure.nonRetryable(error.message, error.code);
  } finally {
    clearInterval(timer);
  }
}
