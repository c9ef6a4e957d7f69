import type { PlatformId } from "../../domain/contract/device.ts";
import type { TemplateOptions, TemplateSummary, TemplateType } from "../../domain/contract/template.ts";
import type { Db } from "../client.ts";
import { looksLikeId } from "./devices.ts";
import { iso } from "./times.ts";
import { escapeLike } from "./users.ts";

export type StoredTemplate = {
  id: string;
  name: string;
  type: TemplateType;
  delete_template_id: string | null;
  validation_template_id: string | null;
  vendor_types: PlatformId[];
  description: string;
  version: number;
  content: string;
  options: TemplateOptions;
  /** JSON, as it was given. */
  tests: string;
};

const stored = (db: Db) => db`
  t.id, t.name, t.type, t.delete_template_id, t.validation_template_id, t.vendor_types, t.description, t.version, v.content, v.options, v.tests
  from templates t join template_versions v on v.template_id = t.id and v.version = t.version`;

/** Id or name; a name counts the same in capitals. */
const called = (db: Db, idOrName: string) =>
  looksLikeId(idOrName) ? db`t.id = ${idOrName}` : db`lower(t.name) = ${idOrName.toLowerCase()}`;

export async function findTemplate(db: Db, idOrName: string): Promise<StoredTemplate | undefined> {
  const [row] = await db<StoredTemplate[]>`select ${stored(db)} where t.deleted_at is null and ${called(db, idOrName)}`;
  return row;
}

/** All writers of templates take turns: a name that is free, a link that holds and a cycle that is not there must stay so. */
export async function lockTemplates(db: Db): Promise<void> {
  await db`select pg_advisory_xact_lock(hashtext('templates'))`;
}

export async function findTemplatesByName(db: Db, names: readonly string[]): Promise<StoredTemplate[]> {
  const lower = names.map((name) => name.toLowerCase());
  return db<
    StoredTemplate[]
  >`select ${stored(db)} where t.deleted_at is null and lower(t.name) = any(${lower}::text[])`;
}

export async function allTemplates(db: Db): Promise<StoredTemplate[]> {
  return db<StoredTemplate[]>`select ${stored(db)} where t.deleted_at is null order by lower(t.name)`;
}

/** How long all texts are together. */
export async function sizeOfAllTemplates(db: Db): Promise<number> {
  const [row] = await db<{ size: number }[]>`
    select coalesce(sum(length(v.content)), 0)::int8 as size
    from templates t join template_versions v on v.template_id = t.id and v.version = t.version where t.deleted_at is null`;
  return row?.size ?? 0;
}

type SummaryRow = Omit<TemplateSummary, "created_at" | "updated_at"> & { created_at: Date; updated_at: Date };

const summary = (db: Db) => db`
  t.id, t.name, t.type, d.name as delete_template, l.name as validation_template, t.vendor_types, t.description, t.version, v.options,
  v.test_count, length(v.content) as size, t.created_by, t.created_at, t.updated_by, t.updated_at
  from templates t join template_versions v on v.template_id = t.id and v.version = t.version
  left join templates d on d.id = t.delete_template_id left join templates l on l.id = t.validation_template_id`;

const toSummary = (row: SummaryRow): TemplateSummary => ({
  ...row,
  created_at: iso(row.created_at),
  updated_at: iso(row.updated_at),
});

export async function templateSummary(db: Db, id: string): Promise<TemplateSummary | undefined> {
  const [row] = await db<SummaryRow[]>`select ${summary(db)} where t.deleted_at is null and t.id = ${id}`;
  return row && toSummary(row);
}

export const TEMPLATE_SORTS = ["name", "type", "updated_at", "created_at", "version", "size"] as const;
type TemplateSort = (typeof TEMPLATE_SORTS)[number];
export type TemplateFilter = {
  search?: string | undefined;
  type?: TemplateType[] | undefined;
  /** Those made for any device type are for these as well. */
  vendor_type?: PlatformId[] | undefined;
};
export type TemplatePage = { limit: number; offset: number; sort: { column: TemplateSort; descending: boolean } };

const filtered = (db: Db, { search, type, vendor_type }: TemplateFilter) => {
  const like = search === undefined ? null : `%${escapeLike(search)}%`;
  return db`t.deleted_at is null
    and (${like}::text is null or t.name ilike ${like} or t.description ilike ${like})
    and (${type ?? null}::text[] is null or t.type = any(${type ?? null}::text[]))
    and (${vendor_type ?? null}::text[] is null or t.vendor_types = '{}' or t.vendor_types && ${vendor_type ?? null}::text[])`;
};

export async function listTemplateRows(
  db: Db,
  filter: TemplateFilter,
  { limit, offset, sort }: TemplatePage,
): Promise<{ templates: TemplateSummary[]; total: number }> {
  const by =
    sort.column === "name"
      ? db`lower(t.name)`
      : sort.column === "size"
        ? db`length(v.content)`
        : db`t.${db(sort.column)}`;
  const rows = await db<SummaryRow[]>`
    select ${summary(db)} where ${filtered(db, filter)}
    order by ${by} ${sort.descending ? db`desc` : db`asc`}, lower(t.name), t.id limit ${limit} offset ${offset}`;
  const [count] = await db<
    { total: number }[]
  >`select count(*)::int as total from templates t where ${filtered(db, filter)}`;
  return { templates: rows.map(toSummary), total: count?.total ?? 0 };
}

export type TemplateWrite = Pick<
  StoredTemplate,
  "id" | "name" | "type" | "delete_template_id" | "validation_template_id" | "vendor_types" | "description" | "version"
>;

export async function insertTemplate(db: Db, t: TemplateWrite, author: string): Promise<void> {
  await db`insert into templates (id, name, type, delete_template_id, validation_template_id, vendor_types, description, version, created_by, updated_by)
    values (${t.id}, ${t.name}, ${t.type}, ${t.delete_template_id}, ${t.validation_template_id}, ${t.vendor_types}, ${t.description}, ${t.version},
      ${author}, ${author})`;
}

export async function updateTemplate(db: Db, t: TemplateWrite, author: string): Promise<void> {
  await db`update templates set name = ${t.name}, type = ${t.type}, delete_template_id = ${t.delete_template_id},
      validation_template_id = ${t.validation_template_id}, vendor_types = ${t.vendor_types}, description = ${t.description},
      version = ${t.version}, updated_by = ${author}, updated_at = now()
    where id = ${t.id}`;
}

/** It names nothing any more, so that what it named can be deleted too. */
export async function markTemplateDeleted(db: Db, id: string): Promise<void> {
  await db`delete from template_references where template_id = ${id}`;
  await db`update templates set deleted_at = now(), delete_template_id = null, validation_template_id = null where id = ${id}`;
}
