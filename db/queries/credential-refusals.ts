import type { Db } from "../client.ts";

/** `credential` is `credential:<id>`, or `device:<id>` for a device's own secret. */
export async function recordRefusal(db: Db, credential: string, deviceId: string): Promise<void> {
  await db`insert into credential_refusals (credential, device_id) values (${credential}, ${deviceId})`;
}

/** When it was refused within the last ten minutes, on whatever devices, newest first: two pause it. */
export async function recentRefusals(db: Db, credential: string): Promise<Date[]> {
  const rows = await db<{ at: Date }[]>`
    select at from credential_refusals
    where credential = ${credential} and cleared_at is null and at > now() - interval '10 minutes' order by at desc limit 2`;
  return rows.map((row) => row.at);
}
