import { useQuery } from "@tanstack/react-query";
import type { Health } from "../../../../domain/contract/platform.ts";
import { count } from "../../components/bits.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { TextLink } from "../../components/go.tsx";
import { Card } from "../../components/page.tsx";
import { Loaded, Note } from "../../components/states.tsx";
import { StatusText } from "../../components/status.tsx";
import { Ago, When } from "../../components/times.tsx";
import { healthQuery, workersQuery, type Worker } from "../../lib/stats.ts";

const JOBS = {
  postgres: ["Postgres", "records, journal, audit, vault"],
  temporal: ["Temporal", "holds every run: timers, retries, waiting"],
  workers: ["Workers", "plan, apply and verify on the devices"],
} as const;

/** What the service stands on, and whether it stands. */
export function EnginesSection() {
  const health = useQuery(healthQuery);
  return (
    <Loaded query={health} what="The health of the engines could not be read.">
      {(data) => (
        <>
          {data.status === "degraded" && (
            <Note kind="wait" icon="warn" head="Part of the service is away.">
              Approvals are still taken and runs stand where they stood; they go on by themselves.
            </Note>
          )}
          <Card
            title="Engines"
            note={
              <>
                NetStacks {data.version}, as of <When at={data.server_time} />
              </>
            }
          >
            <DataTable
              quiet
              label="Engines"
              rows={data.engines}
              rowId={(engine) => engine.name}
              version={(engine) => String(engine.ok)}
              name={{ head: "Name", text: (engine) => JOBS[engine.name][0] }}
              columns={[
                { id: "state", head: "State", cell: (engine) => <State engine={engine} workers={data.workers} /> },
                { id: "says", head: "Says", cell: (engine) => <span className="t2">{engine.detail}</span> },
                {
                  id: "job",
                  head: "Job",
                  wide: true,
                  cell: (engine) => <span className="t3">{JOBS[engine.name][1]}</span>,
                },
              ]}
              card={(engine) => ({
                title: JOBS[engine.name][0],
                line: engine.detail,
                aside: <State engine={engine} workers={data.workers} />,
              })}
            />
          </Card>
          <Workers />
          <p className="sm t3">
            For programs:{" "}
            <TextLink href="/api/docs" onClick={openDocs}>
              the API's reference
            </TextLink>
            , made from the schemas that check every request.
          </p>
        </>
      )}
    </Loaded>
  );
}

/** Each process that takes work, and since when. */
function Workers() {
  const workers = useQuery(workersQuery).data;
  if (!workers || workers.length === 0) return null;
  const state = (worker: Worker) => (
    <StatusText status={worker.alive ? "ok" : "unreachable"}>{worker.alive ? "At work" : "Away"}</StatusText>
  );
  return (
    <Card title="Workers" note="each tells every few seconds that it lives">
      <DataTable
        quiet
        label="Workers"
        rows={workers}
        rowId={(worker) => worker.id}
        version={(worker) => String(worker.alive)}
        name={{ head: "Name", text: (worker) => worker.id }}
        columns={[
          { id: "state", head: "State", cell: state },
          { id: "seen", head: "Last seen", cell: (worker) => <Ago at={worker.seen_at} /> },
          { id: "started", head: "Started", align: "right", cell: (worker) => <When at={worker.started_at} precise /> },
        ]}
        card={(worker) => ({
          title: <span className="ell">{worker.id}</span>,
          line: (
            <>
              seen <Ago at={worker.seen_at} />, started <When at={worker.started_at} precise />
            </>
          ),
          aside: state(worker),
        })}
      />
    </Card>
  );
}

function State({ engine, workers }: { engine: Health["engines"][number]; workers: number }) {
  if (!engine.ok) return <StatusText status="unreachable">Away</StatusText>;
  return <StatusText status="ok">{engine.name === "workers" ? count(workers, "worker") : "Reachable"}</StatusText>;
}

/** The reference is a page of the API, not of this app. */
function openDocs(event: { preventDefault: () => void }): void {
  event.preventDefault();
  window.open("/api/docs", "_blank", "noopener");
}
