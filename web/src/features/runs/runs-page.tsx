import { Button, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { RUN_KINDS, RUN_STATUSES, type Run } from "../../../../domain/contract/run.ts";
import { count } from "../../components/bits.tsx";
import type { Column } from "../../components/data-table.tsx";
import { DevicesCell, ListPage, devicesWord, useList } from "../../components/list-page.tsx";
import { Empty } from "../../components/states.tsx";
import { StatusText } from "../../components/status.tsx";
import { Elapsed, When } from "../../components/times.tsx";
import { links } from "../../lib/links.ts";
import { useCan } from "../../lib/session.ts";
import { useGo, useUrlState } from "../../lib/url-state.ts";
import { runsQuery } from "./runs-api.ts";

/** A list does not name the devices of a backup: there may be thousands. */
const devicesOf = (run: Run): string => (run.backup ? count(run.backup.total, "device") : devicesWord(run.devices));
const KINDS: Record<Run["kind"], string> = { change: "Changes", backup: "Backups", stack_deploy: "Stack deploys" };

const COLUMNS: Column<Run>[] = [
  { id: "status", head: "Status", cell: (r) => <StatusText status={r.status} /> },
  {
    id: "message",
    head: "Now",
    cell: (r) => (
      <span className="ell ns-some t3" title={r.message ?? ""}>
        {r.message}
      </span>
    ),
    wide: true,
  },
  { id: "devices", head: "Devices", cell: (r) => (r.backup ? devicesOf(r) : <DevicesCell devices={r.devices} />) },
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
  const go = useGo();
  const [, set] = useUrlState();
  const may = useCan();
  const list = useList(["status", "kind", "device", "change"]);
  const { filter, limit, offset } = list;
  const query = useQuery(runsQuery({ ...filter, limit, offset }));
  return (
    <ListPage
      title="Runs"
      one="run"
      list={list}
      query={query}
      rows={({ runs }) => runs}
      what="The runs could not be read."
      touched="Showing runs only reads; the runs themselves go on."
      statuses={RUN_STATUSES}
      filters={
        <Select
          aria-label="Kind"
          placeholder="Any kind"
          clearable
          w={150}
          data={RUN_KINDS.map((value) => ({ value, label: KINDS[value] }))}
          value={filter["kind"] ?? null}
          onChange={(value) => set({ kind: value ?? undefined, offset: undefined })}
        />
      }
      table={{
        rowId: (r) => r.id,
        name: { head: "Run", text: (r) => r.title, href: (r) => links.run(r.id) },
        columns: COLUMNS,
        version: (r) => `${r.status} ${r.message ?? ""}`,
        card: (r) => ({
          title: <span className="ell">{r.title}</span>,
          line: `${devicesOf(r)} · ${r.message ?? r.started_by}`,
          aside: <StatusText status={r.status} />,
        }),
      }}
      none={
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
          Every change has a run: it plans, waits for approval, sends, verifies, and keeps or takes back. A backup of
          configs is one, too. Each shows here from its start on.
        </Empty>
      }
    />
  );
}
