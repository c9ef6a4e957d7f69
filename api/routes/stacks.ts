import { z } from "zod";
import { limitSchema, listQuery, Name, offsetSchema } from "../../domain/contract/common.ts";
import { ENDED, Run } from "../../domain/contract/run.ts";
import {
  DeployRequest,
  DeployStarted,
  PlanRequest,
  ServiceInstance,
  Stack,
  StackCheck,
  StackDeploy,
  StackDeploySummary,
  StackInput,
  StackRef,
  StackPatch,
  StackSummary,
  StackValidation,
  StackVersion,
} from "../../domain/contract/stack.ts";
import type { Ctx } from "../../services/context.ts";
import type { IdempotencyClaim } from "../../services/idempotency.ts";
import {
  deleteStack,
  deployStack,
  getDeploy,
  listDeploys,
  lookAgain,
  planStack,
  takeOffStack,
  type StartedDeploy,
} from "../../services/stack-deploys.ts";
import { checkInstance, getInstance, listInstances, redeployInstance } from "../../services/stack-instances.ts";
import { validateStack } from "../../services/stack-validate.ts";
import { changeStack, createStack, getStack, getStackVersions, listStacks } from "../../services/stacks.ts";
import type { ApiContext } from "../env.ts";
import { IdParam, yesOrNo } from "../query.ts";
import { route, type Route } from "../route.ts";
import { Wait, waitUntil } from "../wait.ts";

const tag = "stacks";
const SORTS = ["name", "created_at", "updated_at"] as const;
/** By id or by name. */
const params = z.object({ id: StackRef });
const query = z.object({ wait: Wait });

const claimOf = (c: ApiContext, path: string, body: unknown): IdempotencyClaim | null => {
  const key = c.req.header("idempotency-key");
  return key === undefined ? null : { key, route: `POST ${path}`, body };
};

const show = ({ deploy, run }: StartedDeploy) => ({ deploy, execution_id: run.id, status: run.status, run });

/** With `wait`, once the plan stands. */
const untilPlanned = async (ctx: Ctx, first: StartedDeploy, wait: number | undefined) =>
  show(
    await waitUntil(
      wait,
      first,
      () => lookAgain(ctx, first),
      ({ deploy }) => deploy.status !== "planning",
    ),
  );

/** With `wait`, once the run has ended. */
const untilEnded = async (ctx: Ctx, first: StartedDeploy, wait: number | undefined) =>
  show(
    await waitUntil(
      wait,
      first,
      () => lookAgain(ctx, first),
      ({ run }) => ENDED.includes(run.status),
    ),
  );

