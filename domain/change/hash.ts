import { createHash } from "node:crypto";
import type { Check, OnInterrupted, PlanTarget } from "../contract/change.ts";
import { canonicalJson } from "./canonical.ts";
import { essence } from "./drift.ts";

/** All that an approval is about. */
export type PlanContent = {
  targets: readonly PlanTarget[];
  verify: readonly Check[];
  on_interrupted: OnInterrupted;
  window: { from: string; to: string } | null;
  policy_version: string;
};

/**
 * `sha256:` over what is sent, to whom, how, what it changes, the way back and the rules under which: another of any of them is another
 * plan. The time at which it was made, and names that only help to read it, are not in it.
 */
export function planHash(plan: PlanContent): string {
  const targets = plan.targets
    .map((t) => ({
      device: t.device,
      device_id: t.device_id,
      device_type: t.device_type,
      host: t.host,
      is_lab: t.is_lab,
      state: t.state,
      host_key: t.host_key,
      lines: t.lines,
      mode: t.mode,
      transaction: t.transaction,
      confirm_minutes: t.confirm_minutes,
      diff: essence(t.diff),
      rollback_lines: t.rollback_lines,
    }))
    .sort((a, b) => (a.device_id < b.device_id ? -1 : a.device_id > b.device_id ? 1 : 0));
  const content = {
    format: 1,
    targets,
    verify: plan.verify,
    on_interrupted: plan.on_interrupted,
    window: plan.window,
    policy_version: plan.policy_version,
  };
  return `sha256:${createHash("sha256").update(canonicalJson(content), "utf8").digest("hex")}`;
}
