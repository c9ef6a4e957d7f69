import { setTimeout as sleep } from "node:timers/promises";
import type { StackDeployInput } from "../domain/contract/messages.ts";
import { transaction } from "../db/client.ts";
import { deployMark } from "../db/queries/stack-deploys.ts";
import { notifyRun } from "../services/run-events.ts";
import { lookAtDeploy } from "../services/stack-advance.ts";
import type { DeployLook } from "../services/stack-carry-on.ts";
import { alive } from "./alive.ts";
import type { Deps } from "./index.ts";
import { checkSender } from "./records.ts";

const LOOK_EVERY_MS = 250;
/** Then the workflow looks at its rows, moved or not. */
const WATCH_MS = 60_000;

export const stackDeployActivities = (deps: Pick<Deps, "pool" | "vault">) => ({
  /** Takes a deploy one step on, as its rows allow. Doing it again does nothing more. */
  async lookAtDeploy(input: StackDeployInput): Promise<DeployLook & { mark: string }> {
    checkSender(input);
    const look = await transaction(deps.pool, async (db) => {
      // Taken first: what moves while it looks is seen by the watch that follows.
      const mark = await deployMark(db, input.runId);
      return { ...(await lookAtDeploy(db, deps.vault, input.runId)), mark };
    });
    await notifyRun(deps.pool, input.runId);
    for (const runId of look.nudge) await notifyRun(deps.pool, runId);
    return look;
  },

  /** Until the rows of the deploy or of one of its services have moved since the look that gave `mark`. It only reads. */
  watchDeploy: (input: StackDeployInput & { mark: string }): Promise<void> =>
    alive(async (signal) => {
      checkSender(input);
      for (const until = Date.now() + WATCH_MS; Date.now() < until && !signal.aborted; await sleep(LOOK_EVERY_MS))
        if ((await deployMark(deps.pool, input.runId)) !== input.mark) return;
    }),
});

export type StackDeployActivities = ReturnType<typeof stackDeployActivities>;
