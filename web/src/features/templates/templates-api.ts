import { queryOptions } from "@tanstack/react-query";
import type { ConfigBackupContent } from "../../../../domain/contract/backup.ts";
import type {
  ImportAnswer,
  ImportTemplates,
  Rendered,
  RenderFailure,
  RenderGroup,
  Template,
  TemplateOptions,
  TemplateSummary,
  TemplateUse,
  TemplateVersion,
  TemplateVersionContent,
  TestOutcome,
} from "../../../../domain/contract/template.ts";
import { exactAt, exactItems } from "../../../../domain/template/exact-json.ts";
import { api, seg, type Query } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";

/** A test whose variables are kept as the JSON they are, so that `1.0` does not become `1`. */
export type DraftTest = { name: string; variables: string; expected: string };
export type StoredTemplate = Omit<Template, "tests"> & { tests: DraftTest[] };

export const templatesQuery = (query: Query) =>
  queryOptions({
    queryKey: keys.templates.list(query),
    queryFn: ({ signal }) => api.get<{ templates: TemplateSummary[]; total: number }>("/templates", query, signal),
    placeholderData: (before) => before,
  });

const address = (name: string): string => `/templates/${seg(name)}`;

export const templateQuery = (name: string) =>
  queryOptions({
    queryKey: keys.templates.one(name),
    queryFn: async () => storedTemplate(await api.text(address(name))),
  });

/** From the text of an answer: its envelope holds one template. */
export function storedTemplate(text: string): StoredTemplate {
  const template = asTemplate(JSON.parse(text));
  const exact = exactItems(exactAt(text, ["data", "template", "tests"]) ?? "[]");
  return {
    ...template,
    tests: template.tests.map(({ name, expected }, i) => ({
      name,
      expected,
      variables: exactAt(exact[i] ?? "{}", ["variables"]) ?? "{}",
    })),
  };
}
/** The API validates its answers against the schema that the type comes from. */
const asTemplate = (envelope: unknown): Template => (envelope as { data: { template: Template } }).data.template;

export const versionsQuery = (name: string) =>
  queryOptions({
    queryKey: keys.templates.versions(name),
    queryFn: ({ signal }) =>
      api.get<{ versions: TemplateVersion[]; total: number }>(`${address(name)}/versions`, { limit: 500 }, signal),
  });
/** A version stays as it is. */
export const versionQuery = (name: string, version: number) =>
  queryOptions({
    queryKey: keys.templateVersion(name, version),
    queryFn: async ({ signal }) =>
      (await api.get<{ version: TemplateVersionContent }>(`${address(name)}/versions/${version}`, {}, signal)).version,
    staleTime: Infinity,
  });
export const usesQuery = (name: string) =>
  queryOptions({
    queryKey: keys.templates.uses(name),
    queryFn: async ({ signal }) =>
      (await api.get<{ uses: TemplateUse[] }>(`${address(name)}/used-by`, {}, signal)).uses,
  });

/** The newest config that is stored of a device; each look is on record, so it is read once and kept. */
export const runningQuery = (device: string) =>
  queryOptions({
    queryKey: keys.backup(`latest ${device}`),
    queryFn: async ({ signal }) =>
      (await api.get<{ backup: ConfigBackupContent }>(`/config-backups/device/${seg(device)}/latest`, {}, signal))
        .backup,
    staleTime: Infinity,
    retry: false,
  });

const JSON_TYPE = "application/json";
/** Variables are the JSON text of an object already; `fields` are never empty. */
const withVariables = (fields: object, variables: string): string =>
  `${JSON.stringify(fields).slice(0, -1)},"variables":${variables}}`;

export type ToRender = { content: string; options: TemplateOptions; device?: string };
export const renderText = (what: ToRender, variables: string): Promise<Rendered> =>
  api.postText<Rendered>("/templates/render", withVariables(what, variables), JSON_TYPE);

export type ForDevices = { groups: RenderGroup[]; failures: RenderFailure[] };
export const renderForDevices = (
  name: string,
  what: { content: string; options: TemplateOptions; devices: string[] },
  variables: string,
): Promise<ForDevices> =>
  api.postText<ForDevices>(`${address(name)}/render-devices`, withVariables(what, variables), JSON_TYPE);

export const createTemplate = (body: string): Promise<{ template: Template }> =>
  api.postText<{ template: Template }>("/templates", body, JSON_TYPE);
export const changeTemplate = (name: string, body: string): Promise<{ template: Template }> =>
  api.putText<{ template: Template }>(address(name), body, JSON_TYPE);
export const deleteTemplate = (name: string): Promise<unknown> => api.delete(address(name));
export const restoreVersion = (name: string, version: number): Promise<{ template: Template }> =>
  api.post<{ template: Template }>(`${address(name)}/versions/${version}/restore`, {});

export type TestsRun = { passed: boolean; tests: TestOutcome[] };
/** `body`: the JSON text of `{content, options, tests}`. */
export const runTests = (name: string, body: string): Promise<TestsRun> =>
  api.postText<TestsRun>(`${address(name)}/test`, body, JSON_TYPE);

export const importFiles = (what: ImportTemplates): Promise<ImportAnswer> =>
  api.post<ImportAnswer>("/templates/import", what);
