import { queryOptions } from "@tanstack/react-query";
import type { ApprovalDetail } from "../../../../domain/contract/approval.ts";
import type { Change, ChangeSummary, NewChange, Replan } from "../../../../domain/contract/change.ts";
import type { Run } from "../../../../domain/contract/run.ts";
import { api, newKey, seg, type Query } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";

/** What every start answers. */
export type Started = { change: Change; execution_id: string; status: string; run: Run };

/** Hints say when a change moved; while it is planned they may be late, so it is asked for as well. */
export const changeQuery = (id: string) =>
  queryOptions({
    queryKey: keys.changes.one(id),
    queryFn: async ({ signal }) => (await api.get<{ change: Change }>(`/changes/${seg(id)}`, {}, signal)).change,
    refetchInterval: (query) => (query.state.data?.status === "planning" ? 1000 : false),
  });

export const changesQuery = (query: Query) =>
  queryOptions({
    queryKey: keys.changes.list(query),
    queryFn: ({ signal }) => api.get<{ changes: ChangeSummary[]; total: number }>("/changes", query, signal),
    placeholderData: (previous) => previous,
  });

export const createChange = async (body: NewChange, idempotencyKey = newKey()): Promise<Started> =>
  api.post<Started>("/changes", body, { idempotencyKey });
export const replanChange = async (id: string, body: Replan = {}): Promise<Started> =>
  api.post<Started>(`/changes/${seg(id)}/replan`, body);
export const cancelChange = async (id: string, reason: string): Promise<Started> =>
  api.post<Started>(`/changes/${seg(id)}/cancel`, reason === "" ? {} : { reason });
/** Asks for approval of the plan with this hash. */
export const askApproval = async (id: string, hash: string | null, reason: string): Promise<Started> =>
  api.post<Started>(
    `/changes/${seg(id)}/apply`,
    { ...(hash === null ? {} : { hash }), ...(reason === "" ? {} : { reason }) },
    { idempotencyKey: newKey() },
  );
/** Makes a new change that takes this one back, with its own approval. */
export const undoChange = async (id: string, reason: string): Promise<Started> =>
  api.post<Started>(`/changes/${seg(id)}/rollback`, { reason }, { idempotencyKey: newKey() });

/** On lab devices alone, whoever asks may say yes: both steps, by the same routes as everybody's. */
export async function runInLab(change: Change, reason: string): Promise<Started> {
  const started = await askApproval(change.id, change.hash, reason);
  const approval = started.change.approval_id;
  if (approval === null) throw new Error("the change was asked for, but has no approval");
  await api.post<{ approval: ApprovalDetail }>(`/approvals/${seg(approval)}/approve`, {
    ...(change.hash === null ? {} : { hash: change.hash }),
    reason,
  });
  return started;
}
