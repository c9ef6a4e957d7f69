import type { PlatformId } from "../../../../domain/contract/device.ts";
import { templateNameOf, type TemplateOptions, type TemplateType } from "../../../../domain/contract/template.ts";
import type { DraftTest, StoredTemplate } from "./templates-api.ts";

/** What one can change of a template. */
export type Draft = {
  name: string;
  content: string;
  type: TemplateType;
  delete_template: string | null;
  validation_template: string | null;
  vendor_types: PlatformId[];
  description: string;
  options: TemplateOptions;
  tests: DraftTest[];
};

export const EMPTY: Draft = {
  name: "",
  content: "",
  type: "deploy",
  delete_template: null,
  validation_template: null,
  vendor_types: [],
  description: "",
  options: { trim_blocks: false, lstrip_blocks: false, keep_trailing_newline: false, undefined: "strict" },
  tests: [],
};

/** What an empty list offers to begin with. */
export const EXAMPLE: Draft = {
  ...EMPTY,
  name: "ntp",
  description: "Time servers, the first one preferred",
  content: `{# time servers, the first one preferred #}
{% for server in ntp_servers %}
ntp server {{ server }}{% if loop.first %} prefer{% endif %}

{% endfor %}
{% if ntp_source is defined %}
ntp source {{ ntp_source }}
{% endif %}
`,
  options: { ...EMPTY.options, trim_blocks: true, lstrip_blocks: true },
  tests: [
    {
      name: "two servers",
      variables: '{"ntp_servers":["192.0.2.10","192.0.2.11"]}',
      expected: "ntp server 192.0.2.10 prefer\nntp server 192.0.2.11\n",
    },
  ],
};

export const draftOf = (template: StoredTemplate): Draft => ({
  name: template.name,
  content: template.content,
  type: template.type,
  delete_template: template.delete_template,
  validation_template: template.validation_template,
  vendor_types: template.vendor_types,
  description: template.description,
  options: template.options,
  tests: template.tests,
});

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const FIELDS = Object.keys(EMPTY) as (keyof Draft)[];

/** Which fields differ. */
export const changedIn = (before: Draft, after: Draft): (keyof Draft)[] =>
  FIELDS.filter((field) => !same(before[field], after[field]));

/** A test's variables stay the text they are: a number would lose its form. */
const testText = ({ name, variables, expected }: DraftTest): string =>
  `{"name":${JSON.stringify(name)},"variables":${variables},"expected":${JSON.stringify(expected)}}`;
export const testsText = (tests: readonly DraftTest[]): string => `[${tests.map(testText).join(",")}]`;

export type SaveMore = { comment: string; version: number | null; allowFailing: boolean };
/** The JSON of what is sent: the fields that changed, with the rest of the wish. */
export function bodyOf(draft: Draft, fields: readonly (keyof Draft)[], more: SaveMore): string {
  const parts = fields.map((field) => {
    if (field === "tests") return `"tests":${testsText(draft.tests)}`;
    const value = field === "name" ? templateNameOf(draft.name.trim()) : draft[field];
    return `${JSON.stringify(field)}:${JSON.stringify(value)}`;
  });
  if (more.comment.trim() !== "") parts.push(`"comment":${JSON.stringify(more.comment.trim())}`);
  if (more.version !== null) parts.push(`"version":${more.version}`);
  if (more.allowFailing) parts.push(`"allow_failing_tests":true`);
  return `{${parts.join(",")}}`;
}
