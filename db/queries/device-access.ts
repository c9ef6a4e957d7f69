import type { PlatformId, Timeouts, WeakAlgorithm } from "../../domain/contract/device.ts";
import type { Db } from "../client.ts";

/** What it takes to reach a device; its secrets stay sealed. */
export type DeviceAccessRow = {
  id: string;
  name: string;
  host: string;
  port: number;
  device_type: PlatformId;
  username: string | null;
  has_password: boolean;
  has_private_key: boolean;
  has_enable_password: boolean;
  weak_algorithms: WeakAlgorithm[];
  timeouts: Timeouts;
  enabled: boolean;
  disabled_reason: string | null;
  is_lab: boolean;
  jump_device_id: string | null;
  login_method: "password" | "keyboard-interactive" | null;
  hostname: string | null;
  serial: string | null;
  updated_at: Date;
  credential_id: string | null;
  credential_name: string | null;
  credential_username: string | null;
  credential_set_at: Date | null;
  key_algorithm: string | null;
  key_fingerprint: string | null;
  /** It showed another key since. */
  key_offered: boolean;
};

/** A device with its named credential or else the default one, and its accepted host key. */
export async function getDeviceAccess(db: Db, id: string): Promise<DeviceAccessRow | undefined> {
  const [row] = await db<DeviceAccessRow[]>`
    select d.id, d.name, d.host, d.port, d.device_type, d.username, d.has_password, d.has_private_key, d.has_enable_password, d.weak_algorithms,
      d.timeouts, d.enabled, d.disabled_reason, d.is_lab, d.jump_device_id, d.login_method, d.facts->>'hostname' as hostname, d.facts->>'serial' as serial, d.updated_at,
      c.id as credential_id, c.name as credential_name, c.username as credential_username, c.secrets_set_at as credential_set_at,
      k.algorithm as key_algorithm, k.fingerprint as key_fingerprint,
      exists (select from host_keys o where o.device_id = d.id and o.status = 'offered') as key_offered
    from devices d
    left join credentials c on c.id = coalesce(d.credential_id, (select id from credentials where is_default))
    left join host_keys k on k.device_id = d.id and k.status = 'accepted'
    where d.id = ${id}`;
  return row;
}

/** Remembers by which method a device takes a password, or forgets it. */
export async function keepLoginMethod(
  db: Db,
  id: string,
  method: "password" | "keyboard-interactive" | null,
): Promise<void> {
  await db`update devices set login_method = ${method} where id = ${id} and login_method is distinct from ${method}`;
}

/** The sealed secrets of a device and of one credential, as they are now. */
export async function getSealedSecrets(
  db: Db,
  deviceId: string,
  credentialId: string | null,
): Promise<{ device: Buffer | null; credential: Buffer | null }> {
  const [row] = await db<{ device: Buffer | null; credential: Buffer | null }[]>`
    select (select sealed from devices where id = ${deviceId}) as device, (select sealed from credentials where id = ${credentialId}) as credential`;
  return row ?? { device: null, credential: null };
}
