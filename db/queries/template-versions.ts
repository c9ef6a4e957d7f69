import type { TemplateOptions, TemplateVersion } from "../../domain/contract/template.ts";
import { json, type Db } from "../client.ts";
import { iso } from "./times.ts";

export type NewVersion = {
  templateId: string;
  version: number;
  content: string;
  options: TemplateOptions;
  /** JSON, as it was given. */
  tests: string;
  testCount: number;
  comment: string;
  changed: string[];
  author: string;
};

export async function insertTemplateVersion(db: Db, v: NewVersion): Promise<void> {
  await db`insert into template_versions (template_id, version, content, options, tests, test_count, comment, changed, author)
    values (${v.templateId}, ${v.version}, ${v.content}, ${json(db, v.options)}, ${v.tests}, ${v.testCount}, ${v.comment}, ${v.changed}, ${v.author})`;
}

type VersionRow = Omit<TemplateVersion, "created_at"> & { created_at: Date };
export type StoredVersion = TemplateVersion & { content: string; options: TemplateOptions; tests: string };

const columns = (db: Db) => db`
  v.version, v.author, v.created_at, v.comment, v.changed, length(v.content) as size, v.version = t.version as is_current`;
const joined = (db: Db) => db`template_versions v join templates t on t.id = v.template_id`;

/** Newest first. */
export async function listTemplateVersions(
  db: Db,
  templateId: string,
  page: { limit: number; offset: number },
): Promise<{ versions: TemplateVersion[]; total: number }> {
  const rows = await db<VersionRow[]>`
    select ${columns(db)} from ${joined(db)} where v.template_id = ${templateId}
    order by v.version desc limit ${page.limit} offset ${page.offset}`;
  const [count] = await db<{ total: number }[]>`
    select count(*)::int as total from template_versions where template_id = ${templateId}`;
  return { versions: rows.map((row) => ({ ...row, created_at: iso(row.created_at) })), total: count?.total ?? 0 };
}

export async function getTemplateVersion(
  db: Db,
  templateId: string,
  version: number,
): Promise<StoredVersion | undefined> {
  const [row] = await db<(VersionRow & Pick<StoredVersion, "content" | "options" | "tests">)[]>`
    select ${columns(db)}, v.content, v.options, v.tests from ${joined(db)}
    where v.template_id = ${templateId} and v.version = ${version}`;
  return row && { ...row, created_at: iso(row.created_at) };
}
