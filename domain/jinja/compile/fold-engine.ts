import { DEFAULT_LIMITS } from "../limits.ts";
import type { EngineContext } from "../extension.ts";
import { Context } from "../run/context.ts";
import { Run } from "../run/run.ts";
import { Templates, type EngineOptions } from "../run/templates.ts";

/** What constants may cost while a template is compiled; what costs more is left for the rendering. */
const FOLD_LIMITS = { ...DEFAULT_LIMITS, work: 20_000 };

/** The engine in which constants are worked out: it knows no variable. */
export function foldEngine(options: EngineOptions): (autoescape: boolean) => EngineContext {
  const templates = new Templates(options, new Map(), () => {
    throw new Error("a constant names no template");
  });
  const run = new Run(FOLD_LIMITS, undefined, undefined);
  const make = (autoescape: boolean): Context => new Context(run, templates, undefined, new Map(), { autoescape });
  const plain = make(false);
  const escaping = make(true);
  return (autoescape) => (autoescape ? escaping : plain);
}
