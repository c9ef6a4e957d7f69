import type { Run } from "../../../../domain/contract/run.ts";
import { Go } from "../../components/go.tsx";
import { StateBar, StatusPill } from "../../components/status.tsx";
import { Elapsed } from "../../components/times.tsx";
import { links } from "../../lib/links.ts";
import { progressOf } from "./progress.ts";

const SHOWN = 5;

export function RunningNow({ runs }: { runs: Run[] }) {
  if (runs.length === 0) return <p className="cb t3">Nothing runs.</p>;
  return (
    <ul>
      {runs.slice(0, SHOWN).map((run) => {
        const { segments, total, word } = progressOf(run);
        return (
          <li className="ns-rn" key={run.id}>
            <Go href={links.run(run.id)} className="b ell">
              {run.title}
            </Go>
            <StatusPill status={run.status}>{word ?? undefined}</StatusPill>
            <StateBar segments={segments} total={total} />
            <span className="sm t3 ell">
              {[run.message, `started by ${run.started_by}`].filter(Boolean).join(" · ")}
            </span>
            <span className="sm t3 r">
              <Elapsed from={run.started_at ?? run.created_at} /> in
            </span>
          </li>
        );
      })}
      {runs.length > SHOWN && (
        <li className="ns-it">
          <Go className="lk u" href={links.runs()}>
            {runs.length - SHOWN} more
          </Go>
        </li>
      )}
    </ul>
  );
}
