import { z } from "zod";
import { Hunk } from "./change.ts";
import { Id, Name, Timestamp, plainText } from "./common.ts";
import { PlatformId } from "./device.ts";
import { NamedError, Run } from "./run.ts";

/** `shrunk`: whole, and over 30 % shorter than the version before; it was read again over a new session to be sure. */
export const BACKUP_STATUSES = ["good", "shrunk"] as const;
export const BackupStatus = z.enum(BACKUP_STATUSES);
export type BackupStatus = z.infer<typeof BackupStatus>;

/** One version of a device's configuration, without its text. */
export const ConfigBackup = z
  .object({
    id: Id,
    /** null once the device was deleted; its backups stay. */
    device_id: Id.nullable(),
    device_name: z.string(),
    device_type: PlatformId,
    /** Equal for equal configurations; lines that change from read to read do not count. */
    config_hash: z.string(),
    /** `native`: as the device prints it. */
    config_format: z.enum(["native"]),
    /** In bytes. */
    size: z.number().int(),
    lines: z.number().int(),
    status: BackupStatus,
    /** When this version was first read. */
    created_at: Timestamp,
    /** When the device was last seen to have it. */
    last_seen_at: Timestamp,
    /** The run over several devices that stored it; null when it came from a run over one. */
    snapshot_id: Id.nullable(),
    /** The run that stored it. */
    run_id: Id,
    /** The newest version that this device has. */
    is_latest: z.boolean(),
  })
  .meta({ id: "ConfigBackup" });
export type ConfigBackup = z.infer<typeof ConfigBackup>;

/** Secrets in `content` are shown as `secret://` marks: the same secret has the same mark, and none can be turned back. */
export const ConfigBackupContent = ConfigBackup.extend({ content: z.string() }).meta({ id: "ConfigBackupContent" });
export type ConfigBackupContent = z.infer<typeof ConfigBackupContent>;

const SideLine = z.object({ line: z.number().int(), text: z.string() });
/**
 * One row of two texts side by side. `~`: a line took the place of another. `…`: `skipped` equal lines that are left out;
 * both sides are null.
 */
export const SideRow = z.object({
  op: z.enum([" ", "+", "-", "~", "…"]),
  left: SideLine.nullable(),
  right: SideLine.nullable(),
  skipped: z.number().int(),
});
export type SideRow = z.infer<typeof SideRow>;

export const BackupDiff = z
  .object({
    /** The older of the two, whichever was named first. */
    before: ConfigBackup,
    after: ConfigBackup,
    /** Nothing differs but lines that change from read to read. */
    same: z.boolean(),
    added: z.number().int(),
    removed: z.number().int(),
    /** As `diff -u` writes it. */
    unified: z.string(),
    rows: z.array(SideRow),
    /** The same by sections, as plans show it. Empty where the platform's configuration has no sections. */
    hunks: z.array(Hunk),
  })
  .meta({ id: "BackupDiff" });
export type BackupDiff = z.infer<typeof BackupDiff>;

/**
 * `failed`: the newest try failed. `stale`: the newest good read is too old. `never`: there is none, and no try failed.
 * `unsupported`: the platform has no running configuration.
 */
export const BACKUP_HEALTH = ["fresh", "stale", "failed", "never", "unsupported"] as const;
export const BackupHealthStatus = z.enum(BACKUP_HEALTH);
export type BackupHealthStatus = z.infer<typeof BackupHealthStatus>;

/** How one device stands with its backups. */
export const BackupHealth = z
  .object({
    device: z.string(),
    device_id: Id,
    device_type: PlatformId,
    site: z.string().nullable(),
    /** A disabled device is skipped by every run. */
    enabled: z.boolean(),
    status: BackupHealthStatus,
    latest_backup_id: Id.nullable(),
    /** How many versions are kept. */
    versions: z.number().int(),
    /** Seconds since the configuration was last read whole; null when it never was. */
    age_s: z.number().int().nullable(),
    last_success_at: Timestamp.nullable(),
    /** When the newest version was first seen. */
    changed_at: Timestamp.nullable(),
    last_failure: NamedError.extend({ at: Timestamp, run_id: Id }).nullable(),
    /** A change was carried out on it after the last good read: the backup does not have it yet. */
    changed_since: z.boolean(),
    /** A run that is at work on it now. */
    running_run_id: Id.nullable(),
  })
  .meta({ id: "BackupHealth" });
export type BackupHealth = z.infer<typeof BackupHealth>;

/** Of the whole fleet, whatever the list is filtered by. */
export const BackupTotals = z.object({
  devices: z.number().int(),
  fresh: z.number().int(),
  stale: z.number().int(),
  failed: z.number().int(),
  never: z.number().int(),
  unsupported: z.number().int(),
  changed_since: z.number().int(),
  stale_after_hours: z.number().int(),
});
export type BackupTotals = z.infer<typeof BackupTotals>;

export const BackupOne = z.strictObject({ device_name: Name });
export const BackupSelected = z.strictObject({
  devices: z.array(Name).min(1, "names no device").max(5000, "may name at most 5,000 devices"),
  /** How the run is called. */
  title: plainText(200).min(1).optional(),
});
export const BackupAll = z.strictObject({ title: plainText(200).min(1).optional() });

export const BackupStarted = z.object({ execution_id: Id, status: z.string(), run: Run });

/** How a device came out of one run. */
export const BACKUP_OUTCOMES = ["stored", "unchanged", "failed", "skipped"] as const;
export type BackupOutcome = (typeof BACKUP_OUTCOMES)[number];
