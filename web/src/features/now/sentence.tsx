import type { ReactElement, ReactNode } from "react";
import type { Run } from "../../../../domain/contract/run.ts";
import { Go } from "../../components/go.tsx";
import { count } from "../../components/bits.tsx";
import { Ago } from "../../components/times.tsx";
import { links } from "../../lib/links.ts";
import type { StateKind } from "../../lib/status-of.ts";
import type { BrokenThing } from "./broke.tsx";
import type { WaitItem } from "./waits.tsx";

const Hot = ({ kind, href, children }: { kind: StateKind; href: string; children: ReactNode }) => (
  <Go href={href} className={`k-${kind} k-text`}>
    {children}
  </Go>
);

/** The page in one line: linked counts, nothing that was not read. */
export function Sentence({
  waits,
  active,
  broke,
  lastChange,
}: {
  waits: WaitItem[] | undefined;
  active: Run[] | undefined;
  broke: BrokenThing[] | undefined;
  lastChange: string | null;
}) {
  if (!waits || !active || !broke) return <span className="ns-say">Now</span>;
  const parts: ReactElement[] = [];
  if (waits.length > 0)
    parts.push(
      <span key="waits">
        <Hot kind="wait" href={links.approvals()}>
          {count(waits.length, "decision")}
        </Hot>{" "}
        {waits.length === 1 ? "waits" : "wait"} for you.
      </span>,
    );
  const running = active.filter((run) => run.status === "running" || run.status === "interrupted");
  const changing = running.filter((run) => run.backup === null);
  const backups = running.filter((run) => run.backup !== null);
  if (changing.length > 0)
    parts.push(
      <span key="runs">
        <Hot kind="run" href={links.runs()}>
          {count(changing.length, "run")}
        </Hot>{" "}
        {changing.length === 1 ? "is" : "are"} changing{" "}
        <b>{count(new Set(changing.flatMap((run) => run.devices)).size, "device")}</b>.
      </span>,
    );
  if (backups.length > 0)
    parts.push(
      <span key="backups">
        <Hot kind="run" href={links.configs()}>
          {count(backups.length, "backup")}
        </Hot>{" "}
        {backups.length === 1 ? "reads" : "read"}{" "}
        <b>
          {count(
            backups.reduce((sum, run) => sum + (run.backup?.total ?? 0), 0),
            "device",
          )}
        </b>
        .
      </span>,
    );
  const broken = brokenParts(broke);
  if (broken.length > 0) parts.push(<span key="broke">{joined(broken)}.</span>);
  if (waits.length === 0) parts.unshift(<span key="quiet">Nothing waits for you.</span>);
  if (running.length === 0) parts.splice(1, 0, <span key="still">Nothing runs.</span>);
  if (waits.length === 0 && running.length === 0 && lastChange)
    parts.push(
      <span key="last">
        Last change <Ago at={lastChange} />.
      </span>,
    );
  return <span className="ns-say">{spaced(parts)}</span>;
}

function brokenParts(broke: BrokenThing[]): ReactNode[] {
  const of = (what: BrokenThing["what"]): number => broke.filter((thing) => thing.what === what).length;
  const [failed, back, away] = [of("failed"), of("rolled_back"), of("unreachable")];
  return [
    failed > 0 && (
      <span key="f">
        <Hot kind="bad" href={links.runs({ status: "failed" })}>
          {count(failed, "run")}
        </Hot>{" "}
        failed
      </span>
    ),
    back > 0 && (
      <span key="b">
        <Hot kind="back" href={links.runs({ status: "rolled_back" })}>
          {count(back, "change")}
        </Hot>{" "}
        rolled back
      </span>
    ),
    away > 0 && (
      <span key="u">
        <Hot kind="bad" href={links.devices({ q: "state:unreachable" })}>
          {count(away, "device")}
        </Hot>{" "}
        went away
      </span>
    ),
  ].filter((part) => part !== false);
}

const spaced = (parts: ReactNode[]): ReactNode[] => parts.flatMap((part, i) => (i === 0 ? [part] : [" ", part]));
const joined = (parts: ReactNode[]): ReactNode[] =>
  parts.flatMap((part, i) => (i === 0 ? [part] : [i === parts.length - 1 ? " and " : ", ", part]));
