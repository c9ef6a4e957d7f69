import { ROLE_PERMISSIONS, type Permission, type Role } from "../domain/contract/user.ts";
import type { Pool } from "../db/client.ts";
import { apiTokenByHash, touchApiToken } from "../db/queries/api-tokens.ts";
import { sessionById, sessionByToken, touchSession, type Holder } from "../db/queries/sessions.ts";
import type { Vault } from "../system/vault.ts";
import type { AccessTokens } from "./access-tokens.ts";
import { hashToken, isApiToken } from "./opaque-tokens.ts";

/** Whoever sent a request, and by what they are known. */
export type Identity = {
  userId: string;
  username: string;
  roles: readonly Role[];
  permissions: ReadonlySet<Permission>;
  via: "session" | "token";
  /** Of the session or the API token. */
  credentialId: string;
  /** Sent by a browser on its own: writes need a look at where they come from. */
  byCookie: boolean;
  mustChangePassword: boolean;
};

export type Identifier = {
  /** Undefined for a credential that is not, or no longer, good. */
  identify(request: { authorization: string | undefined; cookie: string | undefined }): Promise<Identity | undefined>;
  /** Reads all rows anew from now on. */
  forgetAll(): void;
};

/** How long a row that was read is believed; a user who is disabled is out within it, on every API process. */
const BELIEVED_MS = 3000;
const TOUCH_EVERY_MS = 60_000;
const CACHE_SIZE = 10_000;

export function createIdentifier(pool: Pool, vault: Vault, accessTokens: AccessTokens): Identifier {
  const cache = new Map<string, { identity: Identity; readAt: number; expiresAt: number }>();

  async function remember(
    key: string,
    read: () => Promise<{ holder: Holder; scopes?: readonly Permission[] } | undefined>,
    byCookie: boolean,
  ): Promise<Identity | undefined> {
    const now = Date.now();
    const known = cache.get(key);
    if (known !== undefined && now - known.readAt < BELIEVED_MS && now < known.expiresAt) return known.identity;
    cache.delete(key);
    const found = await read();
    if (found === undefined) return undefined;
    const identity = identityOf(found.holder, found.scopes, byCookie);
    if (cache.size >= CACHE_SIZE) cache.clear();
    cache.set(key, { identity, readAt: now, expiresAt: found.holder.expires_at.getTime() });
    if (now - (found.holder.last_used_at?.getTime() ?? 0) > TOUCH_EVERY_MS) {
      await (found.scopes === undefined
        ? touchSession(pool, identity.credentialId)
        : touchApiToken(pool, identity.credentialId));
    }
    return identity;
  }

  const asSession = async (holder: Promise<Holder | undefined>) => {
    const found = await holder;
    return found && { holder: found };
  };

  return {
    async identify({ authorization, cookie }) {
      if (authorization !== undefined) {
        const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
        if (token === undefined) return undefined;
        if (isApiToken(token)) {
          const hash = hashToken(vault, "api", token);
          return remember(
            `api:${hash.toString("base64")}`,
            async () => {
              const holder = await apiTokenByHash(pool, hash);
              return holder && { holder, scopes: holder.scopes };
            },
            false,
          );
        }
        const claims = await accessTokens.verify(token);
        if (claims === undefined) return undefined;
        return remember(`id:${claims.sessionId}`, () => asSession(sessionById(pool, claims.sessionId)), false);
      }
      if (cookie === undefined) return undefined;
      const hash = hashToken(vault, "session", cookie);
      return remember(`cookie:${hash.toString("base64")}`, () => asSession(sessionByToken(pool, hash)), true);
    },
    forgetAll: () => cache.clear(),
  };
}

/** A token has what its scopes and its owner's roles both have, and always the right to ask who it is. */
function identityOf(holder: Holder, scopes: readonly Permission[] | undefined, byCookie: boolean): Identity {
  const ofRoles = holder.roles.flatMap((role) => ROLE_PERMISSIONS[role]);
  const permissions = scopes === undefined ? ofRoles : ofRoles.filter((p) => p === "self" || scopes.includes(p));
  return {
    userId: holder.user_id,
    username: holder.username,
    roles: holder.roles,
    permissions: new Set(permissions),
    via: scopes === undefined ? "session" : "token",
    credentialId: holder.id,
    byCookie,
    mustChangePassword: holder.must_change_password,
  };
}
