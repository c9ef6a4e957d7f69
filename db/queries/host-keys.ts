import type { Db } from "../client.ts";

export type StoredKey = { id: string; device_id: string; algorithm: string; fingerprint: string };

export async function acceptedKey(db: Db, deviceId: string): Promise<StoredKey | undefined> {
  const [row] = await db<
    StoredKey[]
  >`select id, device_id, algorithm, fingerprint from host_keys where device_id = ${deviceId} and status = 'accepted'`;
  return row;
}

/** The keys that devices last showed and nobody has accepted. */
export async function offeredKeys(db: Db, deviceIds: readonly string[]): Promise<Map<string, StoredKey>> {
  const rows = await db<StoredKey[]>`
    select id, device_id, algorithm, fingerprint from host_keys where device_id = any(${[...deviceIds]}::uuid[]) and status = 'offered' for update`;
  return new Map(rows.map((r) => [r.device_id, r]));
}

/** Keeps what a device showed, until a person accepts it or the device shows another one. */
export async function recordOfferedKey(db: Db, key: StoredKey): Promise<void> {
  await db`
    insert into host_keys (id, device_id, algorithm, fingerprint, status) values (${key.id}, ${key.device_id}, ${key.algorithm}, ${key.fingerprint}, 'offered')
    on conflict (device_id) where status = 'offered'
    do update set algorithm = excluded.algorithm, fingerprint = excluded.fingerprint, seen_at = now()`;
}

/** The device shows its accepted key (again): what else it offered is no question any more. */
export async function dropOfferedKey(db: Db, deviceId: string): Promise<void> {
  await db`delete from host_keys where device_id = ${deviceId} and status = 'offered'`;
}

export async function acceptOfferedKey(
  db: Db,
  key: StoredKey,
  by: { username: string; enrolmentId: string },
): Promise<void> {
  await db`update host_keys set status = 'replaced' where device_id = ${key.device_id} and status = 'accepted'`;
  await db`update host_keys set status = 'accepted', accepted_by = ${by.username}, accepted_at = now(), enrolment_id = ${by.enrolmentId} where id = ${key.id}`;
}

export async function insertEnrolment(
  db: Db,
  e: { id: string; acceptedBy: string; reason: string | null; devices: number; hmac: Buffer; at: string },
): Promise<void> {
  await db`insert into enrolments (id, accepted_by, reason, devices, hmac, at) values (${e.id}, ${e.acceptedBy}, ${e.reason}, ${e.devices}, ${e.hmac}, ${e.at})`;
}
