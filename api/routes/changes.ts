import { z } from "zod";
import { listQuery, Name, plainText } from "../../domain/contract/common.ts";
import {
  ApplyRequest,
  Change,
  CHANGE_STATUSES,
  ChangeSummary,
  NewChange,
  Replan,
} from "../../domain/contract/change.ts";
import { ENDED, Run, RunControl } from "../../domain/contract/run.ts";
import {
  applyChange,
  cancelChange,
  createChange,
  getChange,
  getChangeDiff,
  listChanges,
  replanChange,
  undoChange,
  type Started,
} from "../../services/changes.ts";
import { getRun } from "../../services/runs.ts";
import type { Ctx } from "../../services/context.ts";
import { IdParam } from "../query.ts";
import { route } from "../route.ts";
import { Wait, waitUntil } from "../wait.ts";

const tag = "changes";
const params = IdParam;
const query = z.object({ wait: Wait });
/** Hundreds of lines for hundreds of devices fit. */
const BODY_MB = 8;
const SORTS = ["created_at", "updated_at", "title", "status"] as const;

const StartedAnswer = z.object({ change: Change, execution_id: z.string(), status: z.string(), run: Run });
const show = ({ change, run }: Started) => ({ data: { change, execution_id: run.id, status: run.status, run } });

/** A list of statuses, separated by commas. */
const Statuses = plainText(200)
  .regex(
    new RegExp(`^(${CHANGE_STATUSES.join("|")})(,(${CHANGE_STATUSES.join("|")}))*$`),
    `must be one or more of ${CHANGE_STATUSES.join(", ")}, separated by commas`,
  )
  .optional();

const look =
  (ctx: Ctx, { change, run }: Started) =>
  async (): Promise<Started> => ({ change: await getChange(ctx, change.id), run: await getRun(ctx, run.id) });

export const changeRoutes = [
  route(
    {
      method: "get",
      path: "/api/changes",
      access: "changes:read",
      tag,
      summary: "Changes, newest first",
      query: listQuery(SORTS).extend({ status: Statuses, device: Name.optional() }),
      answer: z.object({ changes: z.array(ChangeSummary), total: z.number().int() }),
    },
    async ({ ctx, query: filter }) => ({
      data: await listChanges(ctx, { ...filter, sort: filter.sort ?? "-created_at" }),
    }),
  ),
  route(
    {
      method: "post",
      path: "/api/changes",
      access: "changes:write",
      tag,
      summary: "Plan a change; with `request_approval` also ask for it. `wait` holds the answer until the plan stands",
      query,
      body: NewChange,
      bodyMB: BODY_MB,
      answer: StartedAnswer,
      status: 202,
      idempotent: true,
    },
    async ({ c, ctx, body, query: { wait } }) => {
      const key = c.req.header("idempotency-key");
      const first = await createChange(ctx, body, key === undefined ? null : { key, route: "POST /api/changes", body });
      return show(await waitUntil(wait, first, look(ctx, first), ({ change }) => change.status !== "planning"));
    },
  ),
  route(
    {
      method: "get",
      path: "/api/changes/{id}",
      access: "changes:read",
      tag,
      summary: "One change with its plan",
      params,
      answer: z.object({ change: Change }),
    },
    async ({ ctx, params: { id } }) => ({
      data: { change: await getChange(ctx, id) },
    }),
  ),
  route(
    {
      method: "get",
      path: "/api/changes/{id}/diff",
      access: "changes:read",
      tag,
      summary: "The plan as a unified diff",
      params,
      answer: "text/plain",
    },
    async ({ c, ctx, params: { id } }) => c.text(await getChangeDiff(ctx, id)),
  ),
  route(
    {
      method: "post",
      path: "/api/changes/{id}/apply",
      access: "changes:apply",
      tag,
      summary:
        "Ask for approval of the plan that stands; once approved it is applied. `wait` holds the answer until the run has ended",
      params,
      query,
      body: ApplyRequest,
      bodyOptional: true,
      answer: StartedAnswer,
      status: 202,
    },
    async ({ ctx, params: { id }, body, query: { wait } }) => {
      const first = await applyChange(ctx, id, body);
      return show(
        await waitUntil(
          wait,
          first,
          look(ctx, first),
          ({ run }) => ENDED.includes(run.status) || run.status === "interrupted",
        ),
      );
    },
  ),
  route(
    {
      method: "post",
      path: "/api/changes/{id}/replan",
      access: "changes:write",
      tag,
      summary: "Plan again, with other lines where they are given; what was approved is withdrawn",
      params,
      query,
      body: Replan,
      bodyMB: BODY_MB,
      bodyOptional: true,
      answer: StartedAnswer,
      status: 202,
    },
    async ({ ctx, params: { id }, body, query: { wait } }) => {
      const first = await replanChange(ctx, id, body);
      return show(await waitUntil(wait, first, look(ctx, first), ({ change }) => change.status !== "planning"));
    },
  ),
  route(
    {
      method: "post",
      path: "/api/changes/{id}/rollback",
      access: "changes:write",
      tag,
      summary: "Undo a kept change: makes a new change with its own approval",
      params,
      query,
      body: RunControl,
      bodyOptional: true,
      answer: StartedAnswer,
      status: 202,
    },
    async ({ ctx, params: { id }, body, query: { wait } }) => {
      const first = await undoChange(ctx, id, body.reason);
      return show(await waitUntil(wait, first, look(ctx, first), ({ change }) => change.status !== "planning"));
    },
  ),
  route(
    {
      method: "post",
      path: "/api/changes/{id}/cancel",
      access: "changes:write",
      tag,
      summary: "Cancel: nothing more is sent",
      params,
      body: RunControl,
      bodyOptional: true,
      answer: StartedAnswer,
      status: 202,
    },
    async ({ ctx, params: { id }, body }) => show(await cancelChange(ctx, id, body.reason)),
  ),
];
