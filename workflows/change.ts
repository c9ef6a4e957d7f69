import {
  ActivityFailure,
  CancellationScope,
  continueAsNew,
  proxyActivities,
  proxyLocalActivities,
  workflowInfo,
} from "@temporalio/workflow";
import type { ChangeInput } from "../domain/contract/messages.ts";
import type { PlanningActivities } from "../activities/planning.ts";
import type { RecordActivities } from "../activities/records.ts";
import { carryOut } from "./carry-out.ts";
import { openInbox, type Inbox } from "./inbox.ts";
import { chunks, forEachLimit } from "./limit.ts";

const records = proxyLocalActivities<RecordActivities>({
  startToCloseTimeout: "30 seconds",
  retry: { maximumInterval: "10 seconds" },
});
const planning = proxyActivities<PlanningActivities>({
  startToCloseTimeout: "30 minutes",
  heartbeatTimeout: "20 seconds",
  retry: { maximumAttempts: 10, initialInterval: "1 second", maximumInterval: "15 seconds" },
});

/** Rounds of planning end here and go on in a new history; a carried-out change alone stays far below the limit. */
const HISTORY_ENOUGH = 4000;
const A_DAY = 24 * 60 * 60 * 1000;

/**
 * One Change, from its first plan to kept or rolled back. It walks by what the rows say: a signal only makes it look, so
 * a forged one changes nothing. A cancel by the engine's own means is none of a person's: it would leave devices held.
 */
export function change(input: ChangeInput): Promise<void> {
  return CancellationScope.nonCancellable(() => wholeWay(input));
}

async function wholeWay(input: ChangeInput): Promise<void> {
  const inbox = openInbox();
  for (;;) {
    if (workflowInfo().historyLength > HISTORY_ENOUGH) await continueAsNew<typeof change>(input);
    const outcome = await planAndCarryOut(input, inbox);
    if (outcome === "ended") return;
  }
}

async function planAndCarryOut(input: ChangeInput, inbox: Inbox): Promise<"ended" | "again"> {
  const round = await records.beginPlanning(input);
  if (round.ended) return "ended";
  if (round.deviceIds.length > 0) {
    try {
      await forEachLimit(chunks(round.deviceIds, 10), 8, (deviceIds) =>
        planning.planDevices({ ...input, round: round.round, deviceIds }),
      );
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      await records.finish({
        ...input,
        status: "failed",
        error: { code: "planning_failed", message: "the plan could not be computed; nothing was sent" },
      });
      return "ended";
    }
    const planned = await records.finishPlanning({ ...input, round: round.round });
    if (planned === "ended") return "ended";
    if (planned === "again") return "again";
  }
  for (;;) {
    const next = await decided(input, inbox);
    if (next !== "approved") return next;
    const outcome = await carryOut(input, inbox);
    if (outcome !== "wait") return outcome;
  }
}

/** Waits, for weeks if need be, until the rows say how it goes on. */
async function decided(input: ChangeInput, inbox: Inbox): Promise<"approved" | "again" | "ended"> {
  for (;;) {
    const seen = inbox.nudges();
    const state = await records.loadState(input);
    if (state.next !== "wait") return state.next;
    // Nudges alone make a history long too; the rows say the same to the next one.
    if (workflowInfo().historyLength > HISTORY_ENOUGH) return "again";
    await inbox.nudge(seen, Math.min(Math.max(state.wakeInMs, 1000), A_DAY));
  }
}
