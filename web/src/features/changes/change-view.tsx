import { IconArrowBackUp, IconClock, IconFileText, IconHash, IconRoute, IconUserCheck } from "@tabler/icons-react";
import type { Change } from "../../../../domain/contract/change.ts";
import { Avatar, VirtualTag } from "../../components/bits.tsx";
import { TextLink } from "../../components/go.tsx";
import { Card, Page } from "../../components/page.tsx";
import { StatusPill } from "../../components/status.tsx";
import { When } from "../../components/times.tsx";
import { links } from "../../lib/links.ts";
import { ChangeActions } from "./change-actions.tsx";
import { ChangeState } from "./change-state.tsx";
import { expectWords } from "./draft.ts";
import { OtherTargets } from "./other-targets.tsx";
import { ChangeStrip, PlanGroups } from "./plan-result.tsx";
import { isLabOnly, planned, shortHash, shortId } from "./plan-words.ts";

const INTERRUPTED = {
  ask: "asks a person",
  verify: "reads back, then sends what is missing",
  retry: "sends the line again",
  rollback: "rolls the device back",
  fail: "leaves the device and fails",
};

/** One change: what it sends, where it stands, what can be done with it. */
export function ChangeView({ change }: { change: Change }) {
  const nothing = change.planned_at !== null && planned(change.targets).length === 0;
  return (
    <Page
      title={change.title}
      crumbs={[
        { label: "Changes", href: links.changes() },
        { label: `Change ${change.hash ? shortHash(change.hash) : shortId(change.id)}` },
      ]}
      beside={
        <>
          <StatusPill status={change.status} large />
          {isLabOnly(change) && <VirtualTag />}
        </>
      }
      actions={<ChangeActions change={change} />}
      below={<Facts change={change} />}
    >
      <ChangeState change={change} nothing={nothing} />
      {change.planned_at !== null && !nothing && <ChangeStrip change={change} />}
      {change.description !== "" && (
        <Card title="What it is for">
          <p className="cb break" style={{ whiteSpace: "pre-wrap" }}>
            {change.description}
          </p>
        </Card>
      )}
      <PlanGroups change={change} />
      <OtherTargets targets={change.targets} />
      <Card title="Checks" note="after it was sent">
        {change.verify.length > 0 && (
          <ul className="ns-checklist">
            {change.verify.map((check) => (
              <li key={`${check.device ?? ""}${check.command}${expectWords(check.expect)}`} className="break">
                {check.device !== undefined && <b>{check.device} </b>}
                <code>{check.command}</code> {expectWords(check.expect)}
              </li>
            ))}
          </ul>
        )}
        <p className="cb t3 sm">
          The config of each device is compared with the plan. If a session breaks off while lines are being sent, the
          run {INTERRUPTED[change.on_interrupted]}.
        </p>
      </Card>
    </Page>
  );
}

function Facts({ change }: { change: Change }) {
  return (
    <div className="ns-subfacts">
      <span>
        <Avatar name={change.requested_by} /> Asked by <b>{change.requested_by}</b>{" "}
        <When at={change.created_at} precise />
      </span>
      {change.planned_at && (
        <span>
          <IconClock aria-hidden /> Planned <When at={change.planned_at} precise />
          {change.plan_version > 1 && <>, plan {change.plan_version}</>}
        </span>
      )}
      {change.hash && (
        <span>
          <IconHash aria-hidden /> Plan <span className="ns-hash">{shortHash(change.hash)}</span>
        </span>
      )}
      <span>
        <IconRoute aria-hidden /> <TextLink href={links.run(change.run_id)}>Its run</TextLink>
      </span>
      {change.approval_id && (
        <span>
          <IconUserCheck aria-hidden /> <TextLink href={links.approval(change.approval_id)}>Its approval</TextLink>
        </span>
      )}
      {change.origin.kind === "undo" && change.origin.change_id && (
        <span>
          <IconArrowBackUp aria-hidden />{" "}
          <TextLink href={links.change(change.origin.change_id)}>Undoes a change</TextLink>
        </span>
      )}
      {change.reason && (
        <span>
          <IconFileText aria-hidden /> <b>“{change.reason}”</b>
        </span>
      )}
      {change.window && (
        <span>
          <IconClock aria-hidden /> Window <When at={change.window.from} precise /> to{" "}
          <When at={change.window.to} precise />
        </span>
      )}
    </div>
  );
}
