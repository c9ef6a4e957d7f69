import { IconArrowBackUp, IconChevronDown, IconChevronRight, IconInfoCircle } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import type { PlanGroup } from "../../../../domain/contract/change.ts";
import { count, platformWord } from "../../components/bits.tsx";
import { Counts } from "../../components/diff/counts.tsx";
import { DiffView } from "../../components/diff/diff-view.tsx";
import { PlainLines } from "../../components/diff/plain-lines.tsx";
import { Go } from "../../components/go.tsx";
import { StatusIcon } from "../../components/status.tsx";
import { links } from "../../lib/links.ts";
import { riskOf, type StateIcon, type StateKind } from "../../lib/status-of.ts";
import "./plan.css";

const FEW = 12;

/** The devices of a group, the first ones; a site has hundreds. */
export function DeviceTags({ devices }: { devices: readonly string[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? devices : devices.slice(0, FEW);
  return (
    <>
      {shown.map((name) => (
        <Go key={name} href={links.device(name)} className="ns-tag ns-devtag">
          {name}
        </Go>
      ))}
      {devices.length > shown.length && (
        <button type="button" className="lk sm" onClick={() => setAll(true)}>
          and {devices.length - shown.length} more
        </button>
      )}
    </>
  );
}

const SOME = 3;

/** Why this group is as risky as it is, the first reasons. */
function Reasons({ reasons, kind, icon }: { reasons: readonly string[]; kind: StateKind; icon: StateIcon }) {
  const [all, setAll] = useState(false);
  const shown = all ? reasons : reasons.slice(0, SOME);
  return (
    <ul className="ns-reasons" aria-label="Why">
      {shown.map((reason) => (
        <li key={reason}>
          <StatusIcon kind={kind} icon={icon} />
          <span className="break">{reason}</span>
        </li>
      ))}
      {reasons.length > shown.length && (
        <li>
          <button type="button" className="lk" onClick={() => setAll(true)}>
            {reasons.length - shown.length} more reasons
          </button>
        </li>
      )}
    </ul>
  );
}

const VIEWS = ["Diff", "Lines sent", "Way back"] as const;
type View = (typeof VIEWS)[number];

function Views({ value, onChange, group }: { value: View; onChange: (view: View) => void; group: PlanGroup }) {
  const counts: Record<View, number | null> = {
    Diff: null,
    "Lines sent": group.lines.length,
    "Way back": group.rollback_lines.length,
  };
  return (
    <span className="ns-seg end" role="group" aria-label="What of this group">
      {VIEWS.map((view) => (
        <button key={view} type="button" aria-pressed={view === value} onClick={() => onChange(view)}>
          {view}
          {counts[view] !== null && <span className="c num">{counts[view]}</span>}
        </button>
      ))}
    </span>
  );
}

function Body({ group, view, label, fold }: { group: PlanGroup; view: View; label: string; fold: "large" | "never" }) {
  if (view === "Lines sent") return <PlainLines lines={group.lines} label={`${label}, lines sent`} />;
  if (view === "Way back")
    return group.rollback_lines.length > 0 ? (
      <PlainLines lines={group.rollback_lines} label={`${label}, rollback lines`} />
    ) : (
      <p className="cb t3 sm">The plan has no rollback lines for these devices.</p>
    );
  return <DiffView hunks={group.diff} platform={group.device_type} label={label} fold={fold} />;
}

type Props = {
  group: PlanGroup;
  letter: string;
  /** The rollback lines stand beside the diff, not behind a switch. */
  beside?: boolean;
  /** What stands at the right end of the head: a Read box. */
  end?: ReactNode;
  fold?: "large" | "never";
  open: boolean;
  onToggle: () => void;
  id?: string;
  children?: ReactNode;
};

/** Devices with the same diff and the same way back: read once. */
export function GroupCard({ group, letter, beside = false, end, fold = "large", open, onToggle, id, children }: Props) {
  const [view, setView] = useState<View>("Diff");
  const name = `Diff ${letter}, ${platformWord(group.device_type)}`;
  const risk = riskOf(group.risk.level);
  return (
    <section className={`ns-card ns-gp${open ? "" : " shut"}`} id={id} aria-label={`Group ${letter}`}>
      <div className="ns-ch">
        <button type="button" className="ns-fold" aria-expanded={open} onClick={onToggle}>
          {open ? <IconChevronDown aria-hidden /> : <IconChevronRight aria-hidden />}
          <h2>{name}</h2>
        </button>
        <span className="t3 ell">
          {group.devices.length > 1 ? `same on ${count(group.devices.length, "device")}` : "1 device"}
        </span>
        <span className="row g6 end">
          <Counts added={group.added} removed={group.removed} />
          {end}
        </span>
      </div>
      {open && (
        <>
          <div className="dv">
            <DeviceTags devices={group.devices} />
            {!beside && <Views value={view} onChange={setView} group={group} />}
          </div>
          {group.risk.level !== "low" && <Reasons reasons={group.risk.reasons} kind={risk.kind} icon={risk.icon} />}
          {beside ? (
            <div className="two">
              <div>
                <DiffView hunks={group.diff} platform={group.device_type} label={name} fold={fold} />
              </div>
              <div>
                <div className="cap i13">
                  <IconArrowBackUp aria-hidden /> Rollback lines, kept with the plan
                </div>
                <PlainLines lines={group.rollback_lines} label={`${name}, rollback lines`} />
              </div>
            </div>
          ) : (
            <Body group={group} view={view} label={name} fold={fold} />
          )}
          {group.notes.map((note) => (
            <div key={note} className="why i14">
              <IconInfoCircle aria-hidden />
              <span className="break">{note}</span>
            </div>
          ))}
          {children}
        </>
      )}
    </section>
  );
}
