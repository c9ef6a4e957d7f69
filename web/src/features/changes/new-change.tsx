import { Button } from "@mantine/core";
import { IconFileText, IconRefresh } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { Kbd, count } from "../../components/bits.tsx";
import { ConfirmDialog, ReasonDialog } from "../../components/dialogs.tsx";
import { Page } from "../../components/page.tsx";
import { StatusIcon } from "../../components/status.tsx";
import { When } from "../../components/times.tsx";
import { ApiError } from "../../lib/api.ts";
import { useCommands } from "../../lib/commands.ts";
import { links } from "../../lib/links.ts";
import { useGo, useUrlState } from "../../lib/url-state.ts";
import { AfterPanel } from "./after-panel.tsx";
import { AskButton, AskPanel, Refusal, askWord, useAsk } from "./ask-panel.tsx";
import { cancelChange } from "./changes-api.ts";
import { bodyOf, chooseDevices, liveBlocks, localProblems, serverProblems, type Draft } from "./draft.ts";
import { PlanResult } from "./plan-result.tsx";
import { usePlan, type Plan } from "./use-plan.ts";
import { WhatPanel } from "./what-panel.tsx";
import { WherePanel } from "./where-panel.tsx";
import "./new-change.css";

type Props = {
  draft: Draft;
  changeId: string | null;
  /** The signature of what was planned already. */
  planned: string | null;
  /** What was said why, when the draft was made. */
  reason?: string;
  /** The first plan has made the change. */
  onMade: (id: string) => void;
};

/** Where, what, is it safe: the plan follows the typing. */
export function NewChange({ draft: first, changeId: firstId, planned, reason = "", onMade }: Props) {
  const go = useGo();
  const [, setSearch] = useUrlState();
  const [draft, setDraft] = useState(first);
  const [changeId, setChangeId] = useState(firstId);
  const [discarding, setDiscarding] = useState(false);
  const [sheet, setSheet] = useState(false);
  const plan = usePlan(draft, changeId, planned, (id) => {
    setChangeId(id);
    onMade(id);
    // The address remembers the draft, so that a reload goes on with it.
    setSearch({ draft: id, devices: undefined, device: undefined, from: undefined });
  });
  const { change } = plan;

  const details = plan.error instanceof ApiError ? plan.error.details : [];
  const problems = [...localProblems(draft), ...serverProblems(draft, details)];
  const notReady =
    problems.length > 0
      ? "mend the lines that are marked"
      : plan.error !== null
        ? "the plan was refused"
        : plan.planning || (change !== null && plan.stale)
          ? "the plan is being made"
          : null;
  const asking = useAsk(change, notReady, (runId) => go(links.run(runId)), reason);
  const patch = (more: Partial<Draft>): void => setDraft((d) => ({ ...d, ...more }));
  const setText = (key: string, text: string): void =>
    setDraft((d) => ({ ...d, blocks: d.blocks.map((b) => (b.key === key ? { ...b, text } : b)) }));

  useHotkeys({ onPlan: plan.planNow, onAsk: () => void asking.ask() });
  useCommands([{ id: "plan-now", label: "Plan now", key: "mod+enter", group: "This change", run: plan.planNow }]);

  const discard = async (): Promise<void> => {
    if (changeId !== null) await cancelChange(changeId, "discarded while it was a draft");
    go(links.changes());
  };

  return (
    <Page
      title="New change"
      crumbs={[{ label: "Changes", href: links.changes() }, { label: "New change" }]}
      heading={<TitleInput value={draft.title} onChange={(title) => patch({ title })} />}
      beside={<Saved plan={plan} />}
      actions={
        <span className="row g6 only-d">
          <Button onClick={() => setDiscarding(true)}>Discard</Button>
          <Button
            leftSection={<IconRefresh />}
            rightSection={
              <>
                <Kbd>Ctrl</Kbd>&nbsp;<Kbd>↵</Kbd>
              </>
            }
            loading={plan.planning}
            disabled={bodyOf(draft) === null}
            onClick={plan.planNow}
          >
            {change ? "Plan again" : "Plan"}
          </Button>
        </span>
      }
    >
      <div className="ns-ap ns-nc">
        <div className="lf">
          <div className="ns-card ns-wh">
            <WherePanel
              devices={draft.devices}
              targets={plan.stale ? [] : (change?.targets ?? [])}
              without={new Set(liveBlocks(draft).flatMap((b) => (b.text.trim() === "" ? b.devices : [])))}
              onChange={(devices) => setDraft((d) => chooseDevices(d, devices))}
            />
            <WhatPanel blocks={liveBlocks(draft)} problems={problems} onChange={setText} />
          </div>
          {plan.error !== null && problems.length === 0 && <Refusal error={plan.error} head="Not planned." />}
          <PlanResult change={change} planning={plan.planning} stale={plan.stale} hasBody={bodyOf(draft) !== null} />
        </div>
        <div className="dec">
          <AfterPanel
            draft={draft}
            onChange={patch}
            refused={(path) => details.find((d) => d.path === path)?.message}
          />
          <AskPanel asking={asking} change={change} />
        </div>
      </div>
      <div className="ns-sheet">
        <div className="acts">
          <Button onClick={() => setDiscarding(true)}>Discard</Button>
          <AskButton asking={asking} keys={false} className="main" onClick={() => setSheet(true)} />
        </div>
      </div>
      <ConfirmDialog
        opened={discarding}
        title="Discard this draft?"
        confirm="Discard"
        danger
        onConfirm={discard}
        onClose={() => setDiscarding(false)}
      >
        <p>
          Nothing of it was sent.{" "}
          {changeId === null
            ? "It was not planned yet, so nothing of it is kept."
            : "The change stays in the list as cancelled."}
        </p>
      </ConfirmDialog>
      <ReasonDialog
        opened={sheet}
        title={askWord(asking)}
        confirm={askWord(asking)}
        reasonLabel="Why now? The approver reads this first."
        onConfirm={async (reason) => asking.ask(reason)}
        onClose={() => setSheet(false)}
      >
        <p className="t2">
          {count(asking.devices, "device")}, {count(change?.groups.length ?? 0, "diff")}.
        </p>
      </ReasonDialog>
    </Page>
  );
}

