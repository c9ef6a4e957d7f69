import { z } from "zod";
import { Id, Reason, Timestamp } from "./common.ts";
import { PlanGroup, RISKS } from "./change.ts";

export const APPROVAL_STATUSES = ["pending", "approved", "rejected", "expired", "cancelled"] as const;
export const ApprovalStatus = z.enum(APPROVAL_STATUSES);
export type ApprovalStatus = z.infer<typeof ApprovalStatus>;

/** `hash` is that of the plan which was read; `notes` is accepted for `reason`. */
export const Decision = z
  .strictObject({ hash: z.string().max(100).optional(), reason: Reason.optional(), notes: Reason.optional() })
  .meta({ id: "Decision" });
export type Decision = z.infer<typeof Decision>;

/** Marks groups of the plan (by key) as read by the caller. */
export const MarkRead = z.strictObject({ groups: z.array(z.string().max(20)).max(1000) });

export const Approval = z
  .object({
    id: Id,
    /** `stack`: of a whole deploy; `change_id` is then the first of its changes. */
    kind: z.enum(["change", "stack"]),
    deploy_id: Id.nullable(),
    status: ApprovalStatus,
    title: z.string(),
    reason: z.string().nullable(),
    risk_level: z.enum(RISKS),
    requested_by: z.string(),
    run_id: Id,
    change_id: Id,
    change_hash: z.string(),
    required: z.number().int(),
    decisions: z.array(
      z.object({
        user: z.string(),
        decision: z.enum(["approved", "rejected", "revoked"]),
        reason: z.string().nullable(),
        at: Timestamp,
      }),
    ),
    created_at: Timestamp,
    /** Until when one may decide. */
    expires_at: Timestamp,
    /** Until when a yes holds; null while pending. */
    valid_until: Timestamp.nullable(),
    /** Whether the run has been told of the decision. */
    run_nudged: z.boolean(),
    /** Every device is a virtual one of the lab: whoever asked may decide. */
    lab_only: z.boolean(),
    devices: z.array(z.string()),
    sites: z.array(z.string()),
    diffs: z.number().int(),
    added: z.number().int(),
    removed: z.number().int(),
    /** May the caller decide, and if not, the sentence that says why. */
    can_decide: z.boolean(),
    cannot_because: z.string().nullable(),
    /** Keys of the groups that the caller has marked as read. */
    read_groups: z.array(z.string()),
  })
  .meta({ id: "Approval" });
export type Approval = z.infer<typeof Approval>;

/** One approval with the plan it is about. */
export const ApprovalDetail = Approval.extend({
  groups: z.array(PlanGroup),
  checks: z.array(z.object({ label: z.string(), state: z.enum(["pass", "warn"]), detail: z.string() })),
}).meta({ id: "ApprovalDetail" });
export type ApprovalDetail = z.infer<typeof ApprovalDetail>;
