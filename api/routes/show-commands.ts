import { z } from "zod";
import { PlatformId } from "../../domain/contract/device.ts";
import {
  BulkShowOutput,
  BulkShowRequest,
  KnownCommands,
  ParsedOutput,
  ParseRequest,
  ShowOutput,
  ShowRequest,
} from "../../domain/contract/parse.ts";
import { listReadableCommands, parseOutput } from "../../services/parsing.ts";
import { showCommand, showOnDevices } from "../../services/show-commands.ts";
import { DeviceParam } from "../query.ts";
import { route } from "../route.ts";

const tag = "show commands";

export const showCommandRoutes = [
  route(
    {
      method: "post",
      path: "/api/parse",
      access: "devices:read",
      tag,
      summary: "The rows of a command's output, by the templates of ntc-templates",
      body: ParseRequest,
      answer: ParsedOutput,
    },
    async ({ ctx, body }) => ({ data: parseOutput(ctx, body) }),
  ),
  route(
    {
      method: "get",
      path: "/api/parse/commands",
      access: "devices:read",
      tag,
      summary: "The reads of a device type that a template makes rows of",
      query: z.strictObject({ device_type: PlatformId }),
      answer: KnownCommands,
    },
    async ({ ctx, query }) => ({ data: { commands: listReadableCommands(ctx, query.device_type) } }),
  ),
  route(
    {
      method: "post",
      path: "/api/devices/bulk/get-config",
      access: "devices:test",
      tag,
      summary: "Run one read command on several devices, secrets masked; with use_textfsm also as rows",
      body: BulkShowRequest,
      answer: z.object({ results: z.array(BulkShowOutput) }),
    },
    async ({ ctx, body: { devices, ...asked } }) => ({
      data: { results: await showOnDevices(ctx, devices, asked) },
    }),
  ),
  route(
    {
      method: "post",
      path: "/api/devices/{device}/show",
      access: "devices:test",
      tag,
      summary: "Run one read command on a device, secrets masked; with use_textfsm also as rows",
      params: DeviceParam,
      body: ShowRequest,
      answer: ShowOutput,
    },
    async ({ ctx, params: { device }, body }) => ({ data: await showCommand(ctx, device, body) }),
  ),
];
