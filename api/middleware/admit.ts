import { getCookie } from "hono/cookie";
import { Forbidden, Unauthenticated } from "../../domain/contract/errors.ts";
import type { Permission } from "../../domain/contract/user.ts";
import type { Identity } from "../../auth/identify.ts";
import type { Ctx } from "../../services/context.ts";
import { cookieName } from "../cookie.ts";
import type { Deps } from "../deps.ts";
import type { ApiContext } from "../env.ts";
import { refuseForeignOrigin } from "./origin.ts";

/** Lets a request in: known, from our own pages when a browser sends it by itself, and allowed to do this. */
export async function admit(
  c: ApiContext,
  deps: Deps,
  {
    permission,
    method,
    beforePasswordChange,
  }: { permission: Permission; method: string; beforePasswordChange: boolean },
): Promise<{ ctx: Ctx; identity: Identity }> {
  const identity = await identityOf(c, deps);
  if (identity === undefined)
    throw new Unauthenticated("unauthenticated", "sign in first, or send a valid token as Authorization: Bearer");
  if (identity.byCookie && method !== "get") refuseForeignOrigin(c, deps.config.publicUrl);
  if (identity.mustChangePassword && !beforePasswordChange)
    throw new Forbidden(
      "password_change_required",
      "this password was set by somebody else; choose your own first (PUT /api/users/{username}/password)",
    );
  if (!identity.permissions.has(permission))
    throw new Forbidden(
      "permission_missing",
      `this needs the right ${permission}, which ${identity.username} does not hold`,
    );
  c.set("userId", identity.userId);
  return { ctx: ctxOf(c, deps, identity), identity };
}

export function identityOf(c: ApiContext, deps: Deps): Promise<Identity | undefined> {
  return deps.identifier.identify({
    authorization: c.req.header("authorization"),
    cookie: getCookie(c, cookieName(deps.config.publicUrl)),
  });
}

function ctxOf(c: ApiContext, deps: Deps, identity: Identity): Ctx {
  const { pool, vault, log, engine } = deps;
  const { userId: id, username, roles, permissions, via } = identity;
  return {
    pool,
    vault,
    log,
    engine,
    actor: { id, username, roles, permissions, via },
    requestId: c.var.requestId,
    ip: c.var.ip,
  };
}
