import { eosConfig } from "./inventory/eos-config.ts";
import { iosConfig } from "./inventory/ios-config.ts";
import { junosConfig } from "./inventory/junos-config.ts";
import { routerName, SITES, type Site } from "./inventory/plan.ts";
import type { LabPlatform, RouterSpec } from "./types.ts";

/** Fixed and known to everybody: these are virtual routers, reachable from this machine only. */
const LOGIN = { username: "lab", password: "lab", enable_password: "lab" };

const PLACES: { place: 1 | 2 | 3; device_type: LabPlatform; config: (site: Site) => string }[] = [
  { place: 1, device_type: "cisco_ios", config: iosConfig },
  { place: 2, device_type: "arista_eos", config: eosConfig },
  { place: 3, device_type: "juniper_junos", config: junosConfig },
];

/** The nine routers a new user finds. */
export const LAB_ROUTERS: readonly RouterSpec[] = SITES.flatMap((site) =>
  PLACES.map(({ place, device_type, config }) => ({
    ...LOGIN,
    name: routerName(site, place),
    site: site.name,
    device_type,
    config: config(site),
  })),
);
