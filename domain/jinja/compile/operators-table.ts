import type { BinaryOperator } from "../ast.ts";
import type { EngineContext } from "../extension.ts";
import { add, floordiv, mod, mul, neg, pos, pow, sub, truediv } from "../operators.ts";
import type { Value } from "../values.ts";

export const BINARY: Readonly<Record<BinaryOperator, (left: Value, right: Value, engine: EngineContext) => Value>> = {
  Add: add,
  Sub: sub,
  Mul: mul,
  Div: truediv,
  FloorDiv: floordiv,
  Mod: mod,
  Pow: pow,
};

export const UNARY: Readonly<Record<"Neg" | "Pos", (value: Value) => Value>> = { Neg: neg, Pos: pos };
