import { execLines, headers, iosLike, iosReads, risks, sessionLines, singles, subHeaders } from "./ios-like.ts";
import type { PlatformLanguage } from "./language.ts";
import { iosSecrets } from "./secret-rules.ts";

export const arista_eos: PlatformLanguage = {
  id: "arista_eos",
  label: "EOS",
  config: {
    ...iosLike,
    indent: 3,
    volatile: [/^! (Command|Time|device|Startup-config last modified|boot system flash):?/, /^!Command:/],
    closing: /^(exit|end)$/,
    headers: [
      ...headers,
      /^(ip|ipv6) prefix-list \S+$/,
      /^(management|daemon|event-handler|mlag configuration|hardware|ip security|monitor connectivity|peer-filter|queue-monitor streaming|sflow|system control-plane|traffic-policies|vxlan|dhcp server|ip virtual-router|router general)( |$)/,
    ],
    globalLines: [
      ...iosLike.globalLines,
      /^(aaa root|dns|transceiver|errdisable|lacp|alias|queue-monitor|platform|agent|load-interval default|system l1|prompt|terminal)( |$)/,
      /^ip (virtual-router mac-address|domain-list|community-list|icmp|radius|tacacs)( |$)/,
    ],
    translations: [
      {
        match: /^((?:ip|ipv6) prefix-list \S+) ((?:seq \d+ )?(?:permit|deny) .*)$/,
        header: "$1",
        text: "$2",
      },
    ],
    sequences: [
      {
        under: /^(ip|ipv6) prefix-list /,
        match: /^()(?:seq (\d+) )?((?:permit|deny) .*)$/,
        write: "seq $2 $3",
        step: 10,
        numbered: true,
        remove: "seq $2",
      },
      ...iosLike.sequences.map((s) => ({ ...s, numbered: true })),
    ],
    subHeaders: [
      ...subHeaders,
      { under: /^router bgp /, header: /^(vrf|vlan|vlan-aware-bundle) \S/ },
      { under: /^vrf /, header: /^address-family / },
      { under: /^management /, header: /^(vrf|transport|protocol|ssl profile|provider|password policy) \S/ },
      {
        under: /^router (ospf|isis|general|multicast|pim sparse-mode|igmp|msdp)/,
        header: /^(address-family|vrf|ipv4|ipv6|control-functions|peer|segment-routing)\b/,
      },
      { under: /^traffic-policies$/, header: /^(traffic-policy|field-set) / },
    ],
    singles: [
      ...singles,
      { match: /^(logging (?:vrf \S+ )?source-interface) / },
      { match: /^(ip (?:virtual-router mac-address|domain-list)) / },
      { match: /^(vxlan (?:source-interface|udp-port|vlan \S+ vni|vrf \S+ vni)) /, under: /^interface / },
      {
        match: /^(match (?:ip address prefix-list|ipv6 address prefix-list|community|as-path|interface|tag)) /,
        under: /^route-map /,
      },
      { match: /^(idle-timeout|domain-id|local-interface|peer-link|peer-address) /, under: /^(management|mlag)/ },
    ],
    interfaceNames: [
      { short: /^(?:et|eth|ethernet)(?=\d)/i, full: "Ethernet" },
      { short: /^(?:po|port-channel)(?=\d)/i, full: "Port-Channel" },
      { short: /^(?:lo|loopback)(?=\d)/i, full: "Loopback" },
      { short: /^(?:vl|vlan)(?=\d)/i, full: "Vlan" },
      { short: /^(?:ma|management)(?=\d)/i, full: "Management" },
      { short: /^(?:vx|vxlan)(?=\d)/i, full: "Vxlan" },
      { short: /^(?:tu|tunnel)(?=\d)/i, full: "Tunnel" },
    ],
    exactNo: [],
    blocks: [{ start: /^banner (motd|login)$/, close: { by: "line", end: /^EOF$/, write: "EOF" } }],
  },
  sessionLines,
  execLines,
  secrets: iosSecrets,
  risks,
  unrepeatable: [/^banner /, /^(username|enable) .*(secret|password)/],
  reads: iosReads,
};
