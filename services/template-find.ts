import { NotFound } from "../domain/contract/errors.ts";
import type { TemplateTest } from "../domain/contract/template.ts";
import { hostJson } from "../domain/template/exact-json.ts";
import type { Db } from "../db/client.ts";
import { getTemplateVersion, type StoredVersion } from "../db/queries/template-versions.ts";
import { findTemplate, type StoredTemplate } from "../db/queries/templates.ts";

export async function mustFindTemplate(db: Db, idOrName: string): Promise<StoredTemplate> {
  const template = await findTemplate(db, idOrName);
  if (!template) throw new NotFound("template", idOrName);
  return template;
}

export async function mustFindVersion(db: Db, template: StoredTemplate, version: number): Promise<StoredVersion> {
  const found = await getTemplateVersion(db, template.id, version);
  if (!found) throw new NotFound(`version of template ${template.name}`, String(version));
  return found;
}

/** They were seen by their schema before they were stored. */
export const testsIn = (text: string): TemplateTest[] => hostJson(text) as TemplateTest[];
