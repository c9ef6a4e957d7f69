import { JinjaError } from "../errors.ts";
import { bitLength, isInt, normalize, toInt } from "../int.ts";
import { Float, Tuple, type Value } from "../values.ts";
import { methods, positional, wrongClass } from "./method.ts";

export const INT_METHODS = methods((self) => (isInt(self) ? toInt(self) : wrongClass("int")), {
  bit_length: (self: number | bigint, args, kwargs) => {
    positional("int.bit_length", args, kwargs, 0);
    return bitLength(self);
  },
  bit_count: (self: number | bigint, args, kwargs) => {
    positional("int.bit_count", args, kwargs, 0);
    return BigInt(self).toString(2).replaceAll(/[^1]/g, "").length;
  },
  conjugate: (self: number | bigint, args, kwargs) => {
    positional("int.conjugate", args, kwargs, 0);
    return self;
  },
  as_integer_ratio: (self: number | bigint, args, kwargs) => {
    positional("int.as_integer_ratio", args, kwargs, 0);
    return new Tuple([self, 1]);
  },
});

/** The float as a fraction of integers, which every finite one is. */
function ratioOf(value: number): Value {
  if (Number.isNaN(value)) throw new JinjaError("ValueError", "cannot convert NaN to integer ratio");
  if (!Number.isFinite(value)) throw new JinjaError("OverflowError", "cannot convert Infinity to integer ratio");
  let numerator = value;
  let denominator = 1n;
  while (!Number.isInteger(numerator)) {
    numerator *= 2;
    denominator *= 2n;
  }
  return new Tuple([normalize(BigInt(numerator)), normalize(denominator)]);
}

export const FLOAT_METHODS = methods((self) => (self instanceof Float ? self : wrongClass("float")), {
  is_integer: (self: Float, args, kwargs) => {
    positional("float.is_integer", args, kwargs, 0);
    return Number.isInteger(self.value);
  },
  conjugate: (self: Float, args, kwargs) => {
    positional("float.conjugate", args, kwargs, 0);
    return self;
  },
  as_integer_ratio: (self: Float, args, kwargs) => {
    positional("float.as_integer_ratio", args, kwargs, 0);
    return ratioOf(self.value);
  },
});
