import { Context } from "@temporalio/activity";
import type { ChangeStatus, OnInterrupted } from "../domain/contract/change.ts";
import type { ChangeInput, DecideInput } from "../domain/contract/messages.ts";
import { ENDED } from "../domain/contract/run.ts";
import { transaction, type Db, type Pool } from "../db/client.ts";
import { consumeApproval } from "../db/queries/approvals.ts";
import { auditMac, auditOfRequest } from "../db/queries/audit.ts";
import { getChangeRow, moveChange } from "../db/queries/changes.ts";
import { mayBeThere, type Direction } from "../db/queries/journal.ts";
import { appendEvent, hasEvent, notifyRun, type NewEvent } from "../services/run-events.ts";
import { getRunRow } from "../db/queries/runs.ts";
import { getPlan } from "../db/queries/plans.ts";
import { getDeployOfChange, markService } from "../db/queries/stack-deploys.ts";
import { release } from "../devices/locks.ts";
import type { Logger } from "../system/log.ts";
import type { Vault } from "../system/vault.ts";
import { finishChecking, type Checked } from "./finish-checking.ts";
import { SENDING } from "../services/change-cancel.ts";
import { endRun, type Ending } from "../services/end-run.ts";
import { loadState, type RunState } from "./load-state.ts";
import { beginPlanning, finishPlanning } from "./plan-rounds.ts";

export type RecordDeps = { pool: Pool; vault: Vault; log: Logger };
export type Device = { id: string; name: string };
export type Step = Pick<NewEvent, "kind" | "step" | "device" | "attempt" | "status" | "message" | "error">;

/**
 * Short writes and reads of a run's rows. They run as local activities, may run twice, and write each thing once: the
 * key of an event is made of the activity's own id.
 */
