import { JinjaError, type Place } from "./errors.ts";

/** What lies too deep for the stack of JavaScript would be too deep for Python's. */
export function orRecursionError<T>(work: () => T, place?: Place): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError && error.message.includes("call stack"))
      throw new JinjaError("RecursionError", "maximum recursion depth exceeded", place);
    throw error;
  }
}
