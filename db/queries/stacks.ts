import { NotFound } from "../../domain/contract/errors.ts";
import type { StackDefinition } from "../../domain/contract/stack.ts";
import { json, type Db } from "../client.ts";
import { escapeLike } from "./users.ts";

export type StackRow = {
  id: string;
  name: string;
  version: number;
  deleting: boolean;
  created_by: string;
  created_at: Date;
  updated_by: string;
  updated_at: Date;
  definition: StackDefinition;
  author_id: string;
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const selected = (db: Db) => db`select s.*, v.definition, v.author_id from stacks s
  join stack_versions v on v.stack_id = s.id and v.version = s.version`;

/** By id or by name; `lock` holds its row until the transaction ends. */
export async function findStack(db: Db, idOrName: string, { lock = false } = {}): Promise<StackRow | undefined> {
  const which = UUID.test(idOrName)
    ? db`(s.id = ${idOrName} or lower(s.name) = lower(${idOrName}))`
    : db`lower(s.name) = lower(${idOrName})`;
  const [row] = await db<
    StackRow[]
  >`${selected(db)} where ${which} order by s.id limit 1 ${lock ? db`for update of s` : db``}`;
  return row;
}

export async function getStackRow(db: Db, idOrName: string, options: { lock?: boolean } = {}): Promise<StackRow> {
  const row = await findStack(db, idOrName, options);
  if (!row) throw new NotFound("stack", idOrName);
  return row;
}

export async function listStackRows(
  db: Db,
  filter: { search?: string | undefined; sort: string; limit: number; offset: number },
): Promise<{ rows: StackRow[]; total: number }> {
  const like = filter.search === undefined ? null : `%${escapeLike(filter.search)}%`;
  const where = db`where (${like}::text is null or s.name ilike ${like} or v.definition->>'description' ilike ${like})`;
  const column = filter.sort.replace(/^-/, "");
  const order =
    column === "created_at" ? db`s.created_at` : column === "updated_at" ? db`s.updated_at` : db`lower(s.name)`;
  const rows = await db<StackRow[]>`${selected(db)} ${where}
    order by ${order} ${filter.sort.startsWith("-") ? db`desc` : db`asc`}, s.id limit ${filter.limit} offset ${filter.offset}`;
  const [count] = await db<{ n: number }[]>`select count(*)::int as n from stacks s
    join stack_versions v on v.stack_id = s.id and v.version = s.version ${where}`;
  return { rows, total: count?.n ?? 0 };
}

type Author = { id: string; username: string };

export async function insertStack(db: Db, id: string, definition: StackDefinition, author: Author): Promise<void> {
  await db`insert into stacks (id, name, created_by, updated_by) values (${id}, ${definition.name}, ${author.username}, ${author.username})`;
  await insertVersion(db, id, 1, definition, author);
}

export async function saveStack(
  db: Db,
  stack: { id: string; version: number },
  definition: StackDefinition,
  author: Author,
): Promise<void> {
  const version = stack.version + 1;
  await insertVersion(db, stack.id, version, definition, author);
  await db`update stacks set name = ${definition.name}, version = ${version}, updated_by = ${author.username}, updated_at = now() where id = ${stack.id}`;
}

async function insertVersion(
  db: Db,
  stackId: string,
  version: number,
  definition: StackDefinition,
  author: Author,
): Promise<void> {
  await db`insert into stack_versions (stack_id, version, definition, author_id, author)
    values (${stackId}, ${version}, ${JSON.stringify(definition)}::text::json, ${author.id}, ${author.username})`;
}

export type StackVersionRow = { version: number; author: string; created_at: Date; definition: StackDefinition };

export async function listStackVersions(db: Db, stackId: string): Promise<StackVersionRow[]> {
  return db<StackVersionRow[]>`select version, author, created_at, definition from stack_versions
    where stack_id = ${stackId} order by version desc limit 500`;
}

export async function deleteStackRow(db: Db, id: string): Promise<void> {
  await db`delete from stacks where id = ${id}`;
}

export async function setDeleting(db: Db, id: string, deleting: boolean): Promise<void> {
  await db`update stacks set deleting = ${deleting}, updated_at = now() where id = ${id}`;
}

/** What a service has put on a device and kept there; secrets as references. */
export type OwnedRow = {
  stack_id: string;
  service: string;
  device_id: string;
  device: string;
  position: number;
  stack_version: number;
  change_id: string;
  template: string;
  template_version: number | null;
  lines: string[];
  reverse: string[];
  delete_lines: string[] | null;
  at: Date;
};

export async function listOwned(db: Db, stackIds: readonly string[]): Promise<OwnedRow[]> {
  return db<OwnedRow[]>`select o.*, d.name as device from stack_owned o join devices d on d.id = o.device_id
    where o.stack_id = any(${[...stackIds]}) order by o.position, o.service, d.name`;
}

/** The same without the lines, for lists. */
export async function listOwnedHeads(
  db: Db,
  stackIds: readonly string[],
): Promise<Pick<OwnedRow, "stack_id" | "service" | "device" | "stack_version">[]> {
  return db<Pick<OwnedRow, "stack_id" | "service" | "device" | "stack_version">[]>`
    select o.stack_id, o.service, d.name as device, o.stack_version from stack_owned o join devices d on d.id = o.device_id
    where o.stack_id = any(${[...stackIds]})`;
}

export type InstanceRow = {
  id: string;
  service: string;
  stack_id: string;
  stack: string;
  device: string;
  template: string;
  stack_version: number;
  change_id: string;
  deployed_at: Date;
};

const instances = (
  db: Db,
) => db`select o.id, o.service, o.stack_id, s.name as stack, d.name as device, o.template, o.stack_version, o.change_id,
    o.at as deployed_at from stack_owned o join stacks s on s.id = o.stack_id join devices d on d.id = o.device_id`;

export async function getInstanceRow(db: Db, id: string): Promise<InstanceRow> {
  const [row] = await db<InstanceRow[]>`${instances(db)} where o.id = ${id}`;
  if (!row) throw new NotFound("service instance", id);
  return row;
}

export async function listInstanceRows(
  db: Db,
  filter: { stack?: string | undefined; device?: string | undefined; limit: number; offset: number },
): Promise<{ rows: InstanceRow[]; total: number }> {
  const where = db`where (${filter.stack ?? null}::text is null or lower(s.name) = lower(${filter.stack ?? null}))
    and (${filter.device ?? null}::text is null or lower(d.name) = lower(${filter.device ?? null}))`;
  const rows = await db<InstanceRow[]>`${instances(db)} ${where} order by lower(s.name), o.position, lower(d.name)
    limit ${filter.limit} offset ${filter.offset}`;
  const [count] = await db<
    { n: number }[]
  >`select count(*)::int as n from stack_owned o join stacks s on s.id = o.stack_id
    join devices d on d.id = o.device_id ${where}`;
  return { rows, total: count?.n ?? 0 };
}

export async function putOwned(db: Db, rows: readonly Omit<OwnedRow, "at">[]): Promise<void> {
  for (const row of rows)
    await db`insert into stack_owned ${db({
      ...row,
      lines: json(db, row.lines),
      reverse: json(db, row.reverse),
      delete_lines: row.delete_lines === null ? null : json(db, row.delete_lines),
    })} on conflict (stack_id, service, device_id) do update set device = excluded.device, position = excluded.position,
      stack_version = excluded.stack_version, change_id = excluded.change_id, template = excluded.template,
      template_version = excluded.template_version, lines = excluded.lines, reverse = excluded.reverse,
      delete_lines = excluded.delete_lines, at = now()`;
}

export async function dropOwned(db: Db, stackId: string, service: string, deviceIds: readonly string[]): Promise<void> {
  await db`delete from stack_owned where stack_id = ${stackId} and service = ${service} and device_id = any(${[...deviceIds]})`;
}
