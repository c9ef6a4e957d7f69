import { Conflict, NotFound } from "../domain/contract/errors.ts";
import type {
  NewTemplate,
  Template,
  TemplatePatch,
  TemplateSummary,
  TemplateUse,
} from "../domain/contract/template.ts";
import type { Db } from "../db/client.ts";
import { notifyHint } from "../db/queries/hints.ts";
import { referencesOf } from "../db/queries/template-references.ts";
import {
  listTemplateRows,
  lockTemplates,
  markTemplateDeleted,
  templateSummary,
  type StoredTemplate,
  type TemplateFilter,
  type TemplatePage,
} from "../db/queries/templates.ts";
import { newId } from "../system/ids.ts";
import type { Ctx } from "./context.ts";
import { mutate, requirePermission } from "./mutate.ts";
import type { Renderer } from "./renderer.ts";
import { mustFindTemplate, mustFindVersion, testsIn } from "./template-find.ts";
import { renameUsers } from "./template-rename.ts";
import { inspectOne } from "./template-render.ts";
import { refuseFailed, testsBeforeSave } from "./template-tests.ts";
import { refuseInUse, usesOf } from "./template-uses.ts";
import { applyFields, blankTemplate, sameOptions, writeTemplate, type TemplateFields } from "./template-write.ts";

export function listTemplates(
  ctx: Ctx,
  filter: TemplateFilter,
  page: TemplatePage,
): Promise<{ templates: TemplateSummary[]; total: number }> {
  requirePermission(ctx, "templates:read");
  return listTemplateRows(ctx.pool, filter, page);
}

export async function getTemplate(ctx: Ctx, name: string): Promise<Template> {
  requirePermission(ctx, "templates:read");
  return wholeTemplate(ctx.pool, await mustFindTemplate(ctx.pool, name));
}

export async function getTemplateUses(ctx: Ctx, name: string): Promise<TemplateUse[]> {
  requirePermission(ctx, "templates:read");
  return usesOf(ctx.pool, await mustFindTemplate(ctx.pool, name));
}

/** `tests` is their JSON as it was sent. */
export async function createTemplate(
  ctx: Ctx,
  renderer: Renderer,
  given: Omit<NewTemplate, "tests">,
  tests: string | undefined,
): Promise<Template> {
  requirePermission(ctx, "templates:write");
  return save(ctx, renderer, blankTemplate(newId()), { ...given, tests }, { ...given, action: "template.create" });
}

/** Only what is given changes. Two who save at once do so one after the other; with `version` the later one is refused. */
export async function changeTemplate(
  ctx: Ctx,
  renderer: Renderer,
  name: string,
  given: Omit<TemplatePatch, "tests">,
  tests: string | undefined,
): Promise<Template> {
  requirePermission(ctx, "templates:write");
  const before = await mustFindTemplate(ctx.pool, name);
  return save(ctx, renderer, before, { ...given, tests }, { ...given, action: "template.update" });
}

/** What an old version said becomes the newest one. */
export async function restoreVersion(ctx: Ctx, renderer: Renderer, name: string, version: number): Promise<Template> {
  requirePermission(ctx, "templates:write");
  const before = await mustFindTemplate(ctx.pool, name);
  const { content, options, tests } = await mustFindVersion(ctx.pool, before, version);
  return save(
    ctx,
    renderer,
    before,
    { content, options, tests },
    // It was good enough when it was saved.
    { comment: `version ${version} again`, allow_failing_tests: true, action: "template.restore" },
  );
}

type Saving = {
  action: "template.create" | "template.update" | "template.restore";
  comment?: string | undefined;
  allow_failing_tests?: boolean | undefined;
  version?: number | undefined;
};

const TRIES = 3;

/** Reading and testing the text takes time, so it comes before the transaction; which then holds only if nothing moved. */
async function save(
  ctx: Ctx,
  renderer: Renderer,
  first: StoredTemplate,
  fields: TemplateFields,
  how: Saving,
): Promise<Template> {
  let before = first;
  for (let tries = 1; ; tries++) {
    if (how.version !== undefined && how.version !== before.version) throw moved(before);
    const draft = applyFields(before, fields);
    const { references } = await inspectOne(renderer, draft.content, draft.options);
    if (how.allow_failing_tests !== true && needsTests(before, draft))
      refuseFailed(
        await testsBeforeSave(ctx.pool, renderer, {
          draft,
          nameBefore: before.version === 0 ? undefined : before.name,
        }),
      );
    const saved = await mutate(ctx, "templates:write", how.action, async (db, note) => {
      await lockTemplates(db);
      const now = before.version === 0 ? before : await mustFindTemplate(db, before.id);
      if (now.version !== before.version) return { moved: now };
      const { username: author } = ctx.actor;
      const { template, changed } = await writeTemplate(db, now, fields, {
        references,
        comment: how.comment ?? "",
        author,
      });
      const users =
        changed.includes("name") && now.version > 0 ? await renameUsers(db, renderer, now, template.name, author) : [];
      note(template.name, {
        id: template.id,
        version: template.version,
        changed,
        ...(changed.includes("name") && now.version > 0 ? { name_before: now.name, users } : {}),
      });
      return { done: await wholeTemplate(db, await mustFindTemplate(db, template.id)) };
    });
    if (saved.done) {
      await notifyHint(ctx.pool, "templates", saved.done.id);
      return saved.done;
    }
    if (tries === TRIES) throw moved(saved.moved);
    before = saved.moved;
  }
}

const needsTests = (before: StoredTemplate, draft: StoredTemplate): boolean =>
  before.content !== draft.content || before.tests !== draft.tests || !sameOptions(before.options, draft.options);

const moved = ({ name, version }: StoredTemplate): Conflict =>
  new Conflict(
    "version_conflict",
    `${name} has been saved by somebody else meanwhile: its newest version is ${version}; look at what changed, and save again with that number`,
    { details: [{ path: "version", code: "version_conflict", message: `the newest version is ${version}` }] },
  );

/** Its versions stay on record; its name is free. */
export async function removeTemplate(ctx: Ctx, name: string): Promise<void> {
  const id = await mutate(ctx, "templates:write", "template.delete", async (db, note) => {
    await lockTemplates(db);
    const template = await mustFindTemplate(db, name);
    refuseInUse(template.name, "be deleted", await usesOf(db, template));
    await markTemplateDeleted(db, template.id);
    note(template.name, { id: template.id, version: template.version });
    return template.id;
  });
  await notifyHint(ctx.pool, "templates", id);
}

async function wholeTemplate(db: Db, { id, content, tests }: StoredTemplate): Promise<Template> {
  const summary = await templateSummary(db, id);
  if (!summary) throw new NotFound("template", id);
  return { ...summary, content, tests: testsIn(tests), references: await referencesOf(db, id) };
}
