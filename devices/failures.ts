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

/** A secret was sent and the device judged it wrong: it counts against its credential, for the whole fleet. */
export class SecretRefused extends DeviceFailure {
  constructor(code: "auth_failed" | "enable_failed", message: string, more: More = {}) {
    super(code, message, more);
  }
}

export const isFailure = (error: unknown, ...codes: FailureCode[]): error is DeviceFailure =>
  error instanceof DeviceFailure && (codes.length === 0 || (codes as string[]).includes(error.code));

/** What a caller's signal was aborted with, as an error. */
export function abortReason(signal: AbortSignal, device: string): Error {
  const reason: unknown = signal.reason;
  return reason instanceof AppError ? reason : failure("stopped", `the work on ${device} was stopped`);
}

/**
 * Whether one piece of work may try again by itself after a failure. `connection`: nothing was decided, and nothing secret
 * was judged. `once`: the secret may have been judged without a word, so one more time and never a third. `reading`: a read
 * may be repeated, a send may not. `never`: a repeat would send a refused secret again, or ask the same of the same person.
 */
const AGAIN: Readonly<Record<FailureCode, "connection" | "once" | "reading" | "never">> = {
  dns_failed: "reading",
  connection_refused: "connection",
  host_unreachable: "connection",
  connect_timeout: "connection",
  handshake_failed: "connection",
  session_refused: "connection",
  no_common_algorithm: "never",
  vty_lines_exhausted: "connection",
  host_key_unknown: "never",
  host_key_changed: "never",
  auth_failed: "never",
  auth_timeout: "once",
  auth_unanswered: "once",
  auth_method_unavailable: "never",
  login_method_changed: "once",
  credential_paused: "never",
  credential_missing: "never",
  key_passphrase: "never",
  enable_failed: "never",
  login_dialog_unknown: "never",
  prompt_not_found: "reading",
  wrong_platform: "never",
  wrong_device: "never",
  timeout_idle: "connection",
  timeout_total: "reading",
  connection_lost: "connection",
  output_limit: "reading",
  unexpected_question: "never",
  echo_mismatch: "reading",
  line_rejected: "never",
  config_incomplete: "reading",
  text_undecodable: "never",
  command_not_a_read: "never",
  device_locked: "never",
  device_busy: "connection",
  dirty_candidate: "never",
  reload_not_happened: "never",
  reload_timeout: "never",
  version_unexpected: "never",
  commit_failed: "never",
  rolled_back_by_device: "never",
  epoch_lost: "connection",
  stopped: "reading",
  rollback_incomplete: "never",
  save_failed: "never",
  device_disabled: "never",
  journal_tampered: "never",
  journal_unavailable: "connection",
};

/** May the same work be begun again by itself, after it failed for the `tries`-th time with nothing sent? */
export function mayTryAgain(error: unknown, { tries, reading }: { tries: number; reading: boolean }): boolean {
  if (!isFailure(error)) return false;
  switch (AGAIN[error.code as FailureCode]) {
    case "connection":
      return true;
    case "once":
      return tries < 2;
    case "reading":
      return reading;
    case "never":
      return false;
  }
}
