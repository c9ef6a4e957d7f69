import type { DeviceFacts } from "../domain/contract/device.ts";
import { json, type Pool } from "../db/client.ts";
import { notifyHint } from "../db/queries/hints.ts";
import type { Named } from "./name-failure.ts";

/** Keeps what the last connection to a device showed: whether it answers, and what it is where that was asked. */
export async function keepDeviceState(
  pool: Pool,
  deviceId: string,
  seen: { error: Named | null; latencyMs: number | null; facts?: DeviceFacts | null },
): Promise<void> {
  const state = seen.error === null ? "reachable" : "unreachable";
  await pool`update devices set state = ${state}, state_since = case when state = ${state} then state_since else now() end,
    last_error = ${seen.error ? json(pool, seen.error) : null}, latency_ms = coalesce(${seen.latencyMs}, latency_ms),
    facts = coalesce(${seen.facts ? json(pool, seen.facts) : null}, facts) where id = ${deviceId}`;
  await notifyHint(pool, "devices", deviceId);
}
