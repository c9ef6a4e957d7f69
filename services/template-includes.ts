import { Unprocessable } from "../domain/contract/errors.ts";
import type { Db } from "../db/client.ts";
import { namesReachedFrom } from "../db/queries/template-references.ts";
import { allTemplates, findTemplatesByName, sizeOfAllTemplates, type StoredTemplate } from "../db/queries/templates.ts";

/** Of all stored texts together; beyond it a template has to name what it includes. */
const MOST_SOURCE = 16_000_000;

/**
 * The stored templates that a source with these references may include. A computed name may turn out to be any of them.
 * Those in `given` stand in front of stored ones.
 */
export async function includable(
  db: Db,
  references: readonly { name: string | null }[],
  given: Record<string, string> = {},
): Promise<Record<string, string>> {
  const reached = await includedTemplates(db, references);
  return { ...Object.fromEntries(reached.map((t) => [t.name, t.content])), ...given };
}

export async function includedTemplates(
  db: Db,
  references: readonly { name: string | null }[],
): Promise<StoredTemplate[]> {
  const direct = references.flatMap(({ name }) => name ?? []);
  const reached = await namesReachedFrom(db, direct);
  if (!reached.computed && references.every(({ name }) => name !== null)) {
    const names = new Set(reached.names);
    return (await findTemplatesByName(db, reached.names)).filter((t) => names.has(t.name));
  }
  if ((await sizeOfAllTemplates(db)) > MOST_SOURCE)
    throw new Unprocessable(
      "template_limit",
      "a template with a computed name in include, extends or import can only be rendered while all templates together hold less than 16 MB; write the name out",
    );
  return allTemplates(db);
}
