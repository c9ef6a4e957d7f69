import {
  CHANGE_STEPS,
  type BackupCounts,
  type JournalLine,
  type Run,
  type RunEvent,
  type RunStep,
} from "../domain/contract/run.ts";
import type { StepFacts, StoredEvent } from "../domain/run/fold.ts";
import type { RunRow } from "../db/queries/runs.ts";

export type StepRow = StepFacts & { run_id: string; step: string; device: string };
export type EventRow = StoredEvent & { seq: number; actor: string | null };

const STEP_NAMES: Record<string, string> = {
  plan: "Plan",
  approve: "Approve",
  apply: "Apply",
  verify: "Verify",
  keep: "Keep",
  rollback: "Roll back",
  backup: "Back up",
};

export function showRun(
  row: RunRow,
  steps: StepRow[],
  devices: string[],
  approvalId: string | null,
  backup: BackupCounts | null,
): Run {
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    status: row.status,
    message: row.message,
    change_id: row.change_id,
    approval_id: approvalId,
    started_by: row.started_by,
    created_at: row.created_at.toISOString(),
    started_at: row.started_at?.toISOString() ?? null,
    completed_at: row.completed_at?.toISOString() ?? null,
    error: row.error,
    devices,
    steps: steps
      .map(showStep)
      .sort((a, b) => order(a.id) - order(b.id) || (a.device ?? "").localeCompare(b.device ?? "")),
    backup,
    pause_requested: row.pause_requested,
    cancel_requested: row.cancel_requested,
  };
}

/** What is no step of a change (the services of a stack) stands behind them. */
const order = (step: string): number => {
  const known = CHANGE_STEPS.findIndex((s) => s === step);
  return known < 0 ? CHANGE_STEPS.length : known;
};

function showStep(step: StepRow): RunStep {
  return {
    id: step.step,
    name: STEP_NAMES[step.step] ?? step.step,
    type: step.step,
    status: step.status,
    device: step.device === "" ? null : step.device,
    attempt: step.attempt,
    message: step.message,
    error: step.error,
    started_at: step.started_at?.toISOString() ?? null,
    completed_at: step.completed_at?.toISOString() ?? null,
    duration_ms: step.started_at && step.completed_at ? step.completed_at.getTime() - step.started_at.getTime() : null,
  };
}

export function showEvent(row: EventRow): RunEvent {
  return {
    seq: row.seq,
    at: row.at.toISOString(),
    kind: row.kind,
    step: row.step,
    device: row.device,
    attempt: row.attempt,
    actor: row.actor,
    status: row.status,
    message: row.message,
    error: row.error,
  };
}

export type JournalRow = {
  device_id: string;
  direction: JournalLine["direction"];
  seq: number;
  attempt: number;
  window_no: number;
  line: string;
  state: string;
  answer: string | null;
  sent_at: Date;
  answered_at: Date | null;
};

const LINE_STATE: Record<string, JournalLine["state"]> = {
  sent: "in_doubt",
  taken: "taken",
  present: "taken",
  refused: "refused",
  absent: "not_sent",
};

/**
 * The newest word on each line of one device and direction, and the lines that have no journal row (`withoutRow`). A
 * line that a read-back found absent counts as not sent.
 */
export function showLines(
  device: string,
  direction: JournalLine["direction"],
  planned: string[],
  rows: JournalRow[],
  withoutRow: JournalLine["state"] = "not_sent",
): JournalLine[] {
  const newest = new Map<number, JournalRow>();
  for (const row of rows) {
    const known = newest.get(row.seq);
    if (!known || known.attempt < row.attempt) newest.set(row.seq, row);
  }
  // Commits and saves stand behind the planned lines.
  const seqs = new Set([...planned.keys(), ...[...newest.keys()].sort((a, b) => a - b)]);
  return [...seqs].map((seq) => {
    const row = newest.get(seq);
    return {
      device,
      direction,
      seq,
      attempt: row?.attempt ?? 1,
      window: row?.window_no ?? 0,
      line: row?.line ?? planned[seq] ?? "",
      state: row ? (LINE_STATE[row.state] ?? "in_doubt") : withoutRow,
      sent_at: row?.sent_at.toISOString() ?? null,
      answered_at: row?.answered_at?.toISOString() ?? null,
      answer: row?.answer ?? null,
    };
  });
}
