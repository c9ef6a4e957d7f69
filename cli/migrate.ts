import { readConfig, requireEngines } from "../system/config.ts";
import { loadMasterKey } from "../system/master-key.ts";
import { prepareDatabase } from "./prepare.ts";

export async function migrateDatabase(): Promise<void> {
  const config = requireEngines(readConfig(process.env), "migrate");
  const { detail, admin } = await prepareDatabase(config, await loadMasterKey(config));
  process.stdout.write(
    `database ${detail}; admin ${admin.username}${admin.madePassword === undefined ? "" : `, password ${admin.madePassword} (shown only here)`}\n`,
  );
}
