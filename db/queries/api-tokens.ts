import type { ApiToken, Permission } from "../../domain/contract/user.ts";
import type { Db } from "../client.ts";
import type { Holder } from "./sessions.ts";
import { iso, isoOrNull } from "./times.ts";

export async function apiTokenByHash(db: Db, hash: Buffer): Promise<(Holder & { scopes: Permission[] }) | undefined> {
  const [row] = await db<(Holder & { scopes: Permission[] })[]>`
    select t.id, t.user_id, u.username, u.roles, u.must_change_password, t.expires_at, t.last_used_at, t.scopes
    from api_tokens t join users u on u.id = t.user_id
    where t.token_hash = ${hash} and t.revoked_at is null and t.expires_at > now() and not u.disabled`;
  return row;
}

export async function touchApiToken(db: Db, id: string): Promise<void> {
  await db`update api_tokens set last_used_at = now() where id = ${id}`;
}

type TokenRow = Omit<ApiToken, "created_at" | "expires_at" | "last_used_at"> & {
  created_at: Date;
  expires_at: Date;
  last_used_at: Date | null;
};
const toToken = (row: TokenRow): ApiToken => ({
  ...row,
  created_at: iso(row.created_at),
  expires_at: iso(row.expires_at),
  last_used_at: isoOrNull(row.last_used_at),
});

export async function listApiTokens(db: Db, userId: string): Promise<ApiToken[]> {
  const rows = await db<TokenRow[]>`
    select id, name, scopes, created_at, expires_at, last_used_at from api_tokens
    where user_id = ${userId} and revoked_at is null order by id desc`;
  return rows.map(toToken);
}

export async function insertApiToken(
  db: Db,
  t: { id: string; userId: string; name: string; hash: Buffer; scopes: readonly Permission[]; expiresAt: Date },
): Promise<ApiToken> {
  const [row] = await db<TokenRow[]>`
    insert into api_tokens (id, user_id, name, token_hash, scopes, expires_at)
    values (${t.id}, ${t.userId}, ${t.name}, ${t.hash}, ${[...t.scopes]}::text[], ${t.expiresAt})
    returning id, name, scopes, created_at, expires_at, last_used_at`;
  if (!row) throw new Error("an inserted token was not returned");
  return toToken(row);
}

/** The name of the token that was ended; undefined when the user has no such living token. */
export async function revokeApiToken(db: Db, userId: string, id: string): Promise<string | undefined> {
  const [row] = await db<{ name: string }[]>`
    update api_tokens set revoked_at = now() where id = ${id} and user_id = ${userId} and revoked_at is null returning name`;
  return row?.name;
}
