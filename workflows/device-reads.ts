import { proxyActivities } from "@temporalio/workflow";
import type { DeviceTest } from "../domain/contract/device.ts";
import type { CommandRead, ConfigRead } from "../domain/contract/messages.ts";
import type { DeviceReadActivities } from "../activities/device-reads.ts";
import { chunks, forEachLimit } from "./limit.ts";

const reads = proxyActivities<DeviceReadActivities>({
  startToCloseTimeout: "2 minutes",
  heartbeatTimeout: "20 seconds",
  retry: { maximumAttempts: 2 },
});

/** Tests devices, 25 an activity. What was found is on the devices' rows; the result is for the caller who waits. */
export async function testDevices({ deviceIds }: { deviceIds: string[] }): Promise<DeviceTest[]> {
  return (await forEachLimit(chunks(deviceIds, 25), 8, (ids) => reads.testDevices({ deviceIds: ids }))).flat();
}

/** Reads one running config into a blob. */
export async function readConfig({ deviceId }: { deviceId: string }): Promise<ConfigRead> {
  return reads.readConfig({ deviceId });
}

/** Runs one read on devices, 25 an activity. What they answered is in blobs. */
export async function readCommand({
  deviceIds,
  command,
}: {
  deviceIds: string[];
  command: string;
}): Promise<CommandRead[]> {
  const parts = await forEachLimit(chunks(deviceIds, 25), 8, (ids) => reads.readCommand({ deviceIds: ids, command }));
  return parts.flat();
}
