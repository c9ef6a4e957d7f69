import { JinjaError } from "../errors.ts";
import { toList } from "../iterate.ts";
import { Range } from "../range.ts";
import { repr } from "../print.ts";
import { Tuple, type Value } from "../values.ts";
import { countOf, placeOf } from "./list.ts";
import { methods, positional } from "./method.ts";

const itemsOf = (self: Value): readonly Value[] => (self instanceof Tuple ? self.items : toList(self));

/** Of tuples, and of ranges, which know the same two. */
export const TUPLE_METHODS = methods((self) => self, {
  index: (self, args, kwargs) => {
    const place = placeOf(itemsOf(self), positional("index", args, kwargs, 1, self instanceof Range ? 1 : 3));
    if (place >= 0) return place;
    const wanted = repr(args[0] ?? null);
    throw new JinjaError(
      "ValueError",
      self instanceof Range ? `${wanted} is not in range` : "tuple.index(x): x not in tuple",
    );
  },
  count: (self, args, kwargs) => countOf(itemsOf(self), positional("count", args, kwargs, 1)[0] ?? null),
});
