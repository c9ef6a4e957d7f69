import { queryOptions } from "@tanstack/react-query";
import type { Credential, Device } from "../../../../domain/contract/device.ts";
import type { Run } from "../../../../domain/contract/run.ts";
import { api, seg, type Query } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";
import { parseFilterLine, valuesOf } from "../../lib/filter-line.ts";

export const FILTER_KEYS = ["site", "tag", "state", "type", "lab"] as const;

/** The API's query for a filter line: `type` is the API's device_type, `lab:yes` its is_lab. */
export function deviceQuery(line: string): Query {
  const parsed = parseFilterLine(line, FILTER_KEYS);
  const lab = valuesOf(parsed, "lab");
  return {
    search: parsed.words,
    site: valuesOf(parsed, "site"),
    tag: valuesOf(parsed, "tag"),
    state: valuesOf(parsed, "state"),
    device_type: valuesOf(parsed, "type"),
    is_lab: lab === undefined ? undefined : /^(yes|true)$/i.test(lab),
  };
}

export const devicesQuery = (query: Query) =>
  queryOptions({
    queryKey: keys.devices.list(query),
    queryFn: ({ signal }) => api.get<{ devices: Device[]; total: number }>("/devices", query, signal),
    placeholderData: (before) => before,
  });

export type Facet = { value: string; count: number };
export type Facets = Record<"sites" | "tags" | "device_types" | "states", Facet[]>;
export const facetsQuery = queryOptions({
  queryKey: keys.devices.facets,
  queryFn: ({ signal }) => api.get<Facets>("/devices/facets", {}, signal),
});

export const deviceQueryOf = (name: string) =>
  queryOptions({
    queryKey: keys.devices.one(name),
    queryFn: async ({ signal }) => (await api.get<{ device: Device }>(`/devices/${seg(name)}`, {}, signal)).device,
  });

export type DeviceConfig = { text: string; read_at: string; hash: string };
/** Read from the device itself, so it is kept until somebody asks again. */
export const configQuery = (name: string) =>
  queryOptions({
    queryKey: keys.deviceConfig(name),
    queryFn: async ({ signal }) =>
      (await api.get<{ config: DeviceConfig }>(`/devices/${seg(name)}/config`, {}, signal)).config,
    staleTime: 300_000,
    retry: false,
  });

export const deviceRunsQuery = (name: string) =>
  queryOptions({
    queryKey: keys.devices.runs(name),
    queryFn: ({ signal }) => api.get<{ runs: Run[]; total: number }>(`/devices/${seg(name)}/runs`, {}, signal),
  });

export const credentialsQuery = queryOptions({
  queryKey: keys.credentials.list,
  queryFn: ({ signal }) =>
    api.get<{ credentials: Credential[]; total: number }>("/credentials", { limit: 500 }, signal),
});