function TitleInput({ value, onChange }: { value: string; onChange: (title: string) => void }) {
  return (
    <input
      className="ns-ttl"
      aria-label="Title of the change"
      placeholder="Untitled change"
      maxLength={200}
      value={value}
      autoComplete="off"
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function Saved({ plan }: { plan: Plan }) {
  const { change, planning, stale } = plan;
  if (planning)
    return (
      <span className="ns-pill k-run lg">
        <StatusIcon kind="run" icon="turn" /> Planning
      </span>
    );
  return (
    <>
      <span className="ns-pill k-idle lg i14">
        <IconFileText aria-hidden />
        {change?.planned_at && !stale ? (
          <>
            Draft, planned&nbsp;
            <When at={change.planned_at} />
          </>
        ) : (
          "Draft, not planned"
        )}
      </span>
      <span className="sm t3 only-d">nothing has been sent</span>
    </>
  );
}

/** Ctrl+↵ plans and Ctrl+⇧+↵ asks, also while typing; the shell's keys do not tell the two apart. */
function useHotkeys({ onPlan, onAsk }: { onPlan: () => void; onAsk: () => void }): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (
        event.key !== "Enter" ||
        !(event.ctrlKey || event.metaKey) ||
        document.querySelector('[role="dialog"]') !== null
      )
        return;
      event.preventDefault();
      event.stopPropagation();
      if (event.shiftKey) onAsk();
      else onPlan();
    };
    window.addEventListener("keydown", onKey, true);
    return () => window.removeEventListener("keydown", onKey, true);
  });
}
