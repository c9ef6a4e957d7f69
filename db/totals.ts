import type { Db } from "./client.ts";

/** From here on, counting a list takes longer than reading a page of it. */
const LONG = 5000;
const KEPT_MS = 2000;
const MOST = 200;

type Kept = { at: number; total: number; counting: Promise<number> | null };
const kept = new WeakMap<object, Map<string, Kept>>();

/**
 * How many rows a list has. That of a long one is counted at most every two seconds for all who ask: a total in the
 * thousands that is two seconds old misleads nobody, and counting it for each of a hundred readers would hold up all.
 */
export async function totalOf(db: Db, list: string, count: () => Promise<number>): Promise<number> {
  const known = kept.get(db) ?? new Map<string, Kept>();
  kept.set(db, known);
  const last = known.get(list);
  if (last === undefined || last.total < LONG) return keep(known, list, await count());
  if (Date.now() - last.at < KEPT_MS) return last.total;
  last.counting ??= count()
    .then((total) => keep(known, list, total))
    .finally(() => (last.counting = null));
  return last.counting;
}

function keep(known: Map<string, Kept>, list: string, total: number): number {
  known.delete(list);
  known.set(list, { at: Date.now(), total, counting: null });
  const [oldest] = known.keys();
  if (known.size > MOST && oldest !== undefined) known.delete(oldest);
  return total;
}
