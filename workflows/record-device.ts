import { proxyActivities } from "@temporalio/workflow";
import type { Recorded } from "../domain/contract/messages.ts";
import type { DeviceRecordingActivities } from "../activities/record-device.ts";

const activities = proxyActivities<DeviceRecordingActivities>({
  startToCloseTimeout: "5 minutes",
  heartbeatTimeout: "20 seconds",
  retry: { maximumAttempts: 1 },
});

/** Makes a recording of one device, in a blob. */
export async function recordDevice({ deviceId }: { deviceId: string }): Promise<Recorded> {
  return activities.recordDevice({ deviceId });
}
