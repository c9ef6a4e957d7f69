import { Button, Select } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { RUN_STATUSES, type Run } from "../../../../domain/contract/run.ts";
import { count } from "../../components/bits.tsx";
import { DataTable, type Column } from "../../components/data-table.tsx";
import { Page } from "../../components/page.tsx";
import { PAGE_SIZE, Pager } from "../../components/pager.tsx";
import { Empty, Loaded } from "../../components/states.tsx";
import { StatusText } from "../../components/status.tsx";
import { Elapsed, When } from "../../components/times.tsx";
import { links } from "../../lib/links.ts";
import { useCan } from "../../lib/session.ts";
import { statusOf } from "../../lib/status-of.ts";
import { useGo, useUrlState } from "../../lib/url-state.ts";
import { runsQuery } from "./runs-api.ts";
import "../changes/plan.css";

const devicesWord = (run: Run): string =>
  run.devices.length === 1 ? (run.devices[0] ?? "") : count(run.devices.length, "device");

const COLUMNS: Column<Run>[] = [
  { id: "status", head: "Status", cell: (r) => <StatusText status={r.status} /> },
  {
    id: "message",
    head: "Now",
    cell: (r) => (
      <span className="ell ns-cell t3" title={r.message ?? ""}>
        {r.message}
      </span>
    ),
    wide: true,
  },
  {
    id: "devices",
    head: "Devices",
    cell: (r) => (
      <span className="ell ns-cell" title={r.devices.join(", ")}>
        {devicesWord(r)}
      </span>
    ),
  },
  { id: "by", head: "Started by", cell: (r) => r.started_by, wide: true },
  { id: "started", head: "Started", align: "right", cell: (r) => <When at={r.started_at ?? r.created_at} precise /> },
  {
    id: "took",
    head: "Took",
    align: "right",
    cell: (r) => (r.started_at ? <Elapsed from={r.started_at} to={r.completed_at} /> : null),
  },
];

/** What runs, what needs somebody, what ran. */
export function RunsPage() {
  const [search, set] = useUrlState();
  const go = useGo();
  const may = useCan();
  const offset = Number(search["offset"] ?? 0) || 0;
  const { status, device, change } = search;
  const query = useQuery(runsQuery({ status, device, change, limit: PAGE_SIZE, offset }));
  const filtered = status !== undefined || device !== undefined || change !== undefined;
  return (
    <Page title="Runs" beside={query.data && <span className="sm t3">{count(query.data.total, "run")}</span>} fill>
      <div className="row g6 w ns-filters">
        <Select
          aria-label="Status"
          placeholder="Any status"
          clearable
          w={190}
          data={RUN_STATUSES.map((value) => ({ value, label: statusOf(value).word }))}
          value={status ?? null}
          onChange={(value) => set({ status: value ?? undefined, offset: undefined })}
        />
        {device !== undefined && (
          <Button size="xs" variant="subtle" onClick={() => set({ device: undefined, offset: undefined })}>
            Only {device} ×
          </Button>
        )}
      </div>
      <Loaded
        query={query}
        what="The runs could not be read."
        touched="Showing runs only reads; the runs themselves go on."
      >
        {(data) => (
          <DataTable
            label="Runs"
            rows={data.runs}
            rowId={(r) => r.id}
            name={{ head: "Run", text: (r) => r.title, href: (r) => links.run(r.id) }}
            columns={COLUMNS}
            version={(r) => `${r.status} ${r.message ?? ""}`}
            card={(r) => ({
              title: <span className="ell">{r.title}</span>,
              line: `${devicesWord(r)} · ${r.message ?? r.started_by}`,
              aside: <StatusText status={r.status} />,
            })}
            fill
            empty={
              filtered ? (
                <Empty
                  title="No run matches"
                  icon={<IconSearch className="i28 t3" aria-hidden />}
                  actions={
                    <Button
                      onClick={() =>
                        set({ status: undefined, device: undefined, change: undefined, offset: undefined })
                      }
                    >
                      Show all
                    </Button>
                  }
                />
              ) : (
                <Empty
                  title="Nothing ran yet"
                  actions={
                    may("changes:write") && (
                      <Button variant="filled" onClick={() => go(links.newChange())}>
                        New change
                      </Button>
                    )
                  }
                >
                  Every change has a run: it plans, waits for approval, sends, verifies, and keeps or takes back. It
                  shows here from its first plan on.
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
