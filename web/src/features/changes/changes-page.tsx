import { Button, Select, TextInput } from "@mantine/core";
import { IconPlus, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { CHANGE_STATUSES, type ChangeSummary } from "../../../../domain/contract/change.ts";
import { count } from "../../components/bits.tsx";
import { DataTable, type Column } from "../../components/data-table.tsx";
import { Counts } from "../../components/diff/counts.tsx";
import { Page } from "../../components/page.tsx";
import { PAGE_SIZE, Pager } from "../../components/pager.tsx";
import { Empty, Loaded } from "../../components/states.tsx";
import { RiskText, StatusText } from "../../components/status.tsx";
import { When } from "../../components/times.tsx";
import { links } from "../../lib/links.ts";
import { useCan } from "../../lib/session.ts";
import { statusOf } from "../../lib/status-of.ts";
import { useGo, useUrlState } from "../../lib/url-state.ts";
import { changesQuery } from "./changes-api.ts";
import "./plan.css";

const devicesWord = (c: ChangeSummary): string =>
  c.devices.length === 1 ? (c.devices[0] ?? "") : count(c.devices.length, "device");

const COLUMNS: Column<ChangeSummary>[] = [
  { id: "status", head: "Status", sort: "status", cell: (c) => <StatusText status={c.status} /> },
  { id: "risk", head: "Risk", cell: (c) => (c.risk ? <RiskText level={c.risk.level} /> : null), wide: true },
  {
    id: "devices",
    head: "Devices",
    cell: (c) => (
      <span className="ell ns-cell" title={c.devices.join(", ")}>
        {devicesWord(c)}
      </span>
    ),
  },
  {
    id: "lines",
    head: "Lines",
    align: "right",
    cell: (c) => (c.planned_at === null ? null : <Counts added={c.added} removed={c.removed} />),
  },
  { id: "by", head: "Asked by", cell: (c) => c.requested_by, wide: true },
  {
    id: "updated",
    head: "Last moved",
    sort: "updated_at",
    align: "right",
    cell: (c) => <When at={c.updated_at} precise />,
  },
];

/** What was changed, what is being changed, what waits. */
export function ChangesPage() {
  const [search, set] = useUrlState();
  const go = useGo();
  const may = useCan();
  const offset = Number(search["offset"] ?? 0) || 0;
  const filter = { status: search["status"], device: search["device"], search: search["search"] };
  const filtered = Object.values(filter).some((v) => v !== undefined);
  const query = useQuery(changesQuery({ ...filter, sort: search["sort"] ?? "-updated_at", limit: PAGE_SIZE, offset }));
  const fresh = may("changes:write") && (
    <Button variant="filled" leftSection={<IconPlus />} onClick={() => go(links.newChange())}>
      New change
    </Button>
  );
  return (
    <Page
      title="Changes"
      beside={query.data && <span className="sm t3">{count(query.data.total, "change")}</span>}
      actions={fresh}
      fill
    >
      <div className="row g6 w ns-filters">
        <Words value={search["search"] ?? ""} onChange={(text) => set({ search: text, offset: undefined })} />
        <Select
          aria-label="Status"
          placeholder="Any status"
          clearable
          w={190}
          data={CHANGE_STATUSES.map((value) => ({ value, label: statusOf(value).word }))}
          value={search["status"] ?? null}
          onChange={(value) => set({ status: value ?? undefined, offset: undefined })}
        />
        {search["device"] !== undefined && (
          <Button size="xs" variant="subtle" onClick={() => set({ device: undefined, offset: undefined })}>
            Only {search["device"]} ×
          </Button>
        )}
      </div>
      <Loaded query={query} what="The changes could not be read.">
        {(data) => (
          <DataTable
            label="Changes"
            rows={data.changes}
            rowId={(c) => c.id}
            name={{ head: "Change", text: (c) => c.title, href: (c) => links.change(c.id), sort: "title" }}
            columns={COLUMNS}
            sort={{ value: search["sort"] ?? "-updated_at", onChange: (sort) => set({ sort, offset: undefined }) }}
            version={(c) => c.updated_at}
            dim={(c) => c.status === "cancelled"}
            card={(c) => ({
              title: <span className="ell">{c.title}</span>,
              line: `${devicesWord(c)} · ${c.requested_by}`,
              aside: <StatusText status={c.status} />,
            })}
            fill
            empty={
              filtered ? (
                <Empty
                  title="No change matches"
                  icon={<IconSearch className="i28 t3" aria-hidden />}
                  actions={
                    <Button
                      onClick={() =>
                        set({ search: undefined, status: undefined, device: undefined, offset: undefined })
                      }
                    >
                      Show all
                    </Button>
                  }
                />
              ) : (
                <Empty title="No change yet" actions={fresh}>
                  A change is lines for devices, planned, approved by somebody else, sent, checked, and kept or taken
                  back. For example: “Move syslog to the new collectors” on three edge routers.
                </Empty>
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

/** A search that reaches the address when the typing pauses. */
function Words({ value, onChange }: { value: string; onChange: (text: string | undefined) => void }) {
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
      aria-label="Search changes"
      placeholder="Title"
      leftSection={<IconSearch size={14} aria-hidden />}
      w={260}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}
