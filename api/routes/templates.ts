import { z } from "zod";
import { listQuery } from "../../domain/contract/common.ts";
import { PlatformId } from "../../domain/contract/device.ts";
import {
  ImportAnswer,
  ImportTemplates,
  NewTemplate,
  Rendered,
  RenderDevices,
  RenderFailure,
  RenderGroup,
  RenderSource,
  RenderStored,
  RunTests,
  Template,
  TemplateDiff,
  TemplateName,
  TemplatePatch,
  TemplateSummary,
  TemplateType,
  TemplateUse,
  TemplateVariable,
  TemplateVersion,
  TemplateVersionContent,
  TestOutcome,
  VariablesSource,
} from "../../domain/contract/template.ts";
import { exactAt, exactItems } from "../../domain/template/exact-json.ts";
import { TEMPLATE_SORTS } from "../../db/queries/templates.ts";
import { importTemplates } from "../../services/template-import.ts";
import {
  renderForDevices,
  renderSource,
  renderStored,
  variablesOfSource,
  variablesOfStored,
} from "../../services/template-render.ts";
import { runTests } from "../../services/template-tests.ts";
import { diffVersions, getVersion, listVersions } from "../../services/template-versions.ts";
import {
  changeTemplate,
  createTemplate,
  getTemplate,
  getTemplateUses,
  listTemplates,
  removeTemplate,
  restoreVersion,
} from "../../services/templates.ts";
import { anyOf, sortOf } from "../query.ts";
import { route, type Route } from "../route.ts";

const NameParam = z.object({ name: TemplateName });
const VersionNumber = z.coerce.number().int().min(1).max(2_147_483_647);
const VersionParam = NameParam.extend({ version: VersionNumber });
/** A thousand templates of a usual length. */
const IMPORT_MB = 16;

/** What was sent as `variables`, to the letter. */
const variablesIn = (text: string): string => exactAt(text, ["variables"]) ?? "{}";

const templateOf = z.object({ template: Template });

/** The same under the path of the old system's second version. */
export const templateRoutes: Route[] = [...routesAt("/api/templates"), ...routesAt("/api/v2/templates")];

