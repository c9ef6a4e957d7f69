import { queryOptions } from "@tanstack/react-query";
import type {
  BackupDiff,
  BackupHealth,
  BackupTotals,
  ConfigBackup,
  ConfigBackupContent,
} from "../../../../domain/contract/backup.ts";
import type { Run } from "../../../../domain/contract/run.ts";
import { api, newKey, seg, type Query } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";

export type HealthPage = { devices: BackupHealth[]; total: number; totals: BackupTotals };

export const healthQuery = (query: Query) =>
  queryOptions({
    queryKey: keys.backups.health(query),
    queryFn: ({ signal }) => api.get<HealthPage>("/config-backups/health", query, signal),
  });

/** How one device stands: the search finds names that hold its own, too. */
export const deviceHealthQuery = (device: string) =>
  queryOptions({
    ...healthQuery({ search: device, limit: 500 }),
    select: ({ devices, totals }: HealthPage) => ({
      health: devices.find((each) => each.device === device) ?? null,
      staleAfterHours: totals.stale_after_hours,
    }),
  });

/** As many versions as one page of the API holds, newest first. */
export const versionsQuery = (device: string) =>
  queryOptions({
    queryKey: keys.backups.list({ device }),
    queryFn: ({ signal }) =>
      api.get<{ backups: ConfigBackup[]; total: number }>("/config-backups", { device, limit: 500 }, signal),
  });

const LATELY = 40;
/** The versions that were stored last, over all devices. */
export const latelyQuery = queryOptions({
  queryKey: keys.backups.list({ lately: LATELY }),
  queryFn: ({ signal }) =>
    api.get<{ backups: ConfigBackup[]; total: number }>("/config-backups", { limit: LATELY }, signal),
});

/** Each read of a config is written to the audit log, so it is read once and kept. */
export const contentQuery = (id: string) =>
  queryOptions({
    queryKey: keys.backup(id),
    queryFn: async ({ signal }) =>
      (await api.get<{ backup: ConfigBackupContent }>(`/config-backups/${seg(id)}`, {}, signal)).backup,
    staleTime: Infinity,
    retry: false,
  });
export const diffQuery = (a: string, b: string) =>
  queryOptions({
    queryKey: keys.backupDiff(a, b),
    queryFn: async ({ signal }) =>
      (await api.get<{ diff: BackupDiff }>(`/config-backups/${seg(a)}/diff/${seg(b)}`, {}, signal)).diff,
    staleTime: Infinity,
    retry: false,
  });

/** Backups that are under way. */
export const runningQuery = queryOptions({
  queryKey: keys.backups.running,
  queryFn: async ({ signal }) =>
    (await api.get<{ runs: Run[] }>("/runs", { kind: "backup", status: "pending,running,paused", limit: 5 }, signal))
      .runs,
});

const start = async (verb: string, body: unknown): Promise<Run> =>
  (await api.post<{ run: Run }>(`/config-backups/${verb}`, body, { idempotencyKey: newKey() })).run;
export const backUpAll = async (): Promise<Run> => start("run-all", {});
export const backUpThese = async (devices: string[]): Promise<Run> => {
  const [only] = devices;
  return devices.length === 1 && only !== undefined
    ? start("run-single", { device_name: only })
    : start("run-selected", { devices });
};

const PAGE = 500;
/** The names of all devices that a filter finds. */
export async function namesOf(query: Query): Promise<string[]> {
  const names: string[] = [];
  for (;;) {
    const page = await api.get<HealthPage>("/config-backups/health", {
      ...query,
      sort: "device",
      limit: PAGE,
      offset: names.length,
    });
    names.push(...page.devices.map((each) => each.device));
    if (page.devices.length < PAGE) return names;
  }
}
