import type { Change } from "../../../../domain/contract/change.ts";
import { DiffView } from "../../components/diff/diff-view.tsx";
import { TextLink } from "../../components/go.tsx";
import { Note, SkeletonCards } from "../../components/states.tsx";
import { links } from "../../lib/links.ts";

/** What moved on the devices since the plan was made. */
export function DriftCards({ change }: { change: Pick<Change, "drift" | "targets"> }) {
  return change.drift.map((drift) => (
    <section key={drift.device} className="ns-card" aria-label={`Drift of ${drift.device}`}>
      <div className="ns-ch ns-drift">
        <h2>{drift.device}</h2>
        <span className="t3">{drift.what}</span>
      </div>
      {drift.diff.length > 0 && (
        <DiffView
          hunks={drift.diff}
          platform={change.targets.find((t) => t.device === drift.device)?.device_type ?? null}
          label={`What moved on ${drift.device}`}
        />
      )}
    </section>
  ));
}

/** One sentence on where the change stands, where that is not plain from its status. */
export function ChangeState({ change, nothing }: { change: Change; nothing: boolean }) {
  switch (change.status) {
    case "planning":
      return change.planned_at === null ? (
        <SkeletonCards cards={2} rows={3} />
      ) : (
        <Note kind="run" icon="turn" head="It is planned again.">
          What stands below is the plan before.
        </Note>
      );
    case "stale":
      return (
        <>
          <Note kind="doubt" icon="broken" head="This plan no longer holds.">
            {change.drift.length === 1
              ? `${change.drift[0]?.device ?? "A device"} changed`
              : `${change.drift.length || "Some"} devices changed`}{" "}
            after it was made. Nothing was sent.{" "}
            {nothing
              ? "The devices hold these lines now, so nothing would be sent any more."
              : "What stands below is the new plan; ask for it if it is right."}
          </Note>
          <DriftCards change={change} />
        </>
      );
    case "failed":
      return (
        <Note kind="bad" icon="cross" head="It failed.">
          {change.error?.message} The <TextLink href={links.run(change.run_id)}>run</TextLink> says what reached which
          device.
        </Note>
      );
    case "interrupted":
      return (
        <Note kind="doubt" icon="broken" head="A device needs you.">
          A line may or may not be on it. <TextLink href={links.run(change.run_id)}>The run</TextLink> shows which, and
          asks how to go on.
        </Note>
      );
    case "expired":
      return (
        <Note kind="bad" icon="clock" head="Nobody decided in time.">
          Nothing was sent.
        </Note>
      );
    case "rejected":
      return (
        <Note kind="bad" icon="cross" head="It was rejected.">
          Nothing was sent.{" "}
          {change.approval_id && <TextLink href={links.approval(change.approval_id)}>Who said so, and why</TextLink>}
        </Note>
      );
    case "cancelled":
      return change.error ? (
        <Note kind="idle" icon="slash" head="Cancelled.">
          {change.error.message}
        </Note>
      ) : null;
    case "applied":
      return change.undone_by ? (
        <Note kind="back" icon="back" head="There is a change that takes this one back.">
          <TextLink href={links.change(change.undone_by)}>Open it</TextLink>
        </Note>
      ) : nothing ? (
        <Note kind="ok" icon="tick" head="Nothing had to be sent." />
      ) : null;
    case "draft":
      if (change.error)
        return (
          <Note kind="bad" icon="cross" head="Not planned.">
            {change.error.message}
          </Note>
        );
      return nothing ? (
        <Note kind="idle" icon="slash" head="Nothing would be sent.">
          Every device that could be read already holds these lines.
        </Note>
      ) : null;
    default:
      return null;
  }
}
