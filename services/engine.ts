import type { DeviceTest } from "../domain/contract/device.ts";
import type { DecideInput } from "../domain/contract/messages.ts";

/**
 * The workflow engine, as the services see it. A start or nudge that does not get through is no error: the row is
 * committed, and the sweeper repeats it. Questions that need a worker now answer 503 `workers_away` when none takes them.
 */
export type Engine = {
  /** Starts the run's workflow unless it exists; false when the engine is away. */
  start(run: { runId: string; changeId: string }): Promise<boolean>;
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
  /** Is the frontend reachable, and how many workers poll. */
  health(): Promise<{ reachable: boolean; workers: number; detail: string }>;
};
