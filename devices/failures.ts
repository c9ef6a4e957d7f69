import { AppError, DeviceFailure } from "../domain/contract/errors.ts";
import type { FailureCode } from "../domain/contract/failures.ts";

type More = { retryAfter?: number; cause?: unknown };

/** A named failure of a device session; `what` is one sentence that names the device and what it said. */
export const failure = (code: FailureCode, what: string, more: More = {}): DeviceFailure =>
  new DeviceFailure(code, what, more);

export type OfferedKey = { algorithm: string; fingerprint: string };

/** `host_key_unknown` or `host_key_changed`, with the key that was shown, so that a person can compare and accept it. */
export class HostKeyFailure extends DeviceFailure {
  readonly offered: OfferedKey;
  constructor(code: "host_key_unknown" | "host_key_changed", message: string, offered: OfferedKey) {
    super(code, message);
    this.offered = offered;
  }
}

export const isFailure = (error: unknown, ...codes: FailureCode[]): error is DeviceFailure =>
  error instanceof DeviceFailure && (codes.length === 0 || (codes as string[]).includes(error.code));

/** What a caller's signal was aborted with, as an error. */
export function abortReason(signal: AbortSignal, device: string): Error {
  const reason: unknown = signal.reason;
  return reason instanceof AppError ? reason : failure("stopped", `the work on ${device} was stopped`);
}
