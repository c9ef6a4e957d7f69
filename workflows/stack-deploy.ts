import {
  CancellationScope,
  continueAsNew,
  getExternalWorkflowHandle,
  proxyActivities,
  proxyLocalActivities,
  workflowInfo,
} from "@temporalio/workflow";
import { NUDGE, type StackDeployInput } from "../domain/contract/messages.ts";
import type { StackDeployActivities } from "../activities/stack-deploys.ts";
import { openInbox } from "./inbox.ts";

const records = proxyLocalActivities<StackDeployActivities>({
  startToCloseTimeout: "60 seconds",
  retry: { maximumInterval: "10 seconds" },
});
const watching = proxyActivities<StackDeployActivities>({
  startToCloseTimeout: "5 minutes",
  heartbeatTimeout: "20 seconds",
  retry: { maximumInterval: "10 seconds" },
});

const HISTORY_ENOUGH = 4000;
const A_DAY = 24 * 60 * 60 * 1000;

/**
 * A deploy of a stack, from the plans of its services to its end. Each service is a change with a run of its own; this one
 * says when their turn comes, by what the rows say. A signal only makes it look.
 */
export function stackDeploy(input: StackDeployInput): Promise<void> {
  return CancellationScope.nonCancellable(() => untilEnded(input));
}

async function untilEnded(input: StackDeployInput): Promise<void> {
  const inbox = openInbox();
  for (;;) {
    if (workflowInfo().historyLength > HISTORY_ENOUGH) await continueAsNew<typeof stackDeploy>(input);
    const seen = inbox.nudges();
    const look = await records.lookAtDeploy(input);
    await Promise.all(look.nudge.map(tell));
    if (look.next === "ended") return;
    if (look.next === "watch") await watching.watchDeploy({ ...input, mark: look.mark });
    else await inbox.nudge(seen, Math.min(Math.max(look.wakeInMs, 1), A_DAY));
  }
}

/** One that has ended needs no nudge, and one that has not begun looks at its rows when it does. */
async function tell(runId: string): Promise<void> {
  try {
    await getExternalWorkflowHandle(runId).signal(NUDGE);
  } catch {
    return;
  }
}
