import type { Compiled } from "./machine.ts";
import type { Cell, Item } from "./record.ts";

/** A cell as clitable gives it: an entry of a list that took no part in the match is Python's None, as text. */
export type RowCell = string | (string | Record<string, string | null>)[];
/** By the value's name in small letters, as ntc_templates and Netmiko give rows. */
export type Row = Record<string, RowCell>;

type Table = { header: string[]; rows: RowCell[][] };

/**
 * Parses an output with one template, or with several: each further one adds its columns to the rows of the first that
 * have the same keys, or, where no template names keys, to the row in the same place.
 */
export function parseWith(templates: readonly Compiled[], output: string): Row[] {
  let keys: string[] = [];
  let table: Table | undefined;
  for (const template of templates) {
    if (keys.length === 0) keys = template.keys;
    const next: Table = { header: template.header, rows: template.run(output).map((row) => row.map(shown)) };
    table = table === undefined ? next : extended(table, next, keys);
  }
  const names = (table?.header ?? []).map((name) => name.toLowerCase());
  return (table?.rows ?? []).map((row) => Object.fromEntries(names.map((name, i) => [name, row[i] ?? ""])));
}

function shown(cell: Cell): RowCell {
  return typeof cell === "string" ? cell : cell.map(shownItem);
}

const shownItem = (item: Item): string | Record<string, string | null> => item ?? "None";

function extended(table: Table, more: Table, keys: readonly string[]): Table {
  const added = more.header.flatMap((name, i) => (table.header.includes(name) ? [] : [i]));
  const keyColumns = keys.map((key) => [table.header.indexOf(key), more.header.indexOf(key)] as const);
  const missing = keys.find((_, i) => keyColumns[i]?.includes(-1));
  if (missing !== undefined) throw new Error(`the key ${missing} is not in both templates`);
  return {
    header: [...table.header, ...added.map((i) => more.header[i] ?? "")],
    rows: table.rows.map((row, n) => {
      const other =
        keys.length === 0
          ? more.rows[n]
          : more.rows.find((each) => keyColumns.every(([a, b]) => same(row[a], each[b])));
      return [...row, ...added.map((i) => other?.[i] ?? "")];
    }),
  };
}

const same = (a: RowCell | undefined, b: RowCell | undefined): boolean =>
  a === b || (typeof a === "object" && JSON.stringify(a) === JSON.stringify(b));
