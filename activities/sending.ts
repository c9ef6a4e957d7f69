import type { ChangeInput } from "../domain/contract/messages.ts";
import { alive } from "./alive.ts";
import type { Deps } from "./index.ts";
import { checkSender } from "./records.ts";
import { sendPhase, type SendResult } from "./send-phase.ts";

export type { SendResult } from "./send-phase.ts";
type Input = ChangeInput & { deviceId: string };

/**
 * What may change a device. One attempt each: a death in the middle is a result that the workflow deals with. Nothing of
 * the input is believed: the door checks row, hash and lock itself.
 */
export const sendingActivities = (deps: Deps) => {
  const phase =
    (name: "apply" | "keep" | "rollback") =>
    (input: Input): Promise<SendResult> =>
      alive((signal) => {
        checkSender(input);
        return sendPhase(deps, { ...input, phase: name }, signal);
      });
  return { applyDevice: phase("apply"), keepDevice: phase("keep"), rollbackDevice: phase("rollback") };
};

export type SendingActivities = ReturnType<typeof sendingActivities>;
