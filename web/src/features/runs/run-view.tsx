import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Change } from "../../../../domain/contract/change.ts";
import type { Run } from "../../../../domain/contract/run.ts";
import { VirtualTag } from "../../components/bits.tsx";
import { TextLink } from "../../components/go.tsx";
import { Page } from "../../components/page.tsx";
import { Note } from "../../components/states.tsx";
import { StatusIcon } from "../../components/status.tsx";
import { links } from "../../lib/links.ts";
import { statusOf } from "../../lib/status-of.ts";
import { useUrlState } from "../../lib/url-state.ts";
import { changeQuery } from "../changes/changes-api.ts";
import { isLabOnly, shortId } from "../changes/plan-words.ts";
import { Activity } from "./activity.tsx";
import { Inspector } from "./inspector.tsx";
import { firstCell, interruptedSteps, isColumn, type Column } from "./matrix.ts";
import { NotLive, NotLiveNote } from "./not-live.tsx";
import { ControlBar, ControlButtons, ControlDialogs, useControls } from "./run-controls.tsx";
import { RunFacts, RunPill, Spoken } from "./run-head.tsx";
import { RunMatrix } from "./run-matrix.tsx";
import { RunCards } from "./run-cards.tsx";
import { hasEnded, verdictOf } from "./run-words.ts";
import { useRunLive } from "./use-run-live.ts";
import "../changes/plan.css";
import "../approvals/approvals.css";
import "./runs.css";

/** Where is it, is it all right, does it need me? */
export function RunView({ run }: { run: Run }) {
  const [search, set] = useUrlState();
  const { stream, progress } = useRunLive(run.id);
  const change = useQuery({ ...changeQuery(run.change_id ?? ""), enabled: run.change_id !== null }).data;
  const controls = useControls(run, change);
  const targets = useMemo(() => new Map((change?.targets ?? []).map((t) => [t.device, t])), [change]);
  const waiting = interruptedSteps(run);
  // Until somebody chooses a cell, the one that needs a look is shown.
  const first = firstCell(run);
  const device =
    search["device"] !== undefined && run.devices.includes(search["device"]) ? search["device"] : (first?.device ?? "");
  const column: Column = isColumn(search["step"]) ? search["step"] : (first?.column ?? "plan");
  const choose = (to: { device: string; column: Column }): void => set({ device: to.device, step: to.column });
  const needs = waiting[0];

  return (
    <Page
      fill
      title={run.title}
      crumbs={[{ label: "Runs", href: links.runs() }, { label: shortId(run.id) }]}
      beside={
        <>
          <RunPill run={run} />
          {needs?.device && (
            <button
              type="button"
              className="ns-pill k-doubt lg ns-run-needs"
              onClick={() =>
                needs.device !== null &&
                choose({
                  device: needs.device,
                  column: needs.type === "rollback" ? "keep" : isColumn(needs.type) ? needs.type : "apply",
                })
              }
            >
              <StatusIcon kind="doubt" icon="broken" />
              {waiting.length === 1 ? "1 device needs you" : `${waiting.length} devices need you`}
            </button>
          )}
          {change && isLabOnly(change) && <VirtualTag />}
          <NotLive stream={stream} />
        </>
      }
      actions={<ControlButtons controls={controls} />}
      below={<RunFacts run={run} change={change} />}
    >
      <Spoken text={run.message ?? statusOf(run.status).word} />
      <NotLiveNote stream={stream} />
      <RunNote run={run} change={change} />
      <div className="ns-run-mx">
        <div className="left">
          {run.devices.length > 0 && (
            <RunMatrix run={run} targets={targets} progress={progress} chosen={{ device, column }} onChoose={choose} />
          )}
          <RunCards run={run} targets={targets} progress={progress} chosen={device} onChoose={choose} />
          <Activity run={run} />
        </div>
        {device !== "" && <Inspector run={run} change={change} device={device} column={column} />}
      </div>
      <ControlBar controls={controls} />
      <ControlDialogs run={run} controls={controls} />
    </Page>
  );
}

/** What the run waits for, or how it ended. */
function RunNote({ run, change }: { run: Run; change: Change | undefined }) {
  if (run.cancel_requested && !hasEnded(run))
    return (
      <Note kind="idle" icon="slash" head="Cancelling.">
        Each device ends its line, then nothing more is sent.
      </Note>
    );
  if (run.status === "paused")
    return (
      <Note kind="idle" icon="pause" head="Paused.">
        Nothing more is sent until it is resumed.
      </Note>
    );
  if (run.pause_requested && !hasEnded(run))
    return (
      <Note kind="run" icon="pause" head="Pausing.">
        Each device ends its line, then nothing more is sent.
      </Note>
    );
  if (run.status === "waiting_approval")
    return (
      <Note kind="wait" icon="person" head="Waits for approval.">
        Nothing is sent before somebody else has said yes.{" "}
        {run.approval_id && <TextLink href={links.approval(run.approval_id)}>Open the approval</TextLink>}
      </Note>
    );
  if (run.status === "pending" && change && change.status === "draft")
    return (
      <Note kind="idle" icon="ring" head="A draft.">
        It is planned and waits to be asked for. <TextLink href={links.change(change.id)}>Open the change</TextLink>
      </Note>
    );
  if (!hasEnded(run)) return null;
  const { head, rest } = verdictOf(run);
  const view = statusOf(run.status);
  return (
    <Note kind={view.kind} icon={view.icon} head={head}>
      {rest}
      {change?.undone_by && (
        <>
          {" "}
          <TextLink href={links.change(change.undone_by)}>A later change takes it back.</TextLink>
        </>
      )}
      {change && change.origin.kind === "undo" && run.status === "success" && " The earlier change is undone."}
    </Note>
  );
}
