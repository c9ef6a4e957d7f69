import { json, type Db } from "../client.ts";
import type { Vault } from "../../system/vault.ts";

export type NewAudit = {
  actor: string;
  action: string;
  subject: string | null;
  detail: Record<string, unknown>;
  ip: string | null;
  requestId: string | null;
};

/** Appends one row, authenticated by an HMAC over all that it says. Runs in the transaction of what it records. */
export async function insertAudit(db: Db, vault: Pick<Vault, "hmac">, entry: NewAudit): Promise<void> {
  const at = new Date().toISOString();
  const mac = auditMac(vault, { ...entry, at });
  await db`insert into audit (at, actor, action, subject, detail, ip, request_id, hmac)
    values (${at}, ${entry.actor}, ${entry.action}, ${entry.subject}, ${json(db, entry.detail)}, ${entry.ip}, ${entry.requestId}, ${mac})`;
}

/** jsonb does not keep the order of keys, so what is authenticated is the form with sorted keys. */
export function auditMac(vault: Pick<Vault, "hmac">, row: NewAudit & { at: string }): Buffer {
  const sorted = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(sorted)
      : value !== null && typeof value === "object"
        ? Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, sorted(v)]))
        : value;
  return vault.hmac("audit", row.at, row.actor, row.action, row.subject ?? "", JSON.stringify(sorted(row.detail)), row.ip ?? "", row.requestId ?? "");
}
