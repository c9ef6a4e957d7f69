import { ipNumber, isIpv4 } from "../grammar/values.ts";

/** The beginnings of lines in the order the box prints them, separated by commas. */
export const listed = (text: string): string[] => text.trim().split(/,\s*/);

/** In this order IOS prints its config; a line takes the place of the longest beginning listed here. */
const GLOBAL_ORDER = listed(`
  version, service, platform, hostname, boot-start-marker, boot system, boot-end-marker, vrf definition,
  logging userinfo, logging buffered, logging console, logging monitor, enable, aaa new-model, aaa group,
  aaa authentication, aaa authorization, aaa accounting, aaa session-id, clock, errdisable, ip vrf,
  ip source-route, ip bootp, ip dhcp excluded-address, ip dhcp pool, ip host, ip domain, ip name-server,
  ip cef, ip multicast-routing, login, ipv6 unicast-routing, ipv6 cef, mpls, key chain, archive, license,
  spanning-tree, username, redundancy, vlan, vtp, track, ip ssh, lldp, cdp, class-map, policy-map, crypto,
  interface, router eigrp, router ospf, router rip, router isis, router bgp, ip forward-protocol, ip as-path,
  ip community-list, ip http, ip ftp, ip tftp, ip tacacs, ip radius, ip flow-export, ip nat, ip pim, ip route,
  ip scp, ip access-list, ip sla, logging, ipv6 route, ip prefix-list, object-group, time-range, route-map,
  access-list, snmp-server, tacacs-server, tacacs server, radius-server, radius server, control-plane, banner,
  alias, privilege, line con, line aux, line vty, scheduler, ntp authentication-key, ntp authenticate,
  ntp trusted-key, ntp source, ntp access-group, ntp master, ntp peer, ntp server, event, memory
`);
const INTERFACE_ORDER = listed(`
  Port-channel, Loopback, Tunnel, Null, GigabitEthernet, Vlan, BDI
`);
const IN_INTERFACE = listed(`
  description, mtu, bandwidth, delay, encapsulation, switchport, vrf forwarding, ip vrf, ip address,
  ip access-group, ip helper-address, ip redirects, ip unreachables, ip proxy-arp, ip flow, ip pim, ip nat,
  ip verify, ip tcp, ip policy, ip mtu, ip unnumbered, ip ospf authentication, ip ospf message-digest-key,
  ip ospf network, ip ospf, load-interval, shutdown, duplex, speed, media-type, negotiation, ipv6, cdp, lldp,
  mpls, keepalive, standby, vrrp, spanning-tree, channel-group, bfd, tunnel, service-policy
`);
const IN_BGP = listed(`
  bgp router-id, bgp cluster-id, bgp log-neighbor-changes, bgp, timers, template, neighbor, address-family,
  network, aggregate-address, redistribute, maximum-paths, default-information, distance
`);
const IN_AF = listed(`
  network, aggregate-address, redistribute, neighbor, default-information, maximum-paths
`);
const IN_NEIGHBOR = listed(`
  peer-group, remote-as, local-as, description, shutdown, ebgp-multihop, ttl-security, password, update-source,
  timers, fall-over, transport, advertisement-interval, activate, send-community, route-reflector-client,
  next-hop-self, remove-private-as, as-override, allowas-in, soft-reconfiguration, weight, default-originate,
  prefix-list, distribute-list, route-map, filter-list, maximum-prefix
`);
const IN_OSPF = listed(`
  router-id, ispf, nsf, log-adjacency-changes, auto-cost, area, redistribute, passive-interface default,
  passive-interface, network, default-information, maximum-paths, distance, bfd
`);

export function rankIn(order: readonly string[], text: string): number {
  let best = order.length;
  let length = 0;
  order.forEach((beginning, rank) => {
    if (beginning.length > length && (text === beginning || text.startsWith(`${beginning} `)))
      [best, length] = [rank, beginning.length];
  });
  return best;
}

/** `GigabitEthernet0/1.20` sorts by type, then by each of its numbers. */
export function interfacePlace(order: readonly string[], name: string): (number | string)[] {
  const type = /^[A-Za-z-]+/.exec(name)?.[0] ?? "";
  const rank = order.indexOf(type);
  return [rank < 0 ? order.length : rank, ...(name.slice(type.length).match(/\d+/g) ?? []).map(Number)];
}

export function neighborPlace(text: string, order: readonly string[]): (number | string)[] {
  const [, peer = "", ...rest] = text.split(" ");
  return [isIpv4(peer) ? 1 : 0, isIpv4(peer) ? ipNumber(peer) : peer, rankIn(order, rest.join(" "))];
}

export function iosPlace(mode: string, text: string): (number | string)[] {
  const line = text.replace(/^no /, "");
  switch (mode) {
    case "config": {
      const rank = rankIn(GLOBAL_ORDER, line);
      if (line.startsWith("interface "))
        return [rank, ...interfacePlace(INTERFACE_ORDER, line.slice("interface ".length))];
      const listed =
        /^ip prefix-list (\S+) (?:description|seq (\d+))/.exec(line) ?? /^route-map (\S+) \S+ (\d+)/.exec(line);
      if (listed) return [rank, listed[1] ?? "", Number(listed[2] ?? 0)];
      const vlan = /^vlan (\d+)/.exec(line);
      return vlan ? [rank, Number(vlan[1])] : [rank];
    }
    case "if":
      return [rankIn(IN_INTERFACE, line)];
    case "router-bgp":
      return line.startsWith("neighbor ")
        ? [rankIn(IN_BGP, line), ...neighborPlace(line, IN_NEIGHBOR)]
        : [rankIn(IN_BGP, line)];
    case "router-af":
      return line.startsWith("neighbor ")
        ? [rankIn(IN_AF, line), ...neighborPlace(line, IN_NEIGHBOR)]
        : [rankIn(IN_AF, line)];
    case "router-ospf":
      return [rankIn(IN_OSPF, line)];
    default:
      return [];
  }
}
