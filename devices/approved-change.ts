import { Conflict, Forbidden, NotFound } from "../domain/contract/errors.ts";
import { ENDED } from "../domain/contract/run.ts";
import type { PlanTarget, SendingMode } from "../domain/contract/change.ts";
import type { PlatformId } from "../domain/contract/device.ts";
import { fillSecrets, holdsReference } from "../domain/config/secrets.ts";
import { deployHash } from "../domain/stack/deploy-hash.ts";
import type { Db } from "../db/client.ts";
import { approvalMac } from "../db/queries/approval-mac.ts";
import { getApprovalRow, getDecisions, type ApprovalRow, type DecisionRow } from "../db/queries/approvals.ts";
import { getChangeHead, type ChangeHead } from "../db/queries/changes.ts";
import { hasBegun } from "../db/queries/journal.ts";
import { findDeployOfChange, hasDeployBegun, type DeployOfChange } from "../db/queries/stack-deploys.ts";
import type { PlanRow } from "../db/queries/plans.ts";
import { getRunRow, type RunRow } from "../db/queries/runs.ts";
import { openSecret } from "../db/queries/secrets.ts";
import type { Vault } from "../system/vault.ts";
import { readPlan, type HashedPlan } from "./plan-cache.ts";

export type Phase = "apply" | "keep" | "rollback";
/** A read-back sends nothing of the change: it may also come after a cancel, and outside of the window. */
type Purpose = Phase | "read_back";

declare const approved: unique symbol;
/** What people have approved for one device, proven now. Only `checkApproved` makes one; `apply` takes nothing else. */
export type ApprovedChange = {
  readonly [approved]: true;
  readonly runId: string;
  readonly changeId: string;
  readonly planId: string;
  readonly approvalId: string;
  readonly deviceId: string;
  readonly device: string;
  readonly platform: PlatformId;
  readonly phase: Purpose;
  /** Secrets as references. */
  readonly lines: readonly string[];
  readonly rollbackLines: readonly string[];
  readonly mode: SendingMode;
  /** Minutes until the device goes back by itself; 0: no timer. */
  readonly confirmMinutes: number;
  readonly hostKey: string | null;
  /** The first line must be on its way by then. */
  readonly notAfter: Date | null;
  /** A line with its secrets, opened now and kept nowhere. */
  readonly fill: (line: string) => Promise<string>;
  /** A text of the device, where every secret that was filled in so far is a reference again: a device may repeat them. */
  readonly hide: (text: string) => string;
};

/**
 * Proves from the rows alone that this run may send to this device now: nothing of the input is believed, it only says
 * where to look. Throws Forbidden or Conflict with the reason; then nothing may be sent.
 */
export async function checkApproved(
  db: Db,
  vault: Vault,
  { runId, changeId, deviceId, phase }: { runId: string; changeId: string; deviceId: string; phase: Purpose },
): Promise<ApprovedChange> {
  const run = await getRunRow(db, runId);
  const change = await getChangeHead(db, changeId);
  if (run.change_id !== change.id || change.run_id !== run.id)
    throw new Forbidden("approval_other_run", `run ${runId} is not the run of change ${changeId}`);
  checkRun(run, phase);
  if (change.approval_id === null || change.plan_id === null)
    throw new Conflict("not_approved", `the change “${change.title}” has not been approved`);
  const approval = await getApprovalRow(db, change.approval_id);
  const decisions = await getDecisions(db, [approval.id]);
  const hashed = await readPlan(db, change.plan_id);
  const { plan } = hashed;
  const deploy = approval.kind === "stack" ? await findDeployOfChange(db, changeId) : undefined;
  checkApproval(vault, approval, decisions, { run, change, hashed, deploy });
  const target = plan.body.targets.find((t) => t.device_id === deviceId);
  if (!target || target.state !== "planned")
    throw new Forbidden(
      "device_not_planned",
      `device ${deviceId} is not part of the approved plan of “${change.title}”`,
    );
  const begun = deploy === undefined ? await hasBegun(db, changeId) : await hasDeployBegun(db, deploy.id);
  const notAfter = checkTime(approval, plan, { begun, phase });
  await checkDevice(db, target);
  const opened = new Map<string, string>();
  return brand({
    runId,
    changeId,
    planId: plan.id,
    approvalId: approval.id,
    deviceId,
    device: target.device,
    platform: target.device_type,
    phase,
    lines: target.lines,
    rollbackLines: target.rollback_lines,
    mode: target.mode,
    confirmMinutes: target.confirm_minutes,
    hostKey: target.host_key,
    notAfter,
    fill: (line) => fill(db, vault, line, opened),
    // a secret may be a part of a longer one, of which nothing must be left
    hide: (text) =>
      [...opened]
        .toSorted(([a], [b]) => b.length - a.length)
        .reduce((all, [value, reference]) => all.replaceAll(value, reference), text),
  });
}

/** The one cast: everything that the brand promises was checked by the only caller. */
const brand = (proven: Omit<ApprovedChange, typeof approved>): ApprovedChange => proven as ApprovedChange;

function checkRun(run: RunRow, phase: Purpose): void {
  if (ENDED.includes(run.status)) throw new Conflict("run_ended", `the run “${run.title}” has ended (${run.status})`);
  if (phase === "apply" && run.cancel_requested)
    throw new Conflict("run_cancelled", `the run “${run.title}” was cancelled`);
}

