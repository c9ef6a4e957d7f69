import { z } from "zod";
import { Id, Name, Reason, Timestamp } from "./common.ts";

export const RUN_STATUSES = [
  "pending",
  "running",
  "waiting_approval",
  "paused",
  "interrupted",
  "success",
  "failed",
  "cancelled",
  "rolled_back",
] as const;
export const RunStatus = z.enum(RUN_STATUSES);
export type RunStatus = z.infer<typeof RunStatus>;
export const ENDED: readonly RunStatus[] = ["success", "failed", "cancelled", "rolled_back"];

/** The steps of a change's run, in order. `rollback` hangs below apply and verify, and is used only when needed. */
export const CHANGE_STEPS = ["plan", "approve", "apply", "verify", "keep", "rollback"] as const;
export type ChangeStep = (typeof CHANGE_STEPS)[number];

export const StepStatus = z.enum([
  "pending",
  "running",
  "waiting_approval",
  "paused",
  "interrupted",
  "success",
  "failed",
  "cancelled",
  "skipped",
  "rolled_back",
]);
export type StepStatus = z.infer<typeof StepStatus>;

export const NamedError = z.object({ code: z.string(), message: z.string(), what_to_do: z.string().optional() });
export type NamedError = z.infer<typeof NamedError>;

/** One step, of the whole run (`device` null) or of one device. */
export const RunStep = z
  .object({
    id: z.string(),
    name: z.string(),
    type: z.string(),
    status: StepStatus,
    device: z.string().nullable(),
    attempt: z.number().int(),
    message: z.string().nullable(),
    error: NamedError.nullable(),
    started_at: Timestamp.nullable(),
    completed_at: Timestamp.nullable(),
    duration_ms: z.number().int().nullable(),
  })
  .meta({ id: "RunStep" });
export type RunStep = z.infer<typeof RunStep>;

/** How the devices of a backup run came out. `success` counts every one read whole, the `unchanged` ones included. */
export const BackupCounts = z.object({
  total: z.number().int(),
  success: z.number().int(),
  unchanged: z.number().int(),
  failed: z.number().int(),
  skipped: z.number().int(),
  pending: z.number().int(),
});
export type BackupCounts = z.infer<typeof BackupCounts>;

export const RUN_KINDS = ["change", "backup", "stack_deploy"] as const;

export const Run = z
  .object({
    id: Id,
    kind: z.enum(RUN_KINDS),
    title: z.string(),
    status: RunStatus,
    /** One sentence: what it does or waits for now. */
    message: z.string().nullable(),
    change_id: Id.nullable(),
    approval_id: Id.nullable(),
    started_by: z.string(),
    created_at: Timestamp,
    started_at: Timestamp.nullable(),
    completed_at: Timestamp.nullable(),
    error: NamedError.nullable(),
    /** In a list, a backup run has neither devices nor steps: there may be thousands. */
    devices: z.array(z.string()),
    steps: z.array(RunStep),
    backup: BackupCounts.nullable(),
    pause_requested: z.boolean(),
    cancel_requested: z.boolean(),
  })
  .meta({ id: "Run" });
export type Run = z.infer<typeof Run>;

/** What happened, in order of `seq`; never changed afterwards. */
export const RunEvent = z
  .object({
    seq: z.number().int(),
    at: Timestamp,
    /** `step` moves a step, `run` the run itself, `person` is what somebody did, `device` what was seen on a device. */
    kind: z.enum(["run", "step", "person", "device"]),
    step: z.string().nullable(),
    device: z.string().nullable(),
    attempt: z.number().int(),
    actor: z.string().nullable(),
    status: z.string().nullable(),
    message: z.string().nullable(),
    error: NamedError.nullable(),
  })
  .meta({ id: "RunEvent" });
export type RunEvent = z.infer<typeof RunEvent>;

export const LINE_STATES = ["not_sent", "in_doubt", "taken", "refused", "not_needed"] as const;
/** One line of a change on one device, as the journal knows it. */
export const JournalLine = z
  .object({
    device: z.string(),
    /** `keep`: what makes an applied change stay: the confirming commit, the save. */
    direction: z.enum(["apply", "keep", "rollback"]),
    seq: z.number().int(),
    attempt: z.number().int(),
    window: z.number().int(),
    line: z.string(),
    state: z.enum(LINE_STATES),
    sent_at: Timestamp.nullable(),
    answered_at: Timestamp.nullable(),
    answer: z.string().nullable(),
  })
  .meta({ id: "JournalLine" });
export type JournalLine = z.infer<typeof JournalLine>;

/** How a person lets an interrupted or failed device go on. */
export const StepChoice = z.enum(["verify", "rollback", "retry", "skip", "fail"]);
export type StepChoice = z.infer<typeof StepChoice>;

/** For pause and cancel: a reason. */
export const RunControl = z.strictObject({ reason: Reason.optional() });
/** For resume, retry and skip. `choice` is `verify` by default on resume of an interrupted device. */
export const StepControl = z.strictObject({
  step_id: z.string().max(100).optional(),
  device: Name.optional(),
  choice: StepChoice.optional(),
  reason: Reason.optional(),
});
export type StepControl = z.infer<typeof StepControl>;

/** What was said on a session of this run, secrets masked. */
export const TranscriptEntry = z.object({
  at: Timestamp,
  device: z.string(),
  step: z.string(),
  direction: z.enum(["sent", "received", "note"]),
  text: z.string(),
});
export type TranscriptEntry = z.infer<typeof TranscriptEntry>;
