import { useQuery } from "@tanstack/react-query";
import type { Run } from "../../../../domain/contract/run.ts";
import { TextLink } from "../../components/go.tsx";
import { StateBar, StatusIcon } from "../../components/status.tsx";
import { Elapsed } from "../../components/times.tsx";
import { links } from "../../lib/links.ts";
import { useCan } from "../../lib/session.ts";
import { countSegments } from "../runs/backup-outcomes.ts";
import { runningQuery } from "./backups-api.ts";

/** Backups under way: how far each is, and where to watch it. */
export function RunningNotes() {
  const may = useCan();
  const running = useQuery({ ...runningQuery, enabled: may("runs:read") }).data ?? [];
  return running.map((run) => <RunningNote key={run.id} run={run} />);
}

function RunningNote({ run }: { run: Run }) {
  const counts = run.backup;
  return (
    <div className="ns-bk-now ns-card" role="status">
      <StatusIcon kind="run" icon="turn" className="lg" />
      <span className="what">
        <b className="ell">{run.title}</b>
        {counts && (
          <span className="num t2 nowrap">
            {(counts.success + counts.failed + counts.skipped).toLocaleString("en")} of{" "}
            {counts.total.toLocaleString("en")}
            {counts.failed > 0 && <span className="k-bad k-text">, {counts.failed} failed</span>}
          </span>
        )}
      </span>
      {counts && <StateBar total={counts.total} segments={countSegments(counts)} />}
      <span className="sm t3 nowrap only-wide">
        <Elapsed from={run.started_at ?? run.created_at} />
      </span>
      <TextLink href={links.run(run.id)} className="nowrap">
        Open the run
      </TextLink>
    </div>
  );
}
