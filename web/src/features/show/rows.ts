import type { ParsedRow, ShowOutput } from "../../../../domain/contract/parse.ts";

/** A row with the device that it is of. */
export type ShownRow = { device: string; cells: ParsedRow };

export const rowsOf = (outputs: readonly ShowOutput[]): ShownRow[] =>
  outputs.flatMap(({ device, rows = [] }) => rows.map((cells) => ({ device, cells })));

/** The columns in the order of the templates, without those that are empty in every row. */
export function columnsOf(rows: readonly ShownRow[]): { shown: string[]; empty: number } {
  const all = new Set(rows.flatMap(({ cells }) => Object.keys(cells)));
  const shown = [...all].filter((name) => rows.some((row) => cellText(row.cells[name]) !== ""));
  return { shown, empty: all.size - shown.length };
}

export function cellText(cell: ParsedRow[string] | undefined): string {
  if (cell === undefined || typeof cell === "string") return cell ?? "";
  return cell.map((item) => (typeof item === "string" ? item : JSON.stringify(item))).join(", ");
}

const ORDER = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
export const DEVICE = "device:";

const textOf = (row: ShownRow, column: string): string =>
  column === DEVICE ? row.device : cellText(row.cells[column]);

/** Numbers within a text count as numbers: Gi0/2 before Gi0/10. `sort` is a column, `-` before it turns it round. */
export function sortRows(rows: readonly ShownRow[], sort: string | undefined): ShownRow[] {
  if (sort === undefined) return [...rows];
  const down = sort.startsWith("-");
  const column = down ? sort.slice(1) : sort;
  return rows.toSorted((a, b) => ORDER.compare(textOf(a, column), textOf(b, column)) * (down ? -1 : 1));
}

/** Rows in which every word stands somewhere. */
export function filterRows(rows: readonly ShownRow[], words: string): ShownRow[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [...rows];
  return rows.filter((row) => {
    const text = [row.device, ...Object.values(row.cells).map(cellText)].join("\n").toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

export const asJson = (rows: readonly ShownRow[], withDevice: boolean): string =>
  JSON.stringify(
    rows.map(({ device, cells }) => (withDevice ? { device, ...cells } : cells)),
    null,
    2,
  );

/** Spreadsheets run a cell that begins with one of these; an apostrophe before it makes it text. */
const FORMULA = /^[=+\-@\t\r]/;

export function asCsv(rows: readonly ShownRow[], columns: readonly string[], withDevice: boolean): string {
  const line = (cells: readonly string[]): string => `${cells.map(csvCell).join(",")}\r\n`;
  const head = line([...(withDevice ? ["device"] : []), ...columns]);
  const body = rows.map((row) =>
    line([...(withDevice ? [row.device] : []), ...columns.map((name) => cellText(row.cells[name]))]),
  );
  return head + body.join("");
}

function csvCell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",;\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
