import type { TemplateReference, TemplateUse } from "../../domain/contract/template.ts";
import { json, type Db } from "../client.ts";

/** A template named by another, spelled as it is called; a null name is known only when it is rendered. */
export type StoredReference = Omit<TemplateReference, "exists">;

export async function replaceReferences(
  db: Db,
  templateId: string,
  references: readonly StoredReference[],
): Promise<void> {
  await db`delete from template_references where template_id = ${templateId}`;
  if (references.length > 0)
    await db`insert into template_references (template_id, name, how, line)
      select ${templateId}, name, how, line from jsonb_to_recordset(${json(db, references)}) as r(name text, how text, line int)`;
}

export async function referencesOf(db: Db, templateId: string): Promise<TemplateReference[]> {
  return db<TemplateReference[]>`
    select r.name, r.how, r.line,
      exists (select from templates t where t.deleted_at is null and t.name = r.name) as exists
    from template_references r where r.template_id = ${templateId} order by r.line, r.name`;
}

/** What those templates name, and what they name in turn. */
export async function namesReachedFrom(
  db: Db,
  names: readonly string[],
): Promise<{ names: string[]; computed: boolean }> {
  const rows = await db<{ name: string | null }[]>`
    with recursive reached(name) as (
      select n from unnest(${[...names]}::text[]) n
      union
      select r.name from reached
      join templates t on t.deleted_at is null and t.name = reached.name
      join template_references r on r.template_id = t.id
    )
    select name from reached`;
  return { names: rows.flatMap((row) => row.name ?? []), computed: rows.some((row) => row.name === null) };
}

/** The templates that name it, directly or through others; those with computed names may, and are not among them. */
export async function templatesNaming(db: Db, name: string): Promise<string[]> {
  const rows = await db<{ name: string }[]>`
    with recursive users(name) as (
      select ${name}::text
      union
      select t.name from users
      join template_references r on r.name = users.name
      join templates t on t.id = r.template_id and t.deleted_at is null
    )
    select name from users where name <> ${name} order by name`;
  return rows.map((row) => row.name);
}

/** Which templates name it in their text, and of which it is the delete or validation template. */
export async function templateUses(db: Db, { id, name }: { id: string; name: string }): Promise<TemplateUse[]> {
  return db<TemplateUse[]>`
    select 'template' as kind, t.id, t.name, r.how, r.line from template_references r join templates t on t.id = r.template_id
      where t.deleted_at is null and r.name = ${name}
    union all select 'template', t.id, t.name, 'delete_template', null from templates t where t.deleted_at is null and t.delete_template_id = ${id}
    union all select 'template', t.id, t.name, 'validation_template', null from templates t where t.deleted_at is null and t.validation_template_id = ${id}
    order by 3, 5`;
}

/** The stacks whose newest version has a service of it, and the stack templates that make such stacks. */
export async function stacksWithTemplate(db: Db, name: string): Promise<TemplateUse[]> {
  return db<TemplateUse[]>`
    select distinct kind, id, d.name, 'service' as how, null::int as line
    from (
      select 'stack' as kind, s.id, s.name, v.definition
        from stacks s join stack_versions v on v.stack_id = s.id and v.version = s.version
      union all select 'stack_template', id, name, definition from stack_templates
    ) as d(kind, id, name, definition), json_array_elements(d.definition->'services') service
    where lower(service->>'template') = lower(${name}) order by kind, d.name`;
}
