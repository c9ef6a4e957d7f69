import type { Recorded } from "../domain/contract/messages.ts";
import { putBlob } from "../db/queries/blobs.ts";
import { loadAccess } from "../devices/access.ts";
import { recordDevice } from "../devices/recording/record.ts";
import { alive } from "./alive.ts";
import type { Deps } from "./index.ts";
import { nameFailure } from "./name-failure.ts";

export const deviceRecordingActivities = ({ pool, vault, sessions }: Deps) => ({
  /** Reads a device and keeps every byte that it said, anonymised, as a recording in a blob. A retry reads all of it again. */
  recordDevice: ({ deviceId }: { deviceId: string }): Promise<Recorded> =>
    alive(async (signal) => {
      try {
        const { text, version } = await recordDevice(sessions, await loadAccess(pool, vault, deviceId), signal);
        return { ref: await putBlob(pool, vault, text), version };
      } catch (error) {
        if (signal.aborted) throw error;
        return { error: nameFailure(error) };
      }
    }),
});

export type DeviceRecordingActivities = ReturnType<typeof deviceRecordingActivities>;
