/** Texts that differ in more lines than this are paired more coarsely: a fine pairing of strangers tells nothing. */
const MOST_EDITS = 2000;

/** The pairs that leave the fewest lines unpaired (E. W. Myers, “An O(ND) Difference Algorithm”, 1986); null when those are too many. */
export function shortestEdit(a: readonly string[], b: readonly string[]): [number, number][] | null {
  const most = Math.min(a.length + b.length, MOST_EDITS);
  const offset = most + 1;
  const reach = new Int32Array(2 * most + 3);
  const trace: Int32Array[] = [];
  for (let d = 0; d <= most; d++) {
    trace.push(reach.slice(offset - d - 1, offset + d + 2));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && at(reach, offset + k - 1) < at(reach, offset + k + 1));
      let x = down ? at(reach, offset + k + 1) : at(reach, offset + k - 1) + 1;
      let y = x - k;
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x += 1;
        y += 1;
      }
      reach[offset + k] = x;
      if (x >= a.length && y >= b.length) return pairsOf(trace, a.length, b.length);
    }
  }
  return null;
}

const at = (values: Int32Array, i: number): number => values[i] ?? 0;

/** Walks the search back from the end; `trace[d]` is what had been reached before step d, from diagonal -d-1 on. */
function pairsOf(trace: readonly Int32Array[], endX: number, endY: number): [number, number][] {
  const pairs: [number, number][] = [];
  let x = endX;
  let y = endY;
  for (let d = trace.length - 1; d >= 0; d--) {
    const before = trace[d] ?? new Int32Array();
    const value = (k: number): number => at(before, k + d + 1);
    const k = x - y;
    const from = k === -d || (k !== d && value(k - 1) < value(k + 1)) ? k + 1 : k - 1;
    const fromX = d === 0 ? 0 : value(from);
    const fromY = d === 0 ? 0 : fromX - from;
    while (x > fromX && y > fromY) pairs.push([(x -= 1), (y -= 1)]);
    x = fromX;
    y = fromY;
  }
  return pairs.reverse();
}
