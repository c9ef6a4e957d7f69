import type { Pool } from "../db/client.ts";
import { recentRefusals } from "../db/queries/credential-refusals.ts";
import { ownCredential, type DeviceAccess } from "./access.ts";
import { failure } from "./failures.ts";

/** The secret of a credential that is about to be sent to one device. */
export type Trial = {
  /** Resolves when the secret may go out. Throws `credential_paused` when it may not. */
  begin(): Promise<void>;
  /** The device accepted it, or refused it, or nothing is known: then others may have their turn. */
  end(verdict: "accepted" | "refused" | null): void;
};

export type Trials = { open(access: DeviceAccess, secret: "login" | "enable"): Trial };

/** So many refusals within ten minutes pause a credential; so many devices at once may therefore hold an unproven one. */
const MOST = 2;
/** For so long after a device accepted it, a credential is given to any number of devices at once. */
const PROVEN_MS = 60_000;
/** So many silent devices before it may a device wait for, so that a few dead ones do not fail the fleet behind them. */
const SILENT_BEFORE = 4;

type Standing = {
  provenUntil: number;
  /** Trials that are open, and those of them that may send. */
  open: number;
  trying: number;
  waiting: Set<() => void>;
  /** Counts what those who wait would want to hear of. */
  news: number;
};

/**
 * A wrong password must not reach a whole fleet before the first device has said no. While no device has accepted a
 * credential lately, it goes to as many devices at once as may refuse it; all others wait for their verdict.
 */
export function createTrials(pool: Pool): Trials {
  const standings = new Map<string, Standing>();

  const standingOf = (key: string): Standing => {
    const standing = standings.get(key) ?? { provenUntil: 0, open: 0, trying: 0, waiting: new Set(), news: 0 };
    standings.set(key, standing);
    return standing;
  };

  return {
    open: (access, secret) => {
      const key = JSON.stringify([access.credential, access.credentialVersion, secret]);
      const standing = standingOf(key);
      standing.open += 1;
      let trying = false;
      let begun = false;
      let ended = false;
      let wake: (() => void) | undefined;
      const wakeAll = (): void => {
        standing.news += 1;
        for (const each of standing.waiting) each();
      };
      const leave = (): void => {
        if (trying) standing.trying -= 1;
        trying = false;
      };
      /** Until there is other news than `seen`, which may have come while one looked. */
      const change = (seen: number, until: number): Promise<void> =>
        new Promise((resolve) => {
          if (standing.news !== seen) {
            resolve();
            return;
          }
          const done = (): void => {
            clearTimeout(timer);
            standing.waiting.delete(done);
            resolve();
          };
          const timer = setTimeout(done, Math.max(0, until - performance.now()));
          wake = done;
          standing.waiting.add(done);
        });

      /** Takes one of the few turns; false: they are taken, or a refusal that may still come would be one too many. */
      const takeTurn = async (): Promise<boolean> => {
        if (standing.trying >= MOST) return false;
        standing.trying += 1;
        trying = true;
        const seen = standing.news;
        const refusals = await recentRefusals(pool, access.credential);
        const paused = refusals[MOST - 1];
        if (paused !== undefined) {
          leave();
          wakeAll();
          throw credentialPaused(access, paused);
        }
        // Who was refused while one looked is neither in what was read nor among those that try: then look again.
        if (!ended && standing.news === seen && refusals.length + standing.trying <= MOST) return true;
        leave();
        return false;
      };

      return {
        begin: async () => {
          // What only this device knows can be refused by no other.
          if (access.credential === ownCredential(access.id)) return;
          begun = true;
          const patience = SILENT_BEFORE * access.timeouts.auth;
          const until = performance.now() + patience;
          while (standing.provenUntil <= performance.now()) {
            const seen = standing.news;
            if (await takeTurn()) return;
            if (!ended) await change(seen, until);
            if (ended) throw failure("connection_lost", `the login on ${access.name} was given up`);
            if (performance.now() >= until)
              throw failure(
                "auth_timeout",
                `other devices have not decided about the credential ${access.credentialName} within ${patience / 1000} s, so that it was not sent to ${access.name}`,
              );
          }
        },
        end: (verdict) => {
          if (ended) return;
          ended = true;
          standing.open -= 1;
          leave();
          if (verdict === "accepted" && begun) standing.provenUntil = performance.now() + PROVEN_MS;
          if (verdict === "refused") standing.provenUntil = 0;
          wake?.();
          wakeAll();
          if (standing.open === 0 && standing.provenUntil <= performance.now()) standings.delete(key);
        },
      };
    },
  };
}

/** `since` is when the earlier of the refusals that count was. */
export function credentialPaused(access: DeviceAccess, since: Date): Error {
  const seconds = Math.max(1, Math.ceil((since.getTime() + 10 * 60_000 - Date.now()) / 1000));
  return failure(
    "credential_paused",
    `the credential ${access.credentialName} was refused twice within 10 minutes; ${access.name} was not tried`,
    { retryAfter: seconds },
  );
}
