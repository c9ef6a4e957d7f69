import { z } from "zod";
import {
  ApiCall,
  ApiResource,
  ApiResourcePatch,
  ApiTest,
  Egress,
  NewApiResource,
} from "../../domain/contract/api-resource.ts";
import { limitSchema, offsetSchema, plainText } from "../../domain/contract/common.ts";
import {
  changeApiResource,
  createApiResource,
  getApiResource,
  getApiResources,
  removeApiResource,
  testApiResource,
} from "../../services/api-resources.ts";
import { getEgress, setEgress } from "../../services/egress.ts";
import { IdParam } from "../query.ts";
import { route } from "../route.ts";

const tag = "api resources";
const read = "settings:read";
const write = "settings:write";
const params = IdParam;
const One = z.object({ resource: ApiResource });
const EgressAnswer = z.object({ egress: Egress });

export const apiResourceRoutes = [
  route(
    {
      method: "get",
      path: "/api/settings/api-resources",
      access: read,
      tag,
      summary: "External APIs that variables may be fetched from, without their secrets",
      query: z.strictObject({ limit: limitSchema, offset: offsetSchema, search: plainText(200).optional() }),
      answer: z.object({ resources: z.array(ApiResource), total: z.number().int() }),
    },
    async ({ ctx, query }) => ({ data: await getApiResources(ctx, query) }),
  ),
  route(
    {
      method: "post",
      path: "/api/settings/api-resources",
      access: write,
      tag,
      summary: "Add an external API",
      body: NewApiResource,
      answer: One,
      status: 201,
    },
    async ({ ctx, body }) => ({ data: { resource: await createApiResource(ctx, body) } }),
  ),
  route(
    {
      method: "get",
      path: "/api/settings/api-resources/{id}",
      access: read,
      tag,
      summary: "One external API, without its secrets",
      params,
      answer: One,
    },
    async ({ ctx, params: { id } }) => ({ data: { resource: await getApiResource(ctx, id) } }),
  ),
  route(
    {
      method: "put",
      path: "/api/settings/api-resources/{id}",
      access: write,
      tag,
      summary:
        "Change an external API: only what is given changes; another base URL or kind of authentication forgets the secrets",
      params,
      body: ApiResourcePatch,
      answer: One,
    },
    async ({ ctx, params: { id }, body }) => ({ data: { resource: await changeApiResource(ctx, id, body) } }),
  ),
  route(
    {
      method: "delete",
      path: "/api/settings/api-resources/{id}",
      access: write,
      tag,
      summary: "Delete an external API",
      params,
      answer: z.object({}),
    },
    async ({ ctx, params: { id } }) => {
      await removeApiResource(ctx, id);
      return { data: {} };
    },
  ),
  route(
    {
      method: "post",
      path: "/api/settings/api-resources/{id}/test",
      access: write,
      tag,
      summary: "Ask an external API now: its status, how long it took, and the value; or why not",
      params,
      body: ApiCall,
      bodyOptional: true,
      answer: z.object({ test: ApiTest }),
    },
    async ({ ctx, params: { id }, body }) => ({ data: { test: await testApiResource(ctx, id, body) } }),
  ),
  route(
    {
      method: "get",
      path: "/api/settings/egress",
      access: read,
      tag,
      summary: "Where NetStacks may connect to by itself",
      answer: EgressAnswer,
    },
    async ({ ctx }) => ({ data: { egress: await getEgress(ctx) } }),
  ),
  route(
    {
      method: "put",
      path: "/api/settings/egress",
      access: write,
      tag,
      summary: "Replace the list of where NetStacks may connect to by itself: host names, addresses, networks",
      body: Egress,
      answer: EgressAnswer,
    },
    async ({ ctx, body }) => ({ data: { egress: await setEgress(ctx, body) } }),
  ),
];
