import { ENDED, type NamedError, type RunStatus, type StepStatus } from "../contract/run.ts";

/** An event as it is stored: what the projections are folded from. */
export type StoredEvent = {
  at: Date;
  kind: "run" | "step" | "person" | "device";
  step: string | null;
  device: string | null;
  attempt: number;
  status: string | null;
  message: string | null;
  error: NamedError | null;
};

export type RunFacts = {
  status: RunStatus;
  message: string | null;
  started_at: Date | null;
  completed_at: Date | null;
  error: NamedError | null;
};

export type StepFacts = {
  attempt: number;
  status: StepStatus;
  message: string | null;
  error: NamedError | null;
  started_at: Date | null;
  completed_at: Date | null;
};

export const NEW_RUN: RunFacts = {
  status: "pending",
  message: null,
  started_at: null,
  completed_at: null,
  error: null,
};

const STEP_ENDED: readonly string[] = ["success", "failed", "cancelled", "skipped", "rolled_back"];

/** What a run shows after one more event of kind `run`; other kinds leave it as it is. */
export function foldRun(run: RunFacts, event: StoredEvent): RunFacts {
  if (event.kind !== "run" || event.status === null) return run;
  const status = event.status as RunStatus;
  const ended = ENDED.includes(status);
  return {
    status,
    message: event.message,
    error: event.error,
    started_at: run.started_at ?? (status === "pending" ? null : event.at),
    completed_at: ended ? event.at : null,
  };
}

/** What a step shows after one more event of its own. */
export function foldStep(step: StepFacts | null, event: StoredEvent): StepFacts {
  const status = (event.status ?? "running") as StepStatus;
  const sameAttempt = step !== null && step.attempt === event.attempt;
  if (step !== null && event.attempt < step.attempt) return step;
  return {
    attempt: event.attempt,
    status,
    message: event.message,
    error: event.error,
    started_at:
      (sameAttempt ? step.started_at : null) ?? (status === "pending" || status === "skipped" ? null : event.at),
    completed_at: STEP_ENDED.includes(status) ? event.at : null,
  };
}

/** A step of the whole run, or of one device. */
export type NamedStep = StepFacts & { step: string; device: string };

/** All that a run shows, from nothing but its events, in their order. */
export function foldAll(events: readonly StoredEvent[]): { run: RunFacts; steps: NamedStep[] } {
  let run = NEW_RUN;
  const steps = new Map<string, NamedStep>();
  for (const event of events) {
    run = foldRun(run, event);
    if (event.kind !== "step") continue;
    const [step, device] = [event.step ?? "", event.device ?? ""];
    const key = JSON.stringify([step, device]);
    steps.set(key, { step, device, ...foldStep(steps.get(key) ?? null, event) });
  }
  return { run, steps: [...steps.values()] };
}
