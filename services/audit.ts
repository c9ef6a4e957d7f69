import type { AuditEntry, AuditVerification } from "../domain/contract/audit.ts";
import type { Db } from "../db/client.ts";
import { auditMac, countAudit, listAudit, readAudit, type AuditFilter, type AuditRow } from "../db/queries/audit.ts";
import { readSeals, type Seal } from "../db/queries/audit-seals.ts";
import type { Vault } from "../system/vault.ts";
import { sealOf } from "./audit-sealer.ts";
import type { Ctx } from "./context.ts";
import { requirePermission } from "./mutate.ts";

const BATCH = 1000;

export async function getAudit(
  ctx: Ctx,
  filter: AuditFilter,
  page: { limit: number; offset: number },
): Promise<{ entries: AuditEntry[]; total: number }> {
  requirePermission(ctx, "audit:read");
  const [entries, total] = await Promise.all([listAudit(ctx.pool, filter, page), countAudit(ctx.pool, filter)]);
  return { entries, total };
}

/** All that the filter finds, newest first, batch by batch. */
export async function* exportAudit(ctx: Ctx, filter: AuditFilter): AsyncGenerator<AuditEntry[]> {
  requirePermission(ctx, "audit:read");
  let before: number | undefined;
  for (;;) {
    const entries = await listAudit(ctx.pool, filter, {
      limit: BATCH,
      offset: 0,
      ...(before === undefined ? {} : { before }),
    });
    if (entries.length > 0) yield entries;
    before = entries.at(-1)?.id;
    if (entries.length < BATCH) return;
  }
}

let verifying: Promise<AuditVerification> | undefined;

/** Walks the whole log; several who ask at once get the same walk. */
export function verifyAudit(ctx: Ctx): Promise<AuditVerification> {
  requirePermission(ctx, "audit:read");
  verifying ??= walkAudit(ctx.pool, ctx.vault).finally(() => {
    verifying = undefined;
  });
  return verifying;
}

/** Ids begin with 1; a row below that was put in. */
const BEFORE_ALL = { n: 0, last_id: Number.MIN_SAFE_INTEGER, hmac: Buffer.alloc(0) };

type FirstBad = { id: number; what: string };

/** Checks each row by its HMAC and each stretch by its seal, in order of id; stops at the first that is wrong. */
export async function walkAudit(db: Db, vault: Vault): Promise<AuditVerification> {
  let checked = 0;
  let head: Pick<Seal, "n" | "last_id" | "hmac"> = BEFORE_ALL;
  let sealedTo: string | null = null;
  const end = (firstBad: FirstBad | null): AuditVerification => ({
    ok: firstBad === null,
    checked,
    sealed_to: sealedTo,
    first_bad: firstBad,
  });
  for (;;) {
    const seals = await readSeals(db, head.n, 100);
    for (const seal of seals) {
      const rows = await readAudit(db, head.last_id, seal.last_id, seal.last_id - seal.first_id + 2);
      const bad = badSeal(vault, head, seal, rows);
      if (bad) return end(bad);
      checked += rows.length;
      head = seal;
      sealedTo = rows.at(-1)?.at ?? sealedTo;
    }
    if (seals.length === 0) break;
  }
  for (let after = head.last_id; ;) {
    const rows = await readAudit(db, after, Number.MAX_SAFE_INTEGER, BATCH);
    const bad = rows.find((row) => !isGenuine(vault, row));
    if (bad) return end(changed(bad));
    checked += rows.length;
    const last = rows.at(-1);
    if (last === undefined) return end(null);
    after = last.id;
  }
}

function badSeal(
  vault: Vault,
  head: Pick<Seal, "n" | "last_id" | "hmac">,
  seal: Seal,
  rows: readonly AuditRow[],
): FirstBad | undefined {
  if (seal.n !== head.n + 1)
    return { id: Math.max(1, head.last_id + 1), what: `the seal ${head.n + 1} is missing from the chain` };
  let expected = seal.first_id;
  for (const row of rows) {
    if (row.id < seal.first_id)
      return { id: row.id, what: "this row was put in later: when its neighbours were sealed it did not exist" };
    if (row.id !== expected) return { id: expected, what: "this row is missing: it was there when it was sealed" };
    if (!isGenuine(vault, row)) return changed(row);
    expected += 1;
  }
  if (expected !== seal.last_id + 1)
    return { id: expected, what: "this row is missing: it was there when it was sealed" };
  const genuine = sealOf(vault, head, rows).hmac;
  return genuine.equals(seal.hmac) ? undefined : { id: seal.first_id, what: `the seal ${seal.n} was changed` };
}

const isGenuine = (vault: Vault, row: AuditRow): boolean => auditMac(vault, row).equals(row.hmac);
const changed = (row: AuditRow): FirstBad => ({
  id: row.id,
  what: "this row was changed, moved, or not written by NetStacks",
});
