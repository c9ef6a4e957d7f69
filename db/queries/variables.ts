import { NotFound } from "../../domain/contract/errors.ts";
import type { Variable, VariableScope } from "../../domain/contract/variables.ts";
import type { Db } from "../client.ts";
import { iso } from "./times.ts";
import { escapeLike } from "./users.ts";

/** Whose variables: a label is the name of a site or tag. */
export type VariableOwner = {
  scope: VariableScope;
  label: string | null;
  groupId: string | null;
  deviceId: string | null;
};

const ofOwner = (db: Db, o: VariableOwner) => db`
  v.scope = ${o.scope} and v.label is not distinct from ${o.label}::text and v.group_id is not distinct from ${o.groupId}::uuid
  and v.device_id is not distinct from ${o.deviceId}::uuid`;

type Row = Omit<Variable, "value" | "updated_at"> & { value: string; updated_at: Date };
const shown = (row: Row): Variable => ({ ...row, value: JSON.parse(row.value), updated_at: iso(row.updated_at) });

const columns = (db: Db) => db`
  v.id, v.scope, coalesce(v.label, g.name, d.name, 'all') as owner, coalesce(v.group_id, v.device_id) as owner_id, v.name, v.value, v.is_secret,
  v.description, v.updated_by, v.updated_at`;
const joins = (db: Db) =>
  db`variables v left join device_groups g on g.id = v.group_id left join devices d on d.id = v.device_id`;

export type VariableFilter = {
  scope?: VariableScope | undefined;
  owner?: string | undefined;
  search?: string | undefined;
};

export async function listVariables(
  db: Db,
  filter: VariableFilter,
  page: { limit: number; offset: number },
): Promise<{ variables: Variable[]; total: number }> {
  const like = filter.search === undefined ? null : `%${escapeLike(filter.search)}%`;
  const where = db`
    (${filter.scope ?? null}::text is null or v.scope = ${filter.scope ?? null})
    and (${filter.owner ?? null}::text is null or coalesce(v.label, g.name, d.name, 'all') = ${filter.owner ?? null})
    and (${like}::text is null or v.name ilike ${like} or v.description ilike ${like} or coalesce(v.label, g.name, d.name) ilike ${like}
      or (v.value ilike ${like} and not v.is_secret))`;
  const rows = await db<Row[]>`
    select ${columns(db)} from ${joins(db)} where ${where}
    order by array_position(array['global', 'site', 'tag', 'group', 'device'], v.scope), lower(coalesce(v.label, g.name, d.name, '')), v.name, v.id
    limit ${page.limit} offset ${page.offset}`;
  const [count] = await db<{ total: number }[]>`select count(*)::int as total from ${joins(db)} where ${where}`;
  return { variables: rows.map(shown), total: count?.total ?? 0 };
}

export async function variablesOf(db: Db, owner: VariableOwner): Promise<Variable[]> {
  const rows = await db<Row[]>`select ${columns(db)} from ${joins(db)} where ${ofOwner(db, owner)} order by v.name`;
  return rows.map(shown);
}

export type StoredValue = { name: string; value: string; is_secret: boolean; description: string };

/** Writers of one owner take turns until the transaction ends: an owner such as a site has no row to lock. */
export async function lockOwner(db: Db, owner: VariableOwner): Promise<Map<string, StoredValue>> {
  // Not deleted before this is committed.
  if (owner.deviceId !== null) {
    const [device] = await db`select 1 from devices where id = ${owner.deviceId} for key share`;
    if (!device) throw new NotFound("device", owner.deviceId);
  }
  const key = `variables ${owner.scope} ${owner.label ?? owner.groupId ?? owner.deviceId ?? ""}`;
  await db`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`;
  const rows = await db<
    StoredValue[]
  >`select v.name, v.value, v.is_secret, v.description from variables v where ${ofOwner(db, owner)}`;
  return new Map(rows.map((row) => [row.name, row]));
}

/** The caller holds the owner's lock, and says whether the variable is there already. */
export async function putVariable(
  db: Db,
  owner: VariableOwner,
  v: StoredValue & { id: string; by: string },
  { exists }: { exists: boolean },
): Promise<void> {
  if (exists)
    await db`update variables v set value = ${v.value}, is_secret = ${v.is_secret}, description = ${v.description}, updated_by = ${v.by}, updated_at = now()
      where ${ofOwner(db, owner)} and v.name = ${v.name}`;
  else
    await db`insert into variables (id, scope, label, group_id, device_id, name, value, is_secret, description, updated_by)
      values (${v.id}, ${owner.scope}, ${owner.label}, ${owner.groupId}, ${owner.deviceId}, ${v.name}, ${v.value}, ${v.is_secret}, ${v.description}, ${v.by})`;
}

export async function deleteVariables(db: Db, owner: VariableOwner, names: readonly string[]): Promise<void> {
  await db`delete from variables v where ${ofOwner(db, owner)} and v.name = any(${[...names]}::text[])`;
}

export type DeviceVariableRow = {
  scope: VariableScope;
  owner: string;
  owner_id: string | null;
  name: string;
  value: string;
  is_secret: boolean;
};

/** Everything stored that reaches a device; of one kind in the order in which it is asked. */
export async function variablesReaching(db: Db, deviceId: string): Promise<DeviceVariableRow[]> {
  return db<DeviceVariableRow[]>`
    with d as (select id, name, site, tags from devices where id = ${deviceId})
    select scope, owner, owner_id, name, value, is_secret from (
    select v.scope, d.name as owner, d.id as owner_id, v.name, v.value, v.is_secret, 0 as priority from d join variables v on v.device_id = d.id
    union all
    select v.scope, g.name, g.id, v.name, v.value, v.is_secret, g.priority
      from d join device_group_members m on m.device_id = d.id join device_groups g on g.id = m.group_id join variables v on v.group_id = g.id
    union all
    select v.scope, v.label, null, v.name, v.value, v.is_secret, 0 from d join variables v on v.scope = 'tag' and v.label = any(d.tags)
    union all
    select v.scope, v.label, null, v.name, v.value, v.is_secret, 0 from d join variables v on v.scope = 'site' and v.label = d.site
    union all
    select v.scope, 'all', null, v.name, v.value, v.is_secret, 0 from d, variables v where v.scope = 'global') reaching
    order by priority desc, owner collate "C", name`;
}
