import { Forbidden, Unauthenticated } from "../domain/contract/errors.ts";
import { Name } from "../domain/contract/common.ts";
import type { User } from "../domain/contract/user.ts";
import { ACCESS_TOKEN_SECONDS, type AccessTokens } from "../auth/access-tokens.ts";
import { attemptKeys, claimTry, tryWasRight } from "../auth/back-off.ts";
import { hashToken, makeRefreshToken, makeToken, sessionOfRefreshToken } from "../auth/opaque-tokens.ts";
import { inPasswordQueue, verifyPassword } from "../auth/passwords.ts";
import { transaction, type Db, type Pool } from "../db/client.ts";
import { insertAudit } from "../db/queries/audit.ts";
import {
  insertSession,
  revokeSession,
  rotateRefresh,
  rotateSessionToken,
  sessionByToken,
  sessionForRefresh,
} from "../db/queries/sessions.ts";
import { findUser, findUserById, noteLogin, passwordHashOf } from "../db/queries/users.ts";
import { newId } from "../system/ids.ts";
import type { Vault } from "../system/vault.ts";
import type { Ctx } from "./context.ts";

const HOUR_MS = 3_600_000;
const SESSION_MS = 12 * HOUR_MS;
const REMEMBERED_MS = 30 * 24 * HOUR_MS;

/** A request by somebody who is not signed in yet. */
export type Visitor = {
  pool: Pool;
  vault: Vault;
  accessTokens: AccessTokens;
  ip: string | null;
  userAgent: string | null;
  requestId: string;
};

export type SignedIn = { accessToken: string; refreshToken: string; expiresIn: number; user: User };
/** The cookie's token, and when the session ends by itself. */
export type BrowserSession = { token: string; expiresAt: Date; remember: boolean };

/**
 * Signs a local account in. Unknown name, wrong password and disabled account get the same answer after the same work;
 * each try counts as failed until it was right.
 */
export async function login(
  visitor: Visitor,
  {
    username,
    password,
    remember_me: remember = false,
  }: { username: string; password: string; remember_me?: boolean | undefined },
  /** The session that this browser had until now: it ends, so that nobody's id survives a sign-in. */
  cookieBefore: string | undefined,
): Promise<SignedIn & { browser: BrowserSession }> {
  const { pool, vault } = visitor;
  const keys = attemptKeys(username, visitor.ip);
  const user = await inPasswordQueue(async () => {
    await claimTry(pool, keys);
    const found = Name.safeParse(username).success ? await findUser(pool, username) : undefined;
    const hash = found && (await passwordHashOf(pool, found.id));
    const right = await verifyPassword(password, hash);
    if (right && found !== undefined && !found.disabled) {
      // Before the next try takes this place: tries that wait for their verdict would count as failed ones.
      await transaction(pool, (db) => tryWasRight(db, keys));
      return found;
    }
    // A name that is nobody's may be a password typed into the wrong field.
    const detail = { known: found !== undefined, ...(found?.disabled ? { disabled: true } : {}) };
    await transaction(pool, (db) =>
      insertAudit(db, vault, {
        actor: "anonymous",
        action: "auth.login_failed",
        subject: found?.username ?? null,
        detail,
        ip: visitor.ip,
        requestId: visitor.requestId,
      }),
    );
    throw new Unauthenticated("login_failed", "the user name or the password is wrong");
  });

  const id = newId();
  const cookie = makeToken(vault, "session");
  const refresh = makeRefreshToken(vault, id);
  const expiresAt = new Date(Date.now() + (remember ? REMEMBERED_MS : SESSION_MS));
  const signedIn = await transaction(pool, async (db) => {
    await noteLogin(db, user.id);
    const before =
      cookieBefore === undefined ? undefined : await sessionByToken(db, hashToken(vault, "session", cookieBefore));
    if (before) await revokeSession(db, before.id);
    await insertSession(db, {
      id,
      userId: user.id,
      tokenHash: cookie.hash,
      refreshHash: refresh.hash,
      expiresAt,
      ip: visitor.ip,
      userAgent: visitor.userAgent,
    });
    await auditOwn(db, visitor, user.username, "auth.login", id);
    return (await findUserById(db, user.id)) ?? user;
  });
  return {
    accessToken: await visitor.accessTokens.sign({ sessionId: id, userId: user.id }),
    refreshToken: refresh.token,
    expiresIn: ACCESS_TOKEN_SECONDS,
    user: signedIn,
    browser: { token: cookie.token, expiresAt, remember },
  };
}

/** A new pair for a refresh token. One that was used before is in two hands: the session ends for both. */
export async function refreshSession(visitor: Visitor, token: string): Promise<SignedIn> {
  const { pool, vault } = visitor;
  const sessionId = sessionOfRefreshToken(vault, token);
  const outcome =
    sessionId === undefined
      ? undefined
      : await transaction(pool, async (db) => {
          const session = await sessionForRefresh(db, sessionId);
          if (session === undefined) return undefined;
          if (session.refresh_hash === null || !session.refresh_hash.equals(hashToken(vault, "refresh", token))) {
            await revokeSession(db, sessionId);
            await auditOwn(db, visitor, session.username, "auth.refresh_reused", sessionId);
            return "reused" as const;
          }
          const next = makeRefreshToken(vault, sessionId);
          await rotateRefresh(db, sessionId, next.hash);
          const user = await findUserById(db, session.user_id);
          return user && { refreshToken: next.token, user };
        });
  if (outcome === "reused")
    throw new Unauthenticated(
      "refresh_reused",
      "this refresh token was used before, so somebody else may hold it; the session has ended, sign in again",
    );
  if (outcome === undefined || sessionId === undefined)
    throw new Unauthenticated("refresh_invalid", "this refresh token is not valid (any more); sign in again");
  return {
    ...outcome,
    accessToken: await visitor.accessTokens.sign({ sessionId, userId: outcome.user.id }),
    expiresIn: ACCESS_TOKEN_SECONDS,
  };
}

export async function logout(
  visitor: Omit<Visitor, "accessTokens">,
  { username, sessionId }: { username: string; sessionId: string },
): Promise<void> {
  await transaction(visitor.pool, async (db) => {
    await revokeSession(db, sessionId);
    await auditOwn(db, visitor, username, "auth.logout", sessionId);
  });
}

/** A new cookie for the same session: its rights have changed, so the old one must not open it. */
export async function renewCookie(ctx: Pick<Ctx, "pool" | "vault">, sessionId: string): Promise<BrowserSession> {
  const { token, hash } = makeToken(ctx.vault, "session");
  const expiresAt = await rotateSessionToken(ctx.pool, sessionId, hash);
  return { token, expiresAt, remember: expiresAt.getTime() > Date.now() + SESSION_MS };
}

/** Tokens must not make tokens, set passwords or end sessions: what leaks once would stay. */
export function requireSession(via: "session" | "token" | "system"): void {
  if (via !== "session")
    throw new Forbidden("session_required", "an API token may not do this; sign in with the password");
}

function auditOwn(
  db: Db,
  visitor: Omit<Visitor, "accessTokens">,
  actor: string,
  action: string,
  sessionId: string,
): Promise<void> {
  return insertAudit(db, visitor.vault, {
    actor,
    action,
    subject: actor,
    detail: { session: sessionId },
    ip: visitor.ip,
    requestId: visitor.requestId,
  });
}
