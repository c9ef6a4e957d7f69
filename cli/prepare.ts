import type { EngineConfig } from "../system/config.ts";
import { migrate } from "../db/migrate.ts";
import { ensureAdmin } from "../services/first-start.ts";
import { seedLab } from "../services/lab.ts";

export type Prepared = {
  detail: string;
  admin: {
    username: string;
    /** Only on the start that made it: nothing keeps it. */ madePassword: string | undefined;
  };
};

/** What has to be true of the database before the API and the workers run: its tables, an admin, and the lab's devices. */
export async function prepareDatabase(config: EngineConfig, masterKey: Buffer): Promise<Prepared> {
  const { applied } = await migrate(config.databaseUrl);
  const admin = await ensureAdmin(config, masterKey);
  if (config.lab) await seedLab(config, masterKey);
  return {
    detail:
      applied.length === 0 ? "up to date" : `${applied.length} migration${applied.length === 1 ? "" : "s"} applied`,
    admin,
  };
}
