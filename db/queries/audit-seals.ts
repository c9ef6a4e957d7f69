import type { Db } from "../client.ts";

export type Seal = { n: number; first_id: number; last_id: number; hmac: Buffer; at: Date };

/** Any number that is only used for this: one process seals, the others stand by. */
const LOCK = 7_306_113;

/** Held until the transaction ends. */
export async function tryLockSealing(db: Db): Promise<boolean> {
  const [row] = await db<{ locked: boolean }[]>`select pg_try_advisory_xact_lock(${LOCK}) as locked`;
  return row?.locked ?? false;
}

export async function lastSeal(db: Db): Promise<Seal | undefined> {
  const [row] = await db<Seal[]>`select n, first_id, last_id, hmac, at from audit_seals order by n desc limit 1`;
  return row;
}

export async function readSeals(db: Db, after: number, limit: number): Promise<Seal[]> {
  return db<
    Seal[]
  >`select n, first_id, last_id, hmac, at from audit_seals where n > ${after} order by n limit ${limit}`;
}

export async function insertSeal(db: Db, s: Omit<Seal, "at">): Promise<void> {
  await db`insert into audit_seals (n, first_id, last_id, rows, hmac) values (${s.n}, ${s.first_id}, ${s.last_id}, ${s.last_id - s.first_id + 1}, ${s.hmac})`;
}

export async function newestAuditId(db: Db): Promise<number> {
  const [row] = await db<{ id: number | null }[]>`select max(id) as id from audit`;
  return row?.id ?? 0;
}

/** The transactions that have taken, or may yet take, an id in the audit table and have not ended. */
export async function auditWriters(db: Db): Promise<Set<string>> {
  const rows = await db<{ tx: string }[]>`
    select virtualtransaction as tx from pg_locks
    where locktype = 'relation' and relation = 'audit'::regclass and mode = 'RowExclusiveLock'
      and database = (select oid from pg_database where datname = current_database())`;
  return new Set(rows.map((r) => r.tx));
}
