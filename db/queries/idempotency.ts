import type { Db } from "../client.ts";

/** False when the key was taken before. While its taker has not committed, this waits. */
export async function claimKey(
  db: Db,
  c: { userId: string; key: string; route: string; bodyHash: Buffer },
): Promise<boolean> {
  const rows = await db`
    insert into idempotency_keys (user_id, key, route, body_hash) values (${c.userId}, ${c.key}, ${c.route}, ${c.bodyHash})
    on conflict do nothing returning 1`;
  return rows.length === 1;
}

export async function fillClaim(db: Db, userId: string, key: string, resourceId: string): Promise<void> {
  await db`update idempotency_keys set resource_id = ${resourceId} where user_id = ${userId} and key = ${key}`;
}

export async function readClaim(
  db: Db,
  userId: string,
  key: string,
): Promise<{ route: string; body_hash: Buffer; resource_id: string | null } | undefined> {
  const [row] = await db<{ route: string; body_hash: Buffer; resource_id: string | null }[]>`
    select route, body_hash, resource_id from idempotency_keys where user_id = ${userId} and key = ${key}`;
  return row;
}
