import { queryOptions } from "@tanstack/react-query";
import type { Health, Stats } from "../../../domain/contract/platform.ts";
import { api } from "./api.ts";
import { keys } from "./keys.ts";

export const statsQuery = queryOptions({
  queryKey: keys.stats,
  queryFn: ({ signal }) => api.get<Stats>("/platform/stats", {}, signal),
});
export const healthQuery = queryOptions({
  queryKey: keys.health,
  queryFn: ({ signal }) => api.get<Health>("/platform/health", {}, signal),
  refetchInterval: 15_000,
});
