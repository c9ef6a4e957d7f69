import type { Check } from "../domain/contract/change.ts";
import { testPattern } from "../system/bounded-regex.ts";

/** The sentence that says what an output lacks; null when it is as expected. */
export function missedExpectation({ command, expect }: Check, output: string): string | null {
  const { contains, not_contains, matches } =
    typeof expect === "string" ? { contains: expect, not_contains: undefined, matches: undefined } : expect;
  if (contains !== undefined && !output.includes(contains)) return `${command} does not show “${contains}”`;
  if (not_contains !== undefined && output.includes(not_contains)) return `${command} shows “${not_contains}”`;
  if (matches === undefined) return null;
  const found = testPattern(matches, output);
  if (found === undefined) return `the expression ${matches} is not one, or took too long on the output of ${command}`;
  return found ? null : `nothing in ${command} matches ${matches}`;
}
