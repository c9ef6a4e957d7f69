import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconBan,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconClock,
  IconLoader2,
  IconPlayerPause,
  IconUserCheck,
} from "@tabler/icons-react";
import type { ComponentType, ReactNode } from "react";
import { riskOf, statusOf, type StateIcon, type StateKind } from "../lib/status-of.ts";
import "./status.css";

/** A line that is broken in the middle: nobody knows whether it arrived. */
function BrokenLine({ className }: { className?: string | undefined }) {
  return (
    <svg
      viewBox="0 0 16 16"
      className={`ns-icon ${className ?? ""}`}
      fill="none"
      stroke="currentColor"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      style={{ strokeWidth: 1.4 }}
    >
      <path d="M2 8h3l1.500-3M14 8h-3l-1.500 3M8.800 5.800 7.200 10.200" />
    </svg>
  );
}

const ICONS: Record<StateIcon, ComponentType<{ className?: string | undefined }>> = {
  ring: IconCircleDashed,
  pause: IconPlayerPause,
  clock: IconClock,
  slash: IconBan,
  turn: IconLoader2,
  person: IconUserCheck,
  warn: IconAlertTriangle,
  broken: BrokenLine,
  tick: IconCircleCheck,
  cross: IconCircleX,
  back: IconArrowBackUp,
};

/** The bare icon in its colour; it is decoration, so a word must stand beside it. */
export function StatusIcon({ kind, icon, className = "" }: { kind: StateKind; icon: StateIcon; className?: string }) {
  const Icon = ICONS[icon];
  return (
    <span className={`ns-si k-${kind} ${className}`} aria-hidden="true">
      <Icon className={icon === "turn" ? "spin" : undefined} />
    </span>
  );
}

type StatusProps = {
  status: string;
  /** Instead of the status' own word. */ children?: ReactNode;
  /** Small dim words after it. */ note?: ReactNode;
};

/** Icon and word on a tint: the state of the thing that a page or a row is about. */
export function StatusPill({ status, children, large = false }: StatusProps & { large?: boolean }) {
  const { kind, icon, word } = statusOf(status);
  return (
    <span className={`ns-pill k-${kind}${large ? " lg" : ""}`}>
      <StatusIcon kind={kind} icon={icon} />
      <span>{children ?? word}</span>
    </span>
  );
}

/** Icon and word without a tint: for table cells. */
export function StatusText({ status, children, note }: StatusProps) {
  const { kind, icon, word } = statusOf(status);
  return (
    <span className={`ns-st k-${kind} k-text`}>
      <StatusIcon kind={kind} icon={icon} />
      <span>{children ?? word}</span>
      {note !== undefined && note !== null && <span className="ns-st-note">{note}</span>}
    </span>
  );
}

export function RiskText({ level, suffix = "" }: { level: string; suffix?: string }) {
  const { kind, icon, word } = riskOf(level);
  return (
    <span className={`ns-st k-${kind} k-text`}>
      <StatusIcon kind={kind} icon={icon} />
      {word}
      {suffix}
    </span>
  );
}

export type Segment = { kind: StateKind; count: number; label: string };
/** How much of a whole is in which state, as one thin bar; its words are read aloud. */
export function StateBar({ segments, total }: { segments: Segment[]; total: number }) {
  const shown = segments.filter((s) => s.count > 0);
  const words = shown.map((s) => `${s.count} ${s.label}`).join(", ");
  return (
    <div className="ns-bar" role="img" aria-label={`${words || "nothing yet"} of ${total}`}>
      {shown.map((s) => (
        <i
          key={s.label}
          className={`k-${s.kind}`}
          style={{ width: `${(100 * s.count) / Math.max(1, total)}%` }}
          title={`${s.count} ${s.label}`}
        />
      ))}
    </div>
  );
}