export const recordActivities = (deps: RecordDeps) => {
  const { pool, vault, log } = deps;
  const write = async <T>(input: ChangeInput, fn: (db: Db) => Promise<T>): Promise<T> => {
    checkSender(input);
    const result = await transaction(pool, fn);
    await notifyRun(pool, input.runId);
    return result;
  };
  return {
    beginPlanning: (input: ChangeInput) => write(input, (db) => beginPlanning(db, input)),
    finishPlanning: (input: ChangeInput & { round: number }) => write(input, (db) => finishPlanning(db, vault, input)),
    loadState: (input: ChangeInput): Promise<RunState> => write(input, (db) => loadState(db, vault, input)),

    /** The devices that the plan which stands sends something to. */
    async plannedDevices({ changeId }: ChangeInput): Promise<Device[]> {
      const { plan_id } = await getChangeRow(pool, changeId);
      const plan = plan_id ? await getPlan(pool, plan_id) : undefined;
      return (plan?.body.targets ?? [])
        .filter((t) => t.state === "planned")
        .map((t) => ({ id: t.device_id, name: t.device }));
    },

    finishChecking: (input: ChangeInput & { results: Checked[] }) =>
      write(input, (db) => finishChecking(db, vault, input)),

    /** Takes the approval, once. "wait": it was withdrawn or ran out meanwhile. */
    beginApply: (
      input: ChangeInput,
    ): Promise<{ next: "apply" | "wait"; devices: Device[]; onInterrupted: OnInterrupted; holds?: true }> =>
      write(input, async (db) => {
        const change = await getChangeRow(db, input.changeId, { lock: true });
        const plan = change.plan_id ? await getPlan(db, change.plan_id) : undefined;
        const devices = (plan?.body.targets ?? [])
          .filter((t) => t.state === "planned")
          .map((t) => ({ id: t.device_id, name: t.device }));
        const onInterrupted = change.content.on_interrupted;
        const deploy = change.origin.kind === "stack" ? await getDeployOfChange(db, change.id) : undefined;
        const holds = deploy?.on_failure === "rollback" ? { holds: true as const } : {};
        if (SENDING.includes(change.status)) return { next: "apply", devices, onInterrupted, ...holds };
        const taken =
          change.approval_id !== null &&
          change.status === "approved" &&
          (deploy ? deploy.status === "deploying" : await consumeApproval(db, change.approval_id, input.runId));
        if (!taken) {
          await release(db, input.runId);
          return { next: "wait", devices: [], onInterrupted };
        }
        await moveChange(db, input.changeId, ["approved"], "applying");
        await appendEvent(db, {
          runId: input.runId,
          kind: "run",
          status: "running",
          message: "sends the approved lines",
          key: "applying",
        });
        return { next: "apply", devices, onInterrupted, ...holds };
      }),

    /** Kept, but for the verdict on the stack that it is part of: lets go of its devices, so that other services get them. */
    hold: (input: ChangeInput): Promise<void> =>
      write(input, async (db) => {
        const { id, position } = await getDeployOfChange(db, input.changeId);
        await moveChange(db, input.changeId, ["applying", "interrupted", "verifying"], "applied");
        await markService(db, { deployId: id, position }, { held: true });
        await appendEvent(db, {
          runId: input.runId,
          kind: "run",
          status: "running",
          message: "kept; stays if the rest of the stack does",
          key: "held",
        });
        await release(db, input.runId);
      }),

    /** Whether all of the stack stays; "wait" while that is not known. */
    /** A deploy that has ended gives no verdict any more: what is kept then stays. */
    async loadVerdict({ changeId }: ChangeInput): Promise<"stay" | "undo" | "wait"> {
      const { verdict, run_id } = await getDeployOfChange(pool, changeId);
      if (verdict !== null) return verdict;
      return ENDED.includes((await getRunRow(pool, run_id)).status) ? "stay" : "wait";
    },

    moveTo: (input: ChangeInput & { status: ChangeStatus }) =>
      write(input, async (db) => {
        await moveChange(db, input.changeId, ["applying", "interrupted", "verifying"], input.status);
        await appendEvent(db, {
          runId: input.runId,
          kind: "run",
          status: "running",
          message: "verifies what was sent",
          key: `status:${input.status}`,
        });
      }),

    async loadControls({ runId }: ChangeInput): Promise<{ paused: boolean; cancelled: boolean }> {
      const run = await getRunRow(pool, runId);
      // While a device waits for a choice the run says so, paused or not: nothing else would show that it waits.
      const asks = run.status === "interrupted";
      if (
        run.pause_requested &&
        !run.cancel_requested &&
        !asks &&
        run.status !== "paused" &&
        !ENDED.includes(run.status)
      )
        await transaction(pool, (db) =>
          appendEvent(db, {
            runId,
            kind: "run",
            status: "paused",
            message: "paused: nothing more is sent until it is resumed",
            key: own("paused"),
          }),
        );
      if (!run.pause_requested && run.status === "paused")
        await transaction(pool, (db) =>
          appendEvent(db, { runId, kind: "run", status: "running", message: "goes on", key: own("resumed") }),
        );
      await notifyRun(pool, runId);
      return { paused: run.pause_requested, cancelled: run.cancel_requested };
    },

    async inspectJournal({
      changeId,
      deviceId,
      direction,
    }: ChangeInput & { deviceId: string; direction: Direction }): Promise<"nothing_sent" | "something_sent"> {
      return (await mayBeThere(pool, { changeId, deviceId }, direction)) ? "something_sent" : "nothing_sent";
    },

    note: (input: ChangeInput & Step) =>
      write(input, (db) => appendEvent(db, { ...stepOf(input), runId: input.runId, key: own("note") })),

    /** Shows a device as interrupted, and the run with it. A run that was cancelled asks nobody. */
    askFor: (input: ChangeInput & { device: string; step: string; why: string }): Promise<"asked" | "cancelled"> =>
      write(input, async (db) => {
        const { runId, device, step, why } = input;
        await getChangeRow(db, input.changeId, { lock: true });
        // The repeat of this very activity: somebody may have chosen since.
        if (await hasEvent(db, runId, own("step"))) return "asked";
        if ((await getRunRow(db, runId)).cancel_requested) return "cancelled";
        await appendEvent(db, {
          runId,
          kind: "step",
          step,
          device,
          attempt: await stepAttempt(db, runId, step, device),
          status: "interrupted",
          message: why,
          key: own("step"),
        });
        await appendEvent(db, {
          runId,
          kind: "run",
          status: "interrupted",
          message: `${device}: ${why}. Nothing more is sent there until somebody chooses.`,
          key: own("run"),
        });
        await db`update changes set status = 'interrupted', updated_at = now() where id = ${input.changeId} and status in ('applying', 'verifying')`;
        return "asked";
      }),

    /**
     * Records what somebody chose; the run goes on unless other devices wait too. What no audited request stands behind,
     * or one that has had its effect, is forged: it came past the service, and changes nothing.
     */
    chosen: (input: ChangeInput & { step: string; choice: DecideInput }): Promise<"chosen" | "forged"> =>
      write(input, async (db) => {
        const { runId, step, choice } = input;
        await getChangeRow(db, input.changeId, { lock: true });
        // The repeat of this very activity: all of it was stored.
        if (await hasEvent(db, runId, own("step"))) return "chosen";
        const used = `choice:${choice.requestId ?? ""}`;
        if ((await hasEvent(db, runId, used)) || !(await wasWished(db, vault, runId, choice))) {
          log.warn({ run_id: runId, device: choice.device }, "a choice came past the service; it is not followed");
          return "forged";
        }
        const device = choice.device;
        const message = `${CHOSEN[choice.choice]} ${device}${choice.reason ? `: ${choice.reason}` : ""}`;
        await appendEvent(db, {
          runId,
          kind: "person",
          actor: choice.actor,
          step,
          device,
          message,
          key: used,
        });
        await appendEvent(db, {
          runId,
          kind: "step",
          step,
          device,
          attempt: await stepAttempt(db, runId, step, device),
          ...stepAfter(choice),
          key: own("step"),
        });
        const [waiting] = await db`select 1 from run_steps where run_id = ${runId} and status = 'interrupted' limit 1`;
        if (waiting) return "chosen";
        await appendEvent(db, { runId, kind: "run", status: "running", message: "goes on", key: own("run") });
        await db`update changes set status = ${step === "apply" ? "applying" : "verifying"}, updated_at = now() where id = ${input.changeId} and status = 'interrupted'`;
        return "chosen";
      }),

    finish: (input: ChangeInput & Ending) => write(input, (db) => endRun(db, input)),
  };
};

