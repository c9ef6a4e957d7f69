/** The value of an integer literal, in whichever base it is written. */
export function integerOf(literal: string): number | bigint {
  const digits = literal.replaceAll("_", "").toLowerCase();
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : BigInt(digits);
}
