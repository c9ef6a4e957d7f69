import { renameReferences } from "../domain/template/references.ts";
import type { Db } from "../db/client.ts";
import { stacksWithTemplate, templateUses } from "../db/queries/template-references.ts";
import { findTemplate, type StoredTemplate } from "../db/queries/templates.ts";
import type { Renderer } from "./renderer.ts";
import { inUse, refuseInUse } from "./template-uses.ts";
import { writeTemplate } from "./template-write.ts";

/**
 * Writes the new name into the templates that include, extend or import it: a new version of each. One where that cannot
 * be done for certain stops the renaming. Gives their names.
 */
export async function renameUsers(
  db: Db,
  renderer: Renderer,
  before: StoredTemplate,
  nameAfter: string,
  author: string,
): Promise<string[]> {
  // A stack's versions are its authors': whoever renames what it deploys has to say so there.
  refuseInUse(before.name, "be renamed", await stacksWithTemplate(db, before.name));
  // It may name itself, and is then one of them.
  const uses = (await templateUses(db, before)).filter((use) => use.line !== null);
  const users = new Map(uses.map((use) => [use.id, use]));
  for (const use of users.values()) {
    const user = await findTemplate(db, use.id);
    if (!user) continue;
    const { source, replaced } = renameReferences(user.content, before.name, nameAfter);
    const [now] = await renderer.inspect([{ source, options: user.options }]);
    const references = now !== undefined && "references" in now ? now.references : undefined;
    const expected = uses.filter((other) => other.id === use.id).length;
    const renamed = references?.filter((r) => r.name === nameAfter).length ?? 0;
    const left = references?.some((r) => r.name === before.name) ?? true;
    if (references === undefined || left || replaced !== expected || renamed < expected)
      throw inUse(before.name, "be renamed, which would need a change by hand", [use]);
    const comment = `${before.name} is called ${nameAfter} now`;
    await writeTemplate(db, user, { content: source }, { references, comment, author });
  }
  return [...users.values()].map((use) => use.name);
}
