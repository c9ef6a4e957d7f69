import { z } from "zod";
import { Name, listQuery, plainText } from "../../domain/contract/common.ts";
import { Device, DevicePatch, DeviceTest, NewDevice, PlatformId, Site, Tag } from "../../domain/contract/device.ts";
import { Run } from "../../domain/contract/run.ts";
import { DEVICE_SORTS } from "../../db/queries/devices.ts";
import { recordDevice } from "../../services/device-recordings.ts";
import { readDeviceConfig, testDevice, testDevices } from "../../services/device-tests.ts";
import { changeDevice, createDevice, getDevice, getDevices, getFacets, removeDevice } from "../../services/devices.ts";
import { listRuns } from "../../services/runs.ts";
import { anyOf, DeviceParam, sortOf, yesOrNo } from "../query.ts";
import { route } from "../route.ts";

const tag = "devices";
const params = DeviceParam;
const One = z.object({ device: Device });
const Counts = z.array(z.object({ value: z.string(), count: z.number().int() }));

export const deviceFilter = {
  search: plainText(200).optional(),
  site: anyOf(Site).optional(),
  tag: anyOf(Tag).optional(),
  device_type: anyOf(PlatformId).optional(),
  state: anyOf(Device.shape.state).optional(),
  enabled: yesOrNo.optional(),
  is_lab: yesOrNo.optional(),
};
const List = listQuery(DEVICE_SORTS).extend(deviceFilter);
const RUN_SORTS = ["created_at", "started_at", "title", "status"] as const;

export const deviceRoutes = [
  route(
    {
      method: "get",
      path: "/api/devices",
      access: "devices:read",
      tag,
      summary: "Devices, filtered, sorted, in pages",
      query: List,
      answer: z.object({ devices: z.array(Device), total: z.number().int() }),
    },
    async ({ c, deps, ctx, query }) => {
      const { limit, offset, sort, ...filter } = query;
      const page = { limit, offset, sort: sortOf(sort, DEVICE_SORTS, { column: "name", descending: false }) };
      // The same for everybody who may read devices, and asked for more often than anything else.
      const text = await deps.answers.get(JSON.stringify(query), async () => ({
        success: true,
        data: await getDevices(ctx, filter, page),
      }));
      return c.body(text, 200, { "Content-Type": "application/json" });
    },
  ),
  route(
    {
      method: "post",
      path: "/api/devices",
      access: "devices:write",
      tag,
      summary: "Add a device",
      body: NewDevice,
      answer: One,
      status: 201,
    },
    async ({ ctx, body }) => ({
      data: { device: await createDevice(ctx, body) },
    }),
  ),
  route(
    {
      method: "get",
      path: "/api/devices/facets",
      access: "devices:read",
      tag,
      summary: "How many devices per site, tag, type and state",
      answer: z.object({ sites: Counts, tags: Counts, device_types: Counts, states: Counts }),
    },
    async ({ ctx }) => ({ data: await getFacets(ctx) }),
  ),
  route(
    {
      method: "post",
      path: "/api/devices/bulk/test",
      access: "devices:test",
      tag,
      summary: "Log in on several devices",
      body: z.strictObject({ devices: z.array(Name).min(1, "names no device").max(200) }),
      answer: z.object({ tests: z.array(DeviceTest) }),
    },
    async ({ ctx, body }) => ({ data: { tests: await testDevices(ctx, body.devices) } }),
  ),
  route(
    {
      method: "get",
      path: "/api/devices/{device}",
      access: "devices:read",
      tag,
      summary: "One device, by id or name",
      params,
      answer: One,
    },
    async ({ ctx, params: { device } }) => ({
      data: { device: await getDevice(ctx, device) },
    }),
  ),
  ...(["put", "patch"] as const).map((method) =>
    route(
      {
        method,
        path: "/api/devices/{device}",
        access: "devices:write",
        tag,
        summary: "Change a device: only what is given changes",
        params,
        body: DevicePatch,
        answer: One,
      },
      async ({ ctx, params: { device }, body }) => ({ data: { device: await changeDevice(ctx, device, body) } }),
    ),
  ),
  route(
    {
      method: "delete",
      path: "/api/devices/{device}",
      access: "devices:write",
      tag,
      summary: "Delete a device that no change names",
      params,
      answer: z.object({}),
    },
    async ({ ctx, params: { device } }) => {
      await removeDevice(ctx, device);
      return { data: {} };
    },
  ),
  route(
    {
      method: "post",
      path: "/api/devices/{device}/test",
      access: "devices:test",
      tag,
      summary: "Log in on a device; may first accept the host key it showed before",
      params,
      body: z.strictObject({
        accept_host_key: z
          .union([
            z.literal(true),
            z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/, "must be true, or a fingerprint as it was shown (SHA256:…)"),
          ])
          .optional(),
      }),
      bodyOptional: true,
      answer: z.object({ test: DeviceTest }),
    },
    async ({ ctx, params: { device }, body }) => ({
      data: { test: await testDevice(ctx, device, body.accept_host_key) },
    }),
  ),
  route(
    {
      method: "get",
      path: "/api/devices/{device}/config",
      access: "devices:read",
      tag,
      summary: "The running configuration, read now, secrets masked",
      params,
      answer: z.object({ config: z.object({ text: z.string(), read_at: z.string(), hash: z.string() }) }),
    },
    async ({ ctx, params: { device } }) => ({ data: { config: await readDeviceConfig(ctx, device) } }),
  ),
  route(
    {
      method: "post",
      path: "/api/devices/{device}/record",
      access: "devices:test",
      tag,
      summary: "Record what a device says to reads, without secrets and names, for the tests of its platform",
      params,
      body: z.strictObject({}),
      bodyOptional: true,
      answer: z.object({ recording: z.object({ device_type: PlatformId, version: z.string(), text: z.string() }) }),
    },
    async ({ ctx, params: { device } }) => ({ data: { recording: await recordDevice(ctx, device) } }),
  ),
  route(
    {
      method: "get",
      path: "/api/devices/{device}/runs",
      access: "runs:read",
      tag,
      summary: "The runs that this device is part of, newest first",
      params,
      query: listQuery(RUN_SORTS),
      answer: z.object({ runs: z.array(Run), total: z.number().int() }),
    },
    async ({ ctx, params: { device }, query }) => {
      const { name } = await getDevice(ctx, device);
      return { data: await listRuns(ctx, { ...query, device: name, sort: query.sort ?? "-created_at" }) };
    },
  ),
];
