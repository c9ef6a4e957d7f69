import { AppError, Unprocessable } from "../domain/contract/errors.ts";
import { fieldFaults } from "../domain/contract/field-faults.ts";
import {
  NewTemplate,
  type ImportAnswer,
  type ImportedFile,
  type ImportTemplates,
} from "../domain/contract/template.ts";
import { exactAt } from "../domain/template/exact-json.ts";
import type { Db } from "../db/client.ts";
import { notifyHint } from "../db/queries/hints.ts";
import { findTemplatesByName, lockTemplates, type StoredTemplate } from "../db/queries/templates.ts";
import { newId } from "../system/ids.ts";
import type { Ctx } from "./context.ts";
import { mutate, requirePermission } from "./mutate.ts";
import type { Inspected } from "./render-job.ts";
import type { Renderer } from "./renderer.ts";
import { faultDetail } from "./template-faults.ts";
import { DEFAULT_OPTIONS } from "./template-render.ts";
import { testsOf } from "./template-tests.ts";
import { blankTemplate, writeTemplate } from "./template-write.ts";

const TESTS_MS = 60_000;

/** Thrown to roll back what was only tried. */
class Undo extends Error {
  readonly answer: ImportAnswer;
  constructor(answer: ImportAnswer) {
    super("nothing was imported");
    this.answer = answer;
  }
}

type File = {
  row: ImportedFile;
  given: NewTemplate | undefined;
  /** Their JSON as it was sent. */
  tests: string | undefined;
  read: Exclude<Inspected, { fault: unknown }> | undefined;
};

/**
 * Adds and changes templates by files: all of them, or none. Their order does not matter: what a file names may come
 * after it. A dry run does everything but the commit. `texts` are the files' JSON as it was sent.
 */
export async function importTemplates(
  ctx: Ctx,
  renderer: Renderer,
  body: ImportTemplates,
  texts: readonly string[],
): Promise<ImportAnswer> {
  requirePermission(ctx, "templates:write");
  const files = body.files.map((file, i) => parseFile(file, texts[i] ?? "{}"));
  refuseTwins(files);
  await readFiles(renderer, files);
  await testFiles(ctx.pool, renderer, files);
  try {
    const answer = await mutate(ctx, "templates:write", "template.import", async (db, note) => {
      await lockTemplates(db);
      await writeFiles(ctx, db, files, body);
      const result = count(files);
      if (body.dry_run === true || result.errors > 0) throw new Undo(result);
      const names = (action: ImportedFile["action"]) =>
        result.files.filter((f) => f.action === action).map((f) => f.name);
      note(null, { created: names("create"), updated: names("update"), unchanged: result.unchanged });
      return result;
    });
    await notifyHint(ctx.pool, "templates", "*");
    return answer;
  } catch (error) {
    if (!(error instanceof Undo)) throw error;
    if (body.dry_run === true) return error.answer;
    throw refusal(error.answer);
  }
}

function parseFile(file: { name?: unknown; content?: unknown }, text: string): File {
  // Editors of some systems begin a file with a byte order mark; no device wants it.
  const input = typeof file.content === "string" ? { ...file, content: file.content.replace(/^\ufeff/, "") } : file;
  const parsed = NewTemplate.safeParse(input);
  const row: ImportedFile = {
    file: typeof file.name === "string" ? file.name.slice(0, 200) : "",
    name: parsed.success ? parsed.data.name : null,
    action: "error",
    errors: [],
    missing: [],
  };
  if (!parsed.success)
    row.errors = fieldFaults(parsed.error, input).map(({ path, code, message }) => ({
      code: code ?? "field_invalid",
      message: `${path} ${message}`,
    }));
  return { row, given: parsed.data, tests: exactAt(text, ["tests"]), read: undefined };
}

function refuseTwins(files: readonly File[]): void {
  const first = new Map<string, string>();
  for (const { row } of files) {
    if (row.name === null) continue;
    const other = first.get(row.name.toLowerCase());
    if (other === undefined) first.set(row.name.toLowerCase(), row.file);
    else row.errors.push({ code: "template_twice", message: `${other} is the template ${row.name} already` });
  }
}

async function readFiles(renderer: Renderer, files: readonly File[]): Promise<void> {
  const parsed = files.filter((f) => f.given !== undefined);
  const read = await renderer.inspect(
    parsed.map(({ given }) => ({ source: given?.content ?? "", options: given?.options ?? DEFAULT_OPTIONS })),
  );
  for (const [i, file] of parsed.entries()) {
    const one = read[i];
    if (one === undefined) throw new Error("a file was read without a result");
    if (!("fault" in one)) {
      file.read = one;
      continue;
    }
    const { code = "template_syntax", message, line, column } = faultDetail(one.fault);
    file.row.errors.push({
      code,
      message,
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
    });
  }
}

