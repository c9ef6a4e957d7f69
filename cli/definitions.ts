import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { canonicalJson } from "../domain/change/canonical.ts";
import { StackDefinition } from "../domain/contract/stack.ts";
import { StackTemplateDefinition } from "../domain/contract/stack-template.ts";
import { Template } from "../domain/contract/template.ts";
import { StartError, systemErrorCode } from "../system/start-error.ts";
import { callApi } from "./call-api.ts";

const USAGE = `netstacks export <directory>
netstacks import [--plan] <directory>`;
const PAGE = 500;

const TemplateFields = Template.pick({
  name: true,
  content: true,
  type: true,
  delete_template: true,
  validation_template: true,
  vendor_types: true,
  description: true,
  options: true,
  tests: true,
});

type Definition = Record<string, unknown> & { name: string };
/** What is kept as files, in the order in which one kind needs the one before it. */
const KINDS = [
  { folder: "templates", path: "/api/templates", list: "templates", one: "template", schema: TemplateFields },
  {
    folder: "stack-templates",
    path: "/api/stack-templates",
    list: "stack_templates",
    one: "stack_template",
    schema: StackTemplateDefinition,
  },
  { folder: "stacks", path: "/api/stacks", list: "stacks", one: "stack", schema: StackDefinition },
] as const;
type Kind = (typeof KINDS)[number];

const needs = "changes:write";

/** `netstacks export <directory>`: every template, stack template and stack as a file, to be kept in Git. */
export async function exportDefinitions(args: readonly string[]): Promise<void> {
  const [directory] = args;
  if (directory === undefined || args.length !== 1 || directory.startsWith("-")) throw new StartError(USAGE);
  let files = 0;
  for (const kind of KINDS)
    for (const definition of await stored(kind))
      for (const [name, text] of filesOf(kind, definition)) {
        const file = join(directory, kind.folder, name);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, text);
        files += 1;
      }
  process.stdout.write(`${files} files in ${directory}\n`);
}

/** `netstacks import [--plan] <directory>`: saves what is another in the files; with `--plan` only says what that is. */
export async function importDefinitions(args: readonly string[]): Promise<void> {
  const plan = args.includes("--plan");
  const [directory, ...more] = args.filter((arg) => arg !== "--plan");
  if (directory === undefined || more.length > 0 || directory.startsWith("-")) throw new StartError(USAGE);
  let changes = 0;
  for (const kind of KINDS) {
    const known = new Map((await stored(kind)).map((d) => [d.name.toLowerCase(), d]));
    for (const wanted of inOrder(await fromFiles(kind, join(directory, kind.folder)))) {
      const before = known.get(wanted.name.toLowerCase());
      const same = before !== undefined && canonicalJson(before) === canonicalJson(wanted);
      process.stdout.write(`${same ? "unchanged" : before ? "update   " : "create   "}  ${kind.one} ${wanted.name}\n`);
      if (same) continue;
      changes += 1;
      if (plan) continue;
      await callApi(process.env, {
        method: before ? "PUT" : "POST",
        path: before ? `${kind.path}/${encodeURIComponent(before.name)}` : kind.path,
        body: wanted,
        needs: kind.one === "template" ? "templates:write" : needs,
        data: z.unknown(),
      });
    }
  }
  process.stdout.write(changes === 0 ? "nothing to change\n" : `${changes} ${plan ? "would change" : "changed"}\n`);
}

async function stored(kind: Kind): Promise<Definition[]> {
  const names: string[] = [];
  for (let total = 1; names.length < total;) {
    const page = await callApi(process.env, {
      method: "GET",
      path: `${kind.path}?limit=${PAGE}&offset=${names.length}`,
      needs,
      data: z.looseObject({ total: z.number() }),
    });
    const found = z.array(z.looseObject({ name: z.string() })).parse(page[kind.list]);
    names.push(...found.map((f) => f.name));
    total = found.length === 0 ? 0 : page.total;
  }
  const definitions: Definition[] = [];
  for (const name of names) {
    const answer = await callApi(process.env, {
      method: "GET",
      path: `${kind.path}/${encodeURIComponent(name)}`,
      needs,
      data: z.record(z.string(), z.unknown()),
    });
    definitions.push(kind.schema.parse(answer[kind.one]));
  }
  return definitions;
}

/** A template is two files, so that its text is a text. */
function filesOf(kind: Kind, { name, ...rest }: Definition): [string, string][] {
  const file = kind.folder === "templates" ? name : encodeURIComponent(name);
  const { content, ...about } = rest;
  return [
    ...(kind.folder === "templates" ? [[`${file}.j2`, String(content)] satisfies [string, string]] : []),
    [`${file}.yaml`, stringify({ name, ...(kind.folder === "templates" ? about : rest) })],
  ];
}

async function fromFiles(kind: Kind, folder: string): Promise<Definition[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (systemErrorCode(error) === "ENOENT") return [];
    throw error;
  });
  const definitions: Definition[] = [];
  for (const entry of entries.filter((e) => e.isFile() && e.name.endsWith(".yaml"))) {
    const file = join(entry.parentPath, entry.name);
    const text = await readFile(file, "utf8");
    const content =
      kind.folder === "templates"
        ? { content: await readFile(file.replace(/\.yaml$/, ".j2"), "utf8").catch(() => undefined) }
        : {};
    try {
      definitions.push(kind.schema.parse({ ...(parse(text) as object), ...content }));
    } catch (error) {
      const why =
        error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : String(error);
      throw new StartError(`${relative(process.cwd(), file)} cannot be used: ${why}`);
    }
  }
  return definitions.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What a template names as its delete or validation template has to be there before it. */
const inOrder = (definitions: readonly Definition[]): Definition[] =>
  definitions.toSorted((a, b) => Number(a["type"] === "deploy") - Number(b["type"] === "deploy"));
