import type { Vault } from "../../system/vault.ts";

/** What a decision binds: changed past the service in any of these, the row does not verify and nothing is sent. */
export type ApprovalFacts = {
  id: string;
  status: string;
  run_id: string;
  change_id: string;
  plan_id: string;
  change_hash: string;
  required: number;
  requested_by: string;
  excluded: string[];
  lab_only: boolean;
  expires_at: Date;
  valid_for: number;
  valid_until: Date | null;
  /** Of the approval of a whole stack; others were sealed without it. */
  deploy_id: string | null;
};
export type DecisionFacts = { user_id: string; decision: string; at: Date };

export function approvalMac(vault: Pick<Vault, "hmac">, approval: ApprovalFacts, decisions: DecisionFacts[]): Buffer {
  const { id, status, run_id, change_id, plan_id, change_hash, required, requested_by, excluded, lab_only, valid_for } =
    approval;
  return vault.hmac(
    "approval",
    JSON.stringify([
      [
        id,
        status,
        run_id,
        change_id,
        plan_id,
        change_hash,
        required,
        requested_by,
        [...excluded].sort(),
        lab_only,
        valid_for,
        ...(approval.deploy_id === null ? [] : [approval.deploy_id]),
      ],
      [approval.expires_at.getTime(), approval.valid_until?.getTime() ?? null],
      decisions
        .map((d) => [d.user_id, d.decision, d.at.getTime()])
        .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    ]),
  );
}
