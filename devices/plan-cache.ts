import { NotFound } from "../domain/contract/errors.ts";
import { planHash } from "../domain/change/hash.ts";
import type { Db } from "../db/client.ts";
import { getPlan, getPlanVersion, type PlanRow } from "../db/queries/plans.ts";

/** A plan as its row holds it now, and the hash of what it holds, computed here. */
export type HashedPlan = { plan: PlanRow; hash: string };

const KEEP_MS = 60_000;
const MOST = 8;

const known = new Map<string, { hashed: Promise<HashedPlan>; usedAt: number }>();

/**
 * Reads a plan and hashes it. A plan of 200 devices is megabytes, and each of its devices asks for it in each phase: it is
 * read once as long as its row was not written again, which PostgreSQL tells by the row's version (`xmin`, `ctid`).
 */
export async function readPlan(db: Db, id: string): Promise<HashedPlan> {
  const version = await getPlanVersion(db, id);
  if (version === null) throw new NotFound("plan", id);
  const key = `${id} ${version}`;
  forget();
  const entry = known.get(key) ?? { hashed: load(db, id), usedAt: 0 };
  entry.usedAt = performance.now();
  known.delete(key);
  known.set(key, entry);
  try {
    return await entry.hashed;
  } catch (error) {
    known.delete(key);
    throw error;
  }
}

async function load(db: Db, id: string): Promise<HashedPlan> {
  const plan = await getPlan(db, id);
  return { plan, hash: planHash(plan.body) };
}

/** The longest unused go first; those that were not asked for lately go in any case. */
function forget(): void {
  const tooOld = performance.now() - KEEP_MS;
  for (const [key, { usedAt }] of known) if (usedAt < tooOld || known.size >= MOST) known.delete(key);
}
