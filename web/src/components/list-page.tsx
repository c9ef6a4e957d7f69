import { Button, Select, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { statusOf } from "../lib/status-of.ts";
import { useUrlState } from "../lib/url-state.ts";
import { count } from "./bits.tsx";
import { DataTable, type DataTableProps } from "./data-table.tsx";
import { Page } from "./page.tsx";
import { PAGE_SIZE, Pager } from "./pager.tsx";
import { Empty, Loaded } from "./states.tsx";
import "./list-page.css";

type Filter = Record<string, string | undefined>;
export type ListState = { filter: Filter; sort: string | undefined; offset: number; limit: number };

/** What of a list is looked at, from the address: the filters it knows, its sort, its page. */
export function useList(keys: readonly string[]): ListState {
  const [search] = useUrlState();
  return {
    filter: Object.fromEntries(keys.map((key) => [key, search[key]])),
    sort: search["sort"],
    offset: Number(search["offset"] ?? 0) || 0,
    limit: PAGE_SIZE,
  };
}

type Props<Row, Data extends { total: number }> = {
  title: string;
  /** `change`: how one of them is called. */
  one: string;
  list: ListState;
  query: UseQueryResult<Data>;
  rows: (data: Data) => Row[];
  what: string;
  touched?: ReactNode;
  statuses: readonly string[];
  /** Set where the API finds them by their words. */
  search?: string;
  actions?: ReactNode;
  /** More filters, behind the status. */
  filters?: ReactNode;
  /** The columns and the rest of the table; sorts by a column where `sort` is what it sorts by at first. */
  table: Omit<DataTableProps<Row>, "label" | "className" | "rows" | "sort" | "fill" | "empty" | "footer">;
  sort?: string;
  /** Stands there when there is none at all. */
  none: ReactNode;
};

/** A page that is one long table: words, status, only one device, pages; all of it in the address. */
export function ListPage<Row, Data extends { total: number }>(props: Props<Row, Data>) {
  const { title, one, list, query, touched, search, table, sort, none } = props;
  const [, set] = useUrlState();
  const { filter, offset } = list;
  const filtered = Object.values(filter).some((value) => value !== undefined);
  const narrow = (patch: Filter): void => set({ ...patch, offset: undefined });
  return (
    <Page
      title={title}
      beside={query.data && <span className="sm t3">{count(query.data.total, one)}</span>}
      actions={props.actions}
      fill
    >
      <div className="row g6 w ns-filters">
        {search !== undefined && (
          <Words
            label={`Search ${title.toLowerCase()}`}
            placeholder={search}
            value={filter["search"] ?? ""}
            onChange={(text) => narrow({ search: text })}
          />
        )}
        <Select
          aria-label="Status"
          placeholder="Any status"
          clearable
          w={190}
          data={props.statuses.map((value) => ({ value, label: statusOf(value).word }))}
          value={filter["status"] ?? null}
          onChange={(value) => narrow({ status: value ?? undefined })}
        />
        {filter["device"] !== undefined && (
          <Button size="xs" variant="subtle" onClick={() => narrow({ device: undefined })}>
            Only {filter["device"]} ×
          </Button>
        )}
        {props.filters}
      </div>
      <Loaded query={query} what={props.what} touched={touched}>
        {(data) => (
          <DataTable
            {...table}
            className="ns-list"
            label={title}
            rows={props.rows(data)}
            {...(sort === undefined
              ? {}
              : { sort: { value: list.sort ?? sort, onChange: (next) => narrow({ sort: next }) } })}
            fill
            empty={
              filtered ? (
                <Empty
                  title={`No ${one} matches`}
                  icon={<IconSearch className="i28 t3" aria-hidden />}
                  actions={
                    <Button
                      onClick={() => narrow(Object.fromEntries(Object.keys(filter).map((key) => [key, undefined])))}
                    >
                      Show all
                    </Button>
                  }
                />
              ) : (
                none
              )
            }
            footer={
              <Pager
                total={data.total}
                offset={offset}
                onOffset={(next) => set({ offset: next === 0 ? undefined : String(next) })}
              />
            }
          />
        )}
      </Loaded>
    </Page>
  );
}

type WordsProps = { label: string; placeholder: string; value: string; onChange: (text: string | undefined) => void };
/** A search that reaches the address when the typing pauses. */
function Words({ label, placeholder, value, onChange }: WordsProps) {
  const [text, setText] = useState(value);
  const [last, setLast] = useState(value);
  if (value !== last) {
    setLast(value);
    setText(value);
  }
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onChange(text.trim() === "" ? undefined : text), 300);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <TextInput
      aria-label={label}
      placeholder={placeholder}
      leftSection={<IconSearch size={14} aria-hidden />}
      w={260}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}

/** The devices of a row: the only one by its name, several as their number. */
export function DevicesCell({ devices }: { devices: readonly string[] }) {
  return (
    <span className="ell ns-some" title={devices.slice(0, 40).join(", ")}>
      {devicesWord(devices)}
    </span>
  );
}
export const devicesWord = (devices: readonly string[]): string =>
  devices.length === 1 ? (devices[0] ?? "") : count(devices.length, "device");
