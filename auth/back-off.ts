import { createHash } from "node:crypto";
import { TooMany } from "../domain/contract/errors.ts";
import type { Db, Pool } from "../db/client.ts";
import { transaction } from "../db/client.ts";
import { claimAttempt, forgetAttempts, takeBackAttempt } from "../db/queries/login-failures.ts";

/** Failures that cost nothing; each one more doubles the wait, up to the limit. */
const ACCOUNT = { free: 5, limitSeconds: 900 };
/** Many people can sit behind one address. */
const ADDRESS = { free: 30, limitSeconds: 900 };

export type AttemptKeys = { account: string; address: string | null };

/** Keys say nothing of who tried: a name may be a password typed into the wrong field. */
export function attemptKeys(username: string, ip: string | null): AttemptKeys {
  const digest = createHash("sha256").update(username.toLowerCase()).digest("hex");
  return { account: `account:${digest}`, address: ip === null ? null : `address:${ip}` };
}

/**
 * Counts a try as failed before it is checked, so that many at once cannot slip through. Throws TooMany, the same for
 * accounts that exist and that do not, while an earlier failure blocks.
 */
export async function claimTry(pool: Pool, keys: AttemptKeys): Promise<void> {
  const wait = await transaction(pool, async (db) => {
    const account = await claimAttempt(db, keys.account, ACCOUNT);
    if (account > 0 || keys.address === null) return account;
    const address = await claimAttempt(db, keys.address, ADDRESS);
    if (address > 0) await takeBackAttempt(db, keys.account);
    return address;
  });
  if (wait > 0)
    throw new TooMany("login_blocked", `too many failed sign-ins; try again in ${wait} s`, { retryAfter: wait });
}

/** The try was right: the account starts anew; the address only loses this one, or a known password would hide a guesser. */
export async function tryWasRight(db: Db, keys: AttemptKeys): Promise<void> {
  await forgetAttempts(db, keys.account);
  if (keys.address !== null) await takeBackAttempt(db, keys.address);
}
