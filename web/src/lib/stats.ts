import { queryOptions } from "@tanstack/react-query";
import type { Health, Stats } from "../../../domain/contract/platform.ts";
import { api } from "./api.ts";
import { keys } from "./keys.ts";

export const statsQuery = queryOptions({ queryKey: keys.stats, queryFn: async ({ signal }) => (await api.get<{ stats: Stats }>("/platform/stats", {}, signal)).stats });
export const healthQuery = queryOptions({
  queryKey: keys.health,
  queryFn: async ({ signal }) => (await api.get<{ health: Health }>("/platform/health", {}, signal)).health,
  refetchInterval: 15_000,
});
