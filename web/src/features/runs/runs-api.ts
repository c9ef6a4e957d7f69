import { queryOptions } from "@tanstack/react-query";
import type { JournalLine, Run, RunEvent, StepChoice, TranscriptEntry } from "../../../../domain/contract/run.ts";
import { api, newKey, seg, type Query } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";

export const runsQuery = (query: Query) =>
  queryOptions({
    queryKey: keys.runs.list(query),
    queryFn: ({ signal }) => api.get<{ runs: Run[]; total: number }>("/runs", query, signal),
    placeholderData: (previous) => previous,
  });

/** Read once; afterwards its stream keeps it fresh. */
export const runQuery = (id: string) =>
  queryOptions({
    queryKey: keys.run(id),
    queryFn: async ({ signal }) => (await api.get<{ run: Run }>(`/runs/${seg(id)}`, {}, signal)).run,
  });

const PAGE = 500;
/** All that happened, in order. */
export const historyQuery = (id: string) =>
  queryOptions({
    queryKey: keys.runHistory(id),
    queryFn: async ({ signal }) => {
      const events: RunEvent[] = [];
      for (;;) {
        const page = (
          await api.get<{ events: RunEvent[] }>(
            `/runs/${seg(id)}/history`,
            { limit: PAGE, after: events.at(-1)?.seq ?? 0 },
            signal,
          )
        ).events;
        events.push(...page);
        if (page.length < PAGE) return events;
      }
    },
  });

export const linesQuery = (id: string, device: string) =>
  queryOptions({
    queryKey: keys.runLines(id, device),
    queryFn: async ({ signal }) =>
      (await api.get<{ lines: JournalLine[] }>(`/runs/${seg(id)}/lines`, { device }, signal)).lines,
  });

export const readTranscript = async (
  id: string,
  device: string,
  offset: number,
  signal?: AbortSignal,
): Promise<{ entries: TranscriptEntry[]; total: number }> =>
  api.get(`/runs/${seg(id)}/transcript`, { device, offset, limit: PAGE }, signal);

const body = (more: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(more).filter(([, value]) => value !== ""));
const act = async (id: string, verb: string, more: Record<string, string> = {}): Promise<Run> =>
  (await api.post<{ run: Run }>(`/runs/${seg(id)}/${verb}`, body(more), { idempotencyKey: newKey() })).run;

export const pauseRun = async (id: string): Promise<Run> => act(id, "pause");
export const resumeRun = async (id: string): Promise<Run> => act(id, "resume");
export const cancelRun = async (id: string, reason: string): Promise<Run> => act(id, "cancel", { reason });

/** How one device that waits goes on. Skip and retry have routes of their own; they are the same choice. */
export async function choose(
  id: string,
  device: string,
  step: string,
  choice: StepChoice,
  reason: string,
): Promise<Run> {
  const verb = choice === "skip" || choice === "retry" ? choice : "resume";
  return act(id, verb, { step_id: step, device, reason, choice: verb === "resume" ? choice : "" });
}
