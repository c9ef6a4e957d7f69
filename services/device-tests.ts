import type { DeviceTest } from "../domain/contract/device.ts";
import { Conflict, Invalid, NotFound } from "../domain/contract/errors.ts";
import { FAILURES } from "../domain/contract/failures.ts";
import { getBlob } from "../db/queries/blobs.ts";
import { findDevice, findDevicesByName, type NamedDevice } from "../db/queries/devices.ts";
import { notifyHint } from "../db/queries/hints.ts";
import type { Ctx } from "./context.ts";
import { acceptHostKey } from "./host-keys.ts";
import { mutate, requirePermission } from "./mutate.ts";

/**
 * Logs in on one device, through a worker. `accept` first accepts the key that the device showed before: by its
 * fingerprint, or with `true` whatever is on record as shown; a changed key needs its fingerprint.
 */
export async function testDevice(ctx: Ctx, idOrName: string, accept: true | string | undefined): Promise<DeviceTest> {
  requirePermission(ctx, "devices:test");
  const device = await findDevice(ctx.pool, idOrName);
  if (!device) throw new NotFound("device", idOrName);
  if (!device.enabled)
    throw new Conflict(
      "device_disabled",
      `${device.name} is disabled (${device.disabled_reason ?? "no reason given"}); enable it first`,
    );
  if (accept !== undefined) {
    requirePermission(ctx, "host-keys:accept");
    const shown = device.offered_host_key;
    if (accept === true && shown?.status === "changed")
      throw new Conflict(
        "host_key_changed",
        `${device.name} shows another key (${shown.fingerprint}) than the accepted one; accept it by its fingerprint, after you have found out why`,
      );
    const fingerprint = accept === true ? shown?.fingerprint : accept;
    if (fingerprint !== undefined && fingerprint !== device.host_key?.fingerprint)
      await acceptHostKey(ctx, device.id, fingerprint, undefined);
  }
  const [test] = await runTests(ctx, [device]);
  if (!test) throw new Error("a worker gave no result for a device");
  return test;
}

/** Several at once, in the order asked. Disabled ones are reported, not tried. */
export async function testDevices(ctx: Ctx, idsOrNames: readonly string[]): Promise<DeviceTest[]> {
  requirePermission(ctx, "devices:test");
  const known = await findDevicesByName(ctx.pool, idsOrNames);
  const devices = idsOrNames.map((called, i) => {
    const device = known.find((d) => d.id === called.toLowerCase() || d.name.toLowerCase() === called.toLowerCase());
    if (!device)
      throw new Invalid("device_unknown", `there is no device ${JSON.stringify(called)}`, {
        details: [{ path: `devices[${i}]`, code: "device_unknown", message: "does not exist" }],
      });
    return device;
  });
  const unique = [...new Map(devices.map((d) => [d.id, d])).values()];
  const tests = await runTests(
    ctx,
    unique.filter((d) => d.enabled),
  );
  return unique.map((device) =>
    device.enabled ? (tests.find((t) => t.device === device.name) ?? missing(device)) : disabled(device),
  );
}

async function runTests(ctx: Ctx, devices: readonly Pick<NamedDevice, "id" | "name">[]): Promise<DeviceTest[]> {
  if (devices.length === 0) return [];
  // A login on a device is worth a record, though it changes nothing.
  await mutate(ctx, "devices:test", "device.test", async (_db, note) => {
    note(devices.length === 1 ? (devices[0]?.name ?? null) : null, { devices: devices.map((d) => d.name) });
  });
  const tests = await ctx.engine.testDevices(devices.map((d) => d.id));
  for (const device of devices) await notifyHint(ctx.pool, "devices", device.id);
  return tests;
}

function missing(device: NamedDevice): never {
  throw new Error(`a worker gave no result for ${device.name}`);
}

const disabled = (device: NamedDevice): DeviceTest => ({
  device: device.name,
  reachable: false,
  latency_ms: null,
  prompt: null,
  facts: null,
  host_key: null,
  error: {
    code: "device_disabled",
    message: `${device.name} is disabled: ${device.disabled_reason ?? "no reason given"}`,
    what_to_do: FAILURES.device_disabled,
  },
});

/** The running config, read now through a worker, secrets masked. */
export async function readDeviceConfig(
  ctx: Ctx,
  idOrName: string,
): Promise<{ text: string; hash: string; read_at: string }> {
  requirePermission(ctx, "devices:read");
  const device = await findDevice(ctx.pool, idOrName);
  if (!device) throw new NotFound("device", idOrName);
  if (!device.enabled)
    throw new Conflict(
      "device_disabled",
      `${device.name} is disabled (${device.disabled_reason ?? "no reason given"}); enable it first`,
    );
  const { ref, read_at } = await ctx.engine.readConfig(device.id);
  return { text: await getBlob(ctx.pool, ctx.vault, ref), hash: ref, read_at };
}
