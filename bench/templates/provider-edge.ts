import { readFileSync } from "node:fs";

/** A template as large as a real one, for speed and for comparison with Jinja2. */
export const PROVIDER_EDGE = readFileSync(new URL("./provider-edge.j2", import.meta.url), "utf8");

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

const MODES = ["access", "trunk", "routed", "routed"];

/** The variables of a router with 48 ports, 20 neighbors and 5 prefix lists. */
export const PROVIDER_EDGE_VARIABLES: Record<string, unknown> = {
  hostname: "pe1.fra",
  domain: "example.net",
  ntp: ["192.0.2.1", "192.0.2.2"],
  syslog: [{ address: "192.0.2.10" }, { address: "192.0.2.11", port: 6514 }],
  users: times(6, (i) => ({ name: `user${i}`, secret: `$9$abc${i}`, ...(i % 2 === 0 ? { level: 15 } : {}) })),
  asn: 64496,
  vrfs: times(8, (i) => ({
    name: `CUST${i}`,
    number: 100 + i,
    imports: times(3, (j) => 100 + i + j),
    exports: times(2, (j) => 200 + i + j),
  })),
  loopback: "198.51.100.1",
  process: 1,
  ports: times(48, (i) => ({
    name: `TenGigabitEthernet0/${i}`,
    role: i % 3 === 0 ? "core" : "customer",
    far_end: `far-${i}`,
    ...(i % 5 === 0 ? {} : { circuit: `CKT${i}` }),
    mode: MODES[i % MODES.length],
    disabled: i % 7 === 0,
    vlan: 100 + i,
    vlans: times(4, (j) => 10 * i + j),
    address: `10.0.${i}.0`,
    ...(i % 2 === 0 ? { mask: "255.255.255.252" } : {}),
    mtu: i % 3 === 0 ? 9100 : 0,
    vrf: i % 4 === 3 ? `CUST${i % 8}` : "",
    ...(i % 6 === 2 ? { policy: "SHAPE-1G" } : {}),
    ...(i % 4 === 2 ? { area: i % 3 } : {}),
    ...(i % 8 === 2 ? { cost: 10 * i } : {}),
  })),
  peers: times(20, (i) => ({
    address: `203.0.113.${i + 1}`,
    asn: i < 4 ? 64496 : 64500 + i,
    name: `peer number ${i}`,
    ...(i % 2 === 0 ? { policy: `PEER${i}` } : {}),
    limit: 1000 * (i + 1),
    warn: i % 3 === 0,
  })),
  prefix_lists: times(5, (i) => ({
    name: `PL${i}`,
    entries: times(10, (j) => ({
      action: j === 9 ? "deny" : "permit",
      prefix: `10.${i}.${j}.0/24`,
      longest: j % 2 === 0 ? 0 : 32,
    })),
  })),
};
