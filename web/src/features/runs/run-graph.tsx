import {
  IconArrowBackUp,
  IconBolt,
  IconDeviceFloppy,
  IconFileSearch,
  IconShieldCheck,
  IconUserCheck,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Run } from "../../../../domain/contract/run.ts";
import { StatusIcon } from "../../components/status.tsx";
import { statusOf } from "../../lib/status-of.ts";
import { COLUMNS, countColumn, indexSteps, loudest, type Column } from "./matrix.ts";

const NODES: Record<Column, { icon: ReactNode; kind: string; name: string }> = {
  plan: { icon: <IconFileSearch aria-hidden />, kind: "read", name: "Plan" },
  approve: { icon: <IconUserCheck aria-hidden />, kind: "gate", name: "Approve" },
  apply: { icon: <IconBolt aria-hidden />, kind: "push", name: "Apply" },
  verify: { icon: <IconShieldCheck aria-hidden />, kind: "check", name: "Verify" },
  keep: { icon: <IconDeviceFloppy aria-hidden />, kind: "commit", name: "Keep" },
};

type Props = { run: Run; devices: readonly string[]; chosen: Column; onChoose: (column: Column) => void };

/** The steps as the head of the matrix: how many devices stand where, and the way back under them. */
export function RunGraph({ run, devices, chosen, onChoose }: Props) {
  const index = indexSteps(run);
  const back = run.steps.filter(
    (s) => s.type === "rollback" && s.device !== null && s.status !== "pending" && s.status !== "skipped",
  );
  const kinds = [...new Set(back.map((s) => (s.status === "success" ? "back" : statusOf(s.status).kind)))];
  return (
    <div className="ns-run-graph" role="group" aria-label="Steps">
      <div className="sm t3 ns-run-sum">
        {devices.length} {devices.length === 1 ? "device" : "devices"}
        <br />
        {COLUMNS.length} steps
      </div>
      {COLUMNS.map((column, i) => {
        const counts = countColumn(index, devices, column);
        const loud = loudest(counts);
        const node = NODES[column];
        const words = counts.map((c) => `${c.count} ${c.word}`).join(", ");
        return (
          <button
            key={column}
            type="button"
            className={`nd${i === 0 ? " f" : ""}${loud ? ` k-${loud} loud` : ""}`}
            aria-pressed={column === chosen}
            onClick={() => onChoose(column)}
          >
            <span className="k">
              {node.icon}
              {node.kind}
            </span>
            <b>{node.name}</b>
            <span className="st">
              <span className="vh">{words}</span>
              {counts.map((c) => (
                <span key={c.kind} className={`k-${c.kind} k-text`} aria-hidden="true">
                  <StatusIcon kind={c.kind} icon={c.icon} />
                  {c.count}
                </span>
              ))}
            </span>
          </button>
        );
      })}
      <div
        className={`nd rb${back.length > 0 ? ` used k-${kinds.includes("bad") ? "bad" : kinds.includes("doubt") ? "doubt" : "back"}` : ""}`}
      >
        <b>Roll back</b>
        <span className="k">
          <IconArrowBackUp aria-hidden />
          {back.length > 0 ? `used on ${back.length} of ${devices.length}` : "planned, not used"}
        </span>
      </div>
    </div>
  );
}
