import type { Db } from "../db/client.ts";
import {
  getOverride,
  keepOwnValues,
  writeEffective,
  type EffectiveAccess,
  type OverrideValues,
} from "../db/queries/device-overrides.ts";
import type { StoredDevice } from "../db/queries/device-rows.ts";
import type { Vault } from "../system/vault.ts";
import { layerSecrets } from "./device-secrets.ts";

/** Whoever logs in is one as a whole: a credential, password or key of the override leaves nothing of the device's own login. */
const hasLogin = (o: OverrideValues): boolean => o.credential_id !== null || o.has_password || o.has_private_key;

export function effectiveAccess(vault: Vault, own: StoredDevice, o: OverrideValues): EffectiveAccess {
  const mine = { about: `override:${own.id}`, sealed: o.sealed };
  const device = { about: `device:${own.id}`, sealed: own.sealed };
  return {
    host: o.host ?? own.host,
    port: o.port ?? own.port,
    device_type: o.device_type ?? own.device_type,
    username: o.username ?? (o.credential_id === null ? own.username : null),
    credential_id: o.credential_id ?? own.credential_id,
    timeouts: { ...own.timeouts, ...o.timeouts },
    ...layerSecrets(vault, device.about, hasLogin(o) ? [mine] : [device, mine]),
  };
}

/** Puts the override of a device back over its own values, after those were written. */
export async function overlay(db: Db, vault: Vault, own: StoredDevice): Promise<void> {
  const override = await getOverride(db, own.id);
  if (!override) return;
  await keepOwnValues(db, own);
  await writeEffective(db, own.id, effectiveAccess(vault, own, override));
}
