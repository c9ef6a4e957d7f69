import { z } from "zod";
import { Timestamp } from "./common.ts";

export const AuditEntry = z
  .object({
    id: z.number().int(),
    at: Timestamp,
    actor: z.string(),
    /** `<resource>.<verb>`: `device.create`, `approval.approve`, `auth.login_failed`. */
    action: z.string(),
    subject: z.string().nullable(),
    detail: z.record(z.string(), z.unknown()),
    ip: z.string().nullable(),
    request_id: z.string().nullable(),
    sealed: z.boolean(),
  })
  .meta({ id: "AuditEntry" });
export type AuditEntry = z.infer<typeof AuditEntry>;

export const AuditVerification = z
  .object({
    ok: z.boolean(),
    checked: z.number().int(),
    sealed_to: Timestamp.nullable(),
    first_bad: z.object({ id: z.number().int(), what: z.string() }).nullable(),
  })
  .meta({ id: "AuditVerification" });
export type AuditVerification = z.infer<typeof AuditVerification>;
