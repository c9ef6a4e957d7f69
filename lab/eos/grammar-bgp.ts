import type { ModeText } from "../config/dialect.ts";

const NEIGHBOR_AF = `
neighbor <peer> activate  @hook:neighbor
neighbor <peer> (route-map | prefix-list) / <word> (in | out)  @hook:neighbor-direction
neighbor <peer> (next-hop-self | default-originate [always] | additional-paths (receive | send any))  @hook:neighbor
neighbor <peer> next-hop address-family ipv6 / [originate]
neighbor <peer>  @prefix
network <prefix> / [route-map <word>]
network <ip> mask <mask> / [route-map <word>]  @hook:network-mask
redistribute (connected | static | ospf [match (internal | external)] | isis | attached-host) / [route-map <word>]
bgp additional-paths (receive | send any)
`;

const ROUTER_BGP = `
router-id / <ip>
bgp (cluster-id <ip> | always-compare-med | log-neighbor-changes | asn notation (asdot | asplain))
bgp bestpath <line>
bgp listen range <prefix> / peer-group <word> (remote-as <asn> | peer-filter <word>)
bgp default (ipv4-unicast | ipv6-unicast)  @on
graceful-restart [restart-time <1-3600>]
graceful-restart-helper  @on
maximum-paths / <1-600> [ecmp <1-600>]
distance bgp / <1-255> [<1-255> <1-255>]
timers bgp / <0-3600> <0-3600>
update wait-install
update wait-for-convergence
neighbor <peer> remote-as / <asn>  @hook:neighbor-as
neighbor <name> peer group
neighbor <name> peer-group  @hook:peer-group
neighbor <peer> peer group / <name>
neighbor <peer> description / <line>  @hook:neighbor
neighbor <peer> update-source / <ifname>  @hook:neighbor
neighbor <peer> ebgp-multihop / [<1-255>]  @hook:neighbor
neighbor <peer> password / [(0 | 7)] <word>  @hook:neighbor-password
neighbor <peer> timers / <0-3600> <0-3600>  @hook:neighbor
neighbor <peer> local-as / <asn> [no-prepend replace-as]  @hook:neighbor
neighbor <peer> send-community / { standard | extended | large | all }  @hook:neighbor
neighbor <peer> maximum-routes / <0-4294967294> [warning-limit <word>] [warning-only]  @hook:neighbor
neighbor <peer> (bfd | route-reflector-client | shutdown | fall-over bfd | remove-private-as [all])  @hook:neighbor
neighbor <peer> (allowas-in | weight) / [<0-65535>]  @hook:neighbor
neighbor <peer> rib-in pre-policy retain / [all]  @hook:neighbor
aggregate-address <prefix> / { summary-only | as-set | attribute-map <word> }
address-family (ipv4 | ipv6 | evpn | vpn-ipv4) [(unicast | multicast)]  => router-af
vlan <1-4094>  => router-bgp-vlan
vrf <word>  => router-bgp-vrf
${NEIGHBOR_AF}
`;

export const eosBgpModes: Record<string, ModeText> = {
  "router-bgp": { prompt: "config-router-bgp", rules: ROUTER_BGP },
  "router-af": { prompt: "config-router-bgp-af", rules: NEIGHBOR_AF },
  "router-bgp-vlan": {
    prompt: "config-macvrf",
    rules: "rd / <rd>\nroute-target (import | export | both) <rd>\nredistribute <word>",
  },
  "router-bgp-vrf": {
    prompt: "config-router-bgp-vrf",
    rules:
      "rd / <rd>\nroute-target (import | export) [(evpn | vpn-ipv4)] <rd>\nrouter-id / <ip>\nredistribute <word>\nneighbor <peer> <line>",
  },
};
