import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { CHANGE_STATUSES, type ChangeSummary } from "../../../../domain/contract/change.ts";
import type { Column } from "../../components/data-table.tsx";
import { Counts } from "../../components/diff/counts.tsx";
import { DevicesCell, ListPage, devicesWord, useList } from "../../components/list-page.tsx";
import { Empty } from "../../components/states.tsx";
import { RiskText, StatusText } from "../../components/status.tsx";
import { When } from "../../components/times.tsx";
import { links } from "../../lib/links.ts";
import { useCan } from "../../lib/session.ts";
import { useGo } from "../../lib/url-state.ts";
import { changesQuery } from "./changes-api.ts";

const COLUMNS: Column<ChangeSummary>[] = [
  { id: "status", head: "Status", sort: "status", cell: (c) => <StatusText status={c.status} /> },
  { id: "risk", head: "Risk", cell: (c) => (c.risk ? <RiskText level={c.risk.level} /> : null), wide: true },
  { id: "devices", head: "Devices", cell: (c) => <DevicesCell devices={c.devices} /> },
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
const NEWEST = "-updated_at";

/** What was changed, what is being changed, what waits. */
export function ChangesPage() {
  const go = useGo();
  const may = useCan();
  const list = useList(["status", "device", "search"]);
  const { filter, sort = NEWEST, limit, offset } = list;
  const query = useQuery(changesQuery({ ...filter, sort, limit, offset }));
  const fresh = may("changes:write") && (
    <Button variant="filled" leftSection={<IconPlus />} onClick={() => go(links.newChange())}>
      New change
    </Button>
  );
  return (
    <ListPage
      title="Changes"
      one="change"
      list={list}
      query={query}
      rows={({ changes }) => changes}
      what="The changes could not be read."
      statuses={CHANGE_STATUSES}
      search="Title"
      actions={fresh}
      sort={NEWEST}
      table={{
        rowId: (c) => c.id,
        name: { head: "Change", text: (c) => c.title, href: (c) => links.change(c.id), sort: "title" },
        columns: COLUMNS,
        version: (c) => c.updated_at,
        dim: (c) => c.status === "cancelled",
        card: (c) => ({
          title: <span className="ell">{c.title}</span>,
          line: `${devicesWord(c.devices)} · ${c.requested_by}`,
          aside: <StatusText status={c.status} />,
        }),
      }}
      none={
        <Empty title="No change yet" actions={fresh}>
          A change is lines for devices, planned, approved by somebody else, sent, checked, and kept or taken back. For
          example: “Move syslog to the new collectors” on three edge routers.
        </Empty>
      }
    />
  );
}
