import type {
  BackupDiff,
  BackupHealth,
  BackupTotals,
  ConfigBackup,
  ConfigBackupContent,
} from "../domain/contract/backup.ts";
import { PLATFORM_IDS } from "../domain/contract/device.ts";
import { Conflict, NotFound, Unprocessable } from "../domain/contract/errors.ts";
import { diffTrees } from "../domain/config/diff.ts";
import { parseConfig } from "../domain/config/parse.ts";
import { maskSecrets } from "../domain/config/secrets.ts";
import { diffTexts, unifiedRows } from "../domain/config/text-diff.ts";
import type { Db } from "../db/client.ts";
import { backupHealth, type HealthFilter } from "../db/queries/backup-health.ts";
import { getBlob } from "../db/queries/blobs.ts";
import {
  deleteBackup,
  getBackup,
  latestBackupOf,
  listBackupRows,
  type BackupFilter,
  type FoundBackup,
} from "../db/queries/config-backups.ts";
import { findDevice } from "../db/queries/devices.ts";
import { notifyHint } from "../db/queries/hints.ts";
import { secretRef } from "../db/queries/secrets.ts";
import type { Ctx } from "./context.ts";
import { mutate, requirePermission } from "./mutate.ts";
import { hasNoConfig } from "./start-backups.ts";

type Page = Parameters<typeof listBackupRows>[2];

export function listBackups(
  ctx: Ctx,
  filter: BackupFilter,
  page: Page,
): Promise<{ backups: ConfigBackup[]; total: number }> {
  requirePermission(ctx, "backups:read");
  return listBackupRows(ctx.pool, filter, page);
}

/** A version with its text, secrets masked. Who looked is on record. */
export function viewBackup(ctx: Ctx, id: string): Promise<ConfigBackupContent> {
  return mutate(ctx, "backups:read", "backup.view", async (db, note) => {
    const found = await getBackup(db, id);
    note(id, { device: found.backup.device_name });
    return { ...found.backup, content: await shownText(ctx, db, found) };
  });
}

export async function viewLatestBackup(ctx: Ctx, device: string): Promise<ConfigBackupContent> {
  requirePermission(ctx, "backups:read");
  const known = await findDevice(ctx.pool, device);
  if (!known) throw new NotFound("device", device);
  const id = await latestBackupOf(ctx.pool, known.id);
  if (id === undefined) throw new NotFound("backup of device", known.name);
  return viewBackup(ctx, id);
}

/** What was masked when it was stored is masked again by what is known of secrets now. */
async function shownText(ctx: Ctx, db: Db, { backup, shownRef }: FoundBackup): Promise<string> {
  const text = await getBlob(db, ctx.vault, shownRef);
  return maskSecrets(backup.device_type, text, (value) => secretRef(ctx.vault, value));
}

/** What two versions differ in, the older one first. */
export function diffBackups(ctx: Ctx, id: string, other: string): Promise<BackupDiff> {
  return mutate(ctx, "backups:read", "backup.diff", async (db, note) => {
    const pair = [await getBackup(db, id), await getBackup(db, other)];
    const [older, newer] = pair.sort((a, b) => a.backup.created_at.localeCompare(b.backup.created_at));
    if (!older || !newer) throw new Error("two backups were asked for");
    const [before, after] = [older.backup, newer.backup];
    note(before.id, { other: after.id, devices: [...new Set([before.device_name, after.device_name])] });
    const platform = before.device_type;
    if (platform !== after.device_type)
      throw new Unprocessable(
        "not_comparable",
        `a configuration of ${platform} and one of ${after.device_type} cannot be compared; choose two of one platform`,
      );
    const [left, right] = [await shownText(ctx, db, older), await shownText(ctx, db, newer)];
    const { rows, added, removed } = diffTexts(platform, left, right);
    const called = (b: ConfigBackup): string => `${b.device_name} ${b.created_at}`;
    return {
      before,
      after,
      same: added + removed === 0,
      added,
      removed,
      unified: unifiedRows(rows, called(before), called(after)),
      rows,
      hunks: diffTrees(parseConfig(platform, left), parseConfig(platform, right)),
    };
  });
}

/** Deletes an old version. A device's newest one is what it would be restored from, and stays. */
export async function removeBackup(ctx: Ctx, id: string): Promise<void> {
  await mutate(ctx, "backups:delete", "backup.delete", async (db, note) => {
    const { backup } = await getBackup(db, id);
    if (backup.is_latest)
      throw new Conflict(
        "last_backup",
        `this is the newest backup of ${backup.device_name}; it can be deleted once there is a newer one`,
      );
    await deleteBackup(db, id);
    note(id, { device: backup.device_name, hash: backup.config_hash, created_at: backup.created_at });
  });
  await notifyHint(ctx.pool, "backups", id);
}

/** How each device stands with its backups, the worst first, and the fleet as a whole. */
export function getBackupHealth(
  ctx: Ctx,
  filter: HealthFilter,
): Promise<{ devices: BackupHealth[]; total: number; totals: BackupTotals }> {
  requirePermission(ctx, "backups:read");
  return backupHealth(ctx.pool, filter, PLATFORM_IDS.filter(hasNoConfig));
}
