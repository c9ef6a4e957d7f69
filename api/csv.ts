/** Spreadsheets run a cell that begins with one of these; an apostrophe before it makes it text. */
const FORMULA = /^[=+\-@\t\r]/;

export function csvLine(cells: readonly (string | number | boolean | null)[]): string {
  return `${cells.map((cell) => quoted(escaped(cell))).join(",")}\r\n`;
}

const escaped = (cell: string | number | boolean | null): string => {
  if (cell === null) return "";
  return typeof cell === "string" && FORMULA.test(cell) ? `'${cell}` : String(cell);
};

const quoted = (text: string): string => (/[",;\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export const csvHeaders = (fileName: string): Record<string, string> => ({
  "Content-Type": "text/csv; charset=utf-8",
  "Content-Disposition": `attachment; filename="${fileName}"`,
});
