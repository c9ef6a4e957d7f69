import { NotFound } from "../../domain/contract/errors.ts";
import type { StackTemplateDefinition } from "../../domain/contract/stack-template.ts";
import type { Db } from "../client.ts";
import { looksLikeId } from "./devices.ts";
import { escapeLike } from "./users.ts";

export type StackTemplateRow = {
  id: string;
  name: string;
  definition: StackTemplateDefinition;
  created_by: string;
  created_at: Date;
  updated_by: string;
  updated_at: Date;
};

/** By id or by name. */
export async function findStackTemplate(
  db: Db,
  idOrName: string,
  { lock = false } = {},
): Promise<StackTemplateRow | undefined> {
  const which = looksLikeId(idOrName) ? db`id = ${idOrName}` : db`lower(name) = lower(${idOrName})`;
  const [row] = await db<
    StackTemplateRow[]
  >`select * from stack_templates where ${which} ${lock ? db`for update` : db``}`;
  return row;
}

export async function getStackTemplateRow(
  db: Db,
  idOrName: string,
  options: { lock?: boolean } = {},
): Promise<StackTemplateRow> {
  const row = await findStackTemplate(db, idOrName, options);
  if (!row) throw new NotFound("stack template", idOrName);
  return row;
}

export async function listStackTemplateRows(
  db: Db,
  filter: { search?: string | undefined; tag?: string | undefined; limit: number; offset: number },
): Promise<{ rows: StackTemplateRow[]; total: number }> {
  const like = filter.search === undefined ? null : `%${escapeLike(filter.search)}%`;
  const where = db`where (${like}::text is null or name ilike ${like})
    and (${filter.tag ?? null}::text is null or exists (select 1 from json_array_elements_text(definition->'tags') t where t = ${filter.tag ?? null}))`;
  const rows = await db<
    StackTemplateRow[]
  >`select * from stack_templates ${where} order by lower(name) limit ${filter.limit} offset ${filter.offset}`;
  const [count] = await db<{ n: number }[]>`select count(*)::int as n from stack_templates ${where}`;
  return { rows, total: count?.n ?? 0 };
}

export async function putStackTemplate(
  db: Db,
  id: string,
  definition: StackTemplateDefinition,
  author: string,
): Promise<void> {
  await db`insert into stack_templates (id, name, definition, created_by, updated_by)
    values (${id}, ${definition.name}, ${JSON.stringify(definition)}::text::json, ${author}, ${author})
    on conflict (id) do update set name = excluded.name, definition = excluded.definition, updated_by = excluded.updated_by, updated_at = now()`;
}

export async function deleteStackTemplateRow(db: Db, id: string): Promise<void> {
  await db`delete from stack_templates where id = ${id}`;
}
