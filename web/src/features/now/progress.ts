import type { Run, RunStep } from "../../../../domain/contract/run.ts";
import type { Segment } from "../../components/status.tsx";
import { countSegments } from "../runs/backup-outcomes.ts";
import type { StateKind } from "../../lib/status-of.ts";

const DEVICE_STEPS = ["apply", "verify", "keep"];
const KINDS: Partial<Record<RunStep["status"], { kind: StateKind; label: string }>> = {
  success: { kind: "ok", label: "done" },
  skipped: { kind: "idle", label: "skipped" },
  running: { kind: "run", label: "running" },
  interrupted: { kind: "doubt", label: "in doubt" },
  failed: { kind: "bad", label: "failed" },
  rolled_back: { kind: "back", label: "rolled back" },
};
const WORDS: Record<string, string> = {
  plan: "Planning",
  approve: "Waits for approval",
  apply: "Applying",
  verify: "Verifying",
  keep: "Keeping",
  rollback: "Rolling back",
};

/** How far a run is, counted in steps of devices: apply, verify and keep of each; a backup in devices. */
export function progressOf(run: Run): { segments: Segment[]; total: number; word: string | null } {
  if (run.backup)
    return {
      segments: countSegments(run.backup),
      total: run.backup.total,
      word: run.status === "running" ? "Backing up" : null,
    };
  const counts = new Map<string, Segment>();
  for (const step of run.steps) {
    if (step.device === null || !DEVICE_STEPS.includes(step.type)) continue;
    const known = KINDS[step.status];
    if (!known) continue;
    const segment = counts.get(known.label) ?? { ...known, count: 0 };
    counts.set(known.label, { ...segment, count: segment.count + 1 });
  }
  const order = ["done", "rolled back", "failed", "skipped", "running", "in doubt"];
  const now = run.steps.findLast((step) => step.status === "running");
  return {
    segments: [...counts.values()].sort((a, b) => order.indexOf(a.label) - order.indexOf(b.label)),
    total: run.devices.length * DEVICE_STEPS.length,
    word: run.status === "running" && now ? (WORDS[now.type] ?? now.name) : null,
  };
}

/** Devices of a run that wait for a person's choice. */
export const inDoubt = (run: Run): RunStep[] =>
  run.steps.filter((step) => step.status === "interrupted" && step.device !== null);
