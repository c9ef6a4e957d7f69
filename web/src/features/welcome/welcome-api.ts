import { queryOptions } from "@tanstack/react-query";
import type { ChangeSummary } from "../../../../domain/contract/change.ts";
import type { Device, PlatformId } from "../../../../domain/contract/device.ts";
import { api, type Query } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";
import type { Started } from "../changes/changes-api.ts";

export type LabRouter = { name: string; device_type: PlatformId; site: string; host: string; port: number };

export const labQuery = queryOptions({
  queryKey: keys.lab,
  queryFn: async ({ signal }) => (await api.get<{ routers: LabRouter[] }>("/lab", {}, signal)).routers,
  retry: false,
});

const OF_LAB: Query = { is_lab: true, limit: 50 };
/** What is known of the lab's routers as devices. */
export const labDevicesQuery = queryOptions({
  queryKey: keys.devices.list(OF_LAB),
  queryFn: async ({ signal }) => (await api.get<{ devices: Device[] }>("/devices", OF_LAB, signal)).devices,
});

const LATEST: Query = { sort: "-created_at", limit: 50 };
export const latestChangesQuery = queryOptions({
  queryKey: keys.changes.list(LATEST),
  queryFn: async ({ signal }) => (await api.get<{ changes: ChangeSummary[] }>("/changes", LATEST, signal)).changes,
});

/** Plans other NTP servers on the first site's three routers. */
export const startWelcome = async (): Promise<Started> => api.post<Started>("/lab/welcome");
/** Plans a change on one router, and lets its session break after the given line. Answers when the plan stands. */
export const startCut = async (): Promise<Started & { device: string; line: number }> =>
  api.post("/lab/cut", undefined, { query: { wait: 25 } });
export const sayWelcomeSeen = async (): Promise<unknown> => api.post("/auth/welcome-seen");

/** The routers of the first site, at most three: those the welcome change is for. */
export const firstThree = (routers: readonly LabRouter[]): LabRouter[] =>
  routers.filter((r) => r.site === routers[0]?.site).slice(0, 3);
/** Whether a change is the NTP one of this page, and not the lesson about the cable. */
export const isNtp = (change: Pick<ChangeSummary, "origin" | "title">): boolean =>
  change.origin.kind === "welcome" && change.title.startsWith("NTP");
