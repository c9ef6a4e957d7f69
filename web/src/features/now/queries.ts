import { queryOptions } from "@tanstack/react-query";
import type { Approval } from "../../../../domain/contract/approval.ts";
import type { Device } from "../../../../domain/contract/device.ts";
import type { Run } from "../../../../domain/contract/run.ts";
import { api, type Query } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";

const runsWith = (query: Query) =>
  queryOptions({
    queryKey: keys.runs.list(query),
    queryFn: async ({ signal }) => (await api.get<{ runs: Run[] }>("/runs", query, signal)).runs,
  });

export const activeRuns = runsWith({ status: "pending,running,paused,interrupted", limit: 50 });
export const brokenRuns = runsWith({ status: "failed,rolled_back", sort: "-created_at", limit: 50 });

const waiting = { status: "pending", limit: 50 };
export const pendingApprovals = queryOptions({
  queryKey: keys.approvals.list(waiting),
  queryFn: async ({ signal }) => (await api.get<{ approvals: Approval[] }>("/approvals", waiting, signal)).approvals,
});

/** One page of the largest size; a larger fleet is counted by the stats and drawn as far as it was read. */
const fleetQuery = { limit: 500, sort: "name" };
export const fleet = queryOptions({
  queryKey: keys.devices.list(fleetQuery),
  queryFn: async ({ signal }) => api.get<{ devices: Device[]; total: number }>("/devices", fleetQuery, signal),
});
