import type { Pool } from "../db/client.ts";
import type { Journal } from "../devices/journal.ts";
import type { Sessions } from "../devices/sessions.ts";
import type { Logger } from "../system/log.ts";
import type { Vault } from "../system/vault.ts";
import { backupActivities } from "./backups.ts";
import { checkingActivities } from "./checking.ts";
import { deviceReadActivities } from "./device-reads.ts";
import { planningActivities } from "./planning.ts";
import { deviceRecordingActivities } from "./record-device.ts";
import { recordActivities } from "./records.ts";
import { sendingActivities } from "./sending.ts";
import { stackDeployActivities } from "./stack-deploys.ts";

/** What activities work with. `holder` names this worker in locks. */
export type Deps = { pool: Pool; vault: Vault; log: Logger; sessions: Sessions; journal: Journal; holder: string };

export const createActivities = (deps: Deps) => ({
  ...recordActivities(deps),
  ...planningActivities(deps),
  ...checkingActivities(deps),
  ...sendingActivities(deps),
  ...deviceReadActivities(deps),
  ...deviceRecordingActivities(deps),
  ...backupActivities(deps),
  ...stackDeployActivities(deps),
});