async function writeFiles(ctx: Ctx, db: Db, files: readonly File[], body: ImportTemplates): Promise<void> {
  const names = files.flatMap(({ row, read }) =>
    [row.name ?? [], read?.references.flatMap((r) => r.name ?? []) ?? []].flat(),
  );
  const stored = await findTemplatesByName(db, names);
  const byName = new Map(stored.map((t) => [t.name.toLowerCase(), t]));
  const known = new Set([...stored.map((t) => t.name), ...files.flatMap(({ row }) => row.name ?? [])]);
  const before = ({ row }: File): StoredTemplate | undefined => byName.get(row.name?.toLowerCase() ?? "");
  const isDeploy = (file: File): boolean => (file.given?.type ?? before(file)?.type ?? "deploy") === "deploy";
  for (const { row, read } of files)
    row.missing = [...new Set(read?.references.flatMap((r) => (r.name === null || known.has(r.name) ? [] : r.name)))];
  // Those of type deploy name others as their family: these come first, wherever they stand.
  const ordered = [...files.filter((f) => !isDeploy(f)), ...files.filter(isDeploy)];
  for (const file of ordered) await writeFile(ctx, db, file, before(file), body);
}

async function writeFile(
  ctx: Ctx,
  db: Db,
  { row, given, read, tests }: File,
  before: StoredTemplate | undefined,
  { update, comment }: ImportTemplates,
): Promise<void> {
  if (!given || !read || row.errors.length > 0) return;
  const why = { references: read.references, comment: given.comment ?? comment ?? "", author: ctx.actor.username };
  try {
    const { changed } = await writeTemplate(db, before ?? blankTemplate(newId()), { ...given, tests }, why);
    row.action = before === undefined ? "create" : changed.length > 0 ? "update" : "unchanged";
  } catch (error) {
    // What is refused on purpose is refused before anything is written, so the other files can still be looked at.
    if (!(error instanceof AppError)) throw error;
    return wrong(row, error.code, error.message);
  }
  if (row.action === "update" && update !== true)
    wrong(
      row,
      "template_exists",
      "there is a template of this name with another content; import with update to give it a new version",
    );
}

/** Runs the files' own tests, with all files in place of what is stored. */
async function testFiles(db: Db, renderer: Renderer, files: readonly File[]): Promise<void> {
  const byName = new Map(files.flatMap((f) => (f.given ? [[f.given.name, f] as const] : [])));
  const end = performance.now() + TESTS_MS;
  for (const { row, given, tests } of files) {
    if (!given || tests === undefined || given.allow_failing_tests === true || row.errors.length > 0) continue;
    if (performance.now() > end) {
      wrong(row, "template_limit", "the tests of all files together take too long; import fewer of them at once");
      continue;
    }
    const { name, content, options = DEFAULT_OPTIONS } = given;
    for (const outcome of await testsOf(db, renderer, { name, content, options, tests }, reachedFrom(name, byName)))
      if (!outcome.passed)
        wrong(
          row,
          "template_tests_failed",
          `the test ${JSON.stringify(outcome.name)} ${outcome.error ?? `does not give what is expected:\n${outcome.diff.slice(0, 4000)}`}`,
        );
  }
}

/** The texts of the files that a file names, and of those that they name. A computed name may be any of them. */
function reachedFrom(name: string, files: ReadonlyMap<string, File>): Record<string, string> {
  const reached = new Map<string, string>();
  const waiting = [name];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const file = files.get(next);
    if (!file?.given || reached.has(next)) continue;
    reached.set(next, file.given.content);
    for (const reference of file.read?.references ?? []) {
      if (reference.name === null)
        return Object.fromEntries([...files].map(([each, { given }]) => [each, given?.content ?? ""]));
      waiting.push(reference.name);
    }
  }
  return Object.fromEntries(reached);
}

function wrong(row: ImportedFile, code: string, message: string): void {
  row.action = "error";
  row.errors.push({ code, message });
}

function count(files: readonly File[]): ImportAnswer {
  const rows = files.map(({ row }) => row);
  const of = (action: ImportedFile["action"]): number => rows.filter((r) => r.action === action).length;
  return {
    files: rows,
    created: of("create"),
    updated: of("update"),
    unchanged: of("unchanged"),
    errors: of("error"),
  };
}

function refusal({ files, errors }: ImportAnswer): Unprocessable {
  const details = files.flatMap((row, i) =>
    row.errors.map(({ code, message, line, column }) => ({
      path: `files[${i}].content`,
      code,
      message: `${row.file}: ${message}`,
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
    })),
  );
  const which = files.filter((f) => f.action === "error").map((f) => f.file);
  return new Unprocessable(
    "template_files",
    `${errors} ${errors === 1 ? "file is" : "files are"} wrong (${which.slice(0, 5).join(", ")}${errors > 5 ? ", …" : ""}); nothing was imported`,
    { details: details.slice(0, 500) },
  );
}
