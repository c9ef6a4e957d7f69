import { json, type Db } from "../client.ts";

export async function getSetting(db: Db, key: string): Promise<unknown> {
  const [row] = await db<{ value: unknown }[]>`select value from settings where key = ${key}`;
  return row?.value;
}

export async function putSetting(db: Db, key: string, value: object): Promise<void> {
  await db`insert into settings (key, value) values (${key}, ${json(db, value)})
    on conflict (key) do update set value = excluded.value, updated_at = now()`;
}
