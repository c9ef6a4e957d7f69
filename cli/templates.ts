import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { ImportAnswer, Rendered, Template, TEMPLATE_SUFFIXES, TemplateSummary } from "../domain/contract/template.ts";
import { StartError } from "../system/start-error.ts";
import { callApi } from "./call-api.ts";

const USAGE = `netstacks templates needs one of:
  netstacks templates list [<search>]
  netstacks templates show <name>
  netstacks templates render <name> [--device <device>] [--variables <file.json>] [--set <name>=<value>]...
  netstacks templates import <directory> [--update] [--dry-run]`;
const PAGE = 500;

const VERBS: Record<string, (args: string[]) => Promise<void>> = {
  list,
  show,
  render,
  import: importFiles,
};

/** `netstacks templates …`: lists, shows, renders and imports templates of the API at `NETSTACKS_URL`. */
export async function templates([verb = "", ...args]: readonly string[]): Promise<void> {
  const run = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (run === undefined) throw new StartError(USAGE);
  await run(args);
}

async function list(args: string[]): Promise<void> {
  const { positionals } = options(args, {});
  if (positionals.length > 1) throw new StartError(USAGE);
  const search = positionals[0] === undefined ? "" : `&search=${encodeURIComponent(positionals[0])}`;
  for (let offset = 0, total = 1; offset < total; offset += PAGE) {
    const page = await callApi(process.env, {
      method: "GET",
      path: `/api/templates?limit=${PAGE}&offset=${offset}${search}`,
      needs: "templates:read",
      data: z.object({ templates: z.array(TemplateSummary), total: z.number() }),
    });
    total = page.total;
    for (const { name, type, version, vendor_types, description } of page.templates)
      process.stdout.write(
        `${name}\t${type}\tversion ${version}\t${vendor_types.join(",")}\t${firstLine(description)}\n`,
      );
  }
}

const firstLine = (text: string): string => text.split("\n")[0] ?? "";

async function show(args: string[]): Promise<void> {
  const { positionals } = options(args, {});
  const { template } = await callApi(process.env, {
    method: "GET",
    path: `/api/templates/${oneName(positionals)}`,
    needs: "templates:read",
    data: z.object({ template: Template }),
  });
  process.stdout.write(template.content);
}

async function render(args: string[]): Promise<void> {
  const { values, positionals } = options(args, {
    device: { type: "string" },
    variables: { type: "string" },
    set: { type: "string", multiple: true },
  });
  const variables = variablesText(
    values.variables === undefined ? "{}" : await readVariables(values.variables),
    values.set ?? [],
  );
  const device = values.device === undefined ? "" : `, "device": ${JSON.stringify(values.device)}`;
  const { rendered } = await callApi(process.env, {
    method: "POST",
    path: `/api/templates/${oneName(positionals)}/render`,
    // As text: numbers keep the form that they have in the file.
    json: `{"variables": ${variables}${device}}`,
    needs: "templates:read",
    data: Rendered,
  });
  process.stdout.write(rendered);
}

async function readVariables(file: string): Promise<string> {
  const text = (await readText(file)).trim();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new StartError(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new StartError(`${file} has to be a JSON object: {"name": value, …}.`);
  return text;
}

/** The object with more members after it; what is no JSON is a string. */
function variablesText(object: string, sets: readonly string[]): string {
  const more = sets.map((set) => {
    const at = set.indexOf("=");
    if (at < 1) throw new StartError(`--set ${set} has to be <name>=<value>.`);
    return `${JSON.stringify(set.slice(0, at))}: ${valueText(set.slice(at + 1))}`;
  });
  if (more.length === 0) return object;
  const inside = object.slice(1, -1).trim();
  return `{${[...(inside === "" ? [] : [inside]), ...more].join(", ")}}`;
}

function valueText(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    if (error instanceof SyntaxError) return JSON.stringify(text);
    throw error;
  }
}

async function importFiles(args: string[]): Promise<void> {
  const { values, positionals } = options(args, { update: { type: "boolean" }, "dry-run": { type: "boolean" } });
  const [directory] = positionals;
  if (directory === undefined || positionals.length > 1) throw new StartError(USAGE);
  const names = await templateFiles(directory);
  if (names.length === 0)
    throw new StartError(
      `${directory} holds no file that ends in ${TEMPLATE_SUFFIXES.join(", ")}; nothing was imported.`,
    );
  const files = await Promise.all(
    names.map(async (name) => ({ name, content: await readText(join(directory, name)) })),
  );
  const dryRun = values["dry-run"] === true;
  const answer = await callApi(process.env, {
    method: "POST",
    path: "/api/templates/import",
    body: { files, update: values.update === true, dry_run: dryRun },
    needs: "templates:write",
    data: ImportAnswer,
  });
  for (const { file, action, errors, missing } of answer.files) {
    if (action !== "unchanged") process.stdout.write(`${file}  ${dryRun ? "would be: " : ""}${action}\n`);
    for (const { message, line } of errors)
      process.stdout.write(`    ${line === undefined ? "" : `line ${line}: `}${message}\n`);
    for (const name of missing) process.stdout.write(`    names ${name}, which is nowhere\n`);
  }
  const { created, updated, unchanged, errors } = answer;
  process.stdout.write(
    `\n${created} created, ${updated} updated, ${unchanged} unchanged${dryRun ? "; nothing was done" : ""}\n`,
  );
  if (errors > 0) throw new StartError(`${errors} ${errors === 1 ? "file is" : "files are"} wrong.`);
}

/** Their paths inside the directory, which are their names. */
async function templateFiles(directory: string): Promise<string[]> {
  let entries: string[];
  try {
    entries = await readdir(directory, { recursive: true });
  } catch (error) {
    throw new StartError(`${directory} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return entries
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => TEMPLATE_SUFFIXES.some((suffix) => path.endsWith(suffix)))
    .filter((path) => !path.split("/").some((part) => part.startsWith(".")))
    .sort();
}

async function readText(file: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new StartError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw new StartError(`${file} is not UTF-8; convert it first.`);
    throw error;
  }
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>["options"]>;
function options<const O extends Options>(args: string[], known: O) {
  try {
    return parseArgs({ args, options: known, allowPositionals: true });
  } catch (error) {
    if (error instanceof TypeError) throw new StartError(`${error.message}\n${USAGE}`);
    throw error;
  }
}

function oneName(positionals: readonly string[]): string {
  const [name, more] = positionals;
  if (name === undefined || more !== undefined) throw new StartError(USAGE);
  return encodeURIComponent(name);
}
