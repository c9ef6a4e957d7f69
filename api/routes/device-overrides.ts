import { z } from "zod";
import { limitSchema, offsetSchema, plainText } from "../../domain/contract/common.ts";
import { DeviceOverride, OverridePatch } from "../../domain/contract/override.ts";
import { changeOverride, getDeviceOverride, getOverrides, removeOverride } from "../../services/device-overrides.ts";
import { DeviceParam } from "../query.ts";
import { route } from "../route.ts";

const tag = "device overrides";
const params = DeviceParam;
const One = z.object({ override: DeviceOverride });

export const deviceOverrideRoutes = [
  route(
    {
      method: "get",
      path: "/api/device-overrides",
      access: "devices:read",
      tag,
      summary: "Devices of which something is overridden, or which are disabled",
      query: z.strictObject({ limit: limitSchema, offset: offsetSchema, search: plainText(200).optional() }),
      answer: z.object({ overrides: z.array(DeviceOverride), total: z.number().int() }),
    },
    async ({ ctx, query }) => ({ data: await getOverrides(ctx, query) }),
  ),
  route(
    {
      method: "get",
      path: "/api/device-overrides/{device}",
      access: "devices:read",
      tag,
      summary: "What is overridden of a device, beside its own values; nothing, where all is null",
      params,
      answer: One,
    },
    async ({ ctx, params: { device } }) => ({ data: { override: await getDeviceOverride(ctx, device) } }),
  ),
  route(
    {
      method: "put",
      path: "/api/device-overrides/{device}",
      access: "devices:write",
      tag,
      summary: "Override values of a device: only what is given changes; null gives the device's own value back",
      params,
      body: OverridePatch,
      answer: One,
    },
    async ({ ctx, params: { device }, body }) => ({ data: { override: await changeOverride(ctx, device, body) } }),
  ),
  route(
    {
      method: "delete",
      path: "/api/device-overrides/{device}",
      access: "devices:write",
      tag,
      summary: "Give a device all of its own values back, and enable it",
      params,
      answer: z.object({}),
    },
    async ({ ctx, params: { device } }) => {
      await removeOverride(ctx, device);
      return { data: {} };
    },
  ),
];
