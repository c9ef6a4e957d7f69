import type { ApiResource } from "../../domain/contract/api-resource.ts";
import { json, type Db } from "../client.ts";
import { iso, isoOrNull } from "./times.ts";
import { escapeLike } from "./users.ts";

type Row = Omit<ApiResource, "created_at" | "updated_at" | "secrets_set_at"> & {
  secrets_set_at: Date | null;
  created_at: Date;
  updated_at: Date;
};
const shown = (row: Row): ApiResource => ({
  ...row,
  secrets_set_at: isoOrNull(row.secrets_set_at),
  created_at: iso(row.created_at),
  updated_at: iso(row.updated_at),
});
const columns = (db: Db) => db`
  id, name, base_url, auth, key_name, key_in, username, headers, secret_headers, sealed is not null as has_secret, secrets_set_at, description,
  last_test, created_at, updated_at`;

export async function listApiResources(
  db: Db,
  list: { limit: number; offset: number; search?: string | undefined },
): Promise<{ resources: ApiResource[]; total: number }> {
  const like = list.search === undefined ? null : `%${escapeLike(list.search)}%`;
  const where = db`(${like}::text is null or name ilike ${like} or base_url ilike ${like} or description ilike ${like})`;
  const rows = await db<Row[]>`
    select ${columns(db)} from api_resources where ${where} order by lower(name) limit ${list.limit} offset ${list.offset}`;
  const [count] = await db<{ total: number }[]>`select count(*)::int as total from api_resources where ${where}`;
  return { resources: rows.map(shown), total: count?.total ?? 0 };
}

export async function findApiResource(db: Db, id: string): Promise<ApiResource | undefined> {
  const [row] = await db<Row[]>`select ${columns(db)} from api_resources where id = ${id}`;
  return row && shown(row);
}

/** With its sealed secrets: the caller opens them when they are about to be sent. */
export type StoredApiResource = ApiResource & { sealed: Buffer | null };

export async function lockApiResource(db: Db, id: string): Promise<StoredApiResource | undefined> {
  const [row] = await db<
    (Row & { sealed: Buffer | null })[]
  >`select ${columns(db)}, sealed from api_resources where id = ${id} for update`;
  return row && { ...shown(row), sealed: row.sealed };
}

export async function apiResourcesByName(db: Db, names: readonly string[]): Promise<Map<string, StoredApiResource>> {
  const lower = names.map((n) => n.toLowerCase());
  const rows = await db<
    (Row & { sealed: Buffer | null })[]
  >`select ${columns(db)}, sealed from api_resources where lower(name) = any(${lower}::text[])`;
  return new Map(rows.map((row) => [row.name.toLowerCase(), { ...shown(row), sealed: row.sealed }]));
}

export type ApiResourceWrite = Pick<
  ApiResource,
  | "id"
  | "name"
  | "base_url"
  | "auth"
  | "key_name"
  | "key_in"
  | "username"
  | "headers"
  | "secret_headers"
  | "description"
> & { sealed: Buffer | null };

/** False when another one has the name. The caller says whether the row is there already. */
export async function putApiResource(
  db: Db,
  r: ApiResourceWrite,
  { exists, secretsChanged }: { exists: boolean; secretsChanged: boolean },
): Promise<boolean> {
  const [other] = await db`select 1 from api_resources where lower(name) = lower(${r.name}) and id <> ${r.id}`;
  if (other) return false;
  const rows = exists
    ? await db`
      update api_resources set name = ${r.name}, base_url = ${r.base_url}, auth = ${r.auth}, key_name = ${r.key_name}, key_in = ${r.key_in},
        username = ${r.username}, headers = ${json(db, r.headers)}, secret_headers = ${r.secret_headers}::text[], sealed = ${r.sealed},
        description = ${r.description}, updated_at = now(), last_test = null,
        secrets_set_at = case when ${r.sealed === null} then null when ${secretsChanged} then now() else secrets_set_at end
      where id = ${r.id} returning 1`
    : await db`
      insert into api_resources (id, name, base_url, auth, key_name, key_in, username, headers, secret_headers, sealed, description, secrets_set_at)
      values (${r.id}, ${r.name}, ${r.base_url}, ${r.auth}, ${r.key_name}, ${r.key_in}, ${r.username}, ${json(db, r.headers)},
        ${r.secret_headers}::text[], ${r.sealed}, ${r.description}, case when ${r.sealed === null} then null else now() end)
      on conflict (lower(name)) do nothing returning 1`;
  return rows.length === 1;
}

export async function keepApiTest(db: Db, id: string, test: NonNullable<ApiResource["last_test"]>): Promise<void> {
  await db`update api_resources set last_test = ${json(db, test)} where id = ${id}`;
}

export async function deleteApiResource(db: Db, id: string): Promise<void> {
  await db`delete from api_resources where id = ${id}`;
}
