/**
 * Pairs up two lists of keys: indices of `a` and `b` that are the same line, in an order that both share (longest common
 * subsequence). A key that occurs several times is told apart by its occurrence, which makes this a longest increasing run.
 */
export function align(a: readonly string[], b: readonly string[]): [number, number][] {
  const keysB = new Map<string, number>();
  const seenB = new Map<string, number>();
  for (const [i, key] of b.entries()) keysB.set(nth(seenB, key), i);
  const seenA = new Map<string, number>();
  const pairs: [number, number][] = [];
  for (const [i, key] of a.entries()) {
    const j = keysB.get(nth(seenA, key));
    if (j !== undefined) pairs.push([i, j]);
  }
  return longestRun(pairs);
}

function nth(seen: Map<string, number>, key: string): string {
  const count = seen.get(key) ?? 0;
  seen.set(key, count + 1);
  return `${count}\u0000${key}`;
}

/** Of pairs ordered by their first number, the most that are ordered by their second, too. */
function longestRun(pairs: readonly [number, number][]): [number, number][] {
  const tails: number[] = [];
  const before: number[] = [];
  for (const [i, [, value]] of pairs.entries()) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[tails[middle] ?? 0]?.[1] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    before[i] = low > 0 ? (tails[low - 1] ?? -1) : -1;
    tails[low] = i;
  }
  const run: [number, number][] = [];
  for (let i = tails.at(-1) ?? -1; i >= 0; i = before[i] ?? -1) {
    const pair = pairs[i];
    if (pair) run.push(pair);
  }
  return run.reverse();
}
