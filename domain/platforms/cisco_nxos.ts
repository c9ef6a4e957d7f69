import { anyOf } from "./read-rules.ts";
import { execLines, headers, iosLike, iosReads, risks, sessionLines, singles } from "./ios-like.ts";
import type { PlatformLanguage } from "./language.ts";
import { iosSecrets } from "./secret-rules.ts";

const NEIGHBOR = /^(neighbor|template peer(-session|-policy)?) \S/;
const IN_BGP = /^(router bgp |vrf )/;

export const cisco_nxos: PlatformLanguage = {
  id: "cisco_nxos",
  label: "NX-OS",
  config: {
    ...iosLike,
    indent: 2,
    volatile: [/^!(Command|Time|Running configuration last done at|No configuration change since last restart)/],
    closing: /^(exit|end)$/,
    headers: [
      ...headers,
      /^vrf context \S/,
      /^(role name|vpc domain|fabric forwarding|evpn|ngoam|telemetry|scheduler|hardware profile|feature-set|mac-list|vlan configuration)( |$)/,
    ],
    globalLines: [
      ...iosLike.globalLines,
      /^(feature|switchname|boot nxos|no password|power redundancy-mode|system|copp|rmon|cli alias|ssh key|nv overlay|install feature-set|errdisable|userpassphrase|copy)( |$)/,
      /^ip (domain-list|domain-lookup|tcp|igmp|pim|arp|adjacency) /,
      /^(icam|callhome|snmp|lacp|udld|lldp|cdp|hardware|logging) /,
    ],
    subHeaders: [
      { under: IN_BGP, header: NEIGHBOR },
      { under: IN_BGP, header: /^(vrf \S+|address-family \S.*)$/ },
      { under: NEIGHBOR, header: /^address-family / },
      { under: /^vrf context /, header: /^address-family / },
      { under: /^router (ospf|ospfv3|eigrp|isis|rip|pim)/, header: /^(vrf|address-family) \S/ },
      { under: /^vrf \S+$/, header: /^address-family / },
      { under: /^policy-map /, header: /^class( |$)/ },
      { under: /^class /, header: /^police / },
      { under: /^interface nve/, header: /^member vni / },
      { under: /^evpn$/, header: /^vni \d/ },
      { under: /^key chain /, header: /^key \d+$/ },
      { under: /^telemetry$/, header: /^(destination-group|sensor-group|subscription) / },
      { under: /^line console|^role name/, header: /^(vlan|interface|vrf) policy deny$/ },
    ],
    shortForms: [
      ...iosLike.shortForms,
      { match: /^(ntp (?:server|peer) \S+(?: prefer)?)$/, full: "$1 use-vrf default" },
    ],
    interfaceNames: [
      { short: /^(?:et|eth|ethernet)(?=\d)/i, full: "Ethernet" },
      { short: /^(?:po|port-channel)(?=\d)/i, full: "port-channel" },
      { short: /^(?:lo|loop|loopback)(?=\d)/i, full: "loopback" },
      { short: /^(?:vl|vlan)(?=\d)/i, full: "Vlan" },
      { short: /^(?:mgmt)(?=\d)/i, full: "mgmt" },
      { short: /^(?:tu|tunnel)(?=\d)/i, full: "Tunnel" },
    ],
    singles: [
      ...singles,
      { match: /^(vrf member) /, under: /^interface / },
      { match: /^(ip router (?:ospf|isis|eigrp) \S+)(?= |$)/, under: /^interface / },
      { match: /^(hsrp version|vpc|fex associate) /, under: /^interface / },
      {
        match:
          /^(remote-as|description|update-source|password|timers|maximum-prefix|ebgp-multihop|local-as|inherit peer|inherit peer-session|maximum-as-limit|weight|send-community|default-originate)(?= |$)/,
        under: /^(neighbor|template peer|address-family)/,
      },
      { match: /^(route-map) \S+ (in|out)$/, under: /^address-family / },
      {
        match: /^(peer-keepalive destination|peer-gateway|role priority|system-priority|delay restore) /,
        under: /^vpc domain/,
      },
      { match: /^(switchname|boot nxos) / },
    ],
    shownWhenOff: [
      { match: /^(ip redirects|ipv6 redirects|cdp enable|lldp (transmit|receive)|snmp trap link-status|switchport)$/ },
    ],
    shownEitherWay: [],
    defaults: [{ under: /^interface /, text: "mtu 1500" }],
    silent: [{ under: /^interface Vlan/, text: "shutdown", instead: "no shutdown" }],
    exactNo: [],
    spreads: [{ match: /^vlan (\d[\d,-]*)$/, write: "vlan $" }],
    sequences: iosLike.sequences.map((s) => ({ ...s, numbered: true })),
    sideEffects: [
      {
        under: /^interface /,
        match: /^(no )?vrf member( |$)/,
        drops: /^(ip|ipv6|hsrp|vrrp|isis|mpls|fabric forwarding)\b/,
        say: "the device removes the interface's whole layer-3 configuration when its VRF changes",
      },
      {
        under: /^interface /,
        match: /^no switchport$/,
        drops: /^(switchport |spanning-tree )/,
        say: "the device removes the interface's layer-2 configuration when it becomes a routed port",
      },
      {
        under: /^interface /,
        match: /^switchport$/,
        drops: /^(ip|ipv6|vrf member)\b/,
        say: "the device removes the interface's layer-3 configuration when it becomes a switched port",
      },
    ],
    stems: [],
    blocks: [{ start: /^banner (motd|exec)(?= |$)/, close: { by: "delimiter" } }],
  },
  sessionLines,
  execLines: [
    ...execLines,
    {
      match: /^(no )?ip address \d\S+ (\d+\.){3}\d+/,
      say: "would be shown in another form: write the length of the prefix (`ip address 192.0.2.1/24`)",
    },
    {
      match: /\barea \d+( |$)/,
      say: "would be shown in another form: write the area with dots (`area 0.0.0.0`)",
    },
    {
      match: /^(no )?(\d+ )?(permit|deny) .*(\bhost \d|\d\.\d+ (\d+\.){3}\d+)/,
      say: "would be shown in another form: write each address with the length of its prefix (`192.0.2.1/32`)",
    },
    {
      match: /^no feature(-set)? /,
      say: "takes all configuration of that feature away at once, which no line could bring back; do it by hand",
    },
    {
      match: /^neighbor \S+ (remote-as|description|password|update-source|timers)\b/,
      say: "stands on a line of its own below `neighbor <address>`, as the device shows it",
    },
    {
      match: /^(configure session|checkpoint|rollback|guestshell|run)( |$)/,
      say: "is a command of the exec mode, not configuration",
    },
  ],
  secrets: [
    { match: /^(snmp-server user \S+(?: \S+)? auth \S+ )(\S+)( priv (?:aes-128 |aes-256 |des )?)(\S+)/ },
    { match: /^(snmp-server user \S+(?: \S+)? auth \S+ )(\S+)/ },
    { match: /^((?:radius|tacacs)-server (?:host \S+ )?key (?:[067] )?)("[^"]*"|\S+)/ },
    ...iosSecrets,
  ],
  risks: [
    {
      level: "high",
      match: /^(no )?vrf member/,
      under: /^interface /,
      say: "moves an interface to another VRF, which removes its addresses",
    },
    {
      level: "high",
      match: /^(no )?switchport$/,
      under: /^interface /,
      say: "switches a port between layer 2 and 3, which removes the other's configuration",
    },
    {
      level: "high",
      match: /^(no )?(vpc|peer-|role |system-priority)/,
      under: /^(vpc domain|interface port-channel)/,
      say: "changes the vPC pair",
    },
    {
      level: "high",
      match: /^(no )?(remote-as|shutdown|password|update-source|ebgp-multihop)\b/,
      under: /^(neighbor|template)/,
      say: "resets or ends a BGP session",
    },
    ...risks,
  ],
  unrepeatable: [/^banner /, /^snmp-server user /, /^username .*password/, /^feature /, /^ssh key/],
  reads: {
    ...iosReads,
    forbidden: anyOf(iosReads.forbidden, /^(?:show|sho|sh) +fi(?:l\S*)?(?= |$)/),
    examples: "`show …`, `ping …`, `traceroute …`, with `| include`, `exclude`, `begin`, `section` or `count`",
  },
};
