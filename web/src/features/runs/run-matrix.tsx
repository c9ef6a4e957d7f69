import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useRef, type KeyboardEvent } from "react";
import type { PlanTarget } from "../../../../domain/contract/change.ts";
import type { Run } from "../../../../domain/contract/run.ts";
import { platformWord } from "../../components/bits.tsx";
import { StatusIcon } from "../../components/status.tsx";
import { formatDuration } from "../../lib/time.ts";
import {
  COLUMNS,
  cellStep,
  cellView,
  indexSteps,
  moveCell,
  progressKey,
  type CellView,
  type Column,
  type Progress,
  type ProgressMap,
} from "./matrix.ts";
import { RunGraph } from "./run-graph.tsx";

const ROW = 31;
const DIRECTION: Partial<Record<Column, string>> = { apply: "apply", keep: "rollback" };

type Chosen = { device: string; column: Column };
type Props = {
  run: Run;
  targets: ReadonlyMap<string, PlanTarget>;
  progress: ProgressMap;
  chosen: Chosen;
  onChoose: (chosen: Chosen) => void;
};

/** Devices × steps. Arrow keys move the choice; only the rows that are seen exist. */
export function RunMatrix({ run, targets, progress, chosen, onChoose }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const { devices } = run;
  const index = indexSteps(run);
  const virtual = useVirtualizer({
    count: devices.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 12,
    scrollMargin: 0,
  });
  const row = Math.max(0, devices.indexOf(chosen.device));
  const column = COLUMNS.indexOf(chosen.column);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const key = event.ctrlKey || event.metaKey ? `mod+${event.key}` : event.key;
    const next = moveCell({ row, column }, key, devices.length, COLUMNS.length);
    const device = next && devices[next.row];
    const to = next && COLUMNS[next.column];
    if (!device || !to) return;
    event.preventDefault();
    onChoose({ device, column: to });
  };
  // The chosen cell keeps the focus while it is moved by keys, also when its row has just come into being.
  const inside = useRef(false);
  useEffect(() => {
    virtual.scrollToIndex(row, { align: "auto" });
    if (!inside.current) return;
    const frame = requestAnimationFrame(() =>
      box.current
        ?.querySelector<HTMLElement>('[role="gridcell"][aria-selected="true"]')
        ?.focus({ preventScroll: true }),
    );
    return () => cancelAnimationFrame(frame);
  }, [row, column, virtual]);

  return (
    <section className="ns-card ns-run-mat" ref={box} aria-label="Devices and steps">
      <RunGraph
        run={run}
        devices={devices}
        chosen={chosen.column}
        onChoose={(to) => onChoose({ device: firstIn(run, to) ?? chosen.device, column: to })}
      />
      <div
        role="grid"
        aria-label="Devices and steps"
        aria-rowcount={devices.length + 1}
        aria-colcount={COLUMNS.length + 1}
        onKeyDown={onKeyDown}
        onFocus={() => (inside.current = true)}
        onBlur={() => (inside.current = false)}
      >
        <div role="row" aria-rowindex={1} className="vh">
          <span role="columnheader">Device</span>
          {COLUMNS.map((c) => (
            <span key={c} role="columnheader">
              {c}
            </span>
          ))}
        </div>
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: "relative" }}>
          {virtual.getVirtualItems().map((item) => {
            const device = devices[item.index] ?? "";
            const target = targets.get(device);
            return (
              <div
                key={device}
                role="row"
                aria-rowindex={item.index + 2}
                className={`lr${device === chosen.device ? " sel" : ""}`}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <div role="rowheader" className="dn">
                  <span className="ell" title={device}>
                    {device}
                  </span>
                  {target && <span className="xs t3">{platformWord(target.device_type)}</span>}
                </div>
                {COLUMNS.map((c) => {
                  const direction = DIRECTION[c];
                  const view =
                    needsNothing(target, c) ??
                    cellView(
                      cellStep(index, device, c),
                      direction ? progressOf(progress, target, device, direction) : undefined,
                      formatDuration,
                    );
                  return (
                    <Cell
                      key={c}
                      view={view}
                      chosen={device === chosen.device && c === chosen.column}
                      device={device}
                      column={c}
                      onChoose={onChoose}
                    />
                  );
                })}
              </div>
            );
          })}
        </div>
      </div>
    </section>
  );
}

/** A device that needs nothing or was left out gets nothing: its later cells stay empty, and say so. */
function needsNothing(target: PlanTarget | undefined, column: Column): CellView | null {
  if (!target || target.state === "planned" || column === "plan" || column === "approve") return null;
  const text = column === "apply" ? (target.state === "no_change" ? "needs nothing" : "left out") : "";
  return {
    kind: "idle",
    icon: "slash",
    text,
    word: target.state === "no_change" ? "needs nothing" : "left out",
    strong: false,
  };
}

/** The stream counts what was sent; how many lines there are stands in the plan. */
function progressOf(
  progress: ProgressMap,
  target: PlanTarget | undefined,
  device: string,
  direction: string,
): Progress | undefined {
  const counted = progress.get(progressKey(device, direction));
  return counted && { ...counted, total: direction === "apply" && target ? target.lines.length : counted.total };
}

/** The first device whose cell in this column asks for a look. */
function firstIn(run: Run, column: Column): string | undefined {
  const index = indexSteps(run);
  const kind = (device: string): string => cellView(cellStep(index, device, column), undefined, () => "").kind;
  for (const wanted of ["doubt", "bad", "run", "wait"]) {
    const found = run.devices.find((device) => kind(device) === wanted);
    if (found !== undefined) return found;
  }
  return undefined;
}

type CellProps = {
  view: CellView;
  chosen: boolean;
  device: string;
  column: Column;
  onChoose: (chosen: Chosen) => void;
};
const Cell = memo(
  function Cell({ view, chosen, device, column, onChoose }: CellProps) {
    return (
      <div
        role="gridcell"
        aria-selected={chosen}
        tabIndex={chosen ? 0 : -1}
        className={`ce k-${view.kind}${view.strong ? " l" : ""}${chosen ? " selc" : ""}`}
        onClick={(event) => {
          event.currentTarget.focus();
          onChoose({ device, column });
        }}
      >
        <StatusIcon kind={view.kind} icon={view.icon} />
        {view.text !== "" && <span className="ell">{view.text}</span>}
        <span className="vh">{view.text === "" || !view.text.includes(view.word.toLowerCase()) ? view.word : ""}</span>
      </div>
    );
  },
  (a, b) =>
    a.chosen === b.chosen &&
    a.device === b.device &&
    a.column === b.column &&
    a.view.text === b.view.text &&
    a.view.kind === b.view.kind &&
    a.view.icon === b.view.icon &&
    a.view.strong === b.view.strong,
);
