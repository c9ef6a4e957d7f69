import { z } from "zod";
import { Name, limitSchema, offsetSchema, plainText } from "../../domain/contract/common.ts";
import {
  DeviceGroup,
  DeviceGroupPatch,
  EffectiveVariable,
  NewDeviceGroup,
  Variable,
  VariableName,
  VariableScope,
  VariablesPatch,
} from "../../domain/contract/variables.ts";
import { changeGroup, createGroup, getGroup, getGroups, removeGroup } from "../../services/device-groups.ts";
import { changeVariables, getDeviceVariables, getVariables, removeVariable } from "../../services/variables.ts";
import { DeviceParam } from "../query.ts";
import { route } from "../route.ts";

const tag = "variables";
const read = "variables:read";
const write = "variables:write";
const page = { limit: limitSchema, offset: offsetSchema, search: plainText(200).optional() };
/** `all` where the scope is global; else the name of a device, group, tag or site. */
const OwnerName = plainText(63).min(1, "must not be empty");
const Owner = z.object({ scope: VariableScope, owner: OwnerName });
const GroupParam = z.object({ group: Name });
const One = z.object({ group: DeviceGroup });

export const variableRoutes = [
  route(
    {
      method: "get",
      path: "/api/devices/{device}/variables",
      access: read,
      tag,
      summary: "What holds for a device: each variable with its value, where that is from, and what it hides",
      params: DeviceParam,
      answer: z.object({ variables: z.array(EffectiveVariable) }),
    },
    async ({ ctx, params: { device } }) => ({ data: { variables: await getDeviceVariables(ctx, device) } }),
  ),
  route(
    {
      method: "get",
      path: "/api/variables",
      access: read,
      tag,
      summary: "Stored variables, of one scope or owner, or all",
      query: z.strictObject({ ...page, scope: VariableScope.optional(), owner: OwnerName.optional() }),
      answer: z.object({ variables: z.array(Variable), total: z.number().int() }),
    },
    async ({ ctx, query: { limit, offset, ...filter } }) => ({
      data: await getVariables(ctx, filter, { limit, offset }),
    }),
  ),
  route(
    {
      method: "put",
      path: "/api/variables/{scope}/{owner}",
      access: write,
      tag,
      summary:
        "Set and remove variables of a device, group, tag or site, or of everything (global/all); the others stay",
      params: Owner,
      body: VariablesPatch,
      answer: z.object({ variables: z.array(Variable) }),
    },
    async ({ ctx, params: { scope, owner }, body }) => ({
      data: { variables: await changeVariables(ctx, scope, owner, body) },
    }),
  ),
  route(
    {
      method: "delete",
      path: "/api/variables/{scope}/{owner}/{name}",
      access: write,
      tag,
      summary: "Remove one variable",
      params: Owner.extend({ name: VariableName }),
      answer: z.object({}),
    },
    async ({ ctx, params: { scope, owner, name } }) => {
      await removeVariable(ctx, scope, owner, name);
      return { data: {} };
    },
  ),
  route(
    {
      method: "get",
      path: "/api/device-groups",
      access: read,
      tag,
      summary: "Groups of devices, which may have variables",
      query: z.strictObject(page),
      answer: z.object({ groups: z.array(DeviceGroup), total: z.number().int() }),
    },
    async ({ ctx, query }) => ({ data: await getGroups(ctx, query) }),
  ),
  route(
    {
      method: "post",
      path: "/api/device-groups",
      access: write,
      tag,
      summary: "Add a group of devices",
      body: NewDeviceGroup,
      answer: One,
      status: 201,
    },
    async ({ ctx, body }) => ({ data: { group: await createGroup(ctx, body) } }),
  ),
  route(
    {
      method: "get",
      path: "/api/device-groups/{group}",
      access: read,
      tag,
      summary: "One group, by id or name",
      params: GroupParam,
      answer: One,
    },
    async ({ ctx, params: { group } }) => ({ data: { group: await getGroup(ctx, group) } }),
  ),
  route(
    {
      method: "put",
      path: "/api/device-groups/{group}",
      access: write,
      tag,
      summary: "Change a group: only what is given changes; devices are replaced as a whole",
      params: GroupParam,
      body: DeviceGroupPatch,
      answer: One,
    },
    async ({ ctx, params: { group }, body }) => ({ data: { group: await changeGroup(ctx, group, body) } }),
  ),
  route(
    {
      method: "delete",
      path: "/api/device-groups/{group}",
      access: write,
      tag,
      summary: "Delete a group and its variables",
      params: GroupParam,
      answer: z.object({}),
    },
    async ({ ctx, params: { group } }) => {
      await removeGroup(ctx, group);
      return { data: {} };
    },
  ),
];
