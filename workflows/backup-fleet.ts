import { ActivityFailure, CancellationScope, proxyActivities, proxyLocalActivities } from "@temporalio/workflow";
import type { BackupInput } from "../domain/contract/messages.ts";
import type { BackupActivities } from "../activities/backups.ts";
import { openInbox } from "./inbox.ts";
import { forEachLimit } from "./limit.ts";

const records = proxyLocalActivities<BackupActivities>({
  startToCloseTimeout: "30 seconds",
  retry: { maximumInterval: "10 seconds" },
});
const reads = proxyActivities<BackupActivities>({
  startToCloseTimeout: "2 hours",
  heartbeatTimeout: "20 seconds",
  retry: { maximumAttempts: 20, initialInterval: "1 second", maximumInterval: "15 seconds" },
});

/** Parts of a fleet that are read at once. */
const AT_ONCE = 8;
const A_DAY = 24 * 60 * 60 * 1000;

/**
 * Reads the configurations of a run's devices, part by part. Which devices those are, and what became of each, stands in
 * the run's rows; so does whether it is to pause or to stop.
 */
export function backupFleet(input: BackupInput): Promise<void> {
  return CancellationScope.nonCancellable(() => untilRead(input));
}

async function untilRead(input: BackupInput): Promise<void> {
  const inbox = openInbox();
  /** Parts that no worker could read, however often it tried. */
  const given = new Set<number>();
  for (;;) {
    const seen = inbox.nudges();
    const { next, parts } = await records.lookAtBackup(input);
    const left = parts.filter((part) => !given.has(part));
    if (next === "end" || left.length === 0) break;
    if (next === "wait") {
      await inbox.nudge(seen, A_DAY);
      continue;
    }
    await forEachLimit(left, AT_ONCE, async (part) => {
      try {
        await reads.backupPart({ ...input, part });
      } catch (error) {
        if (!(error instanceof ActivityFailure)) throw error;
        given.add(part);
      }
    });
  }
  await records.finishBackup(input);
}