export type RecordActivities = ReturnType<typeof recordActivities>;

const CHOSEN: Record<DecideInput["choice"], string> = {
  verify: "chose to read back and send what is missing on",
  rollback: "chose to roll back",
  retry: "chose to try again on",
  skip: "chose to leave as it is",
  fail: "chose to give up on",
};

/** What a choice makes of the step that waited for it. */
function stepAfter({ choice, actor }: DecideInput): { status: string; message: string } {
  if (choice === "skip") return { status: "skipped", message: `left as it is by ${actor}` };
  if (choice === "fail") return { status: "failed", message: `given up by ${actor}` };
  if (choice === "rollback") return { status: "failed", message: `${actor} chose to roll back` };
  return { status: "running", message: `goes on: ${actor} chose ${choice}` };
}

/** Is there an audit row of the request that the choice names, which says just this? */
async function wasWished(db: Db, vault: Vault, runId: string, it: DecideInput): Promise<boolean> {
  if (it.requestId === undefined) return false;
  const rows = await auditOfRequest(db, it.requestId);
  return rows.some(
    (row) =>
      row.action === `run.${it.choice}` &&
      row.subject === runId &&
      row.actor === it.actor &&
      row.detail.device === it.device &&
      auditMac(vault, row).equals(row.hmac),
  );
}

/** A key that the repeat of this very activity has too, and nothing else. */
export function own(what: string): string {
  const { workflowExecution, activityId } = Context.current().info;
  return `${what}:${workflowExecution?.runId ?? ""}:${activityId}`;
}

/**
 * The frontend of the workflow engine may have no authentication: an activity works only for the workflow whose id is
 * the run's id.
 */
export function checkSender({ runId }: { runId: string }): void {
  const sender = Context.current().info.workflowExecution?.workflowId;
  if (sender !== runId) throw new Error(`workflow ${sender ?? "(none)"} may not act for run ${runId}`);
}

const stepOf = ({ kind, step, device, attempt, status, message, error }: Step): Step => ({
  kind,
  ...(step !== undefined ? { step } : {}),
  ...(device !== undefined ? { device } : {}),
  ...(attempt !== undefined ? { attempt } : {}),
  ...(status !== undefined ? { status } : {}),
  ...(message !== undefined ? { message } : {}),
  ...(error !== undefined ? { error } : {}),
});

/** The attempt that a step of a device is in. */
export async function stepAttempt(db: Db, runId: string, step: string, device: string): Promise<number> {
  const [row] = await db<
    { attempt: number }[]
  >`select attempt from run_steps where run_id = ${runId} and step = ${step} and device = ${device}`;
  return row?.attempt ?? 1;
}
