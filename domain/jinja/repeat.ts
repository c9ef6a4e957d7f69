import { JinjaError } from "./errors.ts";
import type { EngineContext } from "./extension.ts";

/** How often something of that length is repeated; says what it costs before anything is made. */
export function repeatCount(length: number, times: number | bigint, engine: Pick<EngineContext, "spend">): number {
  if (times <= 0 || length === 0) return 0;
  if (typeof times === "bigint") throw new JinjaError("OverflowError", "cannot fit 'int' into an index-sized integer");
  engine.spend(length * times);
  return times;
}
