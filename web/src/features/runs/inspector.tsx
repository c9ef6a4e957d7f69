import { useQuery } from "@tanstack/react-query";
import type { Change, PlanTarget } from "../../../../domain/contract/change.ts";
import type { Run, RunStep } from "../../../../domain/contract/run.ts";
import { VirtualTag } from "../../components/bits.tsx";
import { DiffView } from "../../components/diff/diff-view.tsx";
import { LinesView } from "../../components/diff/lines-view.tsx";
import { PlainLines } from "../../components/diff/plain-lines.tsx";
import { TextLink } from "../../components/go.tsx";
import { Note } from "../../components/states.tsx";
import { StatusPill } from "../../components/status.tsx";
import { useCommands } from "../../lib/commands.ts";
import { errorText } from "../../lib/errors.ts";
import { links } from "../../lib/links.ts";
import { useUrlState } from "../../lib/url-state.ts";
import { expectWords } from "../changes/draft.ts";
import { ChoicePanel } from "./choice-panel.tsx";
import { cellStep, indexSteps, type Column } from "./matrix.ts";
import { hasEnded } from "./run-words.ts";
import { linesQuery } from "./runs-api.ts";
import { TranscriptView } from "./transcript-view.tsx";

const TABS = ["lines", "transcript", "diff", "input"] as const;
type Tab = (typeof TABS)[number];
const NAMES: Record<Tab, string> = { lines: "Lines", transcript: "Transcript", diff: "Diff", input: "Input" };
const STEP_NAMES: Record<string, string> = {
  plan: "Plan",
  approve: "Approve",
  apply: "Apply",
  verify: "Verify",
  keep: "Keep",
  rollback: "Roll back",
};

type Props = { run: Run; change: Change | undefined; device: string; column: Column };

/** The chosen cell: what it waits for, the journal of its lines, what was said, what it changes. */
export function Inspector({ run, change, device, column }: Props) {
  const [search, set] = useUrlState();
  const tab = TABS.find((t) => t === search["tab"]) ?? "lines";
  const step = cellStep(indexSteps(run), device, column);
  const target = change?.targets.find((t) => t.device === device);
  const lines = useQuery({ ...linesQuery(run.id, device), enabled: device !== "" });
  useCommands([
    {
      id: "transcript",
      label: "Show the transcript",
      key: "t",
      group: "This run",
      run: () => set({ tab: tab === "transcript" ? undefined : "transcript" }),
    },
  ]);
  return (
    <section className="ns-card ns-run-ins" aria-label={`${device}, ${column}`}>
      <div className="ns-ch">
        <StatusPill status={step?.status ?? "pending"} />
        <h2 className="ell" title={device}>
          {device} · {STEP_NAMES[step?.type ?? column]}
        </h2>
        {target?.is_lab && <VirtualTag />}
        {step !== null && <span className="t3 end nowrap">attempt {step.attempt}</span>}
      </div>
      {step?.status === "interrupted" && step.device !== null ? (
        <ChoicePanel
          key={`${device}${step.type}${step.attempt}`}
          runId={run.id}
          step={step}
          device={device}
          lines={lines.data ?? []}
        />
      ) : (
        <StepNote run={run} step={step} target={target} />
      )}
      <div className="ns-tabs" role="tablist" aria-label="Of this device">
        {TABS.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            className="ns-tabbtn"
            aria-selected={name === tab}
            aria-controls="run-pane"
            id={`run-tab-${name}`}
            onClick={() => set({ tab: name === "lines" ? undefined : name })}
          >
            {NAMES[name]}
            {name === "lines" && lines.data && lines.data.length > 0 && (
              <span className="c num">{lines.data.length}</span>
            )}
          </button>
        ))}
      </div>
      <div className="pane" role="tabpanel" id="run-pane" aria-labelledby={`run-tab-${tab}`}>
        {tab === "lines" &&
          (lines.data ? (
            lines.data.length > 0 ? (
              <LinesView lines={lines.data} label={`Lines of ${device}`} className="tx" />
            ) : (
              <p className="cb sm t3">
                {target?.state === "no_change"
                  ? "This device needs nothing."
                  : target?.state === "left_out"
                    ? "This device was left out of the plan."
                    : "The lines stand here once they are planned."}
              </p>
            )
          ) : lines.isError ? (
            <p className="cb sm k-bad k-text">{errorText(lines.error)}</p>
          ) : (
            <p className="cb sm t3">Reading…</p>
          ))}
        {tab === "transcript" && <TranscriptView key={device} runId={run.id} device={device} live={!hasEnded(run)} />}
        {tab === "diff" &&
          (target && target.diff.length > 0 ? (
            <DiffView hunks={target.diff} platform={target.device_type} label={`Diff of ${device}`} narrow />
          ) : (
            <p className="cb sm t3">No line of this device differs.</p>
          ))}
        {tab === "input" && <Input change={change} target={target} />}
      </div>
    </section>
  );
}

