import { z } from "zod";
import { Reason, plainText } from "../../domain/contract/common.ts";
import { Device, Enrolment } from "../../domain/contract/device.ts";
import { getDevice } from "../../services/devices.ts";
import { acceptHostKey, enrolHostKeys } from "../../services/host-keys.ts";
import { DeviceParam } from "../query.ts";
import { route } from "../route.ts";

const tag = "host keys";
const access = "host-keys:accept";

export const hostKeyRoutes = [
  route(
    {
      method: "post",
      path: "/api/devices/{device}/host-key",
      access,
      tag,
      summary: "Accept the host key that a device showed",
      params: DeviceParam,
      body: z.strictObject({ fingerprint: plainText(100), reason: Reason.optional() }),
      answer: z.object({ device: Device }),
    },
    async ({ ctx, params: { device }, body }) => {
      await acceptHostKey(ctx, device, body.fingerprint, body.reason);
      return { data: { device: await getDevice(ctx, device) } };
    },
  ),
  route(
    {
      method: "post",
      path: "/api/devices/bulk/host-keys",
      access,
      tag,
      summary: "Accept the host keys of several devices as one enrolment",
      body: Enrolment,
      answer: z.object({
        accepted: z.array(z.string()),
        refused: z.array(z.object({ device: z.string(), code: z.string(), message: z.string() })),
      }),
    },
    async ({ ctx, body }) => ({ data: await enrolHostKeys(ctx, body) }),
  ),
];
