import { describe } from "vitest";
import { whyMissing, type Tool } from "./tools.ts";

export { findProgram } from "./tools.ts";

/**
 * `describe` for tests that need big tools: `requires("chromium")("what people see", () => { … })`.
 * Where one is missing the suite is skipped, and its title says why.
 */
export function requires(...tools: Tool[]): (title: string, body: () => void) => void {
  const reasons = tools.map(whyMissing).filter((reason) => reason !== undefined);
  if (reasons.length === 0) return (title, body) => describe(title, body);
  return (title, body) => describe.skip(`${title} [skipped: ${reasons.join("; ")}]`, body);
}
