import { z } from "zod";
import { SideRow } from "./backup.ts";
import { Id, Name, Timestamp, plainText, prose } from "./common.ts";
import { PlatformId } from "./device.ts";

/** `deploy` puts something onto a device; `delete` takes it away again; `validation` says what has to be there. */
export const TEMPLATE_TYPES = ["deploy", "delete", "validation"] as const;
export const TemplateType = z.enum(TEMPLATE_TYPES);
export type TemplateType = z.infer<typeof TemplateType>;

export const TEMPLATE_SUFFIXES = [".j2", ".jinja", ".jinja2"];
const SUFFIX = /(\.(j2|jinja|jinja2))+$/;
/** `core/ntp.j2` is the template `core/ntp`: in addresses, in bodies, and in an `include` of another template. */
export const templateNameOf = (text: string): string => text.replace(SUFFIX, "").trimEnd();

/** Folders are part of the name. What is left of it without the suffix is what it is called. */
export const TemplateName = plainText(127)
  .min(1, "must not be empty")
  .regex(
    /^\w([\w. -]*[\w.-])?(\/\w([\w. -]*[\w.-])?)*$/,
    "may hold letters, digits, '_', '-', '.', spaces inside, and '/' between folders; each part starts with a letter, a digit or '_'",
  )
  .transform(templateNameOf);

const TEMPLATE_LENGTH = 262_144;
/** Everything but control characters and those that deceive the eye: somebody reads and approves what comes of it. */
const TemplateContent = prose(TEMPLATE_LENGTH);

/** As Jinja's Environment takes them. Those of the template that is rendered hold for all that it includes. */
export const TemplateOptions = z
  .strictObject({
    trim_blocks: z.boolean().default(false),
    lstrip_blocks: z.boolean().default(false),
    keep_trailing_newline: z.boolean().default(false),
    /** `default`: an undefined variable prints nothing, as in Jinja itself. */
    undefined: z.enum(["strict", "default"]).default("strict"),
  })
  .meta({ id: "TemplateOptions" });
export type TemplateOptions = z.infer<typeof TemplateOptions>;

/** Numbers keep their form: `1.0` prints as `1.0` and `1` as `1`; and objects the order of their keys. */
const TemplateVariables = z.record(z.string(), z.unknown());

export const TemplateTest = z.strictObject({
  name: plainText(120).min(1, "must not be empty"),
  variables: TemplateVariables.default({}),
  /** What it has to give, to the byte. */
  expected: z.string().max(TEMPLATE_LENGTH),
});
export type TemplateTest = z.infer<typeof TemplateTest>;

const TemplateTests = z
  .array(TemplateTest)
  .max(50, "may be at most 50")
  .refine((tests) => new Set(tests.map((t) => t.name)).size === tests.length, {
    error: "hold one name twice; give each test a name of its own",
    params: { code: "test_twice" },
  });

const fields = {
  name: TemplateName,
  content: TemplateContent,
  type: TemplateType,
  /** The template that takes away what this one puts there; only for type deploy. */
  delete_template: TemplateName.nullable(),
  validation_template: TemplateName.nullable(),
  /** For which device types it is made; empty: for any. */
  vendor_types: z.array(PlatformId).max(50),
  description: prose(2000),
  options: TemplateOptions,
  tests: TemplateTests,
};
const saving = {
  /** Why, for the list of versions. */
  comment: prose(500).optional(),
  /** Save it although tests fail: its own, or those of templates that include it. */
  allow_failing_tests: z.boolean().optional(),
};

export const NewTemplate = z
  .strictObject({ ...z.object(fields).partial().shape, name: fields.name, content: fields.content, ...saving })
  .meta({ id: "NewTemplate" });
export type NewTemplate = z.infer<typeof NewTemplate>;

/** Only what is given changes. With `version`, only if that still is the newest. */
export const TemplatePatch = z
  .strictObject({ ...z.object(fields).partial().shape, ...saving, version: z.number().int().min(1).optional() })
  .meta({ id: "TemplatePatch" });
export type TemplatePatch = z.infer<typeof TemplatePatch>;

