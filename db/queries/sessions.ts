import type { Role } from "../../domain/contract/user.ts";
import type { Db } from "../client.ts";

/** Who a living session or token belongs to, as every request asks it. */
export type Holder = {
  id: string;
  user_id: string;
  username: string;
  roles: Role[];
  must_change_password: boolean;
  expires_at: Date;
  last_used_at: Date | null;
};

const holder = (db: Db) =>
  db`s.id, s.user_id, u.username, u.roles, u.must_change_password, s.expires_at, s.last_used_at`;
const alive = (db: Db) => db`s.revoked_at is null and s.expires_at > now() and not u.disabled`;

export async function sessionByToken(db: Db, hash: Buffer): Promise<Holder | undefined> {
  const [row] = await db<
    Holder[]
  >`select ${holder(db)} from sessions s join users u on u.id = s.user_id where s.token_hash = ${hash} and ${alive(db)}`;
  return row;
}

export async function sessionById(db: Db, id: string): Promise<Holder | undefined> {
  const [row] = await db<
    Holder[]
  >`select ${holder(db)} from sessions s join users u on u.id = s.user_id where s.id = ${id} and ${alive(db)}`;
  return row;
}

/** Also locks the row: two uses of one refresh token take turns. */
export async function sessionForRefresh(
  db: Db,
  id: string,
): Promise<(Holder & { refresh_hash: Buffer | null }) | undefined> {
  const [row] = await db<(Holder & { refresh_hash: Buffer | null })[]>`
    select ${holder(db)}, s.refresh_hash from sessions s join users u on u.id = s.user_id where s.id = ${id} and ${alive(db)} for update of s`;
  return row;
}

export type SessionInsert = {
  id: string;
  userId: string;
  tokenHash: Buffer;
  refreshHash: Buffer;
  expiresAt: Date;
  ip: string | null;
  userAgent: string | null;
};

export async function insertSession(db: Db, s: SessionInsert): Promise<void> {
  await db`insert into sessions (id, user_id, token_hash, refresh_hash, expires_at, ip, user_agent)
    values (${s.id}, ${s.userId}, ${s.tokenHash}, ${s.refreshHash}, ${s.expiresAt}, ${s.ip}, ${s.userAgent})`;
}

export async function rotateRefresh(db: Db, id: string, hash: Buffer): Promise<void> {
  await db`update sessions set refresh_hash = ${hash}, last_used_at = now() where id = ${id}`;
}

/** Gives when the session ends. */
export async function rotateSessionToken(db: Db, id: string, hash: Buffer): Promise<Date> {
  const [row] = await db<
    { expires_at: Date }[]
  >`update sessions set token_hash = ${hash} where id = ${id} returning expires_at`;
  if (!row) throw new Error("the session of this request vanished");
  return row.expires_at;
}

export async function revokeSession(db: Db, id: string): Promise<void> {
  await db`update sessions set revoked_at = now() where id = ${id} and revoked_at is null`;
}

export async function revokeSessionsOf(db: Db, userId: string, { except }: { except: string | null }): Promise<void> {
  await db`update sessions set revoked_at = now() where user_id = ${userId} and revoked_at is null and id is distinct from ${except}`;
}

/** Notes that a session is in use. After a pause of a quarter of an hour a new visit begins, and the one before has ended. */
export async function touchSession(db: Db, id: string): Promise<void> {
  await db`
    with before as (select user_id, last_used_at from sessions where id = ${id}),
         visit as (update users u set last_seen_at = b.last_used_at from before b
                   where u.id = b.user_id and b.last_used_at < now() - interval '15 minutes')
    update sessions set last_used_at = now() where id = ${id}`;
}
