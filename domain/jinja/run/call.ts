import { JinjaError } from "../errors.ts";
import type { EngineContext } from "../extension.ts";
import { typeName } from "../type-name.ts";
import { failUndefined } from "../undefined.ts";
import { Callable, PyObject, Undefined, type Kwargs, type Value } from "../values.ts";
import { Macro } from "./macro.ts";

/** Calls what can be called; a macro escapes as it is escaped where it is called. */
export function callValue(what: Value, args: readonly Value[], kwargs: Kwargs, engine: EngineContext): Value {
  if (what instanceof Macro) return what.invoke(args, kwargs, engine.autoescape);
  engine.spend(1);
  if (what instanceof Callable) return what.call(args, kwargs);
  if (what instanceof PyObject && what.call !== undefined) return what.call(args, kwargs);
  if (what instanceof Undefined) return failUndefined(what);
  throw new JinjaError("TypeError", `'${typeName(what)}' object is not callable`);
}
