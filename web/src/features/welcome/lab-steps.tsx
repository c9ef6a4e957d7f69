import { useQuery } from "@tanstack/react-query";
import type { Change } from "../../../../domain/contract/change.ts";
import type { Run } from "../../../../domain/contract/run.ts";
import { TextLink } from "../../components/go.tsx";
import { StatusText } from "../../components/status.tsx";
import { links } from "../../lib/links.ts";
import { formatDuration } from "../../lib/time.ts";
import { cellStep, countColumn, indexSteps, loudest, shortDuration, type Column } from "../runs/matrix.ts";
import { NotLiveNote } from "../runs/not-live.tsx";
import { runQuery } from "../runs/runs-api.ts";
import { hasEnded, verdictOf } from "../runs/run-words.ts";
import { useRunLive } from "../runs/use-run-live.ts";

const STEPS: { column: Column; name: string; what: string }[] = [
  { column: "plan", name: "Plan", what: "read, compare" },
  { column: "approve", name: "Say yes", what: "you, in the lab" },
  { column: "apply", name: "Send", what: "what you see above" },
  { column: "verify", name: "Check", what: "config and NTP" },
  { column: "keep", name: "Keep", what: "save" },
];

/** The steps of a lab change as they happen, then how it ended. */
export function LabSteps({ change }: { change: Change }) {
  const run = useQuery(runQuery(change.run_id)).data;
  const { stream } = useRunLive(change.run_id);
  return (
    <div className="steps">
      <NotLiveNote stream={stream} />
      <ol className="tl" aria-label="Steps">
        {STEPS.map((step) => (
          <Step key={step.column} {...step} run={run} />
        ))}
        <li className={`back ${usedBack(run) ? "k-back on" : ""}`}>
          <b>Or go back</b>
          {usedBack(run) ? "rolled back" : "by itself"}
        </li>
      </ol>
      {run && hasEnded(run) && (
        <p className="row g6 w verdict" role="status">
          <StatusText status={run.status}>{verdictOf(run).head}</StatusText>
          {run.started_at && run.completed_at && (
            <span className="t3 num">
              {formatDuration(Date.parse(run.completed_at) - Date.parse(run.started_at))} from plan to end
            </span>
          )}
          <TextLink href={links.run(run.id)}>Open the run</TextLink>
        </p>
      )}
      {run && !hasEnded(run) && run.status !== "pending" && (
        <p className="row g6 w verdict">
          <span className="t3">{run.message}</span> <TextLink href={links.run(run.id)}>Open the run</TextLink>
        </p>
      )}
    </div>
  );
}

const usedBack = (run: Run | undefined): boolean =>
  run?.steps.some((s) => s.type === "rollback" && s.status !== "pending" && s.status !== "skipped") ?? false;

function Step({ column, name, what, run }: { column: Column; name: string; what: string; run: Run | undefined }) {
  if (!run)
    return (
      <li>
        <b>{name}</b>
        {what}
      </li>
    );
  const index = indexSteps(run);
  const counts = countColumn(index, run.devices, column);
  const done = counts.find((c) => c.kind === "ok")?.count ?? 0;
  const loud = loudest(counts);
  const kind = loud ?? (done > 0 ? "ok" : null);
  const longest = Math.max(0, ...run.devices.map((d) => cellStep(index, d, column)?.duration_ms ?? 0));
  const text =
    done === run.devices.length
      ? `${done} of ${done}${longest > 0 && column !== "approve" ? `, ${shortDuration(longest, formatDuration)}` : ""}`
      : loud !== null
        ? `${done} of ${run.devices.length}`
        : what;
  return (
    <li className={kind ? `k-${kind} on` : ""}>
      <b>{name}</b>
      <span className="num">{text}</span>
      <span className="vh">{counts.map((c) => `${c.count} ${c.word}`).join(", ")}</span>
    </li>
  );
}
