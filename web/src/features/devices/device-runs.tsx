import { useQuery } from "@tanstack/react-query";
import type { Device } from "../../../../domain/contract/device.ts";
import type { Run } from "../../../../domain/contract/run.ts";
import { DataTable } from "../../components/data-table.tsx";
import { Empty, Loaded } from "../../components/states.tsx";
import { StatusText } from "../../components/status.tsx";
import { When } from "../../components/times.tsx";
import { links } from "../../lib/links.ts";
import { formatDuration } from "../../lib/time.ts";
import { deviceRunsQuery } from "./queries.ts";

const took = (run: Run): string =>
  run.started_at && run.completed_at ? formatDuration(Date.parse(run.completed_at) - Date.parse(run.started_at)) : "";

/** The runs that touched, or were to touch, this device. */
export function DeviceRuns({ device }: { device: Device }) {
  const query = useQuery(deviceRunsQuery(device.name));
  return (
    <Loaded query={query} what="The runs could not be read." touched="Nothing reached the device.">
      {({ runs }) => (
        <DataTable
          fill
          label={`Runs on ${device.name}`}
          rows={runs}
          rowId={(run) => run.id}
          version={(run) => run.status}
          name={{ head: "Run", text: (run) => run.title, href: (run) => links.run(run.id, { device: device.name }) }}
          columns={[
            { id: "status", head: "State", cell: (run) => <StatusText status={run.status} /> },
            { id: "by", head: "By", cell: (run) => run.started_by, wide: true },
            { id: "took", head: "Took", align: "right", cell: took },
            {
              id: "at",
              head: "Started",
              align: "right",
              cell: (run) => <When at={run.started_at ?? run.created_at} precise />,
            },
          ]}
          card={(run) => ({
            title: <span className="ell">{run.title}</span>,
            line: (
              <>
                {run.started_by} · <When at={run.started_at ?? run.created_at} precise />
              </>
            ),
            aside: <StatusText status={run.status} />,
          })}
          empty={
            <Empty icon={null} title="No run yet">
              Every change that touches this device shows here, with what was sent.
            </Empty>
          }
        />
      )}
    </Loaded>
  );
}
