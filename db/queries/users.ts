import type { Role, User } from "../../domain/contract/user.ts";
import type { Db } from "../client.ts";
import { iso, isoOrNull } from "./times.ts";

type UserRow = Omit<User, "created_at" | "last_login_at"> & { created_at: Date; last_login_at: Date | null };

const toUser = (row: UserRow): User => ({
  ...row,
  created_at: iso(row.created_at),
  last_login_at: isoOrNull(row.last_login_at),
});

const columns = (db: Db) =>
  db`id, username, display_name, roles, auth_source, disabled, must_change_password, created_at, last_login_at`;

export type UserSort = "username" | "display_name" | "created_at" | "last_login_at";
export type UserList = {
  limit: number;
  offset: number;
  search?: string | undefined;
  sort: { column: UserSort; descending: boolean };
};

export async function listUsers(
  db: Db,
  { limit, offset, search, sort }: UserList,
): Promise<{ users: User[]; total: number }> {
  const like = search === undefined ? null : `%${escapeLike(search)}%`;
  const where = db`where ${like}::text is null or username ilike ${like} or display_name ilike ${like}`;
  const direction = sort.descending ? db`desc nulls last` : db`asc nulls first`;
  const rows = await db<
    UserRow[]
  >`select ${columns(db)} from users ${where} order by ${db(sort.column)} ${direction}, id limit ${limit} offset ${offset}`;
  const [count] = await db<{ total: number }[]>`select count(*)::int as total from users ${where}`;
  return { users: rows.map(toUser), total: count?.total ?? 0 };
}

/** The text as itself in a LIKE pattern. */
export const escapeLike = (text: string): string => text.replace(/[\\%_]/g, "\\$&");

export async function findUser(db: Db, username: string): Promise<User | undefined> {
  const [row] = await db<UserRow[]>`select ${columns(db)} from users where lower(username) = lower(${username})`;
  return row && toUser(row);
}

export async function findUserById(db: Db, id: string): Promise<User | undefined> {
  const [row] = await db<UserRow[]>`select ${columns(db)} from users where id = ${id}`;
  return row && toUser(row);
}

export async function passwordHashOf(db: Db, userId: string): Promise<string | undefined> {
  const [row] = await db<{ password_hash: string }[]>`select password_hash from users where id = ${userId}`;
  return row?.password_hash;
}

export type UserInsert = {
  id: string;
  username: string;
  displayName: string;
  passwordHash: string;
  roles: readonly Role[];
  mustChangePassword: boolean;
};

/** False when the name is taken. */
export async function insertUser(db: Db, user: UserInsert): Promise<boolean> {
  const rows = await db`
    insert into users (id, username, display_name, password_hash, roles, must_change_password)
    values (${user.id}, ${user.username}, ${user.displayName}, ${user.passwordHash}, ${[...user.roles]}::text[], ${user.mustChangePassword})
    on conflict (lower(username)) do nothing returning 1`;
  return rows.length === 1;
}

export async function updateUser(
  db: Db,
  id: string,
  user: { displayName: string; roles: readonly Role[]; disabled: boolean },
): Promise<void> {
  await db`update users set display_name = ${user.displayName}, roles = ${[...user.roles]}::text[], disabled = ${user.disabled} where id = ${id}`;
}

export async function setPassword(db: Db, id: string, passwordHash: string, mustChange: boolean): Promise<void> {
  await db`update users set password_hash = ${passwordHash}, must_change_password = ${mustChange} where id = ${id}`;
}

/** False when records name the user: those are never edited. */
export async function deleteUser(db: Db, id: string): Promise<boolean> {
  const rows = await db`
    delete from users u where id = ${id}
      and not exists (select from changes where requested_by = u.id)
      and not exists (select from approvals where requested_by = u.id)
      and not exists (select from approval_decisions where user_id = u.id)
    returning 1`;
  return rows.length === 1;
}

/** Locks all admins that can sign in, so that two requests cannot each remove what they think is not the last one. */
export async function lockAdmins(db: Db): Promise<string[]> {
  const rows = await db<
    { id: string }[]
  >`select id from users where 'admin' = any(roles) and not disabled order by id for update`;
  return rows.map((r) => r.id);
}

export async function countUsers(db: Db): Promise<number> {
  const [row] = await db<{ n: number }[]>`select count(*)::int as n from users`;
  return row?.n ?? 0;
}

/** A sign-in; `last_seen_at` becomes the end of the visit before this one. */
export async function noteLogin(db: Db, userId: string): Promise<void> {
  await db`update users set last_login_at = now(),
    last_seen_at = coalesce((select max(last_used_at) from sessions where user_id = ${userId}), last_seen_at) where id = ${userId}`;
}

export async function visitsOf(db: Db, userId: string): Promise<{ lastSeenAt: string | null; seenWelcome: boolean }> {
  const [row] = await db<
    { last_seen_at: Date | null; seen_welcome: boolean }[]
  >`select last_seen_at, seen_welcome from users where id = ${userId}`;
  return { lastSeenAt: isoOrNull(row?.last_seen_at ?? null), seenWelcome: row?.seen_welcome ?? false };
}

export async function setWelcomeSeen(db: Db, userId: string): Promise<void> {
  await db`update users set seen_welcome = true where id = ${userId}`;
}
