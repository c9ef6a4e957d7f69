import { maskSecrets } from "../../domain/config/secrets.ts";
import type { PlatformId } from "../../domain/contract/device.ts";
import { secretRef } from "../../db/queries/secrets.ts";
import type { Vault } from "../../system/vault.ts";

/** Takes down what is said on a session, one exchange at a time. Secrets come as references. */
export type Recorder = (direction: "sent" | "received" | "note", text: string) => void;

export const maskedRecorder =
  (record: Recorder, platform: PlatformId, vault: Pick<Vault, "hmac">): Recorder =>
  (direction, text) =>
    record(
      direction,
      maskSecrets(platform, text, (value) => secretRef(vault, value)),
    );
