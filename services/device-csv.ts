import { CsvError } from "csv-parse";
import { parse } from "csv-parse/sync";
import { z } from "zod";
import { CSV_COLUMNS } from "../domain/contract/device.ts";

/** What import reads: the columns of the export, and secrets, which are only ever read. */
export const IMPORT_COLUMNS = [...CSV_COLUMNS, "password", "enable_password"] as const;
export type ImportColumn = (typeof IMPORT_COLUMNS)[number];

/** One line of the file: its cells by column, empty ones left out; or what is wrong with its form. */
export type CsvRow = { row: number; cells: Map<ImportColumn, string>; fault: CsvFault | undefined };
export type CsvFault = { column: string; code: string; message: string };

/** Words of other inventories for our columns. */
const ALIASES: Record<string, ImportColumn> = {
  hostname: "name",
  device: "name",
  device_name: "name",
  ip: "host",
  ip_address: "host",
  address: "host",
  primary_ip: "host",
  platform: "device_type",
  type: "device_type",
  os: "device_type",
  tag: "tags",
  user: "username",
  comment: "description",
  comments: "description",
  credential_name: "credential",
  secret: "enable_password",
};

const Records = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }));

/** Reads the file's form: separator, header, number of cells. A fault in the header is that of the file's first row, alone. */
export function readDeviceCsv(text: string): CsvRow[] {
  const header = /^\uFEFF?[^\r\n]*/.exec(text)?.[0] ?? "";
  const delimiter = [";", "\t", ","].sort((a, b) => header.split(b).length - header.split(a).length)[0] ?? ",";
  let records: z.infer<typeof Records>;
  try {
    // Not by csv-parse's own columns: it has no words for what we accept, nor for which cell is missing.
    records = Records.parse(
      parse(text, {
        bom: true,
        delimiter,
        record_delimiter: ["\r\n", "\n", "\r"],
        relax_column_count: true,
        skip_empty_lines: true,
        info: true,
        trim: true,
      }),
    );
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return [broken(1, "", "csv_invalid", `the file cannot be read as CSV: ${error.message}`)];
  }
  const [first, ...rest] = records;
  if (first === undefined) return [broken(1, "", "csv_empty", "the file is empty; its first line names the columns")];
  const columns = first.record.map(columnOf);
  const fault = headerFault(first.record, columns);
  if (fault) return [{ row: 1, cells: new Map(), fault }];
  return rest.map(({ record, info }) => {
    const row = info.lines - record.join("").split(/\r\n|\r|\n/).length + 1;
    if (record.length !== columns.length) {
      const column = record.length < columns.length ? (columns[record.length] ?? "") : "";
      const message = `the row has ${record.length} cells, the header ${columns.length}${column === "" ? "" : `; ${column} is missing`}`;
      return { row, cells: cellsOf(columns, record), fault: { column, code: "csv_columns", message } };
    }
    return { row, cells: cellsOf(columns, record), fault: undefined };
  });
}

const broken = (row: number, column: string, code: string, message: string): CsvRow => ({
  row,
  cells: new Map(),
  fault: { column, code, message },
});

function columnOf(word: string): ImportColumn | undefined {
  const plain = word.toLowerCase().replaceAll(/[\s-]+/g, "_");
  return IMPORT_COLUMNS.find((column) => column === plain) ?? ALIASES[plain];
}

function headerFault(words: readonly string[], columns: readonly (ImportColumn | undefined)[]): CsvFault | undefined {
  const unknown = words.find((_, i) => columns[i] === undefined);
  if (unknown !== undefined)
    return {
      column: unknown,
      code: "csv_column_unknown",
      message: `there is no column ${JSON.stringify(unknown)}; the columns are ${IMPORT_COLUMNS.join(", ")}`,
    };
  const twice = columns.find((column, i) => columns.indexOf(column) !== i);
  if (twice !== undefined)
    return { column: twice, code: "csv_column_twice", message: `the column ${twice} stands there twice` };
  if (!columns.includes("name"))
    return {
      column: "name",
      code: "csv_column_missing",
      message: "the column name is missing: it says which device a row is",
    };
  return undefined;
}

function cellsOf(columns: readonly (ImportColumn | undefined)[], record: readonly string[]): Map<ImportColumn, string> {
  const cells = new Map<ImportColumn, string>();
  for (const [i, column] of columns.entries()) {
    // An apostrophe that keeps a spreadsheet from running the cell is no part of its text.
    const text = record[i]?.replace(/^'(?=[=+\-@\t\r])/, "") ?? "";
    if (column !== undefined && text !== "") cells.set(column, text);
  }
  return cells;
}
