import type { Db } from "../client.ts";

/** `credential` is `credential:<id>`, or `device:<id>` for a device's own secret. */
export async function recordRefusal(db: Db, credential: string, deviceId: string): Promise<void> {
  await db`insert into credential_refusals (credential, device_id) values (${credential}, ${deviceId})`;
}

/** Until when it is paused: two refusals within ten minutes, on whatever devices, until the first of the two is that old. */
export async function pausedUntil(db: Db, credential: string): Promise<Date | null> {
  const [row] = await db<{ until: Date }[]>`
    select at + interval '10 minutes' as until from credential_refusals
    where credential = ${credential} and cleared_at is null and at > now() - interval '10 minutes' order by at desc offset 1 limit 1`;
  return row?.until ?? null;
}
