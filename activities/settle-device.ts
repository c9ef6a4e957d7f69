import type { ChangeInput } from "../domain/contract/messages.ts";
import type { Deps } from "./index.ts";
export async function settleDevice(_deps: Deps, _input: ChangeInput & { deviceId: string; force: boolean }, _signal: AbortSignal): Promise<"all_present" | "resume" | "unclear"> {
  throw new Error("stage 2");
}
