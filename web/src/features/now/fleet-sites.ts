import type { Device } from "../../../../domain/contract/device.ts";
import { links } from "../../lib/links.ts";
import type { StateKind } from "../../lib/status-of.ts";

export type Look = "changing" | "unreachable" | "unknown" | "disabled" | "reachable";
export const LOOKS: { id: Look; word: string; kind: StateKind; href: string }[] = [
  { id: "reachable", word: "reachable", kind: "ok", href: links.devices({ q: "state:reachable" }) },
  { id: "changing", word: "changing", kind: "run", href: links.runs({ status: "running,interrupted,paused" }) },
  { id: "unreachable", word: "unreachable", kind: "bad", href: links.devices({ q: "state:unreachable" }) },
  { id: "unknown", word: "not tested", kind: "idle", href: links.devices({ q: "state:unknown" }) },
  { id: "disabled", word: "disabled", kind: "idle", href: links.devices({ q: "state:disabled" }) },
];
const ORDER: Look[] = ["changing", "unreachable", "unknown", "disabled", "reachable"];

export const lookOf = (device: Device): Look =>
  device.held_by && device.state !== "disabled" ? "changing" : device.state;

export type SiteFleet = {
  name: string;
  filter: string | null;
  devices: Device[];
  virtual: boolean;
  counts: Map<Look, number>;
};

const MOST = 10;

/** Sites by size; beyond ten the small ones are one group, and devices without a site are another. */
export function fleetBySite(devices: Device[]): SiteFleet[] {
  const bySite = new Map<string, Device[]>();
  for (const device of devices) bySite.set(device.site ?? "", [...(bySite.get(device.site ?? "") ?? []), device]);
  const none = bySite.get("") ?? [];
  bySite.delete("");
  const sites = [...bySite].sort(([a, x], [b, y]) => y.length - x.length || a.localeCompare(b));
  const shown = sites.length > MOST ? sites.slice(0, MOST - 1) : sites;
  const rest = sites.slice(shown.length);
  const groups = shown.map(([name, own]) => siteFleet(name, `site:${name}`, own));
  if (rest.length > 0)
    groups.push(
      siteFleet(
        `+${rest.length} sites`,
        `site:${rest.map(([name]) => name).join(",")}`,
        rest.flatMap(([, own]) => own),
      ),
    );
  if (none.length > 0) groups.push(siteFleet("no site", null, none));
  return groups;
}

function siteFleet(name: string, filter: string | null, devices: Device[]): SiteFleet {
  const counts = new Map<Look, number>();
  for (const device of devices) counts.set(lookOf(device), (counts.get(lookOf(device)) ?? 0) + 1);
  return {
    name,
    filter,
    counts,
    virtual: devices.every((device) => device.is_lab),
    devices: [...devices].sort(
      (a, b) => ORDER.indexOf(lookOf(a)) - ORDER.indexOf(lookOf(b)) || a.name.localeCompare(b.name),
    ),
  };
}