function checkApproval(
  vault: Vault,
  approval: ApprovalRow,
  decisions: DecisionRow[],
  of: { run: RunRow; change: ChangeHead; hashed: HashedPlan; deploy: DeployOfChange | undefined },
): void {
  const { run, change } = of;
  const { plan, hash } = of.hashed;
  const mac = approvalMac(vault, approval, decisions);
  if (!mac.equals(approval.hmac))
    throw new Forbidden(
      "approval_forged",
      `the approval of “${change.title}” was not written by this service: its seal does not verify`,
    );
  if (
    plan.change_id !== change.id ||
    (of.deploy === undefined
      ? approval.deploy_id !== null ||
        approval.run_id !== run.id ||
        approval.change_id !== change.id ||
        approval.plan_id !== plan.id
      : approval.deploy_id !== of.deploy.id || approval.run_id !== of.deploy.run_id)
  )
    throw new Forbidden("approval_other_plan", `the approval of “${change.title}” is for another run or plan`);
  if (approval.status !== "approved")
    throw new Conflict("not_approved", `the approval of “${change.title}” is ${approval.status}`);
  if (approval.consumed_at === null)
    throw new Conflict("approval_not_taken", `the run has not taken the approval of “${change.title}” yet`);
  const asked = of.deploy === undefined ? hash : hashOfStack(of.deploy, { plan, hash });
  if (asked !== approval.change_hash || hash !== plan.hash)
    throw new Forbidden("hash_mismatch", `the plan of “${change.title}” is not the one that was approved`);
  checkDeciders(approval, decisions, plan, change);
}

/** The hash of the whole deploy, computed here, if this very plan is the one that stands in it for its service; else none. */
function hashOfStack({ body }: DeployOfChange, { plan, hash }: HashedPlan): string | null {
  const service = body?.services.find((s) => s.change_id === plan.change_id);
  return body && service?.plan_id === plan.id && service.plan_hash === hash ? deployHash(body) : null;
}

/** Enough people, each once, none of whom asked for it or edited it; alone only where every device is one of the lab. */
function checkDeciders(approval: ApprovalRow, decisions: DecisionRow[], plan: PlanRow, change: ChangeHead): void {
  const planned = plan.body.targets.filter((t) => t.state === "planned");
  const lab = approval.lab_only && planned.every((t) => t.is_lab);
  if (approval.lab_only && !lab)
    throw new Forbidden(
      "approval_not_lab",
      `“${change.title}” was approved as a change of lab devices, but has others`,
    );
  const excluded = new Set([...approval.excluded, approval.requested_by, change.requested_by, ...change.edited_by]);
  const people = new Set(
    decisions.filter((d) => d.decision === "approved" && (lab || !excluded.has(d.user_id))).map((d) => d.user_id),
  );
  for (const { decision, user_id } of decisions) if (decision !== "approved") people.delete(user_id);
  if (decisions.some((d) => d.decision === "rejected" || d.decision === "revoked"))
    throw new Conflict("not_approved", `the approval of “${change.title}” was withdrawn`);
  if (people.size < Math.max(1, approval.required))
    throw new Forbidden(
      "four_eyes",
      `“${change.title}” was approved by ${people.size} of ${approval.required} people who may decide about it`,
    );
}

/** Until when the first line may leave; null for what finishes a change that has begun. */
function checkTime(
  approval: ApprovalRow,
  plan: PlanRow,
  { begun, phase }: { begun: boolean; phase: Purpose },
): Date | null {
  const now = Date.now();
  const { window } = plan.body;
  if (phase !== "apply") {
    if (!begun && phase !== "read_back")
      throw new Conflict("not_begun", "nothing of the change was sent, so there is nothing to keep or to take back");
    return null;
  }
  if (approval.valid_until === null || (!begun && approval.valid_until.getTime() <= now))
    throw new Conflict("approval_expired", "the approval has run out; ask for another one");
  if (window !== null && (now < Date.parse(window.from) || now >= Date.parse(window.to)))
    throw new Conflict("window_closed", `the change may be sent from ${window.from} to ${window.to} only`);
  const ends = [
    ...(begun ? [] : [approval.valid_until.getTime()]),
    ...(window === null ? [] : [Date.parse(window.to)]),
  ];
  return ends.length === 0 ? null : new Date(Math.min(...ends));
}

/** The plan says what kind of device it is for; a device that was turned into another kind since gets nothing. */
async function checkDevice(db: Db, target: PlanTarget): Promise<void> {
  const [device] = await db<
    { device_type: PlatformId; is_lab: boolean; host: string }[]
  >`select device_type, is_lab, host from devices where id = ${target.device_id}`;
  if (!device) throw new NotFound("device", target.device_id);
  if (device.device_type !== target.device_type || device.is_lab !== target.is_lab || device.host !== target.host)
    throw new Conflict(
      "device_changed",
      `${target.device} is not the device that the plan was made for any more: its type or address was changed`,
    );
}

const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** Shorter ones stand in too many words to be looked for. */
const SHORTEST_SECRET = 4;

async function fill(db: Db, vault: Vault, line: string, opened: Map<string, string>): Promise<string> {
  if (!holdsReference(line)) return line;
  const values = new Map<string, string>();
  for (const [reference] of line.matchAll(/secret:\/\/[A-Za-z0-9:_.-]+/g))
    values.set(reference, await openSecret(db, vault, reference));
  for (const [reference, value] of values) if (value.length >= SHORTEST_SECRET) opened.set(value, reference);
  const filled = fillSecrets(line, (reference) => values.get(reference) ?? reference);
  // What a secret may hold was checked when it was cut out; here it would become another line.
  if (CONTROL.test(filled))
    throw new Forbidden("secret_characters", "a secret holds a line end or another control character");
  return filled;
}
