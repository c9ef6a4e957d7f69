import { Forbidden, NotFound } from "../domain/contract/errors.ts";
import type { ApiToken, Permission } from "../domain/contract/user.ts";
import { makeToken } from "../auth/opaque-tokens.ts";
import { insertApiToken, listApiTokens, revokeApiToken } from "../db/queries/api-tokens.ts";
import { newId } from "../system/ids.ts";
import type { Ctx } from "./context.ts";
import { mutate } from "./mutate.ts";
import { requireSession } from "./sessions.ts";

const DAY_MS = 86_400_000;

export const listTokens = (ctx: Ctx): Promise<ApiToken[]> => listApiTokens(ctx.pool, ctx.actor.id);

/** The token's text is given once, here. */
export async function createToken(
  ctx: Ctx,
  { name, scopes, expires_in_days: days }: { name: string; scopes: Permission[]; expires_in_days: number },
): Promise<ApiToken & { token: string }> {
  requireSession(ctx.actor.via);
  const missing = scopes.filter((scope) => !ctx.actor.permissions.has(scope));
  if (missing.length > 0)
    throw new Forbidden(
      "scope_missing",
      `you do not hold ${missing.join(", ")} yourself; leave it out of the token's scopes`,
    );
  const { token, hash } = makeToken(ctx.vault, "api");
  const made = await mutate(ctx, "self", "token.create", async (db, note) => {
    const id = newId();
    note(id, { name, scopes, expires_in_days: days });
    return insertApiToken(db, {
      id,
      userId: ctx.actor.id,
      name,
      hash,
      scopes: [...new Set(scopes)],
      expiresAt: new Date(Date.now() + days * DAY_MS),
    });
  });
  return { ...made, token };
}

export async function deleteToken(ctx: Ctx, id: string): Promise<void> {
  await mutate(ctx, "self", "token.delete", async (db, note) => {
    const name = await revokeApiToken(db, ctx.actor.id, id);
    if (name === undefined) throw new NotFound("token", id);
    note(id, { name });
  });
}
