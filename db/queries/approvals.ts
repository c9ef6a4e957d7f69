import { NotFound } from "../../domain/contract/errors.ts";
import type { ApprovalStatus } from "../../domain/contract/approval.ts";
import type { Vault } from "../../system/vault.ts";
import type { Db } from "../client.ts";
import { approvalMac } from "./approval-mac.ts";

export type ApprovalRow = {
  id: string;
  kind: "change" | "stack";
  status: ApprovalStatus;
  run_id: string;
  change_id: string;
  plan_id: string;
  change_hash: string;
  title: string;
  reason: string | null;
  risk_level: "low" | "medium" | "high";
  required: number;
  requested_by: string;
  excluded: string[];
  lab_only: boolean;
  created_at: Date;
  expires_at: Date;
  valid_for: number;
  valid_until: Date | null;
  decided_at: Date | null;
  consumed_at: Date | null;
  hmac: Buffer;
  /** The deploy that an approval of kind `stack` is about; its change and plan are those of the first service then. */
  deploy_id: string | null;
};

export type DecisionRow = {
  approval_id: string;
  user_id: string;
  username: string;
  decision: "approved" | "rejected" | "revoked";
  reason: string | null;
  at: Date;
};

export async function getApprovalRow(db: Db, id: string, { lock = false } = {}): Promise<ApprovalRow> {
  const [row] = await db<ApprovalRow[]>`select * from approvals where id = ${id} ${lock ? db`for update` : db``}`;
  if (!row) throw new NotFound("approval", id);
  return row;
}

export async function getDecisions(db: Db, approvalIds: string[]): Promise<DecisionRow[]> {
  return db<DecisionRow[]>`select * from approval_decisions where approval_id = any(${approvalIds}) order by at`;
}

export async function insertDecision(db: Db, d: DecisionRow, via: string): Promise<void> {
  await db`insert into approval_decisions (approval_id, user_id, username, decision, reason, via, at)
    values (${d.approval_id}, ${d.user_id}, ${d.username}, ${d.decision}, ${d.reason}, ${via}, ${d.at})`;
}

export async function insertApproval(
  db: Db,
  vault: Vault,
  approval: Omit<ApprovalRow, "status" | "created_at" | "valid_until" | "decided_at" | "consumed_at" | "hmac">,
): Promise<void> {
  const mac = approvalMac(vault, { ...approval, status: "pending", valid_until: null }, []);
  await db`insert into approvals (id, kind, run_id, change_id, plan_id, change_hash, title, reason, risk_level, required, requested_by, excluded,
      lab_only, expires_at, valid_for, hmac, deploy_id)
    values (${approval.id}, ${approval.kind}, ${approval.run_id}, ${approval.change_id}, ${approval.plan_id}, ${approval.change_hash}, ${approval.title},
      ${approval.reason}, ${approval.risk_level}, ${approval.required}, ${approval.requested_by}, ${approval.excluded}, ${approval.lab_only},
      ${approval.expires_at}, ${approval.valid_for}, ${mac}, ${approval.deploy_id})`;
}

/**
 * Moves an approval from one status to another, in one conditional UPDATE with its HMAC; false when somebody was faster.
 * `decisions` are all of its decisions, the new one included.
 */
export async function moveApproval(
  db: Db,
  vault: Vault,
  row: ApprovalRow,
  to: { status: ApprovalStatus; validUntil: Date | null },
  decisions: DecisionRow[],
): Promise<boolean> {
  const mac = approvalMac(vault, { ...row, status: to.status, valid_until: to.validUntil }, decisions);
  const moved = await db`update approvals set status = ${to.status}, valid_until = ${to.validUntil},
      decided_at = ${to.status === "pending" ? null : db`clock_timestamp()`}, hmac = ${mac}
    where id = ${row.id} and status = ${row.status} and consumed_at is null returning id`;
  return moved.length > 0;
}

/** The run takes the yes, once. False when it was taken, withdrawn, or has run out. */
export async function consumeApproval(db: Db, id: string, runId: string): Promise<boolean> {
  const rows = await db`update approvals set consumed_at = clock_timestamp()
    where id = ${id} and run_id = ${runId} and status = 'approved' and consumed_at is null and valid_until > clock_timestamp() returning id`;
  return rows.length > 0;
}
