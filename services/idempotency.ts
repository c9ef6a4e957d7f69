import { createHash } from "node:crypto";
import { Conflict, Invalid } from "../domain/contract/errors.ts";
import type { Db } from "../db/client.ts";
import { claimKey, fillClaim, readClaim } from "../db/queries/idempotency.ts";
import type { Ctx } from "./context.ts";

/** A request that its sender may repeat: the header's key, the route, and the body as it was parsed. */
export type IdempotencyClaim = { key: string; route: string; body: unknown };

const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * Makes a resource once per (user, key), in the caller's transaction, and gives its id; a repeat gives the id of the
 * first. Twins at the same time wait for the first to commit. The same key with another body is a Conflict.
 */
export async function idempotent(
  ctx: Pick<Ctx, "actor" | "vault">,
  db: Db,
  { key, route, body }: IdempotencyClaim,
  make: () => Promise<string>,
): Promise<string> {
  if (!KEY.test(key))
    throw new Invalid(
      "idempotency_key_invalid",
      "the Idempotency-Key header must have 1 to 255 visible ASCII characters",
      {
        details: [
          {
            path: "Idempotency-Key",
            code: "idempotency_key_invalid",
            message: "must have 1 to 255 visible ASCII characters",
          },
        ],
      },
    );
  // The body may hold secrets, so a plain hash of it could be guessed from.
  const bodyHash = ctx.vault.hmac("token", "idempotency", createHash("sha256").update(canonical(body)).digest());
  if (await claimKey(db, { userId: ctx.actor.id, key, route, bodyHash })) {
    const id = await make();
    await fillClaim(db, ctx.actor.id, key, id);
    return id;
  }
  const claim = await readClaim(db, ctx.actor.id, key);
  if (claim?.route !== route || !claim.body_hash.equals(bodyHash) || claim.resource_id === null)
    throw new Conflict(
      "idempotency_conflict",
      "this Idempotency-Key was used for another request; use a new key for a new request",
    );
  return claim.resource_id;
}

/** The same value, however its keys were ordered, is the same text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, v: unknown) =>
    v !== null && typeof v === "object" && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v,
  );
}
