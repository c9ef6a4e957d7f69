const BITS = new DataView(new ArrayBuffer(8));

/** A float that is not negative as an exact product: `mantissa * 2 ** exponent`. */
function exact(value: number): { mantissa: bigint; exponent: number } {
  BITS.setFloat64(0, value);
  const bits = BITS.getBigUint64(0);
  const biased = Number(bits >> 52n);
  const fraction = bits & 0xf_ff_ff_ff_ff_ff_ffn;
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | 0x10_00_00_00_00_00_00n, exponent: biased - 1075 };
}

/** The nearest integer; of two as near, the even one. */
export function roundedRatio(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  if (twice < denominator || (twice === denominator && quotient % 2n === 0n)) return quotient;
  return quotient + 1n;
}

/** `value * 10 ** places`, rounded once and exactly. */
function scaled(value: number, places: number): bigint {
  const { mantissa, exponent } = exact(value);
  let numerator = mantissa;
  let denominator = 1n;
  if (exponent >= 0) numerator <<= BigInt(exponent);
  else denominator <<= BigInt(-exponent);
  if (places >= 0) numerator *= 10n ** BigInt(places);
  else denominator *= 10n ** BigInt(-places);
  return roundedRatio(numerator, denominator);
}

/** No float has more digits than this, on either side of its point: those that follow are zeros. */
const MOST_DIGITS = 1100;

/** With so many digits behind the point; the value finite and not negative. */
export function fixed(value: number, places: number): string {
  if (places > MOST_DIGITS) return fixed(value, MOST_DIGITS) + "0".repeat(places - MOST_DIGITS);
  const digits = String(scaled(value, places)).padStart(places + 1, "0");
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** The value rounded to `places` digits behind the point, or before it where that is negative. */
export function rounded(value: number, places: number): number {
  // No float has that many digits behind its point, and none that many before.
  if (!Number.isFinite(value) || value === 0 || places > 323) return value;
  const size = places < -308 ? 0 : Number(`${String(scaled(Math.abs(value), places))}e${-places}`);
  return value < 0 ? -size : size;
}

/** Its first `count` digits, and the power of ten of the first. */
export function significant(value: number, count: number): { digits: string; exponent: number } {
  if (value === 0) return { digits: "0".repeat(count), exponent: 0 };
  if (count > MOST_DIGITS) {
    const { digits, exponent } = significant(value, MOST_DIGITS);
    return { digits: digits + "0".repeat(count - MOST_DIGITS), exponent };
  }
  let exponent = Math.floor(Math.log10(value));
  for (;;) {
    const digits = String(scaled(value, count - 1 - exponent));
    if (digits.length === count) return { digits, exponent };
    exponent += digits.length > count ? 1 : -1;
  }
}
