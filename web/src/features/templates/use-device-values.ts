import { queryOptions, useQuery } from "@tanstack/react-query";
import type { EffectiveVariable } from "../../../../domain/contract/variables.ts";
import { exactAt, exactItems } from "../../../../domain/template/exact-json.ts";
import { api, seg } from "../../lib/api.ts";
import { keys } from "../../lib/keys.ts";
import { fieldOf } from "./fields.ts";

/** What a device gives to templates, by name: as text, and where it stands. */
export type DeviceValues = ReadonlyMap<string, { text: string; origin: string }>;

const ORIGIN: Partial<Record<EffectiveVariable["origin"]["kind"], (name: string) => string>> = {
  device: () => "from the device",
  group: (name) => `from group ${name}`,
  tag: (name) => `from tag ${name}`,
  site: (name) => `from site ${name}`,
  global: () => "from all devices",
  built_in: () => "from the device",
};

const deviceValuesQuery = (device: string) =>
  queryOptions({
    queryKey: keys.deviceVariables(device),
    queryFn: async () => valuesIn(await api.text(`/devices/${seg(device)}/variables`)),
  });

/** From the text of the answer, so that numbers keep their form. */
export function valuesIn(text: string): DeviceValues {
  const items = exactItems(exactAt(text, ["data", "variables"]) ?? "[]");
  const values = new Map<string, { text: string; origin: string }>();
  for (const item of items) {
    const { name, origin } = asVariable(JSON.parse(item));
    const value = fieldOf(exactAt(item, ["value"]) ?? "null").text;
    values.set(name, { text: value, origin: ORIGIN[origin.kind]?.(origin.name) ?? `from ${origin.name}` });
  }
  return values;
}
/** The API validates its answers against the schema that the type comes from. */
const asVariable = (value: unknown): EffectiveVariable => value as EffectiveVariable;

const NONE: DeviceValues = new Map();
const FACTS = { text: "its name, host, site, tags and facts", origin: "from the device" };
export function useDeviceValues(device: string | null): DeviceValues {
  const query = useQuery({ ...deviceValuesQuery(device ?? ""), enabled: device !== null });
  if (device === null) return NONE;
  return new Map([["device", FACTS], ...(query.data ?? NONE)]);
}
