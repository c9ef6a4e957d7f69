import { useState } from "react";
import type { Change } from "../../../../domain/contract/change.ts";
import { SkeletonCards, Note } from "../../components/states.tsx";
import { GroupCard } from "./group-card.tsx";
import { OtherTargets } from "./other-targets.tsx";
import { PlanStrip } from "./plan-strip.tsx";
import { letter, planned, reasonsOf, sitesOf, total } from "./plan-words.ts";

/** The diffs of a plan, with their rollback lines beside them. */
export function PlanGroups({ change }: { change: Change }) {
  const [shut, setShut] = useState<ReadonlySet<string>>(new Set());
  const toggle = (key: string): void => {
    const next = new Set(shut);
    if (!next.delete(key)) next.add(key);
    setShut(next);
  };
  return change.groups.map((group, i) => (
    <GroupCard
      key={group.key}
      group={group}
      letter={letter(i)}
      beside
      open={!shut.has(group.key)}
      onToggle={() => toggle(group.key)}
    />
  ));
}

export function ChangeStrip({ change }: { change: Change }) {
  const sent = planned(change.targets);
  const risk = change.risk ?? { level: "low" as const, reasons: reasonsOf(change.groups) };
  return (
    <PlanStrip
      risk={risk}
      devices={sent.length}
      sites={sitesOf(sent).length}
      diffs={change.groups.length}
      {...total(change.groups)}
      groups={change.groups}
    />
  );
}

type Props = { change: Change | null; planning: boolean; stale: boolean; hasBody: boolean };

/** What the plan found, or what it waits for. A plan of earlier lines is dimmed: it is not what would be sent now. */
export function PlanResult({ change, planning, stale, hasBody }: Props) {
  if (change === null || change.planned_at === null) {
    if (change?.error && !planning)
      return (
        <Note kind="bad" icon="cross" head="Not planned.">
          {change.error.message}
        </Note>
      );
    if (planning) return <SkeletonCards cards={2} rows={4} />;
    return (
      <section className="ns-card ns-planhint">
        <b>The plan follows here.</b>
        <p className="t3">
          {hasBody
            ? "It is made when you pause, or at once with Ctrl+↵."
            : "Choose devices and type their lines. Each device is read, and the difference, the way back and the risk stand here. Nothing is sent."}
        </p>
      </section>
    );
  }
  const nothing = planned(change.targets).length === 0;
  return (
    <div className={`ns-planres${stale || planning ? " old" : ""}`} aria-busy={planning}>
      {nothing ? (
        <Note kind="idle" icon="slash" head="Nothing would be sent.">
          {change.targets.some((t) => t.state === "left_out")
            ? "Every device that could be read already holds these lines."
            : "Every device already holds these lines."}
        </Note>
      ) : (
        <ChangeStrip change={change} />
      )}
      <PlanGroups change={change} />
      <OtherTargets targets={change.targets} />
    </div>
  );
}
