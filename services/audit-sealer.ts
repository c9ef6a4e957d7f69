import { transaction, type Pool } from "../db/client.ts";
import { readAudit, type AuditRow } from "../db/queries/audit.ts";
import {
  auditWriters,
  insertSeal,
  lastSeal,
  newestAuditId,
  tryLockSealing,
  type Seal,
} from "../db/queries/audit-seals.ts";
import type { Logger } from "../system/log.ts";
import type { Vault } from "../system/vault.ts";

const EVERY_MS = 1000;
const ROWS_A_SEAL = 1000;
/** The newest seal goes to the log now and then: who cuts the end off the table and its chain cannot cut it off there. */
const HEAD_TO_LOG_MS = 600_000;

export type Sealer = { stop(): Promise<void> };

/** Chains committed audit rows every second. Every API process may run one: a lock in the database lets one at a time work. */
export function startAuditSealer(pool: Pool, vault: Vault, log: Logger): Sealer {
  let round: Round = undefined;
  let loggedAt = 0;
  let loggedN = 0;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();

  const work = async (): Promise<void> => {
    try {
      round = await sealRound(pool, vault, round);
      if (Date.now() - loggedAt < HEAD_TO_LOG_MS) return;
      loggedAt = Date.now();
      const head = await lastSeal(pool);
      if (head !== undefined && head.n !== loggedN)
        log.info({ n: head.n, last_id: head.last_id, seal: head.hmac.toString("hex") }, "audit head");
      loggedN = head?.n ?? 0;
    } catch (error) {
      round = undefined;
      log.warn({ err: error }, "the audit could not be sealed now; it is tried again");
    }
  };
  const next = () => {
    if (stopped) return;
    timer = setTimeout(() => {
      working = work().then(next);
    }, EVERY_MS);
  };
  next();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await working;
    },
  };
}

/** An id up to which no row can come any more, once the writers that were seen after it have ended. */
type Round = { upTo: number; writers: Set<string> } | undefined;

/**
 * Ids are given before rows are committed, so a lower one may come later than a higher one. Sealed is only what stood
 * below an id when every writer that was under way had ended: then no row can appear behind the chain, and one that
 * does is forged.
 */
export async function sealRound(pool: Pool, vault: Vault, before: Round): Promise<Round> {
  return transaction(pool, async (db) => {
    if (!(await tryLockSealing(db))) return undefined;
    const last = await lastSeal(db);
    const round = before ?? { upTo: await newestAuditId(db), writers: await auditWriters(db) };
    if (round.upTo <= (last?.last_id ?? 0)) return undefined;
    const now = await auditWriters(db);
    if ([...round.writers].some((tx) => now.has(tx))) return round;
    let head: Pick<Seal, "n" | "last_id" | "hmac"> = last ?? { n: 0, last_id: 0, hmac: Buffer.alloc(0) };
    for (;;) {
      const rows = await readAudit(db, head.last_id, round.upTo, ROWS_A_SEAL);
      for (const stretch of stretchesOf(rows)) {
        const seal = sealOf(vault, head, stretch);
        await insertSeal(db, seal);
        head = seal;
      }
      if (rows.length < ROWS_A_SEAL) return undefined;
    }
  });
}

/** Rows with no gap in their ids. A gap is an id whose transaction was rolled back; between two seals it cannot be filled. */
function stretchesOf(rows: readonly AuditRow[]): AuditRow[][] {
  const stretches: AuditRow[][] = [];
  for (const row of rows) {
    const last = stretches.at(-1);
    if (last !== undefined && last.at(-1)?.id === row.id - 1) last.push(row);
    else stretches.push([row]);
  }
  return stretches;
}

export function sealOf(
  vault: Vault,
  before: Pick<Seal, "n" | "hmac">,
  rows: readonly Pick<AuditRow, "id" | "hmac">[],
): Omit<Seal, "at"> {
  const n = before.n + 1;
  const first = rows[0]?.id ?? 0;
  const last = rows.at(-1)?.id ?? 0;
  const hmac = vault.hmac(
    "audit",
    "seal",
    before.hmac,
    String(n),
    String(first),
    String(last),
    ...rows.map((r) => r.hmac),
  );
  return { n, first_id: first, last_id: last, hmac };
}
