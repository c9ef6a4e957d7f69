import type { DeviceTest } from "../domain/contract/device.ts";
import type { CommandRead, ConfigRead } from "../domain/contract/messages.ts";
import { maskSecrets } from "../domain/config/secrets.ts";
import { parseRead } from "../domain/read/parse-read.ts";
import { putBlob } from "../db/queries/blobs.ts";
import { secretRef } from "../db/queries/secrets.ts";
import { loadAccess } from "../devices/access.ts";
import { read, readRunningConfig, testDevice } from "../devices/read.ts";
import { alive } from "./alive.ts";
import { keepDeviceState } from "./device-state.ts";
import type { Deps } from "./index.ts";
import { nameFailure } from "./name-failure.ts";

export const deviceReadActivities = ({ pool, vault, sessions }: Deps) => {
  /** A device that cannot even be asked (disabled, without a credential) has a test like any other. */
  async function testOne(deviceId: string, name: string, signal: AbortSignal): Promise<DeviceTest> {
    try {
      return await testDevice(sessions, await loadAccess(pool, vault, deviceId), { signal });
    } catch (error) {
      return {
        device: name,
        reachable: false,
        latency_ms: null,
        prompt: null,
        facts: null,
        host_key: null,
        error: nameFailure(error),
      };
    }
  }
  return {
    /** Logs in on each device and keeps what was found on its row. A retry logs in again, but never after a refusal. */
    testDevices: ({ deviceIds }: { deviceIds: string[] }): Promise<DeviceTest[]> =>
      alive((signal) =>
        Promise.all(
          deviceIds.map(async (deviceId) => {
            const [device] = await pool<{ name: string }[]>`select name from devices where id = ${deviceId}`;
            const test = await testOne(deviceId, device?.name ?? deviceId, signal);
            await keepDeviceState(pool, deviceId, { error: test.error, latencyMs: test.latency_ms, facts: test.facts });
            return test;
          }),
        ),
      ),

    /** Reads the running config into a blob, secrets masked. A device that cannot be read is an answer too. */
    readConfig: ({ deviceId }: { deviceId: string }): Promise<ConfigRead> =>
      alive(async (signal) => {
        try {
          const access = await loadAccess(pool, vault, deviceId);
          const text = await sessions.use(access, "read", readRunningConfig, { signal });
          const masked = maskSecrets(access.platform.id, text, (value) => secretRef(vault, value));
          return { ref: await putBlob(pool, vault, masked), read_at: new Date().toISOString() };
        } catch (error) {
          if (signal.aborted) throw error;
          return { error: nameFailure(error) };
        }
      }),

    /** Runs one read on devices at once, each answer into a blob, secrets masked. A retry reads all of them again. */
    readCommand: ({ deviceIds, command }: { deviceIds: string[]; command: string }): Promise<CommandRead[]> =>
      alive((signal) =>
        Promise.all(
          deviceIds.map(async (deviceId): Promise<CommandRead> => {
            try {
              const access = await loadAccess(pool, vault, deviceId);
              const { id } = access.platform;
              const { text } = await sessions.use(access, "read", (session) => read(session, parseRead(id, command)), {
                signal,
              });
              const masked = maskSecrets(id, text, (value) => secretRef(vault, value));
              return { deviceId, ref: await putBlob(pool, vault, masked), read_at: new Date().toISOString() };
            } catch (error) {
              if (signal.aborted) throw error;
              return { deviceId, error: nameFailure(error) };
            }
          }),
        ),
      ),
  };
};

export type DeviceReadActivities = ReturnType<typeof deviceReadActivities>;
