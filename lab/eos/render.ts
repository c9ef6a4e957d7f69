import { compileModes, type Dialect } from "../config/dialect.ts";
import type { ConfigNode } from "../config/tree.ts";
import { MACROS } from "../ios/macros.ts";
import { interfacePlace, listed, neighborPlace, rankIn } from "../ios/place.ts";
import { EOS_MODES, EOS_VALUES } from "./grammar.ts";
import { EOS_HOOKS } from "./hooks.ts";

const GLOBAL_ORDER = listed(`
  prompt, terminal, aaa root, enable, username, role, daemon, alias, event-handler, switchport default,
  transceiver, queue-monitor, service, hardware, platform, errdisable, lldp, logging, hostname, dns,
  ip domain-name, ip domain, ip name-server, ip host, ntp, snmp-server, spanning-tree, tacacs-server,
  radius-server, aaa group, aaa authentication, aaa authorization, aaa accounting, aaa, clock, vlan, vrf,
  interface, ip virtual-router, mlag, class-map, policy-map, ip access-list, ip routing, ip icmp,
  ipv6 unicast-routing, ip prefix-list, ip as-path, ip community-list, ip route, ipv6 route, ip tacacs,
  ip radius, ip ssh, route-map, peer-filter, router bgp, router ospf, router isis, router, banner,
  management api, management console, management ssh, management
`);
const INTERFACE_ORDER = listed(`
  Port-Channel, Ethernet, Loopback, Management, Tunnel, Vlan, Vxlan
`);
const IN_INTERFACE = listed(`
  description, shutdown, mtu, logging, speed, flowcontrol, load-interval, bandwidth, switchport, encapsulation,
  vrf, ip address, ip, ipv6, channel-group, lacp, mlag, spanning-tree, bfd, vxlan, tunnel, service-policy
`);
const IN_BGP = listed(`
  router-id, bgp, update, timers, distance, graceful-restart, maximum-paths, neighbor, aggregate-address,
  network, redistribute, vlan, address-family, vrf
`);
const IN_NEIGHBOR = listed(`
  peer group, remote-as, next-hop-self, update-source, description, shutdown, bfd, ebgp-multihop,
  route-reflector-client, local-as, timers, activate, password, route-map, prefix-list, send-community,
  maximum-routes
`);
const IN_OSPF = listed(`
  router-id, auto-cost, bfd, passive-interface default, passive-interface, area, network, redistribute,
  default-information, max-lsa, maximum-paths, log-adjacency-changes
`);

function eosPlace(mode: string, text: string): (number | string)[] {
  const line = text.replace(/^no /, "");
  switch (mode) {
    case "config": {
      const rank = rankIn(GLOBAL_ORDER, line);
      if (line.startsWith("interface "))
        return [rank, ...interfacePlace(INTERFACE_ORDER, line.slice("interface ".length))];
      const listed = /^route-map (\S+) \S+ (\d+)/.exec(line) ?? /^ip prefix-list (\S+)(?: seq (\d+))?/.exec(line);
      if (listed) return [rank, listed[1] ?? "", Number(listed[2] ?? 0)];
      const vlan = /^vlan (\d+)/.exec(line);
      if (vlan) return [rank, Number(vlan[1])];
      // EOS sorts these, whatever order they were typed in.
      return /^(ntp|logging|snmp-server|username|ip name-server|ip route|ip access-list|vrf)/.test(line)
        ? [rank, line]
        : [rank];
    }
    case "if":
      return [rankIn(IN_INTERFACE, line)];
    case "router-bgp":
    case "router-af":
      return line.startsWith("neighbor ")
        ? [rankIn(IN_BGP, line), ...neighborPlace(line.replace("peer-group", "peer group"), IN_NEIGHBOR)]
        : [rankIn(IN_BGP, line), line];
    case "router-ospf":
      return [rankIn(IN_OSPF, line), line];
    case "prefix-list":
      return [Number(/^seq (\d+)/.exec(line)?.[1] ?? 0)];
    default:
      return [];
  }
}

export const eos: Dialect = {
  modes: compileModes(EOS_MODES, EOS_VALUES, MACROS),
  hooks: EOS_HOOKS,
  place: eosPlace,
  searchUp: "parents",
  banner: () => ({
    ask: "Enter TEXT message. Type 'EOF' on its own line to end.\n",
    until: (line) => (line === "EOF" ? { last: true, keep: "" } : { last: false, keep: line }),
  }),
  bannerText: (text) => `\n${text}\nEOF`,
};

function sectionLines(section: ConfigNode, indent: string): string[] {
  const numbered = section.mode === "ext-nacl" || section.mode === "std-nacl";
  return section.children.flatMap((child) => {
    const number = numbered && /^(permit|deny|remark)/.test(child.text) ? `${child.place.at(-1)} ` : "";
    const separator = child.mode === undefined ? [] : [`${indent}!`];
    return [...separator, indent + number + child.text, ...sectionLines(child, `${indent}   `)];
  });
}

/** The config's lines as `show running-config` prints them, without its header and `end`. */
export function eosLines(root: ConfigNode): string[] {
  const lines: string[] = [];
  let last: number | string | undefined;
  for (const node of root.children) {
    if (lines.length > 0 && (node.mode !== undefined || node.place[0] !== last || node.key.startsWith("banner")))
      lines.push("!");
    last = node.mode === undefined ? node.place[0] : "section";
    lines.push(...node.text.replace(/^(banner \w+) \n/, "$1\n").split("\n"), ...sectionLines(node, "   "));
  }
  return [...lines, "!"];
}
