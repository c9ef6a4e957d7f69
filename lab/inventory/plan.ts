/** The lab's network on paper: three sites in a ring, three routers in a triangle at each. All addresses are private or set aside for documentation. */
export const SITES = [
  { name: "ams", number: 1, city: "Amsterdam" },
  { name: "fra", number: 2, city: "Frankfurt" },
  { name: "lon", number: 3, city: "London" },
] as const;
export type Site = (typeof SITES)[number];

export const AS_NUMBER = 65010;
export const TRANSIT_AS = 64500;
export const NTP_SERVER = "192.0.2.10";
export const LOG_HOSTS = ["192.0.2.20", "192.0.2.21"] as const;
export const SNMP_HOST = "192.0.2.30";
export const MANAGEMENT = { network: "192.0.2.0", length: 24 } as const;

export const LOGIN_BANNER = [
  "*****************************************************",
  "*  VIRTUAL LAB ROUTER                               *",
  "*  A simulation for trying things out. User lab,    *",
  "*  password lab. Nothing real is behind it.         *",
  "*****************************************************",
];

export const routerName = (site: Site, place: 1 | 2 | 3): string => `lab-${site.name}-${place}`;
export const loopback = (site: Site, place: number): string => `10.255.${site.number}.${place}`;
/** The address of `place` on the link between two routers of a site; the lower place has the lower address. */
export const linkAddress = (site: Site, place: 1 | 2 | 3, other: 1 | 2 | 3): string =>
  `10.${site.number}.${Math.min(place, other)}${Math.max(place, other)}.${place < other ? 1 : 2}`;
/** The ring between the sites' first routers. */
export const ringAddress = (site: Site, other: Site): string =>
  `10.0.${Math.min(site.number, other.number)}${Math.max(site.number, other.number)}.${site.number < other.number ? 1 : 2}`;
export const transit = (site: Site): { own: string; peer: string } => ({
  own: `198.51.100.${site.number * 4 + 2}`,
  peer: `198.51.100.${site.number * 4 + 1}`,
});
export const customerGateway = (site: Site, place: number): string => `10.${site.number}.10${place}.1`;
export const otherSites = (site: Site): Site[] => SITES.filter((s) => s !== site);
