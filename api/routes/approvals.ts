import { z } from "zod";
import { limitSchema, offsetSchema } from "../../domain/contract/common.ts";
import { Approval, ApprovalDetail, ApprovalStatus, Decision, MarkRead } from "../../domain/contract/approval.ts";
import {
  approvalStats,
  decideApproval,
  getApproval,
  listApprovals,
  markRead,
  revokeApproval,
} from "../../services/approvals.ts";
import { IdParam, yesOrNo } from "../query.ts";
import { route } from "../route.ts";

const tag = "approvals";
const access = "approvals:read";
const params = IdParam;
const One = z.object({ approval: ApprovalDetail });

export const approvalRoutes = [
  route(
    {
      method: "get",
      path: "/api/approvals",
      access,
      tag,
      summary: "Approvals: pending first, by deadline. `mine` are those that you may decide now",
      query: z.strictObject({
        status: ApprovalStatus.optional(),
        mine: yesOrNo.optional(),
        limit: limitSchema,
        offset: offsetSchema,
      }),
      answer: z.object({ approvals: z.array(Approval), total: z.number().int() }),
    },
    async ({ ctx, query }) => ({ data: await listApprovals(ctx, query) }),
  ),
  route(
    {
      method: "get",
      path: "/api/approvals/stats",
      access,
      tag,
      summary: "How many wait, and how many of them for you",
      answer: z.object({ pending: z.number().int(), for_me: z.number().int() }),
    },
    async ({ ctx }) => ({ data: await approvalStats(ctx) }),
  ),
  route(
    {
      method: "get",
      path: "/api/approvals/{id}",
      access,
      tag,
      summary: "One approval with exactly what would be sent",
      params,
      answer: One,
    },
    async ({ ctx, params: { id } }) => ({
      data: { approval: await getApproval(ctx, id) },
    }),
  ),
  ...(["approve", "reject"] as const).map((verb) =>
    route(
      {
        method: "post",
        path: `/api/approvals/{id}/${verb}`,
        access,
        tag,
        summary:
          verb === "approve"
            ? "Say yes to exactly this hash. Needs approvals:decide, or, for lab devices alone, changes:apply"
            : "Say no, with a reason",
        params,
        body: Decision,
        bodyOptional: true,
        answer: One,
      },
      async ({ ctx, params: { id }, body }) => ({
        data: { approval: await decideApproval(ctx, id, verb === "approve" ? "approved" : "rejected", body) },
      }),
    ),
  ),
  route(
    {
      method: "post",
      path: "/api/approvals/{id}/revoke",
      access,
      tag,
      summary: "Take back a yes or a request, as long as nothing has been sent",
      params,
      body: Decision,
      bodyOptional: true,
      answer: One,
    },
    async ({ ctx, params: { id }, body }) => ({ data: { approval: await revokeApproval(ctx, id, body) } }),
  ),
  route(
    {
      method: "post",
      path: "/api/approvals/{id}/read",
      access,
      tag,
      summary: "Mark groups as read by you",
      params,
      body: MarkRead,
      answer: One,
    },
    async ({ ctx, params: { id }, body }) => ({
      data: { approval: await markRead(ctx, id, body.groups) },
    }),
  ),
];
