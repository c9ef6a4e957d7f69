import type { PlatformId } from "../domain/contract/device.ts";
import { Conflict, NotFound } from "../domain/contract/errors.ts";
import { getBlob } from "../db/queries/blobs.ts";
import { findDevice } from "../db/queries/devices.ts";
import type { Ctx } from "./context.ts";
import { mutate } from "./mutate.ts";

/** What a device says to reads, byte by byte, without secrets and names: for the tests of its platform. Through a worker. */
export async function recordDevice(
  ctx: Ctx,
  idOrName: string,
): Promise<{ device_type: PlatformId; version: string; text: string }> {
  const device = await findDevice(ctx.pool, idOrName);
  // A login on a device is worth a record, though it changes nothing.
  await mutate(ctx, "devices:test", "device.record", async (_db, note) => {
    if (!device) throw new NotFound("device", idOrName);
    if (!device.enabled)
      throw new Conflict(
        "device_disabled",
        `${device.name} is disabled (${device.disabled_reason ?? "no reason given"}); enable it first`,
      );
    note(device.name, {});
  });
  if (!device) throw new NotFound("device", idOrName);
  const { ref, version } = await ctx.engine.recordDevice(device.id);
  return { device_type: device.device_type, version, text: await getBlob(ctx.pool, ctx.vault, ref) };
}
