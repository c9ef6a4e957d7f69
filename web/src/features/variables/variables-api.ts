import { queryOptions } from "@tanstack/react-query";
import type { ApiResource, ApiTest, Egress } from "../../../../domain/contract/api-resource.ts";
import type { DeviceOverride, OverridePatch } from "../../../../domain/contract/override.ts";
import type {
  DeviceGroup,
  EffectiveVariable,
  Variable,
  VariableScope,
  VariablesPatch,
} from "../../../../domain/contract/variables.ts";
import { api, seg, type Query } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";

export const deviceVariablesQuery = (device: string) =>
  queryOptions({
    // Besides what templates read of the same address as text.
    queryKey: [...keys.deviceVariables(device), "rows"],
    queryFn: async ({ signal }) =>
      (await api.get<{ variables: EffectiveVariable[] }>(`/devices/${seg(device)}/variables`, {}, signal)).variables,
  });

export const variablesQuery = (query: Query) =>
  queryOptions({
    queryKey: keys.variables.list(query),
    queryFn: ({ signal }) => api.get<{ variables: Variable[]; total: number }>("/variables", query, signal),
    placeholderData: (before) => before,
  });

export const groupsQuery = queryOptions({
  queryKey: keys.variables.groups,
  queryFn: async ({ signal }) =>
    (await api.get<{ groups: DeviceGroup[]; total: number }>("/device-groups", { limit: 500 }, signal)).groups,
});

export const apiResourcesQuery = queryOptions({
  queryKey: keys.apiResources,
  queryFn: async ({ signal }) =>
    (await api.get<{ resources: ApiResource[] }>("/settings/api-resources", { limit: 500 }, signal)).resources,
});

export const egressQuery = queryOptions({
  queryKey: keys.egress,
  queryFn: async ({ signal }) => (await api.get<{ egress: Egress }>("/settings/egress", {}, signal)).egress,
});

export const overrideQuery = (device: string) =>
  queryOptions({
    queryKey: keys.devices.override(device),
    queryFn: async ({ signal }) =>
      (await api.get<{ override: DeviceOverride }>(`/device-overrides/${seg(device)}`, {}, signal)).override,
  });

export type Place = { scope: VariableScope; owner: string };

export const putVariables = (place: Place, patch: Partial<VariablesPatch>): Promise<unknown> =>
  api.put(`/variables/${place.scope}/${seg(place.owner)}`, patch);
export const deleteVariable = (place: Place, name: string): Promise<unknown> =>
  api.delete(`/variables/${place.scope}/${seg(place.owner)}/${seg(name)}`);
export const putOverride = (device: string, patch: OverridePatch): Promise<unknown> =>
  api.put(`/device-overrides/${seg(device)}`, patch);
export const testApi = async (id: string, call: object): Promise<ApiTest> =>
  (await api.post<{ test: ApiTest }>(`/settings/api-resources/${seg(id)}/test`, call)).test;
