import { useMemo } from "react";
import type { PlanTarget } from "../../../../domain/contract/change.ts";
import type { Run } from "../../../../domain/contract/run.ts";
import { count, platformWord } from "../../components/bits.tsx";
import { Windowed } from "../../components/diff/windowed.tsx";
import { StatusIcon } from "../../components/status.tsx";
import { formatDuration } from "../../lib/time.ts";
import {
  COLUMNS,
  cellStep,
  cellView,
  countColumn,
  indexSteps,
  loudest,
  progressKey,
  type Column,
  type ProgressMap,
  type StepIndex,
} from "./matrix.ts";

type Props = {
  run: Run;
  targets: ReadonlyMap<string, PlanTarget>;
  progress: ProgressMap;
  chosen: string;
  onChoose: (to: { device: string; column: Column }) => void;
};

/** The column a device stands in now: the last one that did something. */
function standsIn(index: StepIndex, device: string): Column {
  return (
    [...COLUMNS]
      .reverse()
      .find((c) => !["pending", "skipped"].includes(cellStep(index, device, c)?.status ?? "pending")) ?? "plan"
  );
}

/** The matrix on the phone: a bar of the steps, then a card a device with what it does now. */
export function RunCards({ run, targets, progress, chosen, onChoose }: Props) {
  const index = useMemo(() => indexSteps(run), [run]);
  const card = (device: string) => {
    const column = standsIn(index, device);
    const view = cellView(cellStep(index, device, column), progress.get(progressKey(device, "apply")), formatDuration);
    const target = targets.get(device);
    return (
      <button
        key={device}
        type="button"
        className={device === chosen ? "on" : ""}
        aria-pressed={device === chosen}
        onClick={() => onChoose({ device, column })}
      >
        <span className="dn">
          <span className="break">{device}</span>
          {target && <span className="xs t3">{platformWord(target.device_type)}</span>}
        </span>
        <span className={`k-${view.kind} k-text ns-st`}>
          <StatusIcon kind={view.kind} icon={view.icon} />
          {column === "keep" || view.text === "" ? view.text || view.word : `${column}, ${view.text}`}
        </span>
      </button>
    );
  };
  return (
    <section className="ns-card ns-run-cards" aria-label="Devices">
      <div className="ns-ch">
        <h2>{count(run.devices.length, "device")}</h2>
      </div>
      <div className="strip" aria-hidden="true">
        {COLUMNS.map((column) => {
          const counts = countColumn(index, run.devices, column);
          const kind =
            loudest(counts) ??
            (counts.some((c) => c.kind === "ok" || c.kind === "back") ? (counts[0]?.kind ?? "idle") : "idle");
          return (
            <span key={column}>
              <i className={`k-${kind}`} />
              {column}
            </span>
          );
        })}
      </div>
      {run.devices.length > 60 ? (
        <Windowed label="Devices" className="list" count={run.devices.length} estimate={48} maxHeight={480}>
          {(i) => card(run.devices[i] ?? "")}
        </Windowed>
      ) : (
        run.devices.map(card)
      )}
    </section>
  );
}
