import type { Credential } from "../../domain/contract/device.ts";
import type { Db } from "../client.ts";
import type { SecretFlags } from "./device-rows.ts";
import { iso, isoOrNull } from "./times.ts";
import { escapeLike } from "./users.ts";

type CredentialRow = Omit<Credential, "paused_until" | "secrets_set_at" | "created_at" | "updated_at"> & {
  paused_until: Date | null;
  secrets_set_at: Date;
  created_at: Date;
  updated_at: Date;
};

/** Two refusals within ten minutes pause a credential, until the first of the two is that long ago. */
const columns = (db: Db) => db`
  c.id, c.name, c.username, c.has_password, c.has_enable_password, c.has_private_key, c.description, c.is_default, c.secrets_set_at, c.created_at, c.updated_at,
  (select count(*)::int from devices d where d.credential_id = c.id)
    + (select count(*)::int from device_overrides o join devices d on d.id = o.device_id
       where o.own_credential_id = c.id and d.credential_id is distinct from c.id) as devices,
  (select r.at + interval '10 minutes' from credential_refusals r
   where r.credential = 'credential:' || c.id and r.cleared_at is null and r.at > now() - interval '10 minutes' order by r.at desc offset 1 limit 1) as paused_until`;

const toCredential = (row: CredentialRow): Credential => ({
  ...row,
  paused_until: isoOrNull(row.paused_until),
  secrets_set_at: iso(row.secrets_set_at),
  created_at: iso(row.created_at),
  updated_at: iso(row.updated_at),
});

export const CREDENTIAL_SORTS = ["name", "username", "updated_at"] as const;
export type CredentialSort = (typeof CREDENTIAL_SORTS)[number];

export async function listCredentials(
  db: Db,
  list: {
    limit: number;
    offset: number;
    search?: string | undefined;
    sort: { column: CredentialSort; descending: boolean };
  },
): Promise<{ credentials: Credential[]; total: number }> {
  const like = list.search === undefined ? null : `%${escapeLike(list.search)}%`;
  const where = db`where ${like}::text is null or c.name ilike ${like} or c.username ilike ${like} or c.description ilike ${like}`;
  const rows = await db<CredentialRow[]>`
    select ${columns(db)} from credentials c ${where}
    order by c.${db(list.sort.column)} ${list.sort.descending ? db`desc` : db`asc`}, c.id limit ${list.limit} offset ${list.offset}`;
  const [count] = await db<{ total: number }[]>`select count(*)::int as total from credentials c ${where}`;
  return { credentials: rows.map(toCredential), total: count?.total ?? 0 };
}

export async function findCredential(db: Db, id: string): Promise<Credential | undefined> {
  const [row] = await db<CredentialRow[]>`select ${columns(db)} from credentials c where c.id = ${id}`;
  return row && toCredential(row);
}

export async function credentialExists(db: Db, id: string): Promise<boolean> {
  // Locked against deletion until the device that names it is committed.
  const rows = await db`select 1 from credentials where id = ${id} for key share`;
  return rows.length === 1;
}

export async function credentialIdsByName(db: Db, names: readonly string[]): Promise<Map<string, string>> {
  const lower = names.map((n) => n.toLowerCase());
  const rows = await db<
    { id: string; name: string }[]
  >`select id, lower(name) as name from credentials where lower(name) = any(${lower})`;
  return new Map(rows.map((r) => [r.name, r.id]));
}

export async function lockCredential(db: Db, id: string): Promise<Omit<CredentialWrite, "id"> | undefined> {
  const [row] = await db<Omit<CredentialWrite, "id">[]>`
    select name, username, sealed, description, has_password, has_enable_password, has_private_key from credentials where id = ${id} for update`;
  return row;
}

export type CredentialWrite = {
  id: string;
  name: string;
  username: string;
  sealed: Buffer;
  description: string;
} & SecretFlags;

/** False when the name is taken. */
export async function insertCredential(db: Db, c: CredentialWrite): Promise<boolean> {
  const rows = await db`
    insert into credentials (id, name, username, sealed, has_password, has_enable_password, has_private_key, description)
    values (${c.id}, ${c.name}, ${c.username}, ${c.sealed}, ${c.has_password}, ${c.has_enable_password}, ${c.has_private_key}, ${c.description})
    on conflict (lower(name)) do nothing returning 1`;
  return rows.length === 1;
}

export async function updateCredential(
  db: Db,
  c: CredentialWrite,
  { secretsChanged }: { secretsChanged: boolean },
): Promise<void> {
  await db`
    update credentials set name = ${c.name}, username = ${c.username}, sealed = ${c.sealed}, has_password = ${c.has_password},
      has_enable_password = ${c.has_enable_password}, has_private_key = ${c.has_private_key}, description = ${c.description}, updated_at = now(),
      secrets_set_at = case when ${secretsChanged} then now() else secrets_set_at end
    where id = ${c.id}`;
}

export async function credentialNameTaken(db: Db, name: string, except: string): Promise<boolean> {
  const rows = await db`select 1 from credentials where lower(name) = lower(${name}) and id <> ${except}`;
  return rows.length === 1;
}

export async function makeDefaultCredential(db: Db, id: string): Promise<void> {
  await db`update credentials set is_default = false where is_default and id <> ${id}`;
  await db`update credentials set is_default = true where id = ${id}`;
}

export async function deleteCredential(db: Db, id: string): Promise<void> {
  await db`delete from credentials where id = ${id}`;
}

/** A corrected secret starts anew: `credential:<id>`, or `device:<id>` for a device's own. */
export async function clearRefusals(db: Db, credential: string): Promise<void> {
  await db`update credential_refusals set cleared_at = now() where credential = ${credential} and cleared_at is null`;
}
