import { tracerouteRead } from "./read-rules.ts";
import {
  AF_IN_BGP,
  NEIGHBOR_BY_REMOTE_AS,
  execLines,
  headers,
  iosLike,
  iosReads,
  risks,
  sessionLines,
  singles,
  subHeaders,
} from "./ios-like.ts";
import type { PlatformLanguage } from "./language.ts";
import { iosSecrets } from "./secret-rules.ts";

export const frr: PlatformLanguage = {
  id: "frr",
  label: "FRR",
  config: {
    ...iosLike,
    indent: 1,
    volatile: [/^Building configuration/, /^Current configuration ?:/],
    closing: /^(exit|exit-address-family|exit-vrf|exit-vni|exit-pseudowire|exit-route-map|exit-vnc|exit-srv6|end)$/,
    headers: [...headers, /^(vrf|bfd|pbr-map|nexthop-group|segment-routing|l2vpn|rpki|mpls ldp|affinity-map)( |$)/],
    globalLines: [
      ...iosLike.globalLines,
      /^(ip|ipv6) forwarding$/,
      /^(ipv6 )?access-list \S/,
      /^(log|debug|banner|service|password|zebra|fpm|mpls label|allow-external-route-update) ?/,
      /^router-id /,
    ],
    subHeaders: [
      ...subHeaders,
      { under: /^bfd$/, header: /^(peer|profile) / },
      { under: /^mpls ldp$/, header: /^address-family / },
      { under: /^address-family /, header: /^vni \d/ },
      { under: /^segment-routing$/, header: /^(srv6|traffic-eng)$/ },
    ],
    interfaceNames: [],
    singles: [
      // on Linux an interface has as many addresses as it is given
      ...singles.filter((s) => !s.match.source.startsWith("^(ip address)")),
      {
        match:
          /^(match (?:ip address prefix-list|ip address|ipv6 address prefix-list|ipv6 address|ip next-hop prefix-list|community|as-path|interface|tag|metric|peer|origin)) /,
        under: /^route-map /,
      },
      { match: /^(call|on-match) /, under: /^route-map / },
      { match: /^(frr (?:version|defaults)) / },
      { match: /^(log (?:file|syslog|stdout|timestamp precision|facility))(?= |$)/ },
      {
        match: /^(receive-interval|transmit-interval|detect-multiplier|echo-interval|minimum-ttl) /,
        under: /^(peer|profile) /,
      },
    ],
    exactNo: [],
    keepsOptions: [{ match: /^redistribute /, under: AF_IN_BGP }],
    shownEitherWay: [/^ip ospf passive$/],
    defaults: [
      { under: /^(peer|profile) /, text: "receive-interval 300" },
      { under: /^(peer|profile) /, text: "transmit-interval 300" },
      { under: /^(peer|profile) /, text: "detect-multiplier 3" },
    ],
    removals: [
      ...iosLike.removals,
      // these have no `no`: their default takes them back
      { match: /^(receive-interval|transmit-interval) .*$/, write: "$1 300" },
      { match: /^(detect-multiplier) .*$/, write: "$1 3" },
    ],
    shownWhenFilled: [/^interface /, /^address-family /],
    unremovable: [/^interface /, /^address-family /],
    stems: [NEIGHBOR_BY_REMOTE_AS],
    translations: [
      {
        under: /^router ospf( |$)/,
        match: /^passive-interface (?!default)(\S+)$/,
        header: "interface $1",
        text: "ip ospf passive",
      },
    ],
    shownWhenOff: [
      {
        match:
          /^bgp (default ipv4-unicast|ebgp-requires-policy|network import-check|suppress-duplicates|graceful-restart notification|enforce-first-as)$/,
      },
      { match: /^neighbor \S+ send-community( \S+)?$/ },
      {
        match: /^neighbor \S+ activate$/,
        under: /^address-family ipv4 unicast$/,
        unless: "no bgp default ipv4-unicast",
      },
      { match: /^passive-interface (?!default)/, under: /^router /, given: "passive-interface default" },
      { match: /^(ip|ipv6) forwarding$/ },
      { match: /^link-detect$/, under: /^interface / },
    ],
    sequences: [
      ...iosLike.sequences.map((s) => ({ ...s, noByNumber: true })),
      {
        match: /^((?:ipv6 )?access-list \S+)(?: seq (\d+))? ((?:permit|deny) .*)$/,
        write: "$1 seq $2 $3",
        step: 5,
        numbered: true,
        remove: "$1 seq $2 $3",
        noByNumber: true,
      },
      {
        match:
          /^(bgp (?:as-path access-list|(?:large-|ext)?community-list(?: standard| expanded)?) \S+)(?: seq (\d+))? ((?:permit|deny) .*)$/,
        write: "$1 seq $2 $3",
        step: 5,
        numbered: true,
        remove: "$1 seq $2 $3",
        noByNumber: true,
      },
    ],
    traceless: [/^banner /],
    blocks: [],
  },
  sessionLines,
  execLines,
  secrets: [...iosSecrets],
  risks,
  unrepeatable: [/^(password|enable password)/],
  reads: {
    ...iosReads,
    // its `ping` takes no count, and never ends
    commands: [/^(show|sh|sho) \S.*$/, tracerouteRead("source|vrf")],
    examples: "`show …`, `traceroute …`, with `| include`, `exclude`, `begin`, `section` or `count`",
  },
};
