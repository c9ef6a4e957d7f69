import { Button } from "@mantine/core";
import type { Approval } from "../../../../domain/contract/approval.ts";
import type { Run, RunStep } from "../../../../domain/contract/run.ts";
import { count } from "../../components/bits.tsx";
import { Go, TextLink } from "../../components/go.tsx";
import { StatusIcon } from "../../components/status.tsx";
import { Countdown } from "../../components/times.tsx";
import { links } from "../../lib/links.ts";
import { riskOf } from "../../lib/status-of.ts";
import { inDoubt } from "./progress.ts";

export type WaitItem = { kind: "doubt"; run: Run; step: RunStep } | { kind: "approval"; approval: Approval };

/** Lines in doubt first, then approvals by deadline: only what this person may decide. */
export function waitsOf(approvals: Approval[], active: Run[]): WaitItem[] {
  const doubts = active.flatMap((run) => inDoubt(run).map((step): WaitItem => ({ kind: "doubt", run, step })));
  const decisions = approvals
    .filter((approval) => approval.can_decide)
    .sort((a, b) => a.expires_at.localeCompare(b.expires_at))
    .map((approval): WaitItem => ({ kind: "approval", approval }));
  return [...doubts, ...decisions];
}

const SHOWN = 6;

export function Waits({ items }: { items: WaitItem[] }) {
  if (items.length === 0) return <p className="cb t3">Nothing waits for you.</p>;
  return (
    <ul>
      {items.slice(0, SHOWN).map((item, i) => (
        <li className="ns-it" key={item.kind === "doubt" ? `${item.run.id}-${item.step.device}` : item.approval.id}>
          {item.kind === "doubt" ? (
            <Doubt run={item.run} step={item.step} first={i === 0} />
          ) : (
            <Decision approval={item.approval} first={i === 0} />
          )}
        </li>
      ))}
      {items.length > SHOWN && (
        <li className="ns-it">
          <TextLink href={links.approvals()}>{items.length - SHOWN} more</TextLink>
        </li>
      )}
    </ul>
  );
}

function Doubt({ run, step, first }: { run: Run; step: RunStep; first: boolean }) {
  const device = step.device ?? "";
  return (
    <>
      <StatusIcon kind="doubt" icon="broken" className="lg" />
      <div className="m">
        <div className="ti break">{device}: in doubt</div>
        <p>
          {step.error?.message ?? step.message ?? "The session broke in the middle."} The run{" "}
          <TextLink href={links.run(run.id)}>{run.title}</TextLink> holds at this device.
        </p>
      </div>
      <Button
        component={Go}
        href={links.run(run.id, { device, step: step.type })}
        variant={first ? "filled" : "default"}
        aria-label={`Decide about ${device}`}
      >
        Decide
      </Button>
    </>
  );
}

function Decision({ approval, first }: { approval: Approval; first: boolean }) {
  const approved = approval.decisions.filter((decision) => decision.decision === "approved").length;
  const facts = [
    `${riskOf(approval.risk_level).word} risk`,
    count(approval.devices.length, "device"),
    count(approval.diffs, "distinct diff"),
    `asked by ${approval.requested_by}`,
    approval.required > 1 ? `${approved} of ${approval.required} approved` : null,
    approval.lab_only ? "virtual devices only" : null,
  ];
  return (
    <>
      <StatusIcon kind="wait" icon="person" className="lg" />
      <div className="m">
        <div className="ti break">{approval.title}</div>
        <p>{facts.filter(Boolean).join(" · ")}</p>
      </div>
      <Countdown to={approval.expires_at} done="expired" className="k-wait k-text" />
      <Button
        component={Go}
        href={links.approval(approval.id)}
        variant={first ? "filled" : "default"}
        aria-label={`Review ${approval.title}`}
      >
        Review
      </Button>
    </>
  );
}
