import { Conflict, Invalid } from "../domain/contract/errors.ts";
import type { TemplateOptions, TemplatePatch, TemplateType } from "../domain/contract/template.ts";
import { exactItems } from "../domain/template/exact-json.ts";
import type { Db } from "../db/client.ts";
import { looksLikeId } from "../db/queries/devices.ts";
import { replaceReferences, templateUses, type StoredReference } from "../db/queries/template-references.ts";
import { insertTemplateVersion } from "../db/queries/template-versions.ts";
import { findTemplate, insertTemplate, updateTemplate, type StoredTemplate } from "../db/queries/templates.ts";
import { DEFAULT_OPTIONS } from "./template-render.ts";
import { refuseInUse } from "./template-uses.ts";

/** What stands in the API's paths where a template's name may stand. */
const RESERVED = ["import", "parse", "render", "variables"];

/** A template out of nothing: what NewTemplate leaves out. */
export const blankTemplate = (id: string): StoredTemplate => ({
  id,
  name: "",
  type: "deploy",
  delete_template_id: null,
  validation_template_id: null,
  vendor_types: [],
  description: "",
  version: 0,
  content: "",
  options: DEFAULT_OPTIONS,
  tests: "[]",
});

/** What a caller may change; `tests` as their JSON was sent. */
export type TemplateFields = Pick<
  TemplatePatch,
  "name" | "content" | "type" | "delete_template" | "validation_template" | "vendor_types" | "description" | "options"
> & { tests?: string | undefined };

/** The template as it would be, its family aside. */
export function applyFields(before: StoredTemplate, fields: TemplateFields): StoredTemplate {
  return {
    ...before,
    name: fields.name ?? before.name,
    content: fields.content ?? before.content,
    type: fields.type ?? before.type,
    vendor_types: fields.vendor_types === undefined ? before.vendor_types : [...new Set(fields.vendor_types)],
    description: fields.description ?? before.description,
    options: fields.options ?? before.options,
    tests: fields.tests ?? before.tests,
  };
}

type Saved = { template: StoredTemplate; changed: string[] };

/**
 * Checks and stores one template whose text was read before; gives which fields changed. With none, nothing is stored.
 * Takes place under the lock of all templates.
 */
export async function writeTemplate(
  db: Db,
  before: StoredTemplate,
  fields: TemplateFields,
  { references, comment, author }: { references: readonly StoredReference[]; comment: string; author: string },
): Promise<Saved> {
  const draft = applyFields(before, fields);
  const isNew = before.version === 0;
  refuseName(draft.name);
  const taken = await findTemplate(db, draft.name);
  if (taken && taken.id !== draft.id) throw nameTaken(taken);
  draft.delete_template_id = await linked(db, "delete", fields.delete_template, before.delete_template_id);
  draft.validation_template_id = await linked(
    db,
    "validation",
    fields.validation_template,
    before.validation_template_id,
  );
  if (draft.type !== "deploy") refuseFamily(draft);
  if (draft.type !== before.type && !isNew) await refuseTypeChange(db, before);
  const changed = changedFields(before, draft);
  if (!isNew && changed.length === 0) return { template: before, changed };
  draft.version = before.version + 1;
  if (isNew) await insertTemplate(db, draft, author);
  else await updateTemplate(db, draft, author);
  await insertTemplateVersion(db, {
    templateId: draft.id,
    version: draft.version,
    content: draft.content,
    options: draft.options,
    tests: draft.tests,
    testCount: exactItems(draft.tests).length,
    comment,
    changed,
    author,
  });
  if (isNew || changed.includes("content")) await replaceReferences(db, draft.id, references);
  return { template: draft, changed };
}

const COMPARED = ["name", "type", "vendor_types", "description", "content", "options", "tests"] as const;
function changedFields(before: StoredTemplate, after: StoredTemplate): string[] {
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  const changed: string[] = COMPARED.filter((field) =>
    field === "options" ? !sameOptions(before.options, after.options) : !same(before[field], after[field]),
  );
  if (before.delete_template_id !== after.delete_template_id) changed.push("delete_template");
  if (before.validation_template_id !== after.validation_template_id) changed.push("validation_template");
  return changed;
}

/** The database gives keys back in an order of its own. */
export const sameOptions = (a: TemplateOptions, b: TemplateOptions): boolean =>
  a.trim_blocks === b.trim_blocks &&
  a.lstrip_blocks === b.lstrip_blocks &&
  a.keep_trailing_newline === b.keep_trailing_newline &&
  a.undefined === b.undefined;

function refuseName(name: string): void {
  if (RESERVED.includes(name.toLowerCase()))
    throw wrong("name", "name_reserved", "is a word of the API's own paths; choose another name");
  if (looksLikeId(name))
    throw wrong("name", "name_is_id", "has the form of an id; choose a name that people can tell from one");
}

const nameTaken = (other: StoredTemplate): Conflict =>
  new Conflict(
    "template_exists",
    `there is already a template ${other.name} (id ${other.id}); choose another name, or change that one`,
    {
      details: [
        {
          path: "name",
          code: "template_exists",
          message: `is the name of the template ${other.id}; choose another, or change that one`,
        },
      ],
    },
  );

/** The id of the family's other member; what is not given stays. */
async function linked(
  db: Db,
  type: Exclude<TemplateType, "deploy">,
  name: string | null | undefined,
  before: string | null,
): Promise<string | null> {
  if (name === undefined) return before;
  if (name === null) return null;
  const field = `${type}_template`;
  const found = await findTemplate(db, name);
  if (!found) throw wrong(field, "template_unknown", `there is no template ${name}; save it first, with type ${type}`);
  if (found.type !== type)
    throw wrong(field, "template_type", `${found.name} is of type ${found.type}; it has to be of type ${type}`);
  return found.id;
}

function refuseFamily(draft: StoredTemplate): void {
  for (const field of ["delete_template", "validation_template"] as const)
    if (draft[`${field}_id`] !== null)
      throw wrong(field, "template_family", `only a template of type deploy has one; this is of type ${draft.type}`);
}

async function refuseTypeChange(db: Db, before: StoredTemplate): Promise<void> {
  const family = (await templateUses(db, before)).filter(
    (use) => use.how === "delete_template" || use.how === "validation_template",
  );
  refuseInUse(before.name, "change its type", family);
}

const wrong = (path: string, code: string, message: string): Invalid =>
  new Invalid(code, `${path}: ${message}`, { details: [{ path, code, message }] });
