import type { AuditEntry } from "../../domain/contract/audit.ts";
import { json, type Db } from "../client.ts";
import type { Vault } from "../../system/vault.ts";
import { iso } from "./times.ts";
import { escapeLike } from "./users.ts";

export type NewAudit = {
  actor: string;
  action: string;
  subject: string | null;
  detail: Record<string, unknown>;
  ip: string | null;
  requestId: string | null;
};

/**
 * Appends one row, authenticated by an HMAC over its place and all that it says. Runs in the transaction of what it
 * records; outside of one, Postgres refuses the lock. The lock stops nobody: it shows the sealer, from before the id
 * exists until the commit, that a row may still come.
 */
export async function insertAudit(db: Db, vault: Pick<Vault, "hmac">, entry: NewAudit): Promise<void> {
  const [, [next]] = await Promise.all([
    db`lock table audit in row exclusive mode`,
    db<{ id: number }[]>`select nextval(pg_get_serial_sequence('audit', 'id')) as id`,
  ]);
  if (!next) throw new Error("the audit sequence gave no id");
  const at = new Date().toISOString();
  const mac = auditMac(vault, { ...entry, id: next.id, at });
  await db`insert into audit (id, at, actor, action, subject, detail, ip, request_id, hmac) overriding system value
    values (${next.id}, ${at}, ${entry.actor}, ${entry.action}, ${entry.subject}, ${json(db, entry.detail)}, ${entry.ip}, ${entry.requestId}, ${mac})`;
}

/** jsonb does not keep the order of keys, so what is authenticated is the form with sorted keys. */
export function auditMac(vault: Pick<Vault, "hmac">, row: NewAudit & { id: number; at: string }): Buffer {
  const sorted = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(sorted)
      : value !== null && typeof value === "object"
        ? Object.fromEntries(
            Object.entries(value)
              .filter(([, v]) => v !== undefined)
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([k, v]) => [k, sorted(v)]),
          )
        : value;
  return vault.hmac(
    "audit",
    String(row.id),
    row.at,
    row.actor,
    row.action,
    row.subject ?? "",
    JSON.stringify(sorted(row.detail)),
    row.ip ?? "",
    row.requestId ?? "",
  );
}

type Row = Omit<AuditEntry, "at"> & { at: Date };

export type AuditFilter = {
  actor?: string | undefined;
  /** `device` stands for all actions that begin with `device.`. */
  action?: string | undefined;
  subject?: string | undefined;
  search?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
};

const filtered = (db: Db, f: AuditFilter) => {
  const like = f.search === undefined ? null : `%${escapeLike(f.search)}%`;
  return db`
    (${f.actor ?? null}::text is null or a.actor = ${f.actor ?? null})
    and (${f.action ?? null}::text is null or a.action = ${f.action ?? null} or starts_with(a.action, ${f.action ?? ""} || '.'))
    and (${f.subject ?? null}::text is null or a.subject = ${f.subject ?? null})
    and (${f.from ?? null}::timestamptz is null or a.at >= ${f.from ?? null})
    and (${f.to ?? null}::timestamptz is null or a.at < ${f.to ?? null})
    and (${like}::text is null or a.subject ilike ${like} or a.actor ilike ${like} or a.action ilike ${like} or a.detail::text ilike ${like})`;
};

const sealed = (db: Db) => db`a.id <= coalesce((select max(last_id) from audit_seals), 0)`;

/** Newest first. `before` goes on below an id. */
export async function listAudit(
  db: Db,
  filter: AuditFilter,
  page: { limit: number; offset: number; before?: number },
): Promise<AuditEntry[]> {
  const rows = await db<Row[]>`
    select a.id, a.at, a.actor, a.action, a.subject, a.detail, a.ip, a.request_id, ${sealed(db)} as sealed from audit a
    where ${filtered(db, filter)} and (${page.before ?? null}::bigint is null or a.id < ${page.before ?? null})
    order by a.id desc limit ${page.limit} offset ${page.offset}`;
  return rows.map((row) => ({ ...row, at: iso(row.at) }));
}

export async function countAudit(db: Db, filter: AuditFilter): Promise<number> {
  const [row] = await db<{ total: number }[]>`select count(*)::int as total from audit a where ${filtered(db, filter)}`;
  return row?.total ?? 0;
}

export type AuditRow = NewAudit & { id: number; at: string; hmac: Buffer };
type StoredRow = Omit<AuditRow, "at" | "requestId"> & { at: Date; request_id: string | null };
const asWritten = ({ at, request_id, ...row }: StoredRow): AuditRow => ({ ...row, at: iso(at), requestId: request_id });

/** In order of id, from the first above `after`. */
export async function readAudit(db: Db, after: number, upTo: number, limit: number): Promise<AuditRow[]> {
  const rows = await db<StoredRow[]>`
    select id, at, actor, action, subject, detail, ip, request_id, hmac from audit where id > ${after} and id <= ${upTo} order by id limit ${limit}`;
  return rows.map(asWritten);
}

/** What one request of the last day did. */
export async function auditOfRequest(db: Db, requestId: string): Promise<AuditRow[]> {
  const rows = await db<StoredRow[]>`
    select id, at, actor, action, subject, detail, ip, request_id, hmac from audit
    where at > now() - interval '1 day' and request_id = ${requestId} order by id`;
  return rows.map(asWritten);
}