/** A template without its text. */
export const TemplateSummary = z
  .object({
    id: Id,
    name: z.string(),
    type: TemplateType,
    delete_template: z.string().nullable(),
    validation_template: z.string().nullable(),
    vendor_types: z.array(PlatformId),
    description: z.string(),
    /** The number of its newest version; every save that changes something makes one. */
    version: z.number().int(),
    options: TemplateOptions,
    /** How many it has. */
    test_count: z.number().int(),
    /** Of the text, in characters. */
    size: z.number().int(),
    created_by: z.string(),
    created_at: Timestamp,
    updated_by: z.string(),
    updated_at: Timestamp,
  })
  .meta({ id: "TemplateSummary" });
export type TemplateSummary = z.infer<typeof TemplateSummary>;

/** Where it names another template: `{% include "ntp" %}`. */
export const TemplateReference = z.object({
  /** As it stands there, without the suffix; null where it is computed and known only when rendered. */
  name: z.string().nullable(),
  how: z.enum(["include", "extends", "import"]),
  line: z.number().int(),
  /** There is a template of that name now. */
  exists: z.boolean(),
});
export type TemplateReference = z.infer<typeof TemplateReference>;

export const Template = TemplateSummary.extend({
  content: z.string(),
  tests: z.array(TemplateTest),
  references: z.array(TemplateReference),
}).meta({ id: "Template" });
export type Template = z.infer<typeof Template>;

export const TemplateVersion = z
  .object({
    version: z.number().int(),
    author: z.string(),
    created_at: Timestamp,
    comment: z.string(),
    /** Which fields this save changed. */
    changed: z.array(z.string()),
    size: z.number().int(),
    is_current: z.boolean(),
  })
  .meta({ id: "TemplateVersion" });
export type TemplateVersion = z.infer<typeof TemplateVersion>;

export const TemplateVersionContent = TemplateVersion.extend({
  content: z.string(),
  options: TemplateOptions,
  tests: z.array(TemplateTest),
}).meta({ id: "TemplateVersionContent" });
export type TemplateVersionContent = z.infer<typeof TemplateVersionContent>;

export const TemplateDiff = z
  .object({
    /** The older of the two, whichever was named first. */
    before: TemplateVersion,
    after: TemplateVersion,
    /** Of the texts. */
    same: z.boolean(),
    added: z.number().int(),
    removed: z.number().int(),
    /** As `diff -u` writes it. */
    unified: z.string(),
    rows: z.array(SideRow),
  })
  .meta({ id: "TemplateDiff" });
export type TemplateDiff = z.infer<typeof TemplateDiff>;

/** Who would miss it. */
export const TemplateUse = z
  .object({
    kind: z.enum(["template", "stack", "stack_template"]),
    id: Id,
    name: z.string(),
    how: z.enum(["include", "extends", "import", "delete_template", "validation_template", "service"]),
    line: z.number().int().nullable(),
  })
  .meta({ id: "TemplateUse" });
export type TemplateUse = z.infer<typeof TemplateUse>;

/** A variable that has to be given. `type` is guessed from what the template does with it. */
export const TemplateVariable = z
  .object({
    name: z.string(),
    line: z.number().int(),
    type: z.enum(["string", "number", "boolean", "list", "object"]).optional(),
    /** Of an object, or of the objects in a list: which keys the template reads. */
    keys: z.array(z.string()).optional(),
    /** The included template that asks for it; absent: the template itself. */
    template: z.string().optional(),
  })
  .meta({ id: "TemplateVariable" });
export type TemplateVariable = z.infer<typeof TemplateVariable>;

/** What made one line of the output: the first entry is of its line 1. A long output's last lines may be without. */
export const SourceMapLine = z
  .object({
    /** Without a template: the one that was rendered itself. */
    sources: z.array(z.object({ template: z.string().optional(), line: z.number().int() })),
    /** The variables printed there. */
    variables: z.array(z.string()),
  })
  .meta({ id: "SourceMapLine" });
export type SourceMapLine = z.infer<typeof SourceMapLine>;

export const Rendered = z.object({ rendered: z.string(), source_map: z.array(SourceMapLine) }).meta({ id: "Rendered" });
export type Rendered = z.infer<typeof Rendered>;

