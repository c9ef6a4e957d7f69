import { noKeywords } from "../arguments.ts";
import { JinjaError } from "../errors.ts";
import type { EngineContext } from "../extension.ts";
import type { Kwargs, Value } from "../values.ts";

/** A method of one of Python's classes, given the object it is called on. */
export type Method = (self: Value, args: readonly Value[], kwargs: Kwargs, engine: EngineContext) => Value;

/** Methods as written: what they are called on is known to be a T. */
type Table<T> = Record<string, (self: T, args: readonly Value[], kwargs: Kwargs, engine: EngineContext) => Value>;

/** Makes methods of those of a table; `as` takes the object for what its class says it is. */
export function methods<T>(as: (self: Value) => T, table: Table<T>): ReadonlyMap<string, Method> {
  return new Map(
    Object.entries(table).map(([name, run]): [string, Method] => [
      name,
      (self, args, kwargs, engine) => run(as(self), args, kwargs, engine),
    ]),
  );
}

/** The arguments of a method that takes between `least` and `most` by their place, and none by name. */
export function positional(
  name: string,
  args: readonly Value[],
  kwargs: Kwargs,
  least: number,
  most = least,
): readonly Value[] {
  noKeywords(name, kwargs);
  if (args.length >= least && args.length <= most) return args;
  const plural = (count: number): string => (count === 1 ? "" : "s");
  const bound = args.length < least ? least : most;
  const wanted = least === most ? "exactly" : args.length < least ? "at least" : "at most";
  throw new JinjaError(
    "TypeError",
    `${name}() takes ${wanted} ${bound} argument${plural(bound)} (${args.length} given)`,
  );
}

/** The object a method was found for is of the method's class; anything else is a fault of the engine. */
export function wrongClass(wanted: string): never {
  throw new JinjaError("TypeError", `descriptor requires a '${wanted}' object`);
}
