import { createContext, Script } from "node:vm";

const DEADLINE_MS = 200;

/**
 * Tests a text against somebody's regular expression, with a deadline: one that backtracks for ever is stopped. Undefined
 * when it is no expression, or took too long.
 */
export function testPattern(pattern: string, text: string): boolean | undefined {
  try {
    const context = createContext({ pattern, text });
    return new Script("new RegExp(pattern, 'm').test(text)").runInContext(context, { timeout: DEADLINE_MS }) === true;
  } catch (error) {
    if (error instanceof Error && ("code" in error || error.name === "SyntaxError")) return undefined;
    throw error;
  }
}
