import type { ModeText } from "../config/dialect.ts";

const NEIGHBOR = `
neighbor <peer> activate  @hook:neighbor
neighbor <peer> peer-group / [<name>]
neighbor <peer> (route-map | prefix-list | filter-list | distribute-list) / <word> (in | out)  @hook:neighbor-direction
neighbor <peer> send-community / [(both | standard | extended)]  @hook:neighbor
neighbor <peer> (next-hop-self [all] | route-reflector-client | default-originate | soft-reconfiguration inbound | remove-private-as | as-override)  @hook:neighbor
neighbor <peer> maximum-prefix / <1-2147483647> [<1-100>] [(warning-only | restart <1-65535>)]  @hook:neighbor
neighbor <peer> (weight | allowas-in) / [<0-65535>]  @hook:neighbor
neighbor <peer>  @prefix
network <ip> [mask <mask>] / [route-map <word>]
aggregate-address <ip> <mask> / { summary-only | as-set | attribute-map <word> }
redistribute $route-source / $redist-options
maximum-paths [(ibgp | eibgp)] / <1-32>
default-information originate
default-metric / <1-4294967295>
distance bgp / <1-255> <1-255> <1-255>
table-map / <word>
auto-summary
synchronization
`;

const ROUTER_BGP = `
bgp router-id / <ip>
bgp cluster-id / (<ip> | <1-4294967295>)
bgp log-neighbor-changes
bgp default ipv4-unicast  @on
bgp default local-preference / <0-4294967295>
bgp (always-compare-med | deterministic-med | enforce-first-as | graceful-restart | asnotation dot)
bgp bestpath (as-path multipath-relax | compare-routerid | med missing-as-worst)
bgp confederation identifier / <asn>
bgp confederation peers <line>
bgp listen range <prefix> / peer-group <word>
timers bgp / <0-65535> <0-65535> [<0-65535>]
template peer-policy <word>
neighbor <peer> remote-as / <asn>  @hook:neighbor-as
neighbor <peer> description / <line>  @hook:neighbor
neighbor <peer> update-source / <ifname>  @hook:neighbor
neighbor <peer> ebgp-multihop / [<1-255>]  @hook:neighbor
neighbor <peer> ttl-security hops / <1-254>  @hook:neighbor
neighbor <peer> password / [(0 | 7)] <word>  @hook:neighbor-password
neighbor <peer> timers / <0-65535> <0-65535> [<0-65535>]  @hook:neighbor
neighbor <peer> local-as / <asn> { no-prepend | replace-as | dual-as }  @hook:neighbor
neighbor <peer> (shutdown | fall-over [bfd] | disable-connected-check | transport connection-mode passive)  @hook:neighbor
neighbor <peer> advertisement-interval / <0-600>  @hook:neighbor
address-family (ipv4 | ipv6) [(unicast | multicast | vrf <word>)]  => router-af
address-family (vpnv4 | vpnv6) [unicast]  => router-af
${NEIGHBOR}
`;

export const bgpModes: Record<string, ModeText> = {
  "router-bgp": { prompt: "config-router", rules: ROUTER_BGP },
  "router-af": {
    prompt: "config-router-af",
    rules: `${NEIGHBOR}\nneighbor <peer> remote-as / <asn>\nneighbor <peer> description / <line>\nexit-address-family  @exit`,
  },
};
