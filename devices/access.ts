import { NotFound } from "../domain/contract/errors.ts";
import type { WeakAlgorithm } from "../domain/contract/device.ts";
import type { Db } from "../db/client.ts";
import { getDeviceAccess, getSealedSecrets, type DeviceAccessRow } from "../db/queries/device-access.ts";
import type { Vault } from "../system/vault.ts";
import { failure } from "./failures.ts";
import { platforms } from "./platforms/index.ts";
import type { Platform } from "./platforms/platform.ts";

/** The methods of SSH that carry a password. */
export type LoginMethod = "password" | "keyboard-interactive";
export type Secrets = { password?: string; enable_password?: string; private_key?: string; passphrase?: string };

/** Everything that a session with a device needs. Its secrets are opened when they are about to be sent, and never kept. */
export type DeviceAccess = {
  id: string;
  name: string;
  host: string;
  port: number;
  platform: Platform;
  username: string;
  /** Whose refusals count together: `credential:<id>`, or `device:<id>`. */
  credential: string;
  /** Another value when the credential's secrets were set anew. */
  credentialVersion: string;
  /** As people know it: the credential's name. */
  credentialName: string;
  hostKey: { algorithm: string; fingerprint: string } | null;
  /** Another key that it showed waits for somebody to accept it. */
  keyOffered: boolean;
  weakAlgorithms: readonly WeakAlgorithm[];
  /** By which method it took the password the last time; null: it is asked first. */
  loginMethod: LoginMethod | null;
  /**
   * In milliseconds. `silence`: after this long without a sign of life the connection is given up. `lock`: this long somebody
   * else's configuration lock is waited for.
   */
  timeouts: {
    connect: number;
    handshake: number;
    auth: number;
    idle: number;
    total: number;
    silence: number;
    lock: number;
  };
  jump: DeviceAccess | null;
  isLab: boolean;
  /** The host name that it had when it was last tested. */
  hostname: string | null;
  /** The serial number that it had then. */
  serial: string | null;
  /** Another value when anything changed that an open session would not know. */
  version: string;
  openSecrets: () => Promise<Secrets>;
};

/** Whose refusals a secret of one device counts for. */
export const ownCredential = (deviceId: string): string => `device:${deviceId}`;

const MAX_JUMPS = 3;
const HANDSHAKE_MS = 20_000;
const SILENCE_MS = 30_000;
const LOCK_MS = 60_000;

/** Reads how a device is reached now. Throws when it is disabled, has no credential, or its jump hosts go round in a circle. */
export const loadAccess = (db: Db, vault: Vault, deviceId: string): Promise<DeviceAccess> =>
  load(db, vault, deviceId, []);

async function load(db: Db, vault: Vault, id: string, behind: readonly string[]): Promise<DeviceAccess> {
  const row = await getDeviceAccess(db, id);
  if (!row) throw new NotFound("device", id);
  if (behind.includes(id))
    throw failure("host_unreachable", `the jump hosts of ${row.name} go round in a circle; correct one of them`);
  if (behind.length > MAX_JUMPS)
    throw failure("host_unreachable", `${row.name} is more than ${MAX_JUMPS} jump hosts away; reach it over fewer`);
  if (!row.enabled)
    throw failure("device_disabled", `${row.name} is disabled${row.disabled_reason ? `: ${row.disabled_reason}` : ""}`);
  const own = row.has_password || row.has_private_key;
  const username = row.username ?? row.credential_username;
  if (username === null || (!own && row.credential_id === null))
    throw failure(
      "credential_missing",
      `${row.name} has no ${username === null ? "user name" : "password or key"}, and there is no default credential`,
    );
  const jump = row.jump_device_id === null ? null : await load(db, vault, row.jump_device_id, [...behind, id]);
  return {
    id: row.id,
    name: row.name,
    host: row.host,
    port: row.port,
    platform: platforms[row.device_type],
    username,
    credential: own ? ownCredential(row.id) : `credential:${row.credential_id}`,
    credentialVersion: String((own ? row.updated_at : row.credential_set_at)?.getTime() ?? 0),
    credentialName: own ? row.name : (row.credential_name ?? row.name),
    hostKey:
      row.key_algorithm === null || row.key_fingerprint === null
        ? null
        : { algorithm: row.key_algorithm, fingerprint: row.key_fingerprint },
    keyOffered: row.key_offered,
    weakAlgorithms: row.weak_algorithms,
    loginMethod: row.login_method,
    timeouts: {
      connect: (row.timeouts.connect ?? 10) * 1000,
      handshake: HANDSHAKE_MS,
      auth: (row.timeouts.auth ?? 30) * 1000,
      idle: (row.timeouts.idle ?? 60) * 1000,
      total: (row.timeouts.total ?? 600) * 1000,
      silence: SILENCE_MS,
      lock: LOCK_MS,
    },
    jump,
    isLab: row.is_lab,
    hostname: row.hostname,
    serial: row.serial,
    version: versionOf(row, jump),
    openSecrets: async () => {
      const sealed = await getSealedSecrets(db, row.id, row.credential_id);
      const named =
        sealed.credential === null ? {} : unseal(vault, `credential:${row.credential_id}`, sealed.credential);
      const device = sealed.device === null ? {} : unseal(vault, `device:${row.id}`, sealed.device);
      // A device's own login stands for itself: a key or password of the shared credential is not tried besides it.
      const base = own
        ? named.enable_password === undefined
          ? {}
          : { enable_password: named.enable_password }
        : named;
      return { ...base, ...device };
    },
  };
}

const versionOf = (row: DeviceAccessRow, jump: DeviceAccess | null): string =>
  JSON.stringify([
    row.host,
    row.port,
    row.username,
    row.updated_at.getTime(),
    row.credential_id,
    row.credential_set_at?.getTime(),
    row.key_fingerprint,
    row.serial,
    row.hostname,
    jump?.version,
  ]);

function unseal(vault: Vault, about: string, sealed: Buffer): Secrets {
  // Only the services seal these, from their own schema, and the vault's tag proves that nobody else did.
  return JSON.parse(vault.open(sealed, about).toString("utf8")) as Secrets;
}
