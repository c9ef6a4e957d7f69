import { JinjaError } from "../errors.ts";
import { slice } from "../slice.ts";
import { typeName } from "../type-name.ts";
import { failUndefined } from "../undefined.ts";
import { Dict, Undefined, type Value } from "../values.ts";

/** Python's `of[start:stop:step]`: unlike other items, what cannot be sliced is an error and not undefined. */
export function sliceOf(of: Value, start: Value, stop: Value, step: Value): Value {
  const part = slice(of, start, stop, step);
  if (part !== undefined) return part;
  if (of instanceof Undefined) return failUndefined(of);
  throw new JinjaError(
    "TypeError",
    of instanceof Dict ? "unhashable type: 'slice'" : `'${typeName(of)}' object is not subscriptable`,
  );
}
