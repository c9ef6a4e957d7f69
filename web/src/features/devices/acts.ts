import type { Device, DevicePatch, DeviceTest, HostKey, NewDevice } from "../../../../domain/contract/device.ts";
import { api, seg } from "../../lib/api.ts";
import { count } from "../../components/bits.tsx";

/** What one does to devices. Each answers when the server has confirmed it. */
export const createDevice = async (device: NewDevice): Promise<Device> =>
  (await api.post<{ device: Device }>("/devices", device)).device;
export const patchDevice = async (name: string, patch: DevicePatch): Promise<Device> =>
  (await api.patch<{ device: Device }>(`/devices/${seg(name)}`, patch)).device;
export const deleteDevice = (name: string): Promise<unknown> => api.delete(`/devices/${seg(name)}`);
export const testDevice = async (name: string): Promise<DeviceTest> =>
  (await api.post<{ test: DeviceTest }>(`/devices/${seg(name)}/test`, {})).test;
export const testDevices = async (devices: string[]): Promise<DeviceTest[]> =>
  (await api.post<{ tests: DeviceTest[] }>("/devices/bulk/test", { devices })).tests;

export type OfferedKey = { device: string; key: HostKey };
export const acceptKeys = async (
  offered: OfferedKey[],
  reason: string,
): Promise<{ accepted: string[]; refused: { device: string; code: string; message: string }[] }> =>
  api.post("/devices/bulk/host-keys", {
    devices: offered.map(({ device, key }) => ({ device, fingerprint: key.fingerprint })),
    ...(reason === "" ? {} : { reason }),
  });

export const offeredKeys = (devices: Device[]): OfferedKey[] =>
  devices.flatMap((device) => (device.offered_host_key ? [{ device: device.name, key: device.offered_host_key }] : []));

/** One after the other, so that the first refusal stops the rest and says how far it came. */
export async function setEnabled(
  names: string[],
  enabled: boolean,
  reason: string,
  until: string | null = null,
): Promise<void> {
  for (const [done, name] of names.entries()) {
    try {
      await patchDevice(
        name,
        enabled ? { enabled, disabled_reason: null } : { enabled, disabled_reason: reason, disabled_until: until },
      );
    } catch (error) {
      if (done > 0 && error instanceof Error)
        error.message = `${count(done, "device")} done, then ${name}: ${error.message}`;
      throw error;
    }
  }
}

/** `9 of 12 answered; mil-edge-01: …`: the result of a test in one sentence. */
export function testSentence(tests: DeviceTest[]): string {
  const failed = tests.filter((test) => !test.reachable);
  const [only] = tests;
  if (tests.length === 1 && only)
    return only.reachable ? `${only.device} answered in ${Math.round(only.latency_ms ?? 0)} ms.` : named(only);
  if (failed.length === 0) return `All ${tests.length} answered.`;
  return `${tests.length - failed.length} of ${tests.length} answered; not ${failed
    .slice(0, 3)
    .map((test) => test.device)
    .join(", ")}${failed.length > 3 ? ` and ${failed.length - 3} more` : ""}.`;
}

/** The error names the device already, or is given its name. */
function named({ device, error }: DeviceTest): string {
  const message = error?.message ?? "no answer";
  return message.includes(device) ? message : `${device}: ${message}`;
}
