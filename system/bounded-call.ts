import { createContext, Script } from "node:vm";

const nothing = (): void => undefined;
const context = createContext({ work: nothing });
const call = new Script("work()");

/**
 * Does work that may take too long, and stops it after `ms`: in the middle of a regular expression as well, which nothing else
 * can stop. Undefined when it was stopped.
 */
export function withinTime<T>(ms: number, work: () => T): { result: T } | undefined {
  let done: { result: T } | undefined;
  context["work"] = () => {
    done = { result: work() };
  };
  try {
    call.runInContext(context, { timeout: ms });
  } catch (error) {
    if (isTimeout(error)) return undefined;
    throw error;
  } finally {
    context["work"] = nothing;
  }
  return done;
}

/** Its class is that of the context in which it was stopped, so that `instanceof` says nothing. */
const isTimeout = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
