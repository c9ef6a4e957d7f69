import { useRef, type ReactNode } from "react";
import { useCommands } from "../lib/commands.ts";
import { usePhone } from "../lib/use-phone.ts";
import { useFreshRows } from "./fresh-rows.ts";
import { CardsBody, TableBody } from "./data-table-body.tsx";
import "./data-table.css";

export type Column<Row> = {
  id: string;
  head: ReactNode;
  cell: (row: Row) => ReactNode;
  align?: "right";
  /** The API's sort column, where it can sort by this. */
  sort?: string;
  /** Left out below 1180 px. */
  wide?: boolean;
};
export type Selection = {
  selected: ReadonlySet<string>;
  onChange: (next: Set<string>) => void;
};
export type PhoneCard = { title: ReactNode; line?: ReactNode; aside?: ReactNode };

export type DataTableProps<Row> = {
  /** Read aloud: "Devices". */
  label: string;
  rows: Row[];
  rowId: (row: Row) => string;
  /** The first column: a name, which is the row's link. */
  name: {
    head: string;
    text: (row: Row) => string;
    /** Instead of the text, where that is not what one reads. */ shown?: (row: Row) => ReactNode;
    href?: (row: Row) => string;
    beside?: (row: Row) => ReactNode;
    sort?: string;
  };
  columns: Column<Row>[];
  /** The two lines of a row on the phone. */
  card: (row: Row) => PhoneCard;
  selection?: Selection;
  sort?: { value: string | undefined; onChange: (next: string | undefined) => void };
  /** A second line under the row: why it needs a look. It stands under `whySpan` columns after the name. */
  why?: (row: Row) => ReactNode;
  whySpan?: number;
  /** Changes when the row does: the row then tints for a second. */
  version?: (row: Row) => string;
  dim?: (row: Row) => boolean;
  /** Stands in the body when there is no row. */
  empty?: ReactNode;
  footer?: ReactNode;
  /** The table scrolls inside itself (pages with `fill`). */
  fill?: boolean;
  className?: string;
  /** No J, K, X: for a second table on a page. */
  quiet?: boolean;
};

/** Sticky head, name first, J K ↵ X; on the phone cards of two lines. New rows wait while the pointer is on the table. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, rowId, selection, quiet = false, empty, fill = false, className = "", footer } = props;
  const phone = usePhone();
  const box = useRef<HTMLDivElement>(null);
  const fresh = useFreshRows(rows, rowId, props.version);

  const names = (): HTMLElement[] => [...(box.current?.querySelectorAll<HTMLElement>("[data-row-name]") ?? [])];
  const move = (step: number): void => {
    const all = names();
    const at = all.findIndex((el) => el.closest("[data-row]")?.contains(document.activeElement));
    const next = all[at === -1 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step))];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };
  const toggle = (id: string): void => {
    if (!selection) return;
    const next = new Set(selection.selected);
    if (!next.delete(id)) next.add(id);
    selection.onChange(next);
  };
  const toggleFocused = (): void => {
    const id = document.activeElement?.closest<HTMLElement>("[data-row]")?.dataset["row"];
    if (id !== undefined) toggle(id);
  };
  useCommands(
    quiet
      ? []
      : [
          { id: "row-next", key: "j", label: "Next row", group: "Rows", keyOnly: true, run: () => move(1) },
          { id: "row-previous", key: "k", label: "Previous row", group: "Rows", keyOnly: true, run: () => move(-1) },
          ...(selection
            ? [
                {
                  id: "row-select",
                  key: "x",
                  label: "Select the row",
                  group: "Rows",
                  keyOnly: true,
                  run: toggleFocused,
                },
              ]
            : []),
        ],
  );

  // Sorting moves rows on purpose.
  const sort = props.sort && {
    value: props.sort.value,
    onChange: (next: string | undefined) => {
      fresh.release();
      props.sort?.onChange(next);
    },
  };
  const Body = phone ? CardsBody : TableBody;
  return (
    <div
      className={`ns-card ns-dt ${fill && !phone ? "fill " : ""}${className}`}
      ref={box}
      onPointerEnter={fresh.hold}
      onPointerLeave={fresh.release}
    >
      {fresh.waiting > 0 && (
        <button type="button" className="ns-new num" onClick={fresh.show}>
          {fresh.waiting} new
        </button>
      )}
      {fresh.rows.length === 0 && empty ? (
        empty
      ) : (
        <Body {...props} {...(sort ? { sort } : {})} rows={fresh.rows} changed={fresh.changed} toggle={toggle} />
      )}
      {footer}
    </div>
  );
}
