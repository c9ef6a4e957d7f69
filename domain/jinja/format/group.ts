/**
 * Puts a separator between every `size` digits of the whole part, counted from its end; zeros before it, grouped like
 * the rest, make the text at least `width` wide.
 */
export function grouped(digits: string, separator: string, size: number, width: number): string {
  const end = /^[0-9a-fA-F]*/.exec(digits)?.[0].length ?? 0;
  // In base ten an `e` begins the exponent.
  const whole = size === 3 ? (/^\d*/.exec(digits)?.[0] ?? "") : digits.slice(0, end);
  const rest = digits.slice(whole.length);
  // Infinity has no digits to group.
  if (whole === "") return rest;
  let remaining = whole.length;
  let wanted = width - rest.length;
  const groups: string[] = [];
  for (;;) {
    const length = Math.min(size, Math.max(remaining, wanted, 1));
    groups.push(whole.slice(Math.max(0, remaining - length), remaining).padStart(length, "0"));
    remaining = Math.max(0, remaining - length);
    wanted -= length;
    if (remaining <= 0 && wanted <= 0) return groups.toReversed().join(separator) + rest;
    wanted -= 1;
  }
}
