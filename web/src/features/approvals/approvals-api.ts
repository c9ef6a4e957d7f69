import { queryOptions } from "@tanstack/react-query";
import type { Approval, ApprovalDetail } from "../../../../domain/contract/approval.ts";
import { api, seg, type Query } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";

export type ApprovalList = { approvals: Approval[]; total: number };

export const approvalsQuery = (query: Query) =>
  queryOptions({
    queryKey: keys.approvals.list(query),
    queryFn: ({ signal }) => api.get<ApprovalList>("/approvals", query, signal),
  });
export const approvalQuery = (id: string) =>
  queryOptions({
    queryKey: keys.approvals.one(id),
    queryFn: async ({ signal }) =>
      (await api.get<{ approval: ApprovalDetail }>(`/approvals/${seg(id)}`, {}, signal)).approval,
  });

type Act = "approve" | "reject" | "revoke";
/** By the hash of the plan that was read: a plan that was replaced meanwhile is refused. */
export const decide = async (
  approval: Pick<Approval, "id" | "change_hash">,
  act: Act,
  reason: string,
): Promise<ApprovalDetail> =>
  (
    await api.post<{ approval: ApprovalDetail }>(`/approvals/${seg(approval.id)}/${act}`, {
      hash: approval.change_hash,
      reason,
    })
  ).approval;

export const markRead = async (id: string, groups: string[]): Promise<ApprovalDetail> =>
  (await api.post<{ approval: ApprovalDetail }>(`/approvals/${seg(id)}/read`, { groups })).approval;
