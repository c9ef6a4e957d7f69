import type { DeviceGroup } from "../../domain/contract/variables.ts";
import type { Db } from "../client.ts";
import { looksLikeId } from "./devices.ts";
import { iso } from "./times.ts";
import { escapeLike } from "./users.ts";

type Row = Omit<DeviceGroup, "created_at" | "updated_at"> & { created_at: Date; updated_at: Date };
const shown = (row: Row): DeviceGroup => ({
  ...row,
  created_at: iso(row.created_at),
  updated_at: iso(row.updated_at),
});

const columns = (db: Db) => db`
  g.id, g.name, g.description, g.priority, g.created_at, g.updated_at,
  (select count(*)::int from variables v where v.group_id = g.id) as variables,
  (select coalesce(array_agg(d.name order by lower(d.name)), '{}') from device_group_members m join devices d on d.id = m.device_id
   where m.group_id = g.id) as devices`;

export async function listGroups(
  db: Db,
  list: { limit: number; offset: number; search?: string | undefined },
): Promise<{ groups: DeviceGroup[]; total: number }> {
  const like = list.search === undefined ? null : `%${escapeLike(list.search)}%`;
  const where = db`(${like}::text is null or g.name ilike ${like} or g.description ilike ${like})`;
  const rows = await db<Row[]>`
    select ${columns(db)} from device_groups g where ${where} order by lower(g.name) limit ${list.limit} offset ${list.offset}`;
  const [count] = await db<{ total: number }[]>`select count(*)::int as total from device_groups g where ${where}`;
  return { groups: rows.map(shown), total: count?.total ?? 0 };
}

/** Locked until the transaction ends where the caller is about to write. */
export async function findGroup(db: Db, idOrName: string, { lock = false } = {}): Promise<DeviceGroup | undefined> {
  const by = looksLikeId(idOrName) ? db`g.id = ${idOrName}` : db`lower(g.name) = lower(${idOrName})`;
  if (lock) await db`select 1 from device_groups g where ${by} for update`;
  const [row] = await db<Row[]>`select ${columns(db)} from device_groups g where ${by}`;
  return row && shown(row);
}

type GroupWrite = Pick<DeviceGroup, "id" | "name" | "description" | "priority">;

/** False when another group has the name. */
export async function putGroup(db: Db, g: GroupWrite): Promise<boolean> {
  const [other] = await db`select 1 from device_groups where lower(name) = lower(${g.name}) and id <> ${g.id}`;
  if (other) return false;
  const rows = await db`
    insert into device_groups (id, name, description, priority) values (${g.id}, ${g.name}, ${g.description}, ${g.priority})
    on conflict (id) do update set name = excluded.name, description = excluded.description, priority = excluded.priority, updated_at = now()
    returning 1`;
  return rows.length === 1;
}

export async function setMembers(db: Db, groupId: string, deviceIds: readonly string[]): Promise<void> {
  await db`delete from device_group_members where group_id = ${groupId} and device_id <> all(${[...deviceIds]}::uuid[])`;
  await db`insert into device_group_members (group_id, device_id)
    select ${groupId}, id from (select id from devices where id = any(${[...deviceIds]}::uuid[]) order by id for key share) known
    on conflict do nothing`;
}

export async function deleteGroup(db: Db, id: string): Promise<void> {
  await db`delete from device_groups where id = ${id}`;
}