/** What a cell that needs nobody has to say. */
function StepNote({ run, step, target }: { run: Run; step: RunStep | null; target: PlanTarget | undefined }) {
  if (target?.state === "left_out" && target.error)
    return (
      <Note kind="bad" icon="cross" head="Left out of the plan.">
        {target.error.message} <span className="t2">{target.error.what_to_do}</span>
      </Note>
    );
  if (step === null) return null;
  if (step.status === "failed")
    return (
      <Note kind="bad" icon="cross" head={step.error ? `${step.error.code.replaceAll("_", " ")}.` : "It failed."}>
        {step.error?.message ?? step.message} <span className="t2">{step.error?.what_to_do}</span>
      </Note>
    );
  if (step.status === "waiting_approval")
    return (
      <Note kind="wait" icon="person" head="Waits for approval.">
        {run.approval_id ? <TextLink href={links.approval(run.approval_id)}>Open the approval</TextLink> : step.message}
      </Note>
    );
  return step.message ? <p className="ns-run-said sm t2 break">{step.message}</p> : null;
}

/** What the run was given for this device. */
function Input({ change, target }: { change: Change | undefined; target: PlanTarget | undefined }) {
  if (!change || !target) return <p className="cb sm t3">Nothing is known of this device’s input yet.</p>;
  const checks = change.verify.filter((c) => c.device === undefined || c.device === target.device);
  return (
    <div className="tx" tabIndex={0} role="region" aria-label={`Input of ${target.device}`}>
      <dl className="ns-run-dl">
        <dt>Address</dt>
        <dd className="mono break">{target.host}</dd>
        <dt>Sent</dt>
        <dd>
          {target.transaction === "none" || target.transaction === ""
            ? target.mode === "line"
              ? "line by line"
              : "by section"
            : target.transaction}
        </dd>
        {target.confirm_minutes > 0 && (
          <>
            <dt>Confirm timer</dt>
            <dd>{target.confirm_minutes} m</dd>
          </>
        )}
        {target.host_key && (
          <>
            <dt>Host key</dt>
            <dd className="mono break">{target.host_key}</dd>
          </>
        )}
        <dt>If it breaks off</dt>
        <dd>{change.on_interrupted}</dd>
        {checks.map((c) => (
          <div key={`${c.command}${expectWords(c.expect)}`} style={{ display: "contents" }}>
            <dt>Check</dt>
            <dd className="mono break">
              {c.command} {expectWords(c.expect)}
            </dd>
          </div>
        ))}
      </dl>
      <div className="ns-jhead">Lines</div>
      <PlainLines lines={target.lines} label={`Lines for ${target.device}`} />
      <div className="ns-jhead">The way back</div>
      {target.rollback_lines.length > 0 ? (
        <PlainLines lines={target.rollback_lines} label={`Rollback lines for ${target.device}`} />
      ) : (
        <p className="cb sm t3">None.</p>
      )}
    </div>
  );
}
