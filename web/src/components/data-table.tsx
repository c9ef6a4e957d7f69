import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useRef, type ReactNode } from "react";
import { useCommands } from "../lib/commands.ts";
import { usePhone } from "../lib/use-phone.ts";
import { useFreshRows } from "./fresh-rows.ts";
import { Go } from "./go.tsx";
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
  /** "device" */ what: string;
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
  /** No J, K, X: for a second table on a page. */
  quiet?: boolean;
};

/** Sticky head, name first, J K ↵ X; on the phone cards of two lines. New rows wait while the pointer is on the table. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, rowId, selection, quiet = false, empty, fill = false, footer } = props;
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

  const Body = phone ? Cards : Table;
  return (
    <div
      className={`ns-card ns-dt${fill && !phone ? " fill" : ""}`}
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
        <Body {...props} rows={fresh.rows} changed={fresh.changed} toggle={toggle} />
      )}
      {footer}
    </div>
  );
}

type BodyProps<Row> = DataTableProps<Row> & { changed: ReadonlySet<string>; toggle: (id: string) => void };

function SortHead({
  sort,
  column,
  children,
}: {
  sort: DataTableProps<unknown>["sort"];
  column: string | undefined;
  children: ReactNode;
}) {
  if (!sort || column === undefined) return children;
  const down = sort.value === `-${column}`;
  const up = sort.value === column;
  const next = up ? `-${column}` : down ? undefined : column;
  return (
    <button type="button" className="ns-sort i13" onClick={() => sort.onChange(next)}>
      {children}
      {up && <IconArrowUp aria-hidden="true" />}
      {down && <IconArrowDown aria-hidden="true" />}
    </button>
  );
}
const ariaSort = (value: string | undefined, column: string | undefined) =>
  column === undefined ? undefined : value === column ? "ascending" : value === `-${column}` ? "descending" : undefined;

function SelectAll<Row>({
  rows,
  rowId,
  selection,
}: Pick<DataTableProps<Row>, "rows" | "rowId"> & { selection: Selection }) {
  const ids = rows.map(rowId);
  const all = ids.length > 0 && ids.every((id) => selection.selected.has(id));
  const some = ids.some((id) => selection.selected.has(id));
  return (
    <input
      type="checkbox"
      aria-label={`Select all ${ids.length}`}
      checked={all}
      ref={(el) => {
        if (el) el.indeterminate = some && !all;
      }}
      onChange={() => {
        const next = new Set(selection.selected);
        for (const id of ids)
          if (all) next.delete(id);
          else next.add(id);
        selection.onChange(next);
      }}
    />
  );
}

function Table<Row>({
  label,
  rows,
  rowId,
  name,
  columns,
  selection,
  sort,
  why,
  whySpan = 3,
  dim,
  changed,
  toggle,
}: BodyProps<Row>) {
  return (
    <div className="ns-scroll" tabIndex={0} role="region" aria-label={label}>
      <table className="ns-tbl">
        <thead>
          <tr>
            {selection && (
              <th className="cx">
                <SelectAll rows={rows} rowId={rowId} selection={selection} />
              </th>
            )}
            <th aria-sort={ariaSort(sort?.value, name.sort)}>
              <SortHead sort={sort} column={name.sort}>
                {name.head}
              </SortHead>
            </th>
            {columns.map((column) => (
              <th
                key={column.id}
                className={`${column.align === "right" ? "r" : ""}${column.wide ? " wide" : ""}`}
                aria-sort={ariaSort(sort?.value, column.sort)}
              >
                <SortHead sort={sort} column={column.sort}>
                  {column.head}
                </SortHead>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const id = rowId(row);
            const reason = why?.(row);
            const selected = selection?.selected.has(id) ?? false;
            return (
              <tr
                key={id}
                data-row={id}
                className={`${selected ? "sel" : ""}${reason ? " two" : ""}${dim?.(row) ? " off" : ""}${changed.has(id) ? " tint" : ""}`}
              >
                {selection && (
                  <td className="cx">
                    <input
                      type="checkbox"
                      aria-label={`Select ${name.text(row)}`}
                      checked={selected}
                      onChange={() => toggle(id)}
                    />
                  </td>
                )}
                <td className="nm">
                  <span className="row g6">
                    <RowName row={row} name={name} />
                    {name.beside?.(row)}
                  </span>
                </td>
                {columns.map((column, i) => {
                  if (reason && i > 0 && i < whySpan) return null;
                  return (
                    <td
                      key={column.id}
                      className={`${column.align === "right" ? "r num" : ""}${column.wide ? " wide" : ""}`}
                      {...(reason && i === 0 ? { colSpan: whySpan } : {})}
                    >
                      {column.cell(row)}
                      {reason && i === 0 && <div className="why">{reason}</div>}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function RowName<Row>({ row, name }: { row: Row; name: DataTableProps<Row>["name"] }) {
  const text = name.text(row);
  if (!name.href)
    return (
      <span data-row-name tabIndex={-1} className="b ell ns-name" title={name.shown ? undefined : text}>
        {name.shown?.(row) ?? text}
      </span>
    );
  return (
    <Go data-row-name href={name.href(row)} className="ell ns-name" title={text}>
      {name.shown?.(row) ?? text}
    </Go>
  );
}

function Cards<Row>({ label, rows, rowId, name, card, selection, dim, changed, toggle }: BodyProps<Row>) {
  return (
    <ul className="ns-cards" aria-label={label}>
      {rows.map((row) => {
        const id = rowId(row);
        const { title, line, aside } = card(row);
        const selected = selection?.selected.has(id) ?? false;
        const text = (
          <>
            <span className="l1">{title}</span>
            {line && <span className="l2">{line}</span>}
          </>
        );
        return (
          <li
            key={id}
            data-row={id}
            className={`${selection ? "has-box " : ""}${selected ? "sel " : ""}${dim?.(row) ? "off " : ""}${changed.has(id) ? "tint" : ""}`}
          >
            {selection && (
              <label className="bx">
                <input
                  type="checkbox"
                  aria-label={`Select ${name.text(row)}`}
                  checked={selected}
                  onChange={() => toggle(id)}
                />
              </label>
            )}
            {name.href ? (
              <Go data-row-name className="tx" href={name.href(row)}>
                {text}
              </Go>
            ) : (
              <span data-row-name tabIndex={-1} className="tx">
                {text}
              </span>
            )}
            {aside && <span className="as">{aside}</span>}
          </li>
        );
      })}
    </ul>
  );
}
