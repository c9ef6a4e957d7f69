import type { StackDefinition } from "../contract/stack.ts";
import { inOrder } from "./graph.ts";

/** A service that is on a device already, and where it stood in the order when it got there. */
export type OwnedPlace = { service: string; device: string; position: number };

export type PlannedService = {
  position: number;
  service: string;
  action: "deploy" | "remove";
  devices: string[];
  /** Positions that it cannot do without, and those that it comes after. */
  needs: number[];
  after: number[];
};

const low = (name: string): string => name.toLowerCase();

/**
 * The services of one deploy in their order: first what is not wanted on a device any more, the last one that came first;
 * then the services, each behind those that it depends on. Two that share a device never run at the same time.
 */
export function deployServices(
  definition: StackDefinition,
  {
    owned,
    only,
    action,
  }: { owned: readonly OwnedPlace[]; only: readonly string[] | null; action: "deploy" | "delete" },
): { services: PlannedService[]; without: string[] } {
  const chosen = only === null ? null : new Set(only.map(low));
  const isChosen = (device: string): boolean => chosen === null || chosen.has(low(device));
  const ordered = action === "delete" ? [] : inOrder(definition.services);
  const without: string[] = [];
  const wanted = ordered.flatMap((service) => {
    const there = owned.filter((o) => o.service === service.name).map((o) => o.device);
    const own = service.devices.length > 0 ? service.devices : (only ?? there);
    if (own.length === 0) without.push(service.name);
    const devices = own.filter(isChosen);
    return devices.length === 0 ? [] : [{ service: service.name, devices }];
  });
  const stays = new Set(wanted.flatMap((w) => w.devices.map((d) => `${w.service}\u0000${low(d)}`)));
  const goes = owned
    .filter((o) => isChosen(o.device) && !stays.has(`${o.service}\u0000${low(o.device)}`))
    .toSorted((a, b) => b.position - a.position);
  const services: PlannedService[] = [];
  const add = (service: string, what: PlannedService["action"], devices: string[], before: readonly string[]): void => {
    const mine = new Set(devices.map(low));
    const needs = services.filter((s) => s.action === what && before.includes(s.service)).map((s) => s.position);
    const shared = services.filter((s) => s.devices.some((d) => mine.has(low(d)))).map((s) => s.position);
    const after = [...new Set([...needs, ...shared])].sort((a, b) => a - b);
    services.push({ position: services.length, service, action: what, devices, needs, after });
  };
  for (const service of new Set(goes.map((o) => o.service)))
    add(
      service,
      "remove",
      goes.filter((o) => o.service === service).map((o) => o.device),
      // What depends on it has to go before it does.
      definition.services.filter((s) => s.depends_on.includes(service)).map((s) => s.name),
    );
  for (const { service, devices } of wanted)
    add(service, "deploy", devices, definition.services.find((s) => s.name === service)?.depends_on ?? []);
  return { services, without };
}
