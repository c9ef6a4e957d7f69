import { Conflict, Forbidden, Invalid, NotFound } from "../domain/contract/errors.ts";
import type { Me, NewUser, User, UserPatch } from "../domain/contract/user.ts";
import { attemptKeys, claimTry, tryWasRight } from "../auth/back-off.ts";
import { hashPassword, inPasswordQueue, verifyPassword } from "../auth/passwords.ts";
import type { Db } from "../db/client.ts";
import { notifyHint } from "../db/queries/hints.ts";
import { revokeSessionsOf } from "../db/queries/sessions.ts";
import {
  deleteUser,
  findUser,
  findUserById,
  insertUser,
  listUsers,
  lockAdmins,
  passwordHashOf,
  setPassword,
  setWelcomeSeen,
  updateUser,
  visitsOf,
  type UserList,
} from "../db/queries/users.ts";
import { newId } from "../system/ids.ts";
import type { Ctx } from "./context.ts";
import { mutate, requirePermission } from "./mutate.ts";
import { requireSession } from "./sessions.ts";

export async function getMe(ctx: Ctx, lab: boolean): Promise<Me> {
  const user = await findUserById(ctx.pool, ctx.actor.id);
  if (!user) throw new NotFound("user", ctx.actor.username);
  const { lastSeenAt, seenWelcome } = await visitsOf(ctx.pool, user.id);
  return {
    user,
    permissions: [...ctx.actor.permissions],
    server_time: new Date().toISOString(),
    lab,
    seen_welcome: seenWelcome,
    last_seen_at: lastSeenAt,
  };
}

/** Not a change to anything but the caller's own screen: no audit row. */
export const markWelcomeSeen = (ctx: Ctx): Promise<void> => setWelcomeSeen(ctx.pool, ctx.actor.id);

export function getUsers(ctx: Ctx, list: UserList): Promise<{ users: User[]; total: number }> {
  requirePermission(ctx, "users:admin");
  return listUsers(ctx.pool, list);
}

export async function getUser(ctx: Ctx, username: string): Promise<User> {
  requirePermission(ctx, "users:admin");
  return mustFind(ctx.pool, username);
}

export async function createUser(ctx: Ctx, user: NewUser): Promise<User> {
  requirePermission(ctx, "users:admin");
  requireSession(ctx.actor.via);
  const passwordHash = await inPasswordQueue(() => hashPassword(user.password));
  const made = await mutate(ctx, "users:admin", "user.create", async (db, note) => {
    const id = newId();
    const roles = [...new Set(user.roles)];
    note(user.username, { roles });
    // Somebody else chose the password, so it is not only theirs yet.
    const inserted = await insertUser(db, {
      id,
      username: user.username,
      displayName: user.display_name ?? "",
      passwordHash,
      roles,
      mustChangePassword: true,
    });
    if (!inserted)
      throw new Conflict("user_exists", `there is already a user ${user.username}; choose another name`, {
        details: [{ path: "username", code: "user_exists", message: "is taken" }],
      });
    return mustFind(db, user.username);
  });
  await notifyHint(ctx.pool, "users", made.id);
  return made;
}

export async function changeUser(ctx: Ctx, username: string, patch: UserPatch): Promise<User> {
  requirePermission(ctx, "users:admin");
  requireSession(ctx.actor.via);
  const user = await mutate(ctx, "users:admin", "user.update", async (db, note) => {
    const admins = await lockAdmins(db);
    const before = await mustFind(db, username);
    const roles = patch.roles === undefined ? before.roles : [...new Set(patch.roles)];
    const disabled = patch.disabled ?? before.disabled;
    if (!roles.includes("admin") || disabled) refuseLastAdmin(admins, before);
    await updateUser(db, before.id, { displayName: patch.display_name ?? before.display_name, roles, disabled });
    if (disabled && !before.disabled) await revokeSessionsOf(db, before.id, { except: null });
    note(before.username, { before: { roles: before.roles, disabled: before.disabled }, after: { roles, disabled } });
    return mustFind(db, username);
  });
  await notifyHint(ctx.pool, "users", user.id);
  return user;
}

export async function removeUser(ctx: Ctx, username: string): Promise<void> {
  requirePermission(ctx, "users:admin");
  requireSession(ctx.actor.via);
  const id = await mutate(ctx, "users:admin", "user.delete", async (db, note) => {
    const admins = await lockAdmins(db);
    const user = await mustFind(db, username);
    refuseLastAdmin(admins, user);
    if (user.id === ctx.actor.id)
      throw new Conflict("own_account", "you cannot delete your own account; ask another admin");
    if (!(await deleteUser(db, user.id)))
      throw new Conflict(
        "user_has_history",
        `${user.username} has asked for or decided on changes, which stay on record; disable the account instead`,
      );
    note(user.username, { roles: user.roles });
    return user.id;
  });
  await notifyHint(ctx.pool, "users", id);
}

/**
 * One's own password needs the current one, and keeps only this session. An admin sets another's without it; that
 * person then has to choose their own.
 */
export async function changePassword(
  ctx: Ctx,
  username: string,
  { current_password: current, new_password: next }: { current_password?: string | undefined; new_password: string },
  { credentialId: sessionId }: { credentialId: string },
): Promise<{ own: boolean }> {
  requireSession(ctx.actor.via);
  const own = username.toLowerCase() === ctx.actor.username.toLowerCase();
  if (!own) requirePermission(ctx, "users:admin");
  const keys = attemptKeys(ctx.actor.username, ctx.ip);
  if (own) await checkCurrent(ctx, current, next);
  const passwordHash = await inPasswordQueue(() => hashPassword(next));
  await mutate(ctx, "self", "user.password", async (db, note) => {
    const user = await mustFind(db, username);
    if (own) await tryWasRight(db, keys);
    await setPassword(db, user.id, passwordHash, !own);
    await revokeSessionsOf(db, user.id, { except: own ? sessionId : null });
    note(user.username, { own });
  });
  await notifyHint(ctx.pool, "users", username);
  return { own };
}

async function checkCurrent(ctx: Ctx, current: string | undefined, next: string): Promise<void> {
  if (current === undefined)
    throw new Invalid("password_current_missing", "give your current password as well", {
      details: [
        {
          path: "current_password",
          code: "password_current_missing",
          message: "is needed to change your own password",
        },
      ],
    });
  if (current === next)
    throw new Invalid("password_same", "the new password is the current one; choose another", {
      details: [{ path: "new_password", code: "password_same", message: "is the current one; choose another" }],
    });
  await inPasswordQueue(async () => {
    await claimTry(ctx.pool, attemptKeys(ctx.actor.username, ctx.ip));
    if (!(await verifyPassword(current, await passwordHashOf(ctx.pool, ctx.actor.id))))
      throw new Forbidden("password_wrong", "the current password is wrong", {
        details: [{ path: "current_password", code: "password_wrong", message: "is wrong" }],
      });
  });
}

function refuseLastAdmin(admins: string[], user: User): void {
  if (admins.length === 1 && admins[0] === user.id)
    throw new Conflict(
      "last_admin",
      `${user.username} is the last admin who can sign in; make another user admin first`,
    );
}

async function mustFind(db: Db, username: string): Promise<User> {
  const user = await findUser(db, username);
  if (!user) throw new NotFound("user", username);
  return user;
}
