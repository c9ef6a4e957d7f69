import { setTimeout as sleep } from "node:timers/promises";
import type { DeviceFacts } from "../domain/contract/device.ts";
import type { DeviceFailure } from "../domain/contract/errors.ts";
import type { DeviceAccess } from "./access.ts";
import { abortReason, failure, isFailure, mayTryAgain } from "./failures.ts";
import { readFacts } from "./read.ts";
import type { Session } from "./session.ts";
import type { Sessions } from "./sessions.ts";

/** What a device was before it was told to restart. */
export type BeforeReload = {
  /** By this computer's clock, in milliseconds. */
  readAt: number;
  uptimeS: number | null;
  osVersion: string | null;
  serial: string | null;
};

export type Return =
  /** It cannot be reached, or is not far enough to answer as itself. */
  | { state: "away"; why: DeviceFailure }
  /** It answers, and still runs since before. */
  | { state: "not_restarted" }
  | { state: "back"; facts: DeviceFacts };

/** A device that ran for less than this may come back with an uptime that is no smaller: then the time in between is counted. */
const YOUNG_S = 600;
/** Devices tell their uptime in whole minutes, and clocks are set. */
const SLACK_S = 120;

/** Taken down just before the restart: what it is compared with when the device is back. */
export async function readBeforeReload(session: Session): Promise<BeforeReload> {
  const { uptime_s, os_version, serial } = await readFacts(session);
  return { readAt: Date.now(), uptimeS: uptime_s, osVersion: os_version, serial };
}

/**
 * One look at a device that was told to restart. A workflow looks again by its own durable timer, for as long as it likes.
 * What no repeat can mend (a refused login, another host key) is thrown at once.
 */
export async function lookForReturn(
  sessions: Sessions,
  access: DeviceAccess,
  before: BeforeReload,
  { signal, tries = 1 }: { signal?: AbortSignal | undefined; tries?: number } = {},
): Promise<Return> {
  try {
    const facts = await sessions.use(access, "read", readFacts, { signal });
    if (before.serial !== null && facts.serial !== null && facts.serial !== before.serial)
      throw failure(
        "wrong_device",
        `at the address of ${access.name} a device came back whose serial number is ${facts.serial}, not ${before.serial}`,
      );
    return hasRestarted(before, facts) ? { state: "back", facts } : { state: "not_restarted" };
  } catch (error) {
    if (!isFailure(error) || signal?.aborted === true || !mayTryAgain(error, { tries, reading: true })) throw error;
    return { state: "away", why: error };
  }
}

/** Without an uptime on either side nothing proves a restart. */
function hasRestarted({ uptimeS, readAt }: BeforeReload, { uptime_s }: DeviceFacts): boolean {
  if (uptimeS === null || uptime_s === null) return false;
  const elapsedS = (Date.now() - readAt) / 1000;
  return uptime_s < uptimeS || (uptimeS < YOUNG_S && uptime_s + SLACK_S < uptimeS + elapsedS);
}

export type WaitOptions = {
  before: BeforeReload;
  /** The version that it must run then; as a rule that of before. */
  osVersion: string | null;
  timeoutMs: number;
  everyMs?: number;
  signal?: AbortSignal | undefined;
};

/** Waits until the device has restarted and is itself again: newly booted, by its uptime, with the expected version. */
export async function waitForReturn(
  sessions: Sessions,
  access: DeviceAccess,
  { before, osVersion, timeoutMs, everyMs = 10_000, signal }: WaitOptions,
): Promise<DeviceFacts> {
  const until = performance.now() + timeoutMs;
  // A login that nobody decided about may be tried once more, whatever else the device does meanwhile.
  let undecided = 1;
  let device = access;
  for (;;) {
    const found = await lookForReturn(sessions, device, before, { signal, tries: undecided });
    if (found.state === "back") {
      const { os_version } = found.facts;
      if (osVersion === null || os_version === osVersion) return found.facts;
      throw failure(
        "version_unexpected",
        `${access.name} came back with version ${os_version ?? "(not told)"}, not ${osVersion}`,
      );
    }
    if (found.state === "away" && isFailure(found.why, "auth_timeout", "auth_unanswered", "login_method_changed"))
      undecided += 1;
    if (found.state === "away" && isFailure(found.why, "login_method_changed"))
      device = { ...access, loginMethod: null };
    if (performance.now() + everyMs > until) {
      const seconds = Math.round(timeoutMs / 1000);
      throw found.state === "away"
        ? failure(
            "reload_timeout",
            `${access.name} did not come back within ${seconds} s; at last: ${found.why.message}`,
          )
        : failure("reload_not_happened", `${access.name} answers after ${seconds} s, and still runs since before`);
    }
    // An abort only ends the wait; what it means is said below.
    await sleep(everyMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    if (signal?.aborted) throw abortReason(signal, access.name);
  }
}
