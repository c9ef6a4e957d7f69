import { z } from "zod";
import { Timestamp } from "./common.ts";

/** What the Now page and the status bar show of the service itself. */
export const Health = z
  .object({
    status: z.enum(["ok", "degraded"]),
    engines: z.array(
      z.object({ name: z.enum(["postgres", "temporal", "workers"]), ok: z.boolean(), detail: z.string() }),
    ),
    workers: z.number().int(),
    server_time: Timestamp,
    version: z.string(),
  })
  .meta({ id: "Health" });
export type Health = z.infer<typeof Health>;

/** One day of finished changes. */
const ChangeDay = z.object({
  day: z.string(),
  kept: z.number().int(),
  rolled_back: z.number().int(),
  failed: z.number().int(),
});
export const Stats = z
  .object({
    devices: z.object({
      total: z.number().int(),
      reachable: z.number().int(),
      unreachable: z.number().int(),
      unknown: z.number().int(),
      disabled: z.number().int(),
    }),
    approvals_pending: z.number().int(),
    /** Of those, the ones that the caller may decide. */
    approvals_for_me: z.number().int(),
    runs_active: z.number().int(),
    runs_interrupted: z.number().int(),
    last_change_at: Timestamp.nullable(),
    change_days: z.array(ChangeDay),
  })
  .meta({ id: "Stats" });
export type Stats = z.infer<typeof Stats>;

/** A hint that something of a kind changed: lists fetch again. */
export const HINT_TOPICS = [
  "runs",
  "changes",
  "approvals",
  "devices",
  "credentials",
  "users",
  "audit",
  "backups",
  "variables",
  "api-resources",
  "templates",
  "stacks",
] as const;
export type HintTopic = (typeof HINT_TOPICS)[number];
export type Hint = { topic: HintTopic; id: string };