/** The same under both names: the newer one, and the one that scripts of before call. */
const under = (base: "/api/stacks" | "/api/service-stacks"): Route[] => [
  route(
    {
      method: "get",
      path: base,
      access: "changes:read",
      tag,
      summary: "Stacks, with where each of them stands",
      query: listQuery(SORTS),
      answer: z.object({ stacks: z.array(StackSummary), total: z.number().int() }),
    },
    async ({ ctx, query: { limit, offset, search, sort } }) => ({
      data: await listStacks(ctx, { limit, offset, search, sort: sort ?? "name" }),
    }),
  ),
  route(
    {
      method: "post",
      path: base,
      access: "changes:write",
      tag,
      summary: "Save a new stack, in any of the three forms; nothing is sent",
      body: StackInput,
      answer: z.object({ stack: Stack }),
      status: 201,
      idempotent: true,
    },
    async ({ c, ctx, body }) => ({ data: { stack: await createStack(ctx, body, claimOf(c, base, body)) } }),
  ),
  route(
    {
      method: "get",
      path: `${base}/{id}`,
      access: "changes:read",
      tag,
      summary: "One stack with what it owns on devices",
      params,
      answer: z.object({ stack: Stack }),
    },
    async ({ ctx, params: { id } }) => ({ data: { stack: await getStack(ctx, id) } }),
  ),
  route(
    {
      method: "put",
      path: `${base}/{id}`,
      access: "changes:write",
      tag,
      summary: "Save a new version; what is absent stays as it is",
      params,
      body: StackPatch,
      answer: z.object({ stack: Stack }),
    },
    async ({ ctx, params: { id }, body }) => ({ data: { stack: await changeStack(ctx, id, body) } }),
  ),
  route(
    {
      method: "delete",
      path: `${base}/{id}`,
      access: "changes:apply",
      tag,
      summary:
        "Take the stack off its devices, then delete it. With `keep_config` its lines stay, and are named as orphans",
      params,
      query: z.object({
        keep_config: yesOrNo.optional(),
        delete_services: yesOrNo.optional(),
        require_approval: yesOrNo.optional(),
        wait: Wait,
      }),
      answer: z.object({
        deleted: z.boolean(),
        orphans: z.array(z.object({ service: z.string(), device: z.string(), lines: z.array(z.string()) })),
        deploy: StackDeploy.nullable(),
        execution_id: z.string().nullable(),
        run: Run.nullable(),
      }),
    },
    async ({ ctx, deps, params: { id }, query: { keep_config, delete_services, require_approval, wait } }) => {
      const { started, orphans } = await deleteStack(ctx, deps.renderer, id, {
        keep: keep_config ?? delete_services === false,
        selfApprove: require_approval === false,
      });
      const { deploy, execution_id, run } = started
        ? await untilEnded(ctx, started, wait)
        : { deploy: null, execution_id: null, run: null };
      return {
        data: { deleted: started === null || deploy?.stack_id === null, orphans, deploy, execution_id, run },
        status: started ? 202 : 200,
      };
    },
  ),
  route(
    {
      method: "get",
      path: `${base}/{id}/versions`,
      access: "changes:read",
      tag,
      summary: "All versions of a stack, newest first",
      params,
      answer: z.object({ versions: z.array(StackVersion) }),
    },
    async ({ ctx, params: { id } }) => ({ data: { versions: await getStackVersions(ctx, id) } }),
  ),
  route(
    {
      method: "post",
      path: `${base}/{id}/plan`,
      access: "changes:write",
      tag,
      summary: "Plan a stack on its devices; nothing is asked for. `wait` holds the answer until the plan stands",
      params,
      query,
      body: PlanRequest,
      bodyOptional: true,
      answer: DeployStarted,
      status: 202,
      idempotent: true,
    },
    async ({ c, ctx, deps, params: { id }, body, query: { wait } }) => {
      const claim = claimOf(c, `/api/stacks/${id}/plan`, body);
      return { data: await untilPlanned(ctx, await planStack(ctx, deps.renderer, id, body, claim), wait) };
    },
  ),
  route(
    {
      method: "post",
      path: `${base}/{id}/deploy`,
      access: "changes:apply",
      tag,
      summary:
        "Plan a stack and ask for its one approval, or ask for a plan that stands; once approved it is sent service by service. `wait` holds the answer until the run has ended",
      params,
      query,
      body: DeployRequest,
      bodyOptional: true,
      answer: DeployStarted,
      status: 202,
      idempotent: true,
    },
    async ({ c, ctx, deps, params: { id }, body, query: { wait } }) => {
      const claim = claimOf(c, `/api/stacks/${id}/deploy`, body);
      return { data: await untilEnded(ctx, await deployStack(ctx, deps.renderer, id, body, claim), wait) };
    },
  ),
  route(
    {
      method: "post",
      path: `${base}/{id}/delete-config`,
      access: "changes:apply",
      tag,
      summary: "Ask to take all that the stack has put on devices off again; the record of the stack stays",
      params,
      query,
      body: DeployRequest,
      bodyOptional: true,
      answer: DeployStarted,
      status: 202,
      idempotent: true,
    },
    async ({ c, ctx, deps, params: { id }, body, query: { wait } }) => {
      const claim = claimOf(c, `/api/stacks/${id}/delete-config`, body);
      return { data: await untilEnded(ctx, await takeOffStack(ctx, deps.renderer, id, body, claim), wait) };
    },
  ),
  route(
    {
      method: "post",
      path: `${base}/{id}/validate`,
      access: "changes:read",
      tag,
      summary: "Read the devices, and tell for each service whether they still hold its lines",
      params,
      answer: z.object({ validation: StackValidation }),
    },
    async ({ ctx, params: { id } }) => ({ data: { validation: await validateStack(ctx, id) } }),
  ),
  route(
    {
      method: "get",
      path: `${base}/{id}/deploys`,
      access: "changes:read",
      tag,
      summary: "Plans and deploys of a stack, newest first",
      params,
      query: z.object({ limit: limitSchema, offset: offsetSchema }),
      answer: z.object({ deploys: z.array(StackDeploySummary), total: z.number().int() }),
    },
    async ({ ctx, params: { id }, query: page }) => ({ data: await listDeploys(ctx, id, page) }),
  ),
];

export const stackRoutes: Route[] = [
  ...under("/api/stacks"),
  ...under("/api/service-stacks"),
  route(
    {
      method: "get",
      path: "/api/stack-deploys/{id}",
      access: "changes:read",
      tag,
      summary: "One plan or deploy of a stack: what each service sends to each device, and how far it is",
      params: IdParam,
      answer: z.object({ deploy: StackDeploy }),
    },
    async ({ ctx, params: { id } }) => ({ data: { deploy: await getDeploy(ctx, id) } }),
  ),
  route(
    {
      method: "get",
      path: "/api/services/instances",
      access: "changes:read",
      tag,
      summary: "What stacks have put on devices, service by service and device by device",
      query: z.object({
        limit: limitSchema,
        offset: offsetSchema,
        stack: StackRef.optional(),
        device: Name.optional(),
      }),
      answer: z.object({ instances: z.array(ServiceInstance), total: z.number().int() }),
    },
    async ({ ctx, query: filter }) => ({ data: await listInstances(ctx, filter) }),
  ),
  route(
    {
      method: "get",
      path: "/api/services/instances/{id}",
      access: "changes:read",
      tag,
      summary: "One of them",
      params: IdParam,
      answer: z.object({ instance: ServiceInstance }),
    },
    async ({ ctx, params: { id } }) => ({ data: { instance: await getInstance(ctx, id) } }),
  ),
  ...(["validate", "healthcheck", "check_status"] as const).map((verb) =>
    route(
      {
        method: "post",
        path: `/api/services/instances/{id}/${verb}`,
        access: "changes:read",
        tag,
        summary: "Read its device, and tell whether it still holds it",
        params: IdParam,
        answer: z.object({ check: StackCheck }),
      },
      async ({ ctx, params: { id } }) => ({ data: { check: await checkInstance(ctx, id) } }),
    ),
  ),
  route(
    {
      method: "post",
      path: "/api/services/instances/{id}/redeploy",
      access: "changes:apply",
      tag,
      summary: "Deploy its stack again, on its device alone",
      params: IdParam,
      query,
      answer: DeployStarted,
      status: 202,
      idempotent: true,
    },
    async ({ c, ctx, deps, params: { id }, query: { wait } }) => {
      const claim = claimOf(c, `/api/services/instances/${id}/redeploy`, {});
      return { data: await untilEnded(ctx, await redeployInstance(ctx, deps.renderer, id, claim), wait) };
    },
  ),
];
