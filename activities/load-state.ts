import type { ChangeInput } from "../domain/contract/messages.ts";
import { ENDED } from "../domain/contract/run.ts";
import { policy } from "../domain/change/policy.ts";
import type { Db } from "../db/client.ts";
import { getApprovalRow, getDecisions, moveApproval } from "../db/queries/approvals.ts";
import { getChangeRow, moveChange, type ChangeRow } from "../db/queries/changes.ts";
import { appendEvent } from "../services/run-events.ts";
import { getRunRow } from "../db/queries/runs.ts";
import { planVersion } from "../services/change-approval.ts";
import { SENDING } from "../services/change-cancel.ts";
import type { Vault } from "../system/vault.ts";
import { endRun } from "../services/end-run.ts";

export type RunState = { next: "wait" | "approved" | "again" | "ended"; wakeInMs: number };

const A_DAY = 24 * 60 * 60 * 1000;
const state = (next: RunState["next"]): RunState => ({ next, wakeInMs: 0 });

/** Where the rows say that a change which is not being sent stands, and when to look again without being told. */
export async function loadState(db: Db, vault: Vault, input: ChangeInput): Promise<RunState> {
  const change = await getChangeRow(db, input.changeId, { lock: true });
  const run = await getRunRow(db, input.runId, { lock: true });
  const now = Date.now();
  const end = async (code: string, message: string): Promise<RunState> => {
    await endRun(db, { ...input, status: "cancelled", error: code === "" ? null : { code, message }, message });
    return state("ended");
  };
  if (ENDED.includes(run.status)) return state("ended");
  // Asked again by a worker that was stopped: what is being sent is not ended behind the run's back.
  if (SENDING.includes(change.status)) return state("approved");
  if (run.cancel_requested || change.status === "cancelled") return end("", "cancelled; nothing was sent");
  if (change.plan_wanted > change.plan_round) return state("again");
  if (change.status === "rejected") return end("rejected", await rejection(db, change));
  if (change.status === "pending_approval" || change.status === "approved") {
    const approval = await getApprovalRow(db, change.approval_id ?? "", { lock: true });
    const until = change.status === "approved" ? (approval.valid_until ?? approval.expires_at) : approval.expires_at;
    // A deploy takes its approval once, for all its services: those that come late are sent by the same yes.
    if (until.getTime() <= now && approval.consumed_at === null) {
      await moveApproval(
        db,
        vault,
        approval,
        { status: "expired", validUntil: null },
        await getDecisions(db, [approval.id]),
      );
      await moveChange(db, change.id, ["pending_approval", "approved"], "expired");
      const message =
        change.status === "approved"
          ? "the approval ran out before it was used; nothing was sent"
          : "nobody decided in time; nothing was sent";
      await appendEvent(db, {
        runId: run.id,
        kind: "step",
        step: "approve",
        attempt: await planVersion(db, approval.plan_id),
        status: "failed",
        message,
        key: `expired:${approval.id}`,
      });
      return end("approval_expired", message);
    }
    if (change.status === "pending_approval") return { next: "wait", wakeInMs: until.getTime() - now };
    const opens = change.content.window ? Date.parse(change.content.window.from) : 0;
    if (opens > now) {
      await appendEvent(db, {
        runId: run.id,
        kind: "run",
        status: "pending",
        message: `approved; waits for its window, which opens at ${new Date(opens).toISOString()}`,
        key: `window:${approval.id}`,
      });
      return { next: "wait", wakeInMs: Math.min(opens, until.getTime()) - now };
    }
    if (run.pause_requested) {
      // Said once: each look would say it again, and each saying makes the run look.
      if (run.status !== "paused")
        await appendEvent(db, {
          runId: run.id,
          kind: "run",
          status: "paused",
          message: "approved, and paused before anything was sent",
          key: `paused:${run.last_seq}`,
        });
      return { next: "wait", wakeInMs: approval.consumed_at === null ? until.getTime() - now : A_DAY };
    }
    return state("approved");
  }
  // A service of a stack is asked for, and expires, with its deploy.
  if (change.origin.kind === "stack") return { next: "wait", wakeInMs: A_DAY };
  const left = change.updated_at.getTime() + policy.expiresAfterMinutes * 60_000 - now;
  if (left <= 0) return end("draft_expired", "nobody asked for approval in time; nothing was sent");
  return { next: "wait", wakeInMs: left };
}

async function rejection(db: Db, change: ChangeRow): Promise<string> {
  const last = change.approval_id
    ? (await getDecisions(db, [change.approval_id])).findLast((d) => d.decision === "rejected")
    : undefined;
  return `${last?.username ?? "somebody"} rejected it${last?.reason ? `: ${last.reason}` : ""}; nothing was sent`;
}
