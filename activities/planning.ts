import type { ChangeInput } from "../domain/contract/messages.ts";
import { getChangeRow } from "../db/queries/changes.ts";
import { putPlanPart } from "../db/queries/plans.ts";
import { loadServicePlace, putStackPart } from "../db/queries/stack-deploys.ts";
import { notifyRun } from "../services/run-events.ts";
import { alive } from "./alive.ts";
import type { Deps } from "./index.ts";
import { planDevice } from "./plan-device.ts";
import { checkSender } from "./records.ts";

export const planningActivities = (deps: Pick<Deps, "pool" | "vault" | "sessions">) => ({
  /** Reads the given devices and stores what the change would do to each. A retry reads them all again. */
  planDevices: (input: ChangeInput & { round: number; deviceIds: string[] }): Promise<void> =>
    alive(async (signal) => {
      checkSender(input);
      const { content, origin } = await getChangeRow(deps.pool, input.changeId);
      await Promise.all(
        input.deviceIds.map(async (deviceId) => {
          const place =
            origin.kind === "stack" ? await loadServicePlace(deps.pool, input.changeId, deviceId) : undefined;
          const { target, part } = await planDevice(deps, { content, deviceId, signal, place });
          if (part) await putStackPart(deps.pool, input.changeId, deviceId, part);
          await putPlanPart(deps.pool, input.changeId, input.round, target);
        }),
      );
      await notifyRun(deps.pool, input.runId);
    }),
});

export type PlanningActivities = ReturnType<typeof planningActivities>;
