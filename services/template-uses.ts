import { Conflict } from "../domain/contract/errors.ts";
import type { TemplateUse } from "../domain/contract/template.ts";
import type { Db } from "../db/client.ts";
import { stacksWithTemplate, templateUses } from "../db/queries/template-references.ts";

/** Everything that would miss a template. */
export async function usesOf(db: Db, template: { id: string; name: string }): Promise<TemplateUse[]> {
  const templates = (await templateUses(db, template)).filter((use) => use.id !== template.id);
  return [...templates, ...(await stacksWithTemplate(db, template.name))];
}

const HOW: Record<TemplateUse["how"], string> = {
  include: "includes it",
  extends: "extends it",
  import: "imports from it",
  delete_template: "has it as delete template",
  validation_template: "has it as validation template",
  service: "deploys it",
};

export function refuseInUse(name: string, what: string, uses: readonly TemplateUse[]): void {
  if (uses.length > 0) throw inUse(name, what, uses);
}

export function inUse(name: string, what: string, uses: readonly TemplateUse[]): Conflict {
  const named = uses.map(
    (u) => `${u.kind.replace("_", " ")} ${u.name} ${HOW[u.how]}${u.line === null ? "" : ` (line ${u.line})`}`,
  );
  return new Conflict(
    "template_in_use",
    `${name} cannot ${what}: ${named.slice(0, 10).join(", ")}${named.length > 10 ? ` and ${named.length - 10} more` : ""}`,
    { details: named.slice(0, 50).map((message) => ({ path: "name", code: "template_in_use", message })) },
  );
}
