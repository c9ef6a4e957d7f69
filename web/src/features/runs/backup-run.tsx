import { useMemo } from "react";
import type { BackupCounts, Run } from "../../../../domain/contract/run.ts";
import { count } from "../../components/bits.tsx";
import { Page } from "../../components/page.tsx";
import { Note } from "../../components/states.tsx";
import { StateBar } from "../../components/status.tsx";
import { sentence } from "../../lib/errors.ts";
import { links } from "../../lib/links.ts";
import { statusOf } from "../../lib/status-of.ts";
import { shortId } from "../changes/plan-words.ts";
import { Activity } from "./activity.tsx";
import { BackupDevices } from "./backup-devices.tsx";
import { countSegments, failuresByName, groupOutcomes } from "./backup-outcomes.ts";
import { NotLive, NotLiveNote } from "./not-live.tsx";
import { ControlBar, ControlButtons, ControlDialogs, useControls } from "./run-controls.tsx";
import { RunFacts, RunPill, Spoken } from "./run-head.tsx";
import { hasEnded } from "./run-words.ts";
import { useRunLive } from "./use-run-live.ts";
import "../changes/plan.css";
import "./runs.css";
import "./backup-run.css";

const NOTHING: BackupCounts = { total: 0, success: 0, unchanged: 0, failed: 0, skipped: 0, pending: 0 };

/** A backup of one device or of thousands: how far it is, and how each came out, by outcome. */
export function BackupRun({ run }: { run: Run }) {
  const { stream } = useRunLive(run.id);
  const controls = useControls(run, undefined);
  const groups = useMemo(() => groupOutcomes(run), [run]);
  const failed = groups.find((group) => group.outcome === "failed")?.steps ?? [];
  const counts = run.backup ?? { ...NOTHING, total: run.devices.length };
  const ended = hasEnded(run);
  const { kind, icon } = statusOf(run.status);
  return (
    <Page
      fill
      title={run.title}
      crumbs={[{ label: "Runs", href: links.runs() }, { label: shortId(run.id) }]}
      beside={
        <>
          <RunPill run={run} />
          <NotLive stream={stream} />
        </>
      }
      actions={<ControlButtons controls={controls} />}
      below={<RunFacts run={run} change={undefined} />}
    >
      <Spoken text={run.message ?? statusOf(run.status).word} />
      <NotLiveNote stream={stream} />
      {ended && (run.status !== "success" || counts.failed > 0) && (
        <Note
          kind={counts.failed > 0 && run.status === "success" ? "wait" : kind}
          icon={counts.failed > 0 && run.status === "success" ? "warn" : icon}
          head={sentence(run.error?.message ?? run.message ?? statusOf(run.status).word)}
        >
          {run.error?.what_to_do ?? (counts.failed > 0 && "What was stored before stays; each device below says why.")}
        </Note>
      )}
      <div className="ns-bkr">
        <section className="ns-card main" aria-label="Devices">
          <div className="sum">
            <span className="bg num">
              {counts.success.toLocaleString("en")} of {count(counts.total, "device")} read
            </span>
            <StateBar total={counts.total} segments={countSegments(counts)} />
            <p>{words(counts)}</p>
          </div>
          <BackupDevices groups={groups} />
        </section>
        <div className="aside">
          {failed.length > 0 && (
            <section className="ns-card because" aria-label="Why" tabIndex={0}>
              <div className="ns-ch">
                <h2>Why they were not read</h2>
              </div>
              <ul className="why">
                {failuresByName(failed).map(({ code, whatToDo, devices }) => (
                  <li key={code}>
                    <b className="num">{devices.toLocaleString("en")}</b>
                    <span className="break">
                      <code>{code}</code> <span className="t2">{whatToDo}</span>
                    </span>
                  </li>
                ))}
              </ul>
            </section>
          )}
          <Activity run={run} />
        </div>
      </div>
      <ControlBar controls={controls} />
      <ControlDialogs run={run} controls={controls} />
    </Page>
  );
}

/** `12 new versions, 186 as before, 2 not read, 40 to go.` */
function words(counts: BackupCounts): string {
  const fresh = counts.success - counts.unchanged;
  const parts = [
    counts.success > 0 && `${count(fresh, "new version")}, ${counts.unchanged.toLocaleString("en")} as before`,
    counts.failed > 0 && `${counts.failed.toLocaleString("en")} not read`,
    counts.skipped > 0 && `${counts.skipped.toLocaleString("en")} skipped`,
    counts.pending > 0 && `${counts.pending.toLocaleString("en")} to go`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? "It has not begun." : `${parts.join(", ")}.`;
}