function routesAt(base: `/${string}`): Route[] {
  const tag = base.includes("v2") ? "templates (v2)" : "templates";
  return [
    route(
      {
        method: "get",
        path: base,
        access: "templates:read",
        tag,
        summary: "Templates, without their texts",
        query: listQuery(TEMPLATE_SORTS).extend({
          type: anyOf(TemplateType).optional(),
          vendor_type: anyOf(PlatformId).optional(),
        }),
        answer: z.object({ templates: z.array(TemplateSummary), total: z.number().int() }),
      },
      async ({ ctx, query: { limit, offset, sort, ...filter } }) => ({
        data: await listTemplates(ctx, filter, {
          limit,
          offset,
          sort: sortOf(sort, TEMPLATE_SORTS, { column: "name", descending: false }),
        }),
      }),
    ),
    route(
      {
        method: "post",
        path: base,
        access: "templates:write",
        tag,
        summary: "Add a template. Its syntax is checked, and its tests run",
        body: NewTemplate,
        answer: templateOf,
        status: 201,
      },
      async ({ ctx, deps, body, text }) => ({
        data: { template: await createTemplate(ctx, deps.renderer, body, exactAt(text, ["tests"])) },
      }),
    ),
    route(
      {
        method: "post",
        path: `${base}/render`,
        access: "templates:read",
        tag,
        summary: "Render a text that is not stored",
        body: RenderSource,
        answer: Rendered,
      },
      async ({ ctx, deps, body, text }) => ({ data: await renderSource(ctx, deps.renderer, body, variablesIn(text)) }),
    ),
    route(
      {
        method: "post",
        path: `${base}/variables`,
        access: "templates:read",
        tag,
        summary: "Which variables a text wants to be given",
        body: VariablesSource,
        answer: z.object({ variables: z.array(TemplateVariable) }),
      },
      async ({ ctx, deps, body }) => ({
        data: { variables: await variablesOfSource(ctx, deps.renderer, body.content) },
      }),
    ),
    route(
      {
        method: "post",
        path: `${base}/import`,
        access: "templates:write",
        tag,
        summary: "Add and change templates by files: all of them, or none. Their order does not matter",
        body: ImportTemplates,
        bodyMB: IMPORT_MB,
        answer: ImportAnswer,
      },
      async ({ ctx, deps, body, text }) => ({
        data: await importTemplates(ctx, deps.renderer, body, exactItems(exactAt(text, ["files"]) ?? "[]")),
      }),
    ),
    route(
      {
        method: "get",
        path: `${base}/{name}`,
        access: "templates:read",
        tag,
        summary: "One template, by name or id; a suffix .j2 is dropped",
        params: NameParam,
        answer: templateOf,
      },
      async ({ ctx, params: { name } }) => ({ data: { template: await getTemplate(ctx, name) } }),
    ),
    route(
      {
        method: "put",
        path: `${base}/{name}`,
        access: "templates:write",
        tag,
        summary:
          "Change what is given. With `version`, only if that still is the newest. A new name is written into the templates that include it",
        params: NameParam,
        body: TemplatePatch,
        answer: templateOf,
      },
      async ({ ctx, deps, params: { name }, body, text }) => ({
        data: { template: await changeTemplate(ctx, deps.renderer, name, body, exactAt(text, ["tests"])) },
      }),
    ),
    route(
      {
        method: "delete",
        path: `${base}/{name}`,
        access: "templates:write",
        tag,
        summary: "Delete a template that nothing uses",
        params: NameParam,
        answer: z.object({}),
      },
      async ({ ctx, params: { name } }) => {
        await removeTemplate(ctx, name);
        return { data: {} };
      },
    ),
    route(
      {
        method: "get",
        path: `${base}/{name}/used-by`,
        access: "templates:read",
        tag,
        summary: "Who would miss it",
        params: NameParam,
        answer: z.object({ uses: z.array(TemplateUse) }),
      },
      async ({ ctx, params: { name } }) => ({ data: { uses: await getTemplateUses(ctx, name) } }),
    ),
    route(
      {
        method: "get",
        path: `${base}/{name}/variables`,
        access: "templates:read",
        tag,
        summary: "Which variables it, and what it includes, want to be given",
        params: NameParam,
        answer: z.object({ variables: z.array(TemplateVariable) }),
      },
      async ({ ctx, deps, params: { name } }) => ({
        data: { variables: await variablesOfStored(ctx, deps.renderer, name) },
      }),
    ),
    route(
      {
        method: "post",
        path: `${base}/{name}/render`,
        access: "templates:read",
        tag,
        summary: "Render it, with the variables of a device where one is named",
        params: NameParam,
        body: RenderStored,
        bodyOptional: true,
        answer: Rendered,
      },
      async ({ ctx, deps, params: { name }, body, text }) => ({
        data: await renderStored(ctx, deps.renderer, name, body, variablesIn(text)),
      }),
    ),
    route(
      {
        method: "post",
        path: `${base}/{name}/render-devices`,
        access: "templates:read",
        tag,
        summary: "Render it for many devices; those with the same output are one group",
        params: NameParam,
        body: RenderDevices,
        answer: z.object({ groups: z.array(RenderGroup), failures: z.array(RenderFailure) }),
      },
      async ({ ctx, deps, params: { name }, body, text }) => ({
        data: await renderForDevices(ctx, deps.renderer, name, body, variablesIn(text)),
      }),
    ),
    route(
      {
        method: "post",
        path: `${base}/{name}/test`,
        access: "templates:read",
        tag,
        summary: "Run its tests, or given ones",
        params: NameParam,
        body: RunTests,
        bodyOptional: true,
        answer: z.object({ passed: z.boolean(), tests: z.array(TestOutcome) }),
      },
      async ({ ctx, deps, params: { name }, body, text }) => {
        const tests = await runTests(ctx, deps.renderer, name, body, exactAt(text, ["tests"]));
        return { data: { passed: tests.every((t) => t.passed), tests } };
      },
    ),
    route(
      {
        method: "get",
        path: `${base}/{name}/versions`,
        access: "templates:read",
        tag,
        summary: "Its versions, newest first, without their texts",
        params: NameParam,
        query: listQuery(["version"]).pick({ limit: true, offset: true }),
        answer: z.object({ versions: z.array(TemplateVersion), total: z.number().int() }),
      },
      async ({ ctx, params: { name }, query }) => ({ data: await listVersions(ctx, name, query) }),
    ),
    route(
      {
        method: "get",
        path: `${base}/{name}/versions/{version}`,
        access: "templates:read",
        tag,
        summary: "One version with its text",
        params: VersionParam,
        answer: z.object({ version: TemplateVersionContent }),
      },
      async ({ ctx, params: { name, version } }) => ({ data: { version: await getVersion(ctx, name, version) } }),
    ),
    route(
      {
        method: "get",
        path: `${base}/{name}/versions/{version}/diff/{other}`,
        access: "templates:read",
        tag,
        summary: "What two versions differ in, the older one first",
        params: VersionParam.extend({ other: VersionNumber }),
        answer: z.object({ diff: TemplateDiff }),
      },
      async ({ ctx, params: { name, version, other } }) => ({
        data: { diff: await diffVersions(ctx, name, version, other) },
      }),
    ),
    route(
      {
        method: "post",
        path: `${base}/{name}/versions/{version}/restore`,
        access: "templates:write",
        tag,
        summary: "Make a new version that says what this one said",
        params: VersionParam,
        answer: templateOf,
      },
      async ({ ctx, deps, params: { name, version } }) => ({
        data: { template: await restoreVersion(ctx, deps.renderer, name, version) },
      }),
    ),
  ];
}
