import { maskSecrets } from "../../domain/config/secrets.ts";
import type { PlatformId } from "../../domain/contract/device.ts";
import { secretRef } from "../../db/queries/secrets.ts";
import type { Vault } from "../../system/vault.ts";

/** Takes down what is said on a session, one exchange at a time. Secrets come as references. */
export type Recorder = (direction: "sent" | "received" | "note", text: string) => void;

/**
 * What stands for a secret of a device wherever its config or output is shown: `secretRef` of db/queries/secrets.ts, the
 * same reference that plans and lines hold. `openSecret` there resolves it for lines that are sent.
 */
export const maskFor =
  (vault: Pick<Vault, "hmac">) =>
  (value: string): string =>
    secretRef(vault, value);

export function maskedRecorder(record: Recorder, platform: PlatformId, vault: Pick<Vault, "hmac">): Recorder {
  const mask = maskFor(vault);
  return (direction, text) => record(direction, maskSecrets(platform, text, mask));
}
