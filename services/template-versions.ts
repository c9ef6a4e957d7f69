import { diffPlainTexts, unifiedRows } from "../domain/config/text-diff.ts";
import type { TemplateDiff, TemplateVersion, TemplateVersionContent } from "../domain/contract/template.ts";
import { listTemplateVersions, type StoredVersion } from "../db/queries/template-versions.ts";
import type { Ctx } from "./context.ts";
import { requirePermission } from "./mutate.ts";
import { mustFindTemplate, mustFindVersion, testsIn } from "./template-find.ts";

export async function listVersions(
  ctx: Ctx,
  name: string,
  page: { limit: number; offset: number },
): Promise<{ versions: TemplateVersion[]; total: number }> {
  requirePermission(ctx, "templates:read");
  return listTemplateVersions(ctx.pool, (await mustFindTemplate(ctx.pool, name)).id, page);
}

export async function getVersion(ctx: Ctx, name: string, version: number): Promise<TemplateVersionContent> {
  requirePermission(ctx, "templates:read");
  const found = await mustFindVersion(ctx.pool, await mustFindTemplate(ctx.pool, name), version);
  return { ...found, tests: testsIn(found.tests) };
}

/** What two versions differ in, the older one first. */
export async function diffVersions(ctx: Ctx, name: string, one: number, other: number): Promise<TemplateDiff> {
  requirePermission(ctx, "templates:read");
  const template = await mustFindTemplate(ctx.pool, name);
  const older = await mustFindVersion(ctx.pool, template, Math.min(one, other));
  const newer = await mustFindVersion(ctx.pool, template, Math.max(one, other));
  const { rows, added, removed } = diffPlainTexts(older.content, newer.content);
  return {
    before: withoutText(older),
    after: withoutText(newer),
    same: older.content === newer.content,
    added,
    removed,
    unified: unifiedRows(
      rows,
      `${template.name} version ${older.version}`,
      `${template.name} version ${newer.version}`,
    ),
    rows,
  };
}

const withoutText = ({
  content: _content,
  options: _options,
  tests: _tests,
  ...version
}: StoredVersion): TemplateVersion => version;
