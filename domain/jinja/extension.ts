import type { Kwargs, Undefined, Value } from "./values.ts";

/** What a filter, a test or a global function may ask of the engine that calls it. */
export type EngineContext = {
  readonly autoescape: boolean;
  /** What a missing attribute or item becomes. */
  readonly undefinedKind: Undefined["kind"];
  /** An attribute as `foo.bar` finds it: attribute first, then item; Undefined where there is neither. */
  getAttribute(of: Value, name: string): Value;
  /** An item as `foo["bar"]` finds it: item first, then attribute. */
  getItem(of: Value, key: Value): Value;
  call(what: Value, args: readonly Value[], kwargs?: Kwargs): Value;
  filter(name: string, value: Value, args: readonly Value[], kwargs?: Kwargs): Value;
  test(name: string, value: Value, args: readonly Value[], kwargs?: Kwargs): boolean;
  hasFilter(name: string): boolean;
  hasTest(name: string): boolean;
  undefined(hint: string): Undefined;
  /** A variable of the template that is rendered; undefined where there is none. */
  lookUp(name: string): Value | undefined;
  /** Counts towards the bound on work: what makes much of little (`range`, `*`, `join`, `indent`) says so first. Throws LimitReached. */
  spend(units: number): void;
};

/** `args` are those after the value, as the template gave them; `bind` in `arguments.ts` fits them to a signature of Python. */
export type Filter = (value: Value, args: readonly Value[], kwargs: Kwargs, engine: EngineContext) => Value;
export type Test = (value: Value, args: readonly Value[], kwargs: Kwargs, engine: EngineContext) => boolean;
