import type { Db } from "../client.ts";

/**
 * Everybody who wrote something of what a deploy of a stack sends, since the stack was last deployed: its versions, and
 * those of its services' templates, of their delete templates, and of all that they include. None of them may approve it.
 */
export async function stackEditors(
  db: Db,
  { stackId, templates }: { stackId: string; templates: readonly string[] },
): Promise<string[]> {
  const rows = await db<{ id: string }[]>`
    with recursive used as (
      select id, delete_template_id from templates where deleted_at is null and name = any(${[...templates]})
      union
      select t.id, t.delete_template_id from used u
        left join template_references r on r.template_id = u.id
        join templates t on t.deleted_at is null and (t.name = r.name or t.id = u.delete_template_id)
    ), last as (
      select coalesce(max(updated_at), '-infinity') as at from stack_deploys where stack_id = ${stackId} and status = 'deployed'
    )
    select u.id from used join templates t on t.id = used.id join template_versions v on v.template_id = t.id
      join users u on u.username = v.author cross join last
     where v.version = t.version or v.created_at > last.at
    union
    select v.author_id from stack_versions v join stacks s on s.id = v.stack_id cross join last
     where v.stack_id = ${stackId} and (v.version = s.version or v.created_at > last.at)`;
  return rows.map(({ id }) => id);
}
