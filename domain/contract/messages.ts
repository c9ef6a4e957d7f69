import type { StepChoice } from "./run.ts";

/** Names and shapes of what goes to and from workflows, as plain data: both sides import them from here. */
export const TASK_QUEUE = "netstacks";

/** The run's id is the workflow's id. */
export type ChangeInput = { runId: string; changeId: string };

/** A run over many devices' configurations; which ones stands in its rows. */
export type BackupInput = { runId: string };

/** A deploy of a stack; its services stand in its rows. */
export type StackDeployInput = { runId: string };

/** "Something in the run's rows changed, look": carries nothing, since a signal can be forged. */
export const NUDGE = "nudge";

/**
 * Update: how one interrupted device goes on. Refused by its validator when that device does not wait for a choice. It
 * could be forged as well, so it names the request whose audit row says who wished it; runs of before name none.
 */
export const DECIDE = "decide";
export type DecideInput = {
  device: string;
  choice: StepChoice;
  actor: string;
  reason: string | null;
  requestId?: string;
};

/** A config that was read into a blob, or the named failure that says why it could not be read. */
export type ConfigRead = { ref: string; read_at: string } | { error: { code: string; message: string } };

/** What one device answered to one read, in a blob, or the named failure that says why it did not. */
export type CommandRead =
  | { deviceId: string; ref: string; read_at: string }
  | { deviceId: string; error: { code: string; message: string; what_to_do: string } };

/** Under this name messages of the engine carry the W3C `traceparent` of the span that they were sent from. */
export const TRACE_HEADER = "traceparent";
/** A message that a workflow took, as a span: `spanId` is its own, `parent` the header that it came with. */
export type TookMessage = { name: string; runId: string; parent: string; spanId: string; at: number };

/** A recording of a device that was written into a blob, or why there is none. */
export type Recorded = { ref: string; version: string } | { error: { code: string; message: string } };
