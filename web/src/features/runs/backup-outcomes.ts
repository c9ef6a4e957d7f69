import type { BackupCounts, Run, RunStep } from "../../../../domain/contract/run.ts";
import type { Segment } from "../../components/status.tsx";
import type { StateIcon, StateKind } from "../../lib/status-of.ts";

export const OUTCOMES = ["failed", "running", "stored", "skipped", "unchanged", "pending"] as const;
/** How a device came out of a backup so far; in the order in which it matters. */
export type Outcome = (typeof OUTCOMES)[number];
export type OutcomeView = { kind: StateKind; icon: StateIcon; word: string };
export const OUTCOME_VIEWS: Record<Outcome, OutcomeView> = {
  failed: { kind: "bad", icon: "cross", word: "Not read" },
  running: { kind: "run", icon: "turn", word: "Being read" },
  stored: { kind: "ok", icon: "tick", word: "New version" },
  skipped: { kind: "idle", icon: "slash", word: "Skipped" },
  unchanged: { kind: "ok", icon: "tick", word: "As before" },
  pending: { kind: "idle", icon: "ring", word: "Not yet" },
};

export function outcomeOf({ status, message }: Pick<RunStep, "status" | "message">): Outcome {
  if (status === "success") return message === "unchanged" ? "unchanged" : "stored";
  if (status === "failed" || status === "running" || status === "skipped" || status === "pending") return status;
  return status === "cancelled" ? "skipped" : "pending";
}

export type OutcomeGroup = { outcome: Outcome; steps: RunStep[] };
/** The devices of a backup by how they came out; only groups that somebody is in. */
export function groupOutcomes(run: Pick<Run, "steps">): OutcomeGroup[] {
  const groups = new Map<Outcome, RunStep[]>(OUTCOMES.map((outcome) => [outcome, []]));
  for (const step of run.steps) if (step.device !== null) groups.get(outcomeOf(step))?.push(step);
  return [...groups].flatMap(([outcome, steps]) => (steps.length > 0 ? [{ outcome, steps }] : []));
}

export type FailureGroup = { code: string; whatToDo: string | null; devices: number };
/** Failures by name, the most frequent first: what to do about many devices is mostly one thing. */
export function failuresByName(steps: readonly RunStep[]): FailureGroup[] {
  const found = new Map<string, FailureGroup>();
  for (const { error } of steps) {
    const code = error?.code ?? "failed";
    const group = found.get(code) ?? { code, whatToDo: error?.what_to_do ?? null, devices: 0 };
    found.set(code, { ...group, devices: group.devices + 1 });
  }
  return [...found.values()].sort((a, b) => b.devices - a.devices);
}

/** Its counts as the parts of a bar. */
export const countSegments = (counts: BackupCounts): Segment[] => [
  { kind: "ok", count: counts.success, label: "read" },
  { kind: "bad", count: counts.failed, label: "failed" },
  { kind: "idle", count: counts.skipped, label: "skipped" },
];
