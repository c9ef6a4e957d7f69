import { maskSecrets } from "../domain/config/secrets.ts";
import type { PlatformId } from "../domain/contract/device.ts";
import type { NamedError } from "../domain/contract/run.ts";
import { transaction } from "../db/client.ts";
import { setResults, type Result } from "../db/queries/backup-results.ts";
import { putBlob } from "../db/queries/blobs.ts";
import {
  correctTimesAhead,
  insertBackups,
  knownTexts,
  latestBackups,
  lockDevicesForBackup,
  touchBackups,
} from "../db/queries/config-backups.ts";
import { notifyHint } from "../db/queries/hints.ts";
import { getRunRow } from "../db/queries/runs.ts";
import { secretRef } from "../db/queries/secrets.ts";
import type { TrustedConfig } from "../devices/read/trusted-config.ts";
import { appendStepEvents, notifyRun, type NewEvent } from "../services/run-events.ts";
import { newId } from "../system/ids.ts";
import type { Deps } from "./index.ts";

type Device = { id: string; name: string };
/** What became of one device. */
export type Finding = { device: Device } & (
  | { read: TrustedConfig; platform: PlatformId; isNew: boolean }
  | { failed: NamedError }
  | { skipped: NamedError }
);

export type BackupBook = {
  /** Writes down what became of a device; several that come at about the same time share a transaction. */
  add(finding: Finding): Promise<void>;
};

type Stored = { blob_ref: string; shown_ref: string };
const NOBODY: NamedError = { code: "device_deleted", message: "the device was deleted meanwhile" };

/**
 * Where the findings of one part of a run go. A version, when it was last seen, the device's result and its event are
 * one transaction, so that a retry after a crash finds either all of them or none.
 */
export function openBackupBook(
  { pool, vault }: Pick<Deps, "pool" | "vault">,
  { runId, snapshotId }: { runId: string; snapshotId: string | null },
): BackupBook {
  let waiting: { finding: Finding; texts: Stored | null }[] = [];
  let writing: Promise<void> = Promise.resolve();

  /** Findings that come while others are written are written together afterwards. */
  const flush = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    await transaction(pool, (db) => write(db, batch));
    await notifyRun(pool, runId);
    await notifyHint(pool, "backups", runId);
  };

  const write = async (db: Parameters<typeof setResults>[0], batch: typeof waiting): Promise<void> => {
    const reads = batch.flatMap(({ finding, texts }) => ("read" in finding ? [{ ...finding, texts }] : []));
    const ids = reads.map((r) => r.device.id);
    // Whoever writes of a run locks its row first, then the devices in their order: nobody waits in a circle.
    await getRunRow(db, runId, { lock: true });
    const there = await lockDevicesForBackup(db, ids);
    await correctTimesAhead(
      db,
      reads.map(({ device, read }) => ({ deviceId: device.id, at: read.at })),
    );
    const latest = await latestBackups(db, ids);
    const results: Result[] = [];
    const events: Omit<NewEvent, "runId" | "kind">[] = [];
    const seen: { id: string; at: Date }[] = [];
    const fresh: typeof reads = [];
    for (const each of reads) {
      const last = latest.get(each.device.id);
      if (!there.has(each.device.id)) {
        results.push({ deviceId: each.device.id, outcome: "skipped", backupId: null, error: NOBODY });
        events.push(stepOf(each.device, "skipped", NOBODY.message, NOBODY));
      } else if (last?.config_hash === each.read.digest) {
        seen.push({ id: last.id, at: each.read.at });
        results.push({ deviceId: each.device.id, outcome: "unchanged", backupId: last.id, error: null });
        events.push(stepOf(each.device, "success", "unchanged", null));
      } else if (last !== undefined && last.last_seen_at > each.read.at) {
        // Another run's reading began later, and is stored: what was read here is older, and not "unchanged".
        results.push({ deviceId: each.device.id, outcome: "stored", backupId: last.id, error: null });
        events.push(stepOf(each.device, "success", "a newer version is stored already", null));
      } else fresh.push(each);
    }
    const versions = [];
    for (const { device, read, platform, texts } of fresh) {
      const refs = texts ?? (await storeTexts(db, { device, read, platform }));
      const id = newId();
      versions.push({
        id,
        device_id: device.id,
        device_name: there.get(device.id) ?? device.name,
        device_type: platform,
        config_hash: read.digest,
        config_format: "native" as const,
        size: Buffer.byteLength(read.text),
        lines: read.text.trimEnd().split("\n").length,
        hostname: read.hostname,
        shrunk: read.shrunk,
        blob_ref: refs.blob_ref,
        shown_ref: refs.shown_ref,
        run_id: runId,
        snapshot_id: snapshotId,
        created_at: read.at,
        last_seen_at: read.at,
      });
      results.push({ deviceId: device.id, outcome: "stored", backupId: id, error: null });
      events.push(stepOf(device, "success", describeVersion(versions.at(-1)), null));
    }
    for (const { finding } of batch) {
      if ("read" in finding) continue;
      const [outcome, error] =
        "failed" in finding ? (["failed", finding.failed] as const) : (["skipped", finding.skipped] as const);
      results.push({ deviceId: finding.device.id, outcome, backupId: null, error });
      events.push(stepOf(finding.device, outcome, error.message, error));
    }
    await insertBackups(db, versions);
    await touchBackups(db, seen);
    const set = await setResults(db, runId, results);
    await appendStepEvents(
      db,
      runId,
      events.filter((_event, i) => set.has(results[i]?.deviceId ?? "")),
    );
  };

  /**
   * The whole text, and the text with its secrets masked, which is all that is ever shown. A configuration that comes
   * back is stored already.
   */
  const storeTexts = async (
    db: Parameters<typeof putBlob>[0],
    { device, read: { digest, text }, platform }: { device: Device; read: TrustedConfig; platform: PlatformId },
  ): Promise<Stored> => {
    const known = await knownTexts(db, device.id, digest);
    if (known !== undefined) return known;
    const shown = maskSecrets(platform, text, (value) => secretRef(vault, value));
    const blob_ref = await putBlob(db, vault, text);
    return { blob_ref, shown_ref: shown === text ? blob_ref : await putBlob(db, vault, shown) };
  };

  return {
    async add(finding) {
      const texts = "read" in finding && finding.isNew ? await storeTexts(pool, finding) : null;
      waiting.push({ finding, texts });
      const mine = writing.then(flush);
      writing = mine.catch(() => undefined);
      await mine;
    },
  };
}

const stepOf = (
  device: Device,
  status: "success" | "failed" | "skipped",
  message: string,
  error: NamedError | null,
): Omit<NewEvent, "runId" | "kind"> => ({ step: "backup", device: device.name, status, message, error });

function describeVersion(version: { lines: number; shrunk: boolean } | undefined): string {
  if (version === undefined) return "new version";
  return `new version, ${version.lines} lines${version.shrunk ? "; over 30 % shorter than before, read again to be sure" : ""}`;
}
