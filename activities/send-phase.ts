import type { ChangeInput } from "../domain/contract/messages.ts";
import type { Deps } from "./index.ts";
export type SendResult = { status: "done" | "failed" | "again" | "stopped" | "rolled_back_by_device" | "unclear"; message?: string };
export async function sendPhase(_deps: Deps, _input: ChangeInput & { deviceId: string; phase: "apply" | "keep" | "rollback" }, _signal: AbortSignal): Promise<SendResult> {
  throw new Error("stage 2");
}
