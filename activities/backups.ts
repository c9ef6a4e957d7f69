import type { PlatformId } from "../domain/contract/device.ts";
import type { BackupInput } from "../domain/contract/messages.ts";
import type { NamedError } from "../domain/contract/run.ts";
import { sayingLines } from "../domain/config/text-diff.ts";
import { transaction } from "../db/client.ts";
import { countBackups, isFleet, openDevices, openParts, type OpenDevice } from "../db/queries/backup-results.ts";
import { databaseTime, latestBackups, type LatestBackup } from "../db/queries/config-backups.ts";
import { notifyHint } from "../db/queries/hints.ts";
import { getRunRow } from "../db/queries/runs.ts";
import { loadAccess } from "../devices/access.ts";
import { readTrustedConfig } from "../devices/read/trusted-config.ts";
import { endBackupRun } from "../services/backup-runs.ts";
import { appendEvent, appendStepEvents, notifyRun } from "../services/run-events.ts";
import type { Vault } from "../system/vault.ts";
import { alive } from "./alive.ts";
import { openBackupBook, type Finding } from "./backup-book.ts";
import type { Deps } from "./index.ts";
import { watchWishes } from "./wishes.ts";
import { nameFailure } from "./name-failure.ts";
import { checkSender, own } from "./records.ts";

const UNSUPPORTED: NamedError = {
  code: "unsupported",
  message: "its platform has no running configuration that could be backed up",
};
const DELETED: NamedError = { code: "device_deleted", message: "the device was deleted meanwhile" };

type BackupDeps = Pick<Deps, "pool" | "vault" | "sessions" | "log">;

export const backupActivities = (deps: BackupDeps) => {
  const { pool } = deps;
  return {
    /** Says what people want of the run, and which of its parts are not read yet. */
    async lookAtBackup(input: BackupInput): Promise<{ next: "read" | "wait" | "end"; parts: number[] }> {
      checkSender(input);
      const { runId } = input;
      const run = await getRunRow(pool, runId);
      const parts = run.cancel_requested ? [] : await openParts(pool, runId);
      if (parts.length === 0) return { next: "end", parts };
      const waits = run.pause_requested;
      if (waits !== (run.status === "paused") || run.status === "pending") {
        const total = (await countBackups(pool, [runId])).get(runId)?.total ?? 0;
        await transaction(pool, (db) =>
          appendEvent(db, {
            runId,
            kind: "run",
            status: waits ? "paused" : "running",
            message: waits
              ? "paused: no further device is read until it is resumed"
              : `backs up ${total} ${total === 1 ? "device" : "devices"}`,
            key: own("look"),
          }),
        );
        await notifyRun(pool, runId);
        await notifyHint(pool, "runs", runId);
      }
      return { next: waits ? "wait" : "read", parts };
    },

    /** Reads the devices of a part that have no result yet. A retry reads only those; what is stored stays. */
    backupPart: (input: BackupInput & { part: number }): Promise<void> =>
      alive(async (stopping) => {
        checkSender(input);
        await readPart(deps, input, stopping);
      }),

    async finishBackup(input: BackupInput): Promise<void> {
      checkSender(input);
      await transaction(pool, (db) => endBackupRun(db, input.runId));
      await notifyRun(pool, input.runId);
      await notifyHint(pool, "backups", input.runId);
    },
  };
};
export type BackupActivities = ReturnType<typeof backupActivities>;

async function readPart(
  deps: BackupDeps,
  { runId, part }: BackupInput & { part: number },
  stopping: AbortSignal,
): Promise<void> {
  const { pool } = deps;
  const devices = await openDevices(pool, runId, part);
  if (devices.length === 0) return;
  const wishes = await watchWishes(pool, runId, stopping);
  try {
    const latest = await latestBackups(
      pool,
      devices.map((d) => d.id),
    );
    const several = await isFleet(pool, runId);
    const book = openBackupBook(deps, { runId, snapshotId: several ? runId : null });
    await transaction(pool, (db) =>
      appendStepEvents(
        db,
        runId,
        devices.map((d) => ({ step: "backup", device: d.name, status: "running", message: "is read" })),
      ),
    );
    await notifyRun(pool, runId);
    const ends = await Promise.allSettled(
      devices.map(async (device) => {
        const finding = await readDevice(deps, device, latest.get(device.id), wishes.hangUp);
        if (finding !== null) await book.add(finding);
      }),
    );
    const broke = ends.find((end) => end.status === "rejected");
    if (broke) throw broke.reason;
  } finally {
    wishes.close();
  }
}

/** What one read came to; null when it was broken off by a person's wish or the worker's end, and is to be read again. */
async function readDevice(
  { pool, vault, sessions, log }: BackupDeps,
  device: OpenDevice,
  latest: LatestBackup | undefined,
  hangUp: AbortSignal,
): Promise<Finding | null> {
  if (device.device_type === null) return { device, skipped: DELETED };
  try {
    const access = await loadAccess(pool, vault, device.id);
    if (access.platform.running === null) return { device, skipped: UNSUPPORTED };
    const platform = access.platform.id;
    const read = await readTrustedConfig(sessions, access, {
      last: latest ? { digest: latest.config_hash, size: latest.size, hostname: latest.hostname } : null,
      digest: (text) => configHash(vault, platform, sayingLines(platform, text)),
      now: () => databaseTime(pool),
      signal: hangUp,
    });
    return { device, read, platform, isNew: read.digest !== latest?.config_hash };
  } catch (error) {
    if (hangUp.aborted) return null;
    const named = nameFailure(error);
    if (named.code === "device_disabled") return { device, skipped: named };
    if (named.code === "not_found") return { device, skipped: DELETED };
    log.info({ device: device.name, code: named.code }, "a device could not be backed up");
    return { device, failed: named };
  }
}

/**
 * Keyed, since what a configuration holds could be guessed from a plain hash. The platform decides how it is masked: what
 * was read as another one's is not the same.
 */
const configHash = (vault: Vault, platform: PlatformId, text: string): string =>
  `hmac:${vault.hmac("blob", "config", platform, text).toString("hex")}`;
