import type { Permission, Role } from "../domain/contract/user.ts";
import type { Pool } from "../db/client.ts";
import type { Logger } from "../system/log.ts";
import type { Vault } from "../system/vault.ts";
import type { Engine } from "./engine.ts";

/** Whoever acts: a person by session or token, or the service itself. */
export type Actor = {
  id: string;
  username: string;
  roles: readonly Role[];
  /** Of the roles, cut down to a token's scopes. */
  permissions: ReadonlySet<Permission>;
  via: "session" | "token" | "system";
};

/** What every verb works with: who asks, and the engines it may use. */
export type Ctx = {
  pool: Pool;
  vault: Vault;
  log: Logger;
  engine: Engine;
  actor: Actor;
  requestId: string;
  ip: string | null;
};
