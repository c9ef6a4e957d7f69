import { setTimeout as sleep } from "node:timers/promises";
import type { DeviceAccess } from "../access.ts";
import { abortReason, failure, mayTryAgain } from "../failures.ts";
import { readRunningConfig } from "../read.ts";
import type { Session } from "../session.ts";
import type { Sessions } from "../sessions.ts";
import {
  mustBeCounted,
  mustBeItself,
  mustHoldNoAnswers,
  nameIn,
  whyDoubted,
  whyUnsure,
  type LastGood,
} from "./doubts.ts";

export type TrustedConfig = {
  text: string;
  digest: string;
  /** As the configuration names the device. */
  hostname: string | null;
  /** Over 30 % shorter than the last good one, and the same in two sessions. */
  shrunk: boolean;
  /** When the reading began, by `now`. */
  at: Date;
};

type Options = {
  last: LastGood | null;
  /** Equal for two configurations that say the same. */
  digest: (text: string) => string;
  /** One clock for all who read: that of a worker may be ahead of another's. */
  now: () => Promise<Date>;
  signal: AbortSignal;
};

type Reading = Omit<TrustedConfig, "shrunk"> & { doubt: string | null };

const SHRUNK = 0.7;
const RETRY_AFTER_MS = 500;

/**
 * The running configuration, whole, or an error. What gives rise to doubt is read again over another session, and
 * believed when two of three readings are the same, or one is the last good one: a device that lies does not lie the same way twice.
 */
export async function readTrustedConfig(
  sessions: Sessions,
  access: DeviceAccess,
  options: Options,
): Promise<TrustedConfig> {
  const first = await readOnce(sessions, access, options);
  if (first.doubt === null) return { ...first, shrunk: false };
  const seen = [first];
  for (let more = 1; more <= 2; more++) {
    const next = await readOnce(sessions, access, options);
    if (next.digest === options.last?.digest) return { ...next, shrunk: false };
    if (seen.some((reading) => reading.digest === next.digest))
      return { ...next, shrunk: isShrunk(next, options.last) };
    seen.push(next);
  }
  throw failure(
    "config_incomplete",
    `${access.name} answered with three different configurations in three sessions, and ${first.doubt}`,
  );
}

const isShrunk = ({ text }: Reading, last: LastGood | null): boolean =>
  last !== null && Buffer.byteLength(text) < last.size * SHRUNK;

async function readOnce(sessions: Sessions, access: DeviceAccess, options: Options): Promise<Reading> {
  const once = () => sessions.use(access, "read", (session) => inSession(session, options), { signal: options.signal });
  try {
    return await once();
  } catch (error) {
    if (options.signal.aborted) throw abortReason(options.signal, access.name);
    if (!mayTryAgain(error, { tries: 1, reading: true })) throw error;
    await sleep(RETRY_AFTER_MS, undefined, { signal: options.signal, ref: false }).catch(() => {
      throw abortReason(options.signal, access.name);
    });
    return once();
  }
}

async function inSession(session: Session, { last, digest, now, signal }: Options): Promise<Reading> {
  if (signal.aborted) throw abortReason(signal, session.device.name);
  const hangUp = (): void => session.close();
  signal.addEventListener("abort", hangUp, { once: true });
  try {
    const at = await now();
    const text = await readRunningConfig(session);
    mustHoldNoAnswers(session, text);
    const hostname = nameIn(text);
    mustBeItself(session, hostname, last);
    const found = { text, digest: digest(text), hostname, at };
    if (found.digest === last?.digest) return { ...found, doubt: null };
    const counted = await mustBeCounted(session, text);
    const doubt =
      whyDoubted(found, session.device.platform, last) ??
      (counted ? null : await whyUnsure(session, { first: found.digest, last, digest }));
    // The next reading has to come over another session.
    if (doubt !== null) session.close();
    return { ...found, doubt };
  } catch (error) {
    if (signal.aborted) throw abortReason(signal, session.device.name);
    throw error;
  } finally {
    signal.removeEventListener("abort", hangUp);
  }
}
