import type { DeviceTest } from "../domain/contract/device.ts";
import type { CommandRead, DecideInput } from "../domain/contract/messages.ts";
import type { Run } from "../domain/contract/run.ts";

/** A run as the workflow engine starts it: its kind says by which workflow. */
export type RunStart = { runId: string; kind: Run["kind"]; changeId: string | null };

/** `backlog` tasks wait for a worker, the oldest for `age` seconds. */
export type TaskQueue = { kind: "workflow" | "activity"; backlog: number; age: number; pollers: number };

/**
 * The workflow engine, as the services see it. A start or nudge that does not get through is no error: the row is
 * committed, and the sweeper repeats it. Questions that need a worker now answer 503 `workers_away` when none takes them.
 */
export type Engine = {
  /** Starts the run's workflow unless it exists; false when the engine is away. */
  start(run: RunStart): Promise<boolean>;
  /** Tells the run to look at its rows; false when the engine is away. */
  nudge(runId: string): Promise<boolean>;
  /** Is the run's workflow there and open? Undefined when the engine is away. */
  isOpen(runId: string): Promise<boolean | undefined>;
  /** Lets an interrupted device go on; `requestId` makes a repeat the same decision. Throws the validator's Conflict. */
  decide(runId: string, input: DecideInput, requestId: string): Promise<void>;
  /** Tests devices through a worker. */
  testDevices(deviceIds: string[]): Promise<DeviceTest[]>;
  /** Reads the running config now; gives the blob that holds it, since output never goes through the engine. */
  readConfig(deviceId: string): Promise<{ ref: string; read_at: string }>;
  /** Runs one read on several devices; gives the blobs that hold what they answered. */
  readCommand(deviceIds: string[], command: string): Promise<CommandRead[]>;
  /** What waits for a worker in the engine's task queues; undefined when the engine is away. */
  queues(): Promise<TaskQueue[] | undefined>;
  /** Makes a recording of a device; gives the blob that holds it. */
  recordDevice(deviceId: string): Promise<{ ref: string; version: string }>;
  /** Is the frontend reachable, and how many workers poll. */
  health(): Promise<{ reachable: boolean; workers: number; detail: string }>;
};
