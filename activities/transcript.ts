import { maskSecrets } from "../domain/config/secrets.ts";
import { putBlob } from "../db/queries/blobs.ts";
import { secretRef } from "../db/queries/secrets.ts";
import type { PlatformId } from "../domain/contract/device.ts";
import type { Deps } from "./index.ts";

type Where = { runId: string; deviceId: string; step: string; attempt: number };
export type Transcript = {
  record: (direction: "sent" | "received" | "note", text: string) => void;
  store(): Promise<void>;
};

/** Most of what one step may keep of its session. */
const LIMIT = 8_000_000;

/** Keeps what is said on a session of a step, masked, one JSON object a line, and stores it as a blob when the step ends. */
export function recordTranscript({ pool, vault, log }: Pick<Deps, "pool" | "vault" | "log">, where: Where): Transcript {
  const entries: { at: string; direction: string; text: string }[] = [];
  let size = 0;
  return {
    record(direction, text) {
      size += text.length;
      if (size < LIMIT) entries.push({ at: new Date().toISOString(), direction, text });
    },
    async store() {
      if (entries.length === 0) return;
      try {
        const [device] = await pool<
          { device_type: PlatformId }[]
        >`select device_type from devices where id = ${where.deviceId}`;
        const mask = (text: string) =>
          maskSecrets(device?.device_type ?? "linux", text, (value) => secretRef(vault, value));
        const text = entries.map((e) => JSON.stringify({ ...e, text: mask(e.text) })).join("\n");
        const ref = await putBlob(pool, vault, text);
        await pool`insert into transcripts (run_id, device_id, step, attempt, blob_ref) values (${where.runId}, ${where.deviceId}, ${where.step}, ${where.attempt}, ${ref})
          on conflict (run_id, device_id, step, attempt) do update set blob_ref = excluded.blob_ref`;
      } catch (error) {
        // The journal has what counts; a transcript that could not be kept must not fail the step.
        log.warn({ err: error, run_id: where.runId, device_id: where.deviceId }, "a transcript could not be stored");
      }
    },
  };
}
