import { IconCheck, IconMinus, IconX } from "@tabler/icons-react";
import { useEffect, useMemo, useRef } from "react";
import type { JournalLine } from "../../../../domain/contract/run.ts";
import { formatWhen } from "../../lib/time.ts";
import { StatusIcon } from "../status.tsx";
import { ConfigLine } from "./config-line.tsx";
import { journalRows, type JournalHead, type JournalRow } from "./journal.ts";
import { WINDOWED } from "./rows.ts";
import { Windowed } from "./windowed.tsx";
import "./diff.css";

function State({ state, time }: { state: JournalLine["state"]; time: string | null }) {
  const at = time === null ? "" : ` ${time}`;
  switch (state) {
    case "taken":
      return (
        <>
          <span className="k-ok k-text">
            <IconCheck aria-hidden />
            <span className="vh">taken</span>
          </span>
          {at}
        </>
      );
    case "not_needed":
      return (
        <>
          <IconMinus aria-hidden /> was there{at}
        </>
      );
    case "refused":
      return (
        <>
          <IconX aria-hidden /> refused{at}
        </>
      );
    case "in_doubt":
      return `in doubt${at}`;
    case "not_sent":
      return "not sent";
  }
}

function Row({ row }: { row: JournalHead | JournalRow }) {
  if (row.kind === "head") return <div className="ns-jhead">{row.label}</div>;
  const { line, number, time } = row;
  const at = line.answered_at ?? line.sent_at;
  return (
    <div className={`ns-jl ${line.state}`} title={at ?? undefined}>
      <span className="n">{number}</span>
      <span>{line.state === "in_doubt" && <StatusIcon kind="doubt" icon="broken" />}</span>
      <span className="x">
        <ConfigLine text={line.line} />
      </span>
      <span className="st">
        <State state={line.state} time={time} />
      </span>
      {line.state === "refused" && line.answer !== null && line.answer.trim() !== "" && (
        <span className="ans">{line.answer.trim()}</span>
      )}
    </div>
  );
}

type Props = { lines: readonly JournalLine[]; label: string; className?: string };

/** The journal of one device: what was taken, what is in doubt, what was not sent. */
export function LinesView({ lines, label, className = "" }: Props) {
  const rows = useMemo(() => journalRows(lines, (iso) => formatWhen(iso)), [lines]);
  const doubt = rows.findIndex((r) => r.kind === "line" && r.line.state === "in_doubt");
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The line in doubt comes into view by itself, inside the list alone: the page does not jump.
    const el = box.current;
    const row = el?.children[doubt];
    if (el && row instanceof HTMLElement) el.scrollTop = row.offsetTop - el.offsetTop - el.clientHeight / 2;
  }, [doubt]);
  if (rows.length > WINDOWED)
    return (
      <Windowed label={label} className={className} count={rows.length} estimate={19} maxHeight="none" scrollTo={doubt}>
        {(index) => {
          const row = rows[index];
          return row ? <Row row={row} /> : null;
        }}
      </Windowed>
    );
  return (
    <div ref={box} className={className} tabIndex={0} role="region" aria-label={label}>
      {rows.map((row) => (
        <Row key={row.kind === "head" ? row.direction : `${row.line.direction}${row.line.seq}`} row={row} />
      ))}
    </div>
  );
}
