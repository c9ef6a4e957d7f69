import type { DeviceFailure } from "../../domain/contract/errors.ts";
import type { Pool } from "../../db/client.ts";
import type { Vault } from "../../system/vault.ts";
import type { Journal } from "../journal.ts";
import type { Lease } from "../locks.ts";

export type ApplyOutcome =
  /** Everything the phase has to do is done. `confirmBy`: then the device goes back by itself unless it is kept. */
  | { status: "done"; confirmBy: Date | null }
  /** The device refused a line and named why; nothing was sent after it. On staged platforms nothing of the change is active. */
  | { status: "rejected"; seq: number; line: string; answer: string }
  /** A person paused or cancelled the run; the line at `nextSeq` was not sent. */
  | { status: "stopped"; why: "paused" | "cancelled"; nextSeq: number }
  /** The session ended in the middle. What the lines at `seqs` did is not known until a read-back; none: nothing is in doubt. */
  | { status: "in_doubt"; seqs: number[]; failure: DeviceFailure }
  /** It could not be done. `nothingSent`: nothing of the change reached the device, or nothing of it is active there. */
  | { status: "failed"; failure: DeviceFailure; nothingSent: boolean };

export type ApplyDeps = {
  pool: Pool;
  vault: Vault;
  journal: Journal;
  lease: Lease;
  onProgress?: ((progress: { seq: number; of: number; line: string }) => void) | undefined;
  /** Stops before the next window. */
  signal?: AbortSignal | undefined;
};

/** Ends the work on a device from within, with its outcome. */
export class Halt extends Error {
  readonly outcome: ApplyOutcome;
  constructor(outcome: ApplyOutcome) {
    super(outcome.status);
    this.outcome = outcome;
  }
}
