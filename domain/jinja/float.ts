import { JinjaError } from "./errors.ts";

/** The remainder has the divisor's sign, and the quotient is rounded down, as Python's float does it. */
function divide(left: number, right: number): { quotient: number; rest: number } {
  let rest = left % right;
  let quotient = (left - rest) / right;
  if (rest === 0) {
    rest = right < 0 ? -0 : 0;
  } else if (right < 0 !== rest < 0) {
    rest += right;
    quotient -= 1;
  }
  if (quotient === 0) return { quotient: left / right < 0 || Object.is(left / right, -0) ? -0 : 0, rest };
  const floor = Math.floor(quotient);
  return { quotient: quotient - floor > 0.5 ? floor + 1 : floor, rest };
}

export function floorDivideFloats(left: number, right: number): number {
  if (right === 0) throw new JinjaError("ZeroDivisionError", "float floor division by zero");
  return divide(left, right).quotient;
}

export function moduloFloats(left: number, right: number): number {
  if (right === 0) throw new JinjaError("ZeroDivisionError", "float modulo");
  return divide(left, right).rest;
}

export function powerFloats(base: number, exponent: number): number {
  // Python follows the C library here, JavaScript gives NaN for these.
  if (base === 1 || exponent === 0) return 1;
  if (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY) return 1;
  if (base === 0 && exponent < 0) {
    throw new JinjaError("ZeroDivisionError", "0.0 cannot be raised to a negative power");
  }
  if (base < 0 && Number.isFinite(base) && Number.isFinite(exponent) && !Number.isInteger(exponent)) {
    throw new JinjaError("ValueError", "the power is a complex number, which templates do not have");
  }
  const power = base ** exponent;
  if (!Number.isFinite(power) && Number.isFinite(base) && Number.isFinite(exponent)) {
    throw new JinjaError("OverflowError", "(34, 'Numerical result out of range')");
  }
  return power;
}
