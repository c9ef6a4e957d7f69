import type { Context } from "@temporalio/activity";
import { CancelledFailure } from "@temporalio/common";
import type { ActivityInterceptorsFactory } from "@temporalio/worker";
import { withLogFields, type Logger } from "../system/log.ts";
import { readTraceHeader } from "../system/trace-headers.ts";
import { span, underTraceparent } from "../system/tracing.ts";
import type { Meters } from "./meters.ts";

/** What may change a device, and the phase that it is of. */
const PHASES: Record<string, string> = { applyDevice: "apply", keepDevice: "keep", rollbackDevice: "rollback" };

/** Around every activity: its lines in the log name run and device, it is counted, and it is a span of the run's trace. */
export const aroundActivities =
  (log: Logger, meters: Meters["activities"]): ActivityInterceptorsFactory =>
  (context: Context) => ({
    inbound: {
      execute(input, next) {
        const { activityType: activity, attempt, isLocal } = context.info;
        const ids = aboutOf(input.args[0]);
        const fields = { ...ids, activity, ...(attempt > 1 ? { attempt } : {}) };
        const work = async (): Promise<unknown> => {
          const began = performance.now();
          const took = (): number => performance.now() - began;
          meters.began(activity);
          try {
            const result = await next(input);
            meters.ended(activity, "done", took() / 1000);
            const phase = PHASES[activity];
            const status = statusOf(result);
            if (phase !== undefined && status !== undefined) meters.sent(phase, status);
            log[isLocal ? "debug" : "info"](
              { ms: Math.round(took()), ...(status === undefined ? {} : { status }) },
              "activity done",
            );
            return result;
          } catch (error) {
            const cancelled = error instanceof CancelledFailure;
            meters.ended(activity, cancelled ? "cancelled" : "failed", took() / 1000);
            log.warn({ err: error, ms: Math.round(took()) }, cancelled ? "activity cancelled" : "activity failed");
            throw error;
          }
        };
        return underTraceparent(readTraceHeader(input.headers), () =>
          span(`activity ${activity}`, { ...ids, attempt, local: isLocal }, () => withLogFields(fields, work)),
        );
      },
    },
  });

/** Run and device, as the inputs of activities name them. */
function aboutOf(input: unknown): { run_id?: string; device_id?: string } {
  if (typeof input !== "object" || input === null) return {};
  return {
    ...("runId" in input && typeof input.runId === "string" ? { run_id: input.runId } : {}),
    ...("deviceId" in input && typeof input.deviceId === "string" ? { device_id: input.deviceId } : {}),
  };
}

const statusOf = (result: unknown): string | undefined =>
  typeof result === "object" && result !== null && "status" in result && typeof result.status === "string"
    ? result.status
    : undefined;
