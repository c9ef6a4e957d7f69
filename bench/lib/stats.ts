/** The middle of the values; of an even number of them, the mean of the two in the middle. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? null : (upper + lower) / 2;
}

/** The value below which this share of them lies (nearest rank). */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

/** Null where either is missing or nothing. */
export function ratio(a: number | null | undefined, b: number | null | undefined): number | null {
  return a === null || a === undefined || b === null || b === undefined || b === 0 ? null : a / b;
}

/** Every name once, then again: A B C A B C …; one with fewer runs than the others drops out early. */
export function interleave<T extends string>(runs: readonly { name: T; runs: number }[]): T[] {
  const rounds = Math.max(0, ...runs.map((each) => each.runs));
  return Array.from({ length: rounds }, (_, round) =>
    runs.flatMap(({ name, runs: n }) => (round < n ? [name] : [])),
  ).flat();
}
