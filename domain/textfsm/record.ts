import { keptGroups } from "./pattern/facts.ts";
import { writePattern } from "./pattern/write.ts";
import { isPlain } from "./lines.ts";
import type { Value } from "./template.ts";

/** An entry of a List: a text, or the named groups within it; null where the group took no part in the match. */
export type Item = string | null | Record<string, string | null>;
export type Cell = string | Item[];

type Filling = {
  name: string;
  value: Cell | null;
  /** Of Filldown: what a cleared value is again. */
  below: Cell | null;
  list: Item[];
  nested: ((text: string) => Item) | null;
  isList: boolean;
  isFilldown: boolean;
  isFillup: boolean;
  /** What happens before a record is taken, in the order in which the options are written. */
  onSave: ("list" | "required")[];
};

/** The record under way, and the rows so far. */
export function createRecord(values: readonly Value[]) {
  const fields = values.map(filling);
  const rows: Cell[][] = [];

  function clear(): void {
    for (const field of fields) {
      field.value = field.below;
      if (field.isList && !field.isFilldown) field.list = [];
    }
  }

  return {
    rows,
    clear,
    clearAll(): void {
      for (const field of fields) {
        field.value = null;
        field.below = null;
        field.list = [];
      }
    },
    assign(column: number, text: string | null): void {
      const field = fields[column];
      if (field === undefined) return;
      field.value = text;
      if (field.isFilldown) field.below = text;
      if (field.isList) field.list.push(field.nested === null || text === null ? text : field.nested(text));
      if (field.isFillup && text) fillUp(rows, column, text);
    },
    /** Takes the record as a row, unless a required value or all of it is missing. */
    append(): void {
      if (fields.length === 0) return;
      const row: (Cell | null)[] = [];
      let empty = true;
      for (const field of fields) {
        for (const save of field.onSave) {
          if (save === "list") field.value = [...field.list];
          else if (isEmpty(field.value)) return clear();
        }
        row.push(field.value);
        if (field.value !== null && !(Array.isArray(field.value) && field.value.length === 0)) empty = false;
      }
      if (empty) return;
      rows.push(row.map((cell) => cell ?? ""));
      clear();
    },
  };
}

const isEmpty = (cell: Cell | null | undefined): boolean => cell === null || cell === undefined || cell.length === 0;

function fillUp(rows: Cell[][], column: number, text: string): void {
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i];
    if (row === undefined || !isEmpty(row[column])) return;
    row[column] = text;
  }
}

function filling({ name, options, pattern }: Value): Filling {
  const isList = options.includes("List");
  return {
    name,
    value: null,
    below: null,
    list: [],
    nested: isList && pattern.names.size > 0 ? nestedIn(pattern) : null,
    isList,
    isFilldown: options.includes("Filldown"),
    isFillup: options.includes("Fillup"),
    onSave: options.flatMap((option) => (option === "List" ? ["list"] : option === "Required" ? ["required"] : [])),
  };
}

/** The named groups within a List's text; the text itself where it does not match on its own. */
function nestedIn(pattern: Value["pattern"]): (text: string) => Item {
  const kept = keptGroups(pattern);
  const order = [...kept].sort((a, b) => a - b);
  const plain = writePattern(pattern, kept, "plain");
  const wide = writePattern(pattern, kept, "wide");
  return (text) => {
    const match = (isPlain(text) ? plain : wide).exec(text);
    if (match === null) return text;
    return Object.fromEntries(
      [...pattern.names].map(([name, group]) => [name, match[order.indexOf(group) + 1] ?? null]),
    );
  };
}
