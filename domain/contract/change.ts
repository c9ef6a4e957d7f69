import { z } from "zod";
import { Id, Name, Reason, Timestamp, plainText, prose } from "./common.ts";
import { PlatformId } from "./device.ts";

export const CHANGE_STATUSES = [
  "planning",
  "draft",
  "pending_approval",
  "approved",
  "applying",
  "verifying",
  "applied",
  "interrupted",
  "failed",
  "rolled_back",
  "rejected",
  "expired",
  "cancelled",
  "stale",
] as const;
export const ChangeStatus = z.enum(CHANGE_STATUSES);
export type ChangeStatus = z.infer<typeof ChangeStatus>;

/** What happens to a device whose session broke in the middle. `ask` shows answered, in-doubt and unsent lines to a person. */
export const OnInterrupted = z.enum(["ask", "verify", "retry", "rollback", "fail"]);
export type OnInterrupted = z.infer<typeof OnInterrupted>;

export const RISKS = ["low", "medium", "high"] as const;
export const Risk = z.object({ level: z.enum(RISKS), reasons: z.array(z.string()) });
export type Risk = z.infer<typeof Risk>;

/** `line`: one line a window. `section`: the leaves of one section. `staged`: the whole change, then one commit. */
export const SendingMode = z.enum(["line", "section", "staged"]);
export type SendingMode = z.infer<typeof SendingMode>;

/** A show command and what its output must or must not hold. A text alone means `contains`. */
export const Check = z.strictObject({
  device: Name.optional(),
  command: plainText(500).min(1, "must not be empty"),
  expect: z.union([
    plainText(1000).min(1),
    z
      .strictObject({
        contains: plainText(1000).min(1).optional(),
        not_contains: plainText(1000).min(1).optional(),
        matches: plainText(500).min(1).optional(),
      })
      .refine((e) => Object.values(e).some((v) => v !== undefined), "needs contains, not_contains or matches"),
  ]),
});
export type Check = z.infer<typeof Check>;

const Lines = z.union([
  prose(400_000),
  z.array(plainText(2000)).max(10_000, "may hold at most 10,000 lines for one device"),
]);

export const NewChange = z
  .strictObject({
    title: plainText(200).min(1, "must not be empty"),
    description: prose(10_000).optional(),
    targets: z
      .array(z.strictObject({ device: Name, lines: Lines }))
      .min(1, "names no device")
      .max(1000),
    verify: z.array(Check).max(100).optional(),
    on_interrupted: OnInterrupted.optional(),
    /** Nothing is sent outside of it; an approval ends with it. */
    window: z.strictObject({ from: Timestamp, to: Timestamp }).optional(),
    /** Minutes until a device with a confirm timer goes back by itself; 0 turns it off. */
    confirm_minutes: z.number().int().min(0).max(60).optional(),
    /** Ask for approval as soon as the plan stands, with this reason: one call for programs. */
    request_approval: z.boolean().optional(),
    reason: Reason.optional(),
  })
  .meta({ id: "NewChange" });
export type NewChange = z.infer<typeof NewChange>;

/** Replaces what a draft sends; without a body, plans the same lines again. */
export const Replan = z.strictObject({
  title: plainText(200).min(1).optional(),
  description: prose(10_000).optional(),
  targets: NewChange.shape.targets.optional(),
  verify: NewChange.shape.verify,
  on_interrupted: NewChange.shape.on_interrupted,
  confirm_minutes: NewChange.shape.confirm_minutes,
  /** null takes the window away. */
  window: NewChange.shape.window.unwrap().nullable().optional(),
});
export type Replan = z.infer<typeof Replan>;

/** Asks for approval of exactly this plan; once approved it is applied. */
export const ApplyRequest = z.strictObject({ hash: z.string().max(100).optional(), reason: Reason.optional() });

export const DiffLine = z.object({
  op: z.enum([" ", "+", "-"]),
  text: z.string(),
  /** Line number in the config before (removed, context) or after (added). */
  line: z.number().int().nullable(),
});
/** One stretch of the hierarchical diff: the stanza it stands in (`router bgp 64510`), and its lines. */
export const Hunk = z.object({ path: z.array(z.string()), line: z.number().int(), lines: z.array(DiffLine) });
export type DiffLine = z.infer<typeof DiffLine>;
export type Hunk = z.infer<typeof Hunk>;

export const PlanTarget = z.object({
  device: z.string(),
  device_id: Id,
  device_type: PlatformId,
  site: z.string().nullable(),
  host: z.string(),
  is_lab: z.boolean(),
  state: z.enum(["planned", "no_change", "left_out"]),
  /** Why it was left out: the named failure. */
  error: z.object({ code: z.string(), message: z.string(), what_to_do: z.string() }).nullable(),
  host_key: z.string().nullable(),
  /** Exactly what is sent, one configuration line each; secrets as `secret://` references. */
  lines: z.array(z.string()),
  mode: SendingMode,
  /** In words of the platform: `commit confirmed`, `configure session`, `none`. */
  transaction: z.string(),
  confirm_minutes: z.number().int(),
  diff: z.array(Hunk),
  added: z.number().int(),
  removed: z.number().int(),
  rollback_lines: z.array(z.string()),
  /** What the plan could not foresee: shown, and part of the risk. */
  notes: z.array(z.string()),
  base_hash: z.string().nullable(),
  risk: Risk,
});
export type PlanTarget = z.infer<typeof PlanTarget>;

/** Devices of one platform with the same diff and the same way back: read once, decided once. */
export const PlanGroup = z.object({
  key: z.string(),
  device_type: PlatformId,
  devices: z.array(z.string()),
  diff: z.array(Hunk),
  lines: z.array(z.string()),
  rollback_lines: z.array(z.string()),
  notes: z.array(z.string()),
  mode: SendingMode,
  transaction: z.string(),
  confirm_minutes: z.number().int(),
  added: z.number().int(),
  removed: z.number().int(),
  risk: Risk,
});
export type PlanGroup = z.infer<typeof PlanGroup>;

export const Drift = z.object({ device: z.string(), what: z.string(), diff: z.array(Hunk) });
export type Drift = z.infer<typeof Drift>;

export const Change = z
  .object({
    id: Id,
    run_id: Id,
    title: z.string(),
    description: z.string(),
    reason: z.string().nullable(),
    status: ChangeStatus,
    /** `sha256:` and 64 hex digits; null until the plan stands. */
    hash: z.string().nullable(),
    plan_version: z.number().int(),
    planned_at: Timestamp.nullable(),
    /** `stack`: one service of a deploy, which is approved and carried out as a whole. */
    origin: z.object({ kind: z.enum(["ad_hoc", "undo", "welcome", "stack"]), change_id: Id.nullable() }),
    requested_by: z.string(),
    risk: Risk.nullable(),
    groups: z.array(PlanGroup),
    targets: z.array(PlanTarget),
    verify: z.array(Check),
    on_interrupted: OnInterrupted,
    window: z.object({ from: Timestamp, to: Timestamp }).nullable(),
    approval_id: Id.nullable(),
    /** Why the last plan is stale: what moved on the devices since. */
    drift: z.array(Drift),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    undone_by: Id.nullable(),
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: "Change" });
export type Change = z.infer<typeof Change>;

/** A change in a list: without its diffs. */
export const ChangeSummary = Change.omit({ groups: true, targets: true, drift: true, verify: true })
  .extend({ devices: z.array(z.string()), added: z.number().int(), removed: z.number().int(), diffs: z.number().int() })
  .meta({ id: "ChangeSummary" });
export type ChangeSummary = z.infer<typeof ChangeSummary>;
