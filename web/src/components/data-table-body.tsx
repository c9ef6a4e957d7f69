import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { DataTableProps, Selection } from "./data-table.tsx";
import { Go } from "./go.tsx";

export type BodyProps<Row> = DataTableProps<Row> & { changed: ReadonlySet<string>; toggle: (id: string) => void };

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

export function TableBody<Row>({
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

export function CardsBody<Row>({ label, rows, rowId, name, card, selection, dim, changed, toggle }: BodyProps<Row>) {
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
