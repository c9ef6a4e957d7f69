import type { Db } from "../client.ts";

/** Removes rows that nothing asks for any more; what people did stands in the audit table. */
export async function deleteOldRows(db: Db): Promise<void> {
  await db`delete from idempotency_keys where created_at < now() - interval '30 days'`;
  await db`delete from sessions where least(expires_at, coalesce(revoked_at, expires_at)) < now() - interval '30 days'`;
  await db`delete from login_failures where blocked_until < now() and updated_at < now() - interval '1 day'`;
}
