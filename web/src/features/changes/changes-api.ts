import { queryOptions } from "@tanstack/react-query";
import type { ApprovalDetail } from "../../../../domain/contract/approval.ts";
import type { Change, ChangeSummary, NewChange, Replan } from "../../../../domain/contract/change.ts";
import type { Run } from "../../../../domain/contract/run.ts";
import { ApiError, api, newKey, seg, type Query } from "../../lib/api.ts";
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

const TRIES = 4;

/** What failed because an engine was away or busy did nothing: it may be tried again. */
async function untilUp<T>(act: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 503 || tried === TRIES) throw error;
      await new Promise((done) => setTimeout(done, (error.retryAfter ?? 1) * 1000));
    }
  }
}

/**
 * On lab devices alone, whoever asks may say yes: both steps, by the same routes as everybody's. A first try that asked but
 * did not get to the yes is gone on with.
 */
export async function runInLab(change: Change, reason: string): Promise<{ execution_id: string; change: Change }> {
  const hash = change.hash === null ? {} : { hash: change.hash };
  const now = (await api.get<{ change: Change }>(`/changes/${seg(change.id)}`)).change;
  const asked = now.status === "pending_approval" && now.hash === change.hash;
  const started = asked
    ? { change: now, execution_id: now.run_id }
    : await untilUp(() => askApproval(change.id, change.hash, reason));
  const approval = started.change.approval_id;
  if (approval === null) throw new Error("the change was asked for, but has no approval");
  await untilUp(() =>
    api.post<{ approval: ApprovalDetail }>(`/approvals/${seg(approval)}/approve`, { ...hash, reason }),
  );
  return started;
}
