import { z } from "zod";
import { limitSchema, listQuery, Name, offsetSchema, plainText } from "../../domain/contract/common.ts";
import { Id } from "../../domain/contract/common.ts";
import {
  JournalLine,
  Run,
  RUN_KINDS,
  RUN_STATUSES,
  RunControl,
  RunEvent,
  StepControl,
  TranscriptEntry,
} from "../../domain/contract/run.ts";
import {
  cancelRun,
  decideStep,
  getRun,
  listRunEvents,
  listRunLines,
  listRuns,
  listTranscript,
  pauseRun,
  resumeRun,
} from "../../services/runs.ts";
import { IdParam } from "../query.ts";
import { route } from "../route.ts";
import { sse } from "../sse.ts";

const tag = "runs";
const params = IdParam;
const One = z.object({ run: Run });
const SORTS = ["created_at", "started_at", "title", "status"] as const;
const Statuses = plainText(200)
  .regex(
    new RegExp(`^(${RUN_STATUSES.join("|")})(,(${RUN_STATUSES.join("|")}))*$`),
    `must be one or more of ${RUN_STATUSES.join(", ")}, separated by commas`,
  )
  .optional();

export const runRoutes = [
  route(
    {
      method: "get",
      path: "/api/runs",
      access: "runs:read",
      tag,
      summary: "Runs, newest first",
      query: listQuery(SORTS).extend({
        kind: z.enum(RUN_KINDS).optional(),
        status: Statuses,
        device: Name.optional(),
        change: Id.optional(),
      }),
      answer: z.object({ runs: z.array(Run), total: z.number().int() }),
    },
    async ({ ctx, query }) => ({ data: await listRuns(ctx, { ...query, sort: query.sort ?? "-created_at" }) }),
  ),
  route(
    {
      method: "get",
      path: "/api/runs/{id}",
      access: "runs:read",
      tag,
      summary: "One run with its steps",
      params,
      answer: One,
    },
    async ({ ctx, params: { id } }) => ({
      data: { run: await getRun(ctx, id) },
    }),
  ),
  route(
    {
      method: "get",
      path: "/api/runs/{id}/events",
      access: "runs:read",
      tag,
      summary:
        "Live: `run` (the run as it stands), `event` (what happened; its id resumes by Last-Event-ID), `lines` (how far each device is), `ping`",
      params,
      answer: "text/event-stream",
    },
    async ({ c, deps, ctx, params: { id } }) => {
      await getRun(ctx, id);
      return sse(c, deps, (stream) =>
        deps.runFeeds.watch({
          ctx,
          runId: id,
          after: Number(c.req.header("last-event-id") ?? 0) || 0,
          stream,
        }),
      );
    },
  ),
  route(
    {
      method: "get",
      path: "/api/runs/{id}/history",
      access: "runs:read",
      tag,
      summary: "What happened, in order; `after` is a sequence number",
      params,
      query: z.strictObject({ after: z.coerce.number().int().min(0).default(0), limit: limitSchema }),
      answer: z.object({ events: z.array(RunEvent) }),
    },
    async ({ ctx, params: { id }, query }) => {
      await getRun(ctx, id);
      return { data: { events: await listRunEvents(ctx, id, query.after, query.limit) } };
    },
  ),
  route(
    {
      method: "get",
      path: "/api/runs/{id}/lines",
      access: "runs:read",
      tag,
      summary: "Every line with what the journal knows of it: taken, refused, in doubt, not sent",
      params,
      query: z.strictObject({ device: Name.optional() }),
      answer: z.object({ lines: z.array(JournalLine) }),
    },
    async ({ ctx, params: { id }, query: { device } }) => ({ data: { lines: await listRunLines(ctx, id, device) } }),
  ),
  route(
    {
      method: "get",
      path: "/api/runs/{id}/transcript",
      access: "runs:read",
      tag,
      summary: "What was said on the run's sessions, secrets masked",
      params,
      query: z.strictObject({ device: Name.optional(), limit: limitSchema, offset: offsetSchema }),
      answer: z.object({ entries: z.array(TranscriptEntry), total: z.number().int() }),
    },
    async ({ ctx, params: { id }, query: { device, limit, offset } }) => ({
      data: await listTranscript(ctx, id, device, offset, limit),
    }),
  ),
  route(
    {
      method: "post",
      path: "/api/runs/{id}/pause",
      access: "runs:control",
      tag,
      summary: "Stop before the next line on every device",
      params,
      body: RunControl,
      bodyOptional: true,
      answer: One,
    },
    async ({ ctx, params: { id }, body }) => ({
      data: { run: await pauseRun(ctx, id, body.reason) },
    }),
  ),
  route(
    {
      method: "post",
      path: "/api/runs/{id}/cancel",
      access: "runs:control",
      tag,
      summary: "Stop for good; what was sent stays",
      params,
      body: RunControl,
      bodyOptional: true,
      answer: One,
    },
    async ({ ctx, params: { id }, body }) => ({
      data: { run: await cancelRun(ctx, id, body.reason) },
    }),
  ),
  route(
    {
      method: "post",
      path: "/api/runs/{id}/resume",
      access: "runs:control",
      tag,
      summary:
        "Go on after a pause; with `device` and `choice`, say how an interrupted device goes on (verify, rollback, retry, skip, fail)",
      params,
      body: StepControl,
      bodyOptional: true,
      answer: One,
    },
    async ({ ctx, params: { id }, body }) => ({ data: { run: await resumeRun(ctx, id, body) } }),
  ),
  ...(["retry", "skip"] as const).map((choice) =>
    route(
      {
        method: "post",
        path: `/api/runs/{id}/${choice}`,
        access: "runs:control",
        tag,
        summary: choice === "retry" ? "Try an interrupted device again" : "Leave an interrupted device as it is",
        params,
        body: StepControl,
        answer: One,
      },
      async ({ ctx, params: { id }, body }) => ({ data: { run: await decideStep(ctx, id, body, choice) } }),
    ),
  ),
];
