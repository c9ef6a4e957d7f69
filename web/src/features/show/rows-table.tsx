import { Button, TextInput } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconArrowDown, IconArrowUp, IconCheck, IconCopy, IconSearch } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { count } from "../../components/bits.tsx";
import "../../components/data-table.css";
import { usePhone } from "../../lib/use-phone.ts";
import { DEVICE, asCsv, asJson, cellText, columnsOf, filterRows, sortRows, type ShownRow } from "./rows.ts";

const PAGE = 500;

/** The rows of one command: sorted by any column, filtered by words, copied as they stand. */
export function RowsTable({ label, rows, several }: { label: string; rows: ShownRow[]; several: boolean }) {
  const [words, setWords] = useState("");
  const [sort, setSort] = useState<string | undefined>();
  const [most, setMost] = useState(PAGE);
  const phone = usePhone();
  const { shown: columns, empty } = useMemo(() => columnsOf(rows), [rows]);
  const found = useMemo(() => sortRows(filterRows(rows, words), sort), [rows, words, sort]);
  const some = found.slice(0, most);
  return (
    <>
      <div className="ns-cfg-bar">
        <TextInput
          aria-label="Filter the rows"
          placeholder={`Filter ${count(rows.length, "row")}`}
          leftSection={<IconSearch className="i14" />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        {words.trim() !== "" && (
          <span className="sm t3 num nowrap" role="status">
            {count(found.length, "row")}
          </span>
        )}
        {empty > 0 && (
          <span className="sm t3 nowrap only-wide" title="The template has them; no row holds a value in them">
            {count(empty, "empty column")} left out
          </span>
        )}
        <span className="sp" />
        <span className="row g6">
          <CopyAs word="JSON" text={() => asJson(found, several)} />
          <CopyAs word="CSV" text={() => asCsv(found, columns, several)} />
        </span>
      </div>
      {phone ? (
        <RowCards label={label} rows={some} columns={columns} several={several} />
      ) : rows.length === 1 && some[0] ? (
        <OneRow label={label} row={some[0]} columns={columns} />
      ) : (
        <div className="ns-show-rows" tabIndex={0} role="region" aria-label={label}>
          <table className="ns-tbl">
            <thead>
              <tr>
                {[...(several ? [DEVICE] : []), ...columns].map((column) => (
                  <Head key={column} column={column} sort={sort} onSort={setSort} />
                ))}
              </tr>
            </thead>
            <tbody>
              {some.map((row, i) => (
                <tr key={i}>
                  {several && <td className="b">{row.device}</td>}
                  {columns.map((name) => (
                    <Cell key={name} text={cellText(row.cells[name])} />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {found.length > some.length && (
        <div className="ns-show-more">
          <Button size="xs" onClick={() => setMost(most + PAGE)}>
            Show {Math.min(PAGE, found.length - some.length)} more of {found.length}
          </Button>
        </div>
      )}
      {found.length === 0 && <p className="cb t3">No row holds these words.</p>}
    </>
  );
}

/** The text is made when it is asked for: there may be thousands of rows. */
function CopyAs({ word, text }: { word: string; text: () => string }) {
  const { copied, copy } = useClipboard({ timeout: 1500 });
  return (
    <Button
      size="xs"
      aria-label={copied ? "Copied" : `Copy as ${word}`}
      leftSection={copied ? <IconCheck /> : <IconCopy />}
      onClick={() => copy(text())}
    >
      {word}
    </Button>
  );
}

function Head({
  column,
  sort,
  onSort,
}: {
  column: string;
  sort: string | undefined;
  onSort: (next: string | undefined) => void;
}) {
  const up = sort === column;
  const down = sort === `-${column}`;
  return (
    <th aria-sort={up ? "ascending" : down ? "descending" : undefined}>
      <button
        type="button"
        className="ns-sort i13"
        onClick={() => onSort(up ? `-${column}` : down ? undefined : column)}
      >
        {headText(column)}
        {up && <IconArrowUp aria-hidden="true" />}
        {down && <IconArrowDown aria-hidden="true" />}
      </button>
    </th>
  );
}

const headText = (column: string): string => (column === DEVICE ? "Device" : column.replaceAll("_", " "));

const Cell = ({ text }: { text: string }) => (
  <td className="mono" title={text.length > 60 ? text : undefined}>
    {text}
  </td>
);

/** A single row reads better from top to bottom. */
function OneRow({ label, row, columns }: { label: string; row: ShownRow; columns: readonly string[] }) {
  return (
    <dl className="ns-show-one" aria-label={label} tabIndex={0}>
      {columns.map((name) => (
        <div key={name}>
          <dt>{headText(name)}</dt>
          <dd className="mono break">{cellText(row.cells[name]) || "–"}</dd>
        </div>
      ))}
    </dl>
  );
}

/** On the phone: a card a row, every value under its name. */
function RowCards({
  label,
  rows,
  columns,
  several,
}: {
  label: string;
  rows: readonly ShownRow[];
  columns: readonly string[];
  several: boolean;
}) {
  return (
    <ul className="ns-show-cards" aria-label={label}>
      {rows.map((row, i) => (
        <li key={i}>
          {several && <b className="break">{row.device}</b>}
          <dl>
            {columns
              .filter((name) => cellText(row.cells[name]) !== "")
              .map((name) => (
                <div key={name}>
                  <dt>{headText(name)}</dt>
                  <dd className="mono break">{cellText(row.cells[name])}</dd>
                </div>
              ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}
