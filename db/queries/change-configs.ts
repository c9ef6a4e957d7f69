import type { Vault } from "../../system/vault.ts";
import type { Db } from "../client.ts";
import { getBlob, putBlob } from "./blobs.ts";

/** `base`: as it was when the hash was last checked. `after`: as it was when it was verified. `rolled_back`: after going back. */
export type ConfigMoment = "base" | "after" | "rolled_back";

export async function putChangeConfig(
  db: Db,
  vault: Vault,
  where: { changeId: string; deviceId: string; what: ConfigMoment },
  text: string,
): Promise<void> {
  const ref = await putBlob(db, vault, text);
  await db`insert into change_configs (change_id, device_id, what, blob_ref) values (${where.changeId}, ${where.deviceId}, ${where.what}, ${ref})
    on conflict (change_id, device_id, what) do update set blob_ref = excluded.blob_ref, at = now()`;
}

export async function getChangeConfig(
  db: Db,
  vault: Vault,
  where: { changeId: string; deviceId: string; what: ConfigMoment },
): Promise<string | undefined> {
  const [row] = await db<{ blob_ref: string }[]>`select blob_ref from change_configs
    where change_id = ${where.changeId} and device_id = ${where.deviceId} and what = ${where.what}`;
  return row ? getBlob(db, vault, row.blob_ref) : undefined;
}
