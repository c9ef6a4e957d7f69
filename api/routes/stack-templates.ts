import { z } from "zod";
import { limitSchema, offsetSchema, plainText } from "../../domain/contract/common.ts";
import {
  FormField,
  FormFilled,
  MadeOfTemplate,
  StackTemplate,
  StackTemplateInput,
  StackTemplatePatch,
} from "../../domain/contract/stack-template.ts";
import { StackRef } from "../../domain/contract/stack.ts";
import {
  changeStackTemplate,
  createStackTemplate,
  deployOfTemplate,
  getStackForm,
  getStackTemplate,
  listStackTemplates,
  removeStackTemplate,
} from "../../services/stack-templates.ts";
import { route } from "../route.ts";

const tag = "stacks";
const params = z.object({ id: StackRef });
const One = z.object({ stack_template: StackTemplate });

export const stackTemplateRoutes = [
  route(
    {
      method: "get",
      path: "/api/stack-templates",
      access: "changes:read",
      tag,
      summary: "Stack templates by name",
      query: z.object({
        limit: limitSchema,
        offset: offsetSchema,
        search: plainText(200).optional(),
        tag: plainText(63).optional(),
      }),
      answer: z.object({ stack_templates: z.array(StackTemplate), total: z.number().int() }),
    },
    async ({ ctx, query }) => ({ data: await listStackTemplates(ctx, query) }),
  ),
  route(
    {
      method: "post",
      path: "/api/stack-templates",
      access: "changes:write",
      tag,
      summary: "Save a new stack template",
      body: StackTemplateInput,
      answer: One,
      status: 201,
    },
    async ({ ctx, body }) => ({ data: { stack_template: await createStackTemplate(ctx, body) } }),
  ),
  route(
    {
      method: "get",
      path: "/api/stack-templates/{id}",
      access: "changes:read",
      tag,
      summary: "One stack template",
      params,
      answer: One,
    },
    async ({ ctx, params: { id } }) => ({ data: { stack_template: await getStackTemplate(ctx, id) } }),
  ),
  route(
    {
      method: "put",
      path: "/api/stack-templates/{id}",
      access: "changes:write",
      tag,
      summary: "Change a stack template; what is absent stays as it is",
      params,
      body: StackTemplatePatch,
      answer: One,
    },
    async ({ ctx, params: { id }, body }) => ({ data: { stack_template: await changeStackTemplate(ctx, id, body) } }),
  ),
  route(
    {
      method: "delete",
      path: "/api/stack-templates/{id}",
      access: "changes:write",
      tag,
      summary: "Delete a stack template; stacks that were made of it stay",
      params,
      answer: z.object({}),
    },
    async ({ ctx, params: { id } }) => {
      await removeStackTemplate(ctx, id);
      return { data: {} };
    },
  ),
  route(
    {
      method: "get",
      path: "/api/stack-templates/{id}/form",
      access: "changes:read",
      tag,
      summary: "What has to be filled in, with the types that its templates use",
      params,
      answer: z.object({ fields: z.array(FormField) }),
    },
    async ({ ctx, deps, params: { id } }) => ({ data: { fields: await getStackForm(ctx, deps.renderer, id) } }),
  ),
  route(
    {
      method: "post",
      path: "/api/stack-templates/{id}/deploy",
      access: "changes:apply",
      tag,
      summary: "Make a stack of what was filled in, and plan it; with `deploy` it is asked for as well",
      params,
      body: FormFilled,
      answer: MadeOfTemplate,
      status: 202,
    },
    async ({ ctx, deps, params: { id }, body }) => {
      const { stack, deploy, run } = await deployOfTemplate(ctx, deps.renderer, id, body);
      return { data: { stack, deploy, execution_id: run.id, status: run.status, run } };
    },
  ),
];
