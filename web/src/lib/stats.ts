import { queryOptions } from "@tanstack/react-query";
import type { Health, Stats } from "../../../domain/contract/platform.ts";
import { api } from "./api.ts";
import { keys } from "./keys.ts";

export const statsQuery = queryOptions({
  queryKey: keys.stats,
  queryFn: ({ signal }) => api.get<Stats>("/platform/stats", {}, signal),
});
/** A worker tells every few seconds that it lives; one that did not for long is away. */
export type Worker = { id: string; started_at: string; seen_at: string; alive: boolean };
export const workersQuery = queryOptions({
  queryKey: keys.workers,
  queryFn: async ({ signal }) => (await api.get<{ workers: Worker[] }>("/workers", {}, signal)).workers,
  refetchInterval: 15_000,
});
export const healthQuery = queryOptions({
  queryKey: keys.health,
  queryFn: ({ signal }) => api.get<Health>("/platform/health", {}, signal),
  refetchInterval: 15_000,
});
