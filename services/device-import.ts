import { DevicePatch, NewDevice, type ImportRow } from "../domain/contract/device.ts";
import { AppError, Unprocessable } from "../domain/contract/errors.ts";
import { fieldFaults } from "../domain/contract/field-faults.ts";
import type { Db } from "../db/client.ts";
import { credentialIdsByName } from "../db/queries/credentials.ts";
import { lockDevices, type StoredDevice } from "../db/queries/device-rows.ts";
import { notifyHint } from "../db/queries/hints.ts";
import { newId } from "../system/ids.ts";
import type { Ctx } from "./context.ts";
import { readDeviceCsv, type CsvRow } from "./device-csv.ts";
import { blankDevice, writeDevice } from "./device-write.ts";
import { mutate } from "./mutate.ts";

export type Imported = { rows: ImportRow[]; created: number; updated: number; unchanged: number; errors: number };

/** Thrown to roll back what was only tried. */
class Undo extends Error {
  readonly imported: Imported;
  constructor(imported: Imported) {
    super("nothing was imported");
    this.imported = imported;
  }
}

/**
 * Adds and changes devices by a CSV file: all of its rows, or none. A dry run does everything but the commit, so it
 * finds what the real one would. Rows are matched by name; empty cells change nothing.
 */
export async function importDevices(ctx: Ctx, text: string, { dryRun }: { dryRun: boolean }): Promise<Imported> {
  try {
    const imported = await mutate(ctx, "devices:write", "device.import", async (db, note) => {
      const rows = await importRows(ctx, db, readDeviceCsv(text));
      const count = (action: ImportRow["action"]) => rows.filter((r) => r.action === action).length;
      const result = {
        rows,
        created: count("create"),
        updated: count("update"),
        unchanged: count("unchanged"),
        errors: count("error"),
      };
      if (dryRun || result.errors > 0) throw new Undo(result);
      const names = (action: ImportRow["action"]) => rows.filter((r) => r.action === action).map((r) => r.name);
      note(null, { created: names("create"), updated: names("update"), unchanged: result.unchanged });
      return result;
    });
    await notifyHint(ctx.pool, "devices", "*");
    return imported;
  } catch (error) {
    if (!(error instanceof Undo)) throw error;
    if (dryRun) return error.imported;
    throw refusal(error.imported);
  }
}

function refusal({ rows, errors }: Imported): Unprocessable {
  const details = rows.flatMap((r) =>
    r.errors.map((e) => ({ path: `rows[${r.row}].${e.column}`, line: r.row, code: e.code, message: e.message })),
  );
  const which = rows
    .filter((r) => r.action === "error")
    .slice(0, 5)
    .map((r) => r.row)
    .join(", ");
  return new Unprocessable(
    "csv_rows",
    `${errors} ${errors === 1 ? "row is" : "rows are"} wrong (row ${which}${errors > 5 ? ", …" : ""}); nothing was imported`,
    { details },
  );
}

async function importRows(ctx: Ctx, db: Db, rows: readonly CsvRow[]): Promise<ImportRow[]> {
  const names = rows.flatMap((r) => r.cells.get("name") ?? []);
  const stored = new Map((await lockDevices(db, names)).map((d) => [d.name.toLowerCase(), d]));
  const credentials = await credentialIdsByName(
    db,
    rows.flatMap((r) => r.cells.get("credential") ?? []),
  );
  const firstRowOf = new Map<string, number>();
  const results: ImportRow[] = [];
  for (const row of rows) {
    const name = row.cells.get("name") ?? null;
    const errors: ImportRow["errors"] = row.fault ? [row.fault] : [];
    const before = name === null ? undefined : stored.get(name.toLowerCase());
    const twin = name === null ? undefined : firstRowOf.get(name.toLowerCase());
    if (twin !== undefined)
      errors.push({ column: "name", code: "device_twice", message: `the device stands in row ${twin} already` });
    else if (name !== null) firstRowOf.set(name.toLowerCase(), row.row);
    const action = errors.length > 0 ? "error" : await importRow(ctx, db, row, before, credentials, errors);
    results.push({ row: row.row, name, action, errors });
  }
  return results;
}

async function importRow(
  ctx: Ctx,
  db: Db,
  row: CsvRow,
  before: StoredDevice | undefined,
  credentials: Map<string, string>,
  errors: ImportRow["errors"],
): Promise<ImportRow["action"]> {
  const input = inputOf(row, before, credentials, errors);
  const parsed = (before ? DevicePatch : NewDevice).safeParse(input);
  if (!parsed.success)
    errors.push(
      ...fieldFaults(parsed.error, input).map((d) => ({
        column: columnOfField(d.path),
        code: d.code ?? "field_invalid",
        message: d.message,
      })),
    );
  if (!parsed.success || errors.length > 0) return "error";
  try {
    const changed = await writeDevice(
      db,
      ctx,
      before ?? blankDevice(newId()),
      parsed.data,
      before ? "update" : "insert",
    );
    return before === undefined ? "create" : changed.length > 0 ? "update" : "unchanged";
  } catch (error) {
    // What is refused on purpose is refused before anything is written, so the other rows can still be looked at.
    if (!(error instanceof AppError)) throw error;
    const [detail] = error.details ?? [];
    errors.push({
      column: columnOfField(detail?.path ?? ""),
      code: error.code,
      message: detail?.message ?? error.message,
    });
    return "error";
  }
}

const columnOfField = (path: string): string => (path === "credential_id" ? "credential" : path.replace(/\[.*$/, ""));

/** The cells as the API's own fields; what cannot be one is kept as text, for the schema to refuse by name. */
function inputOf(
  { cells }: CsvRow,
  before: StoredDevice | undefined,
  credentials: Map<string, string>,
  errors: ImportRow["errors"],
): Record<string, unknown> {
  const { port, tags, enabled, credential, ...plain } = Object.fromEntries(cells);
  const input: Record<string, unknown> = { ...plain };
  if (port !== undefined) input["port"] = /^\d+$/.test(port) ? Number(port) : port;
  if (tags !== undefined) input["tags"] = tags.split(/[\s,;|]+/).filter((tag) => tag !== "");
  if (credential !== undefined) {
    const id = credentials.get(credential.toLowerCase());
    if (id === undefined)
      errors.push({
        column: "credential",
        code: "credential_unknown",
        message: `there is no credential ${JSON.stringify(credential)}`,
      });
    else input["credential_id"] = id;
  }
  if (enabled !== undefined) {
    const yes = /^(true|yes|1|on)$/i.test(enabled);
    if (!yes && !/^(false|no|0|off)$/i.test(enabled))
      errors.push({ column: "enabled", code: "field_value", message: "must be true or false" });
    input["enabled"] = yes;
    if (!yes && before?.enabled !== false) input["disabled_reason"] = "disabled by an imported file";
  }
  return input;
}
