import { Forbidden } from "../domain/contract/errors.ts";
import type { Permission } from "../domain/contract/user.ts";
import { transaction, type Db } from "../db/client.ts";
import { insertAudit } from "../db/queries/audit.ts";
import { span } from "../system/tracing.ts";
import type { Ctx } from "./context.ts";

/** What a verb says of itself for the audit row: on what it acted, and what is worth knowing. Never secrets. */
export type Note = (subject: string | null, detail?: Record<string, unknown>) => void;

export function requirePermission(ctx: Ctx, permission: Permission): void {
  if (!ctx.actor.permissions.has(permission))
    throw new Forbidden(
      "permission_missing",
      `this needs the right ${permission}, which ${ctx.actor.username} does not hold`,
    );
}

/**
 * The only way to write: checks the right, runs `fn` in one transaction, and leaves an audit row in the same one. No
 * record, no action.
 */
export function mutate<T>(
  ctx: Ctx,
  permission: Permission,
  action: string,
  fn: (db: Db, note: Note) => Promise<T>,
): Promise<T> {
  requirePermission(ctx, permission);
  const work = async (db: Db): Promise<T> => {
    let subject: string | null = null;
    let detail: Record<string, unknown> = {};
    const result = await fn(db, (s, d = {}) => {
      subject = s;
      detail = { ...detail, ...d };
    });
    await insertAudit(db, ctx.vault, {
      actor: ctx.actor.username,
      action,
      subject,
      detail,
      ip: ctx.ip,
      requestId: ctx.requestId,
    });
    return result;
  };
  return span(`write ${action}`, {}, () => transaction(ctx.pool, work));
}
