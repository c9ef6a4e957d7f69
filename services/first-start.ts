import { hashPassword, inPasswordQueue, makePassword } from "../auth/passwords.ts";
import { openPool, transaction, type Pool } from "../db/client.ts";
import { insertAudit } from "../db/queries/audit.ts";
import { countUsers, insertUser } from "../db/queries/users.ts";
import { newId } from "../system/ids.ts";
import { openVault, type Vault } from "../system/vault.ts";

const USERNAME = "admin";
/** Any number that is only used for this: two starters at once make one admin. */
const LOCK = 7_306_112;

export type Admin = {
  username: string;
  /** Only when it was made here: nothing keeps it. */ madePassword: string | undefined;
};

/** Makes the first admin where there is no user at all. */
export async function ensureAdmin(
  config: { databaseUrl: string; adminPassword: string | undefined },
  masterKey: Uint8Array,
): Promise<Admin> {
  const pool = openPool(config.databaseUrl, { max: 1, name: "netstacks-first-start" });
  try {
    return await makeFirstAdmin(pool, openVault(masterKey), config.adminPassword);
  } finally {
    await pool.end({ timeout: 5 });
  }
}

/** With the password given, or with one that is made and has to be changed at the first sign-in. */
export async function makeFirstAdmin(pool: Pool, vault: Vault, given: string | undefined): Promise<Admin> {
  if ((await countUsers(pool)) > 0) return { username: USERNAME, madePassword: undefined };
  const madePassword = given === undefined ? makePassword() : undefined;
  const passwordHash = await inPasswordQueue(() => hashPassword(given ?? madePassword ?? ""));
  const made = await transaction(pool, async (db) => {
    await db`select pg_advisory_xact_lock(${LOCK})`;
    if ((await countUsers(db)) > 0) return false;
    await insertUser(db, {
      id: newId(),
      username: USERNAME,
      displayName: "Administrator",
      passwordHash,
      roles: ["admin"],
      mustChangePassword: madePassword !== undefined,
    });
    await insertAudit(db, vault, {
      actor: "system",
      action: "user.create",
      subject: USERNAME,
      detail: { first_start: true, roles: ["admin"] },
      ip: null,
      requestId: null,
    });
    return true;
  });
  return { username: USERNAME, madePassword: made ? madePassword : undefined };
}
