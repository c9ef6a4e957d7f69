import type { ApprovalStatus } from "../../../domain/contract/approval.ts";
import type { ChangeStatus, PlanTarget } from "../../../domain/contract/change.ts";
import type { BackupHealthStatus, BackupStatus } from "../../../domain/contract/backup.ts";
import type { Device, HostKey, ImportRow } from "../../../domain/contract/device.ts";
import type { JournalLine, RunStatus, RunStep } from "../../../domain/contract/run.ts";

/** What a status means to a reader: idle, running, waits for a person, unknown, fine, broken, taken back. */
export type StateKind = "idle" | "run" | "wait" | "doubt" | "ok" | "bad" | "back";
export type StateIcon =
  | "ring"
  | "pause"
  | "clock"
  | "slash"
  | "turn"
  | "person"
  | "warn"
  | "broken"
  | "tick"
  | "cross"
  | "back";
export type StatusView = { kind: StateKind; icon: StateIcon; word: string };

const view = (kind: StateKind, icon: StateIcon, word: string): StatusView => ({ kind, icon, word });

/** What the contract can say: a status that is added there must get its word here. */
type Listed =
  | ChangeStatus
  | RunStatus
  | RunStep["status"]
  | ApprovalStatus
  | Device["state"]
  | HostKey["status"]
  | JournalLine["state"]
  | PlanTarget["state"]
  | ImportRow["action"]
  | BackupStatus;

/** Every status that the API speaks of. The only place that gives one an icon and a colour. */
const STATUSES = {
  // changes
  planning: view("run", "turn", "Planning"),
  draft: view("idle", "ring", "Draft"),
  pending_approval: view("wait", "person", "Waits for approval"),
  applying: view("run", "turn", "Applying"),
  verifying: view("run", "turn", "Verifying"),
  applied: view("ok", "tick", "Kept"),
  stale: view("doubt", "broken", "Stale"),
  // runs and steps
  pending: view("idle", "ring", "Pending"),
  running: view("run", "turn", "Running"),
  waiting_approval: view("wait", "person", "Waits for approval"),
  paused: view("idle", "pause", "Paused"),
  interrupted: view("doubt", "broken", "In doubt"),
  success: view("ok", "tick", "Done"),
  failed: view("bad", "cross", "Failed"),
  cancelled: view("idle", "slash", "Cancelled"),
  skipped: view("idle", "slash", "Skipped"),
  rolled_back: view("back", "back", "Rolled back"),
  // approvals
  approved: view("ok", "tick", "Approved"),
  rejected: view("bad", "cross", "Rejected"),
  expired: view("bad", "clock", "Expired"),
  revoked: view("idle", "slash", "Taken back"),
  // devices
  unknown: view("idle", "ring", "Not tested"),
  reachable: view("ok", "tick", "Reachable"),
  unreachable: view("bad", "cross", "Unreachable"),
  disabled: view("idle", "slash", "Disabled"),
  changing: view("run", "turn", "Changing"),
  // host keys
  accepted: view("ok", "tick", "Accepted"),
  changed: view("bad", "warn", "Key changed"),
  // lines of the journal
  not_sent: view("idle", "ring", "Not sent"),
  in_doubt: view("doubt", "broken", "In doubt"),
  taken: view("ok", "tick", "Taken"),
  refused: view("bad", "cross", "Refused"),
  not_needed: view("idle", "slash", "Not needed"),
  // plan targets
  planned: view("ok", "tick", "Planned"),
  no_change: view("idle", "slash", "No change"),
  left_out: view("bad", "cross", "Left out"),
  // checks, and anything that only warns
  pass: view("ok", "tick", "Passed"),
  warn: view("wait", "warn", "Warning"),
  warning: view("wait", "warn", "Warning"),
  // rows of an import
  create: view("ok", "tick", "New"),
  update: view("run", "ring", "Changed"),
  unchanged: view("idle", "slash", "Same"),
  error: view("bad", "cross", "Error"),
  // versions of a config
  good: view("ok", "tick", "Whole"),
  shrunk: view("wait", "warn", "Shrunk"),
  // the service
  ok: view("ok", "tick", "Ok"),
  degraded: view("wait", "warn", "Degraded"),
} satisfies Record<Listed, StatusView> & Record<string, StatusView>;

/** A status that is not in the table is shown by its own name, without claiming anything about it. */
export function statusOf(status: string): StatusView {
  const known: Record<string, StatusView> = STATUSES;
  return known[status] ?? view("idle", "ring", sentenceCase(status));
}

const HEALTHS: Record<BackupHealthStatus, StatusView> = {
  fresh: view("ok", "tick", "Fresh"),
  stale: view("wait", "clock", "Old"),
  failed: view("bad", "cross", "Failed"),
  never: view("idle", "ring", "Never"),
  unsupported: view("idle", "slash", "No config"),
};
/** How a device stands with its backups; `stale` is another word there than of a plan. */
export const backupHealthOf = (status: BackupHealthStatus): StatusView => HEALTHS[status];

const RISKS: Record<string, StatusView> = {
  low: view("idle", "ring", "Low"),
  medium: view("wait", "warn", "Medium"),
  high: view("bad", "warn", "High"),
};
export const riskOf = (level: string): StatusView => RISKS[level] ?? view("idle", "ring", sentenceCase(level));

function sentenceCase(status: string): string {
  const words = status.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