/** A source to render. What it includes is looked up in `templates`, then among the stored ones. */
export const RenderSource = z.strictObject({
  content: TemplateContent,
  templates: z
    .record(z.string().min(1).max(127), TemplateContent)
    .refine((given) => Object.keys(given).length <= 200, { error: "may hold at most 200 templates" })
    .optional(),
  variables: TemplateVariables.default({}),
  /** Renders with the variables and facts of this device; `variables` come before them. */
  device: Name.optional(),
  options: TemplateOptions.optional(),
});
export type RenderSource = z.infer<typeof RenderSource>;

export const VariablesSource = z.strictObject({ content: TemplateContent });

export const RenderStored = z.strictObject({
  variables: TemplateVariables.default({}),
  device: Name.optional(),
  /** Which version; absent: the newest. */
  version: z.number().int().min(1).optional(),
});
export type RenderStored = z.infer<typeof RenderStored>;

export const RenderDevices = z.strictObject({
  devices: z.array(Name).min(1, "names no device").max(500, "may name at most 500 devices"),
  variables: TemplateVariables.default({}),
  version: z.number().int().min(1).optional(),
  /** A text in place of the stored one: what is being edited. */
  content: TemplateContent.optional(),
  options: TemplateOptions.optional(),
});
export type RenderDevices = z.infer<typeof RenderDevices>;

/** Devices with the same output, the most devices first. */
export const RenderGroup = Rendered.extend({ devices: z.array(z.string()) }).meta({ id: "RenderGroup" });
export type RenderGroup = z.infer<typeof RenderGroup>;
export const RenderFailure = z
  .object({
    device: z.string(),
    code: z.string(),
    error: z.string(),
    line: z.number().int().nullable(),
    column: z.number().int().nullable(),
    /** The included template that failed; null: the template itself. */
    template: z.string().nullable(),
  })
  .meta({ id: "RenderFailure" });
export type RenderFailure = z.infer<typeof RenderFailure>;

export const TestOutcome = z
  .object({
    /** Of which template the test is. */
    template: z.string(),
    name: z.string(),
    passed: z.boolean(),
    /** What was rendered; null where that failed. */
    rendered: z.string().nullable(),
    /** From what was expected to what came, as `diff -u` writes it; empty where they are the same. */
    diff: z.string(),
    error: z.string().nullable(),
    line: z.number().int().nullable(),
  })
  .meta({ id: "TestOutcome" });
export type TestOutcome = z.infer<typeof TestOutcome>;

/** Absent `content` and `tests`: those that are stored. */
export const RunTests = z.strictObject({
  content: TemplateContent.optional(),
  options: TemplateOptions.optional(),
  tests: TemplateTests.optional(),
});
export type RunTests = z.infer<typeof RunTests>;

const IMPORT_FILES = 1000;
/** Each file is looked at by itself, so that all that is wrong is told at once. */
export const ImportTemplates = z.strictObject({
  files: z
    .array(z.looseObject({ name: z.unknown(), content: z.unknown() }).meta({ id: "TemplateFile" }))
    .min(1, "holds no file")
    .max(IMPORT_FILES, `may hold at most ${IMPORT_FILES} files`),
  /** Tells what would happen, and does nothing. */
  dry_run: z.boolean().optional(),
  /** Gives templates that are there, with another text, a new version. Without it they are refused. */
  update: z.boolean().optional(),
  comment: prose(500).optional(),
});
export type ImportTemplates = z.infer<typeof ImportTemplates>;

export const ImportedFile = z
  .object({
    /** As it was given. */
    file: z.string(),
    name: z.string().nullable(),
    action: z.enum(["create", "update", "unchanged", "error"]),
    errors: z.array(
      z.object({
        code: z.string(),
        message: z.string(),
        line: z.number().int().optional(),
        column: z.number().int().optional(),
      }),
    ),
    /** Templates that it names and that are nowhere: rendering it will fail where it needs them. */
    missing: z.array(z.string()),
  })
  .meta({ id: "ImportedFile" });
export type ImportedFile = z.infer<typeof ImportedFile>;

export const ImportAnswer = z.object({
  files: z.array(ImportedFile),
  created: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  errors: z.number().int(),
});
export type ImportAnswer = z.infer<typeof ImportAnswer>;
