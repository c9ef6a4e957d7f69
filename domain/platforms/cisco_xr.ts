import { anyOf } from "./read-rules.ts";
import { execLines, iosLike, iosReads, risks, sessionLines } from "./ios-like.ts";
import type { BlockRule, PlatformLanguage } from "./language.ts";
import { iosSecrets } from "./secret-rules.ts";

const NEIGHBOR = /^(neighbor|neighbor-group|session-group|af-group) \S/;

/** Policies are text between a header and a word of its own; sent again, they replace what was there. */
const policies: readonly BlockRule[] = [
  { start: /^route-policy \S+(?:\(.*\))?$/, close: { by: "line", end: /^\s*end-policy$/, write: "end-policy" } },
  {
    start: /^(?:prefix|as-path|community|rd|tag|esi|etag|mac|ospf-area|large-community|extcommunity)-set \S.*$/,
    close: { by: "line", end: /^\s*end-set$/, write: "end-set" },
  },
  { start: /^banner (?:exec|incoming|login|motd|prompt-timeout|slip-ppp)(?= |$)/, close: { by: "delimiter" } },
];

export const cisco_xr: PlatformLanguage = {
  id: "cisco_xr",
  label: "IOS XR",
  config: {
    ...iosLike,
    indent: 1,
    // A word of the section one stands in is taken before one of the top level: `vrf` of `grpc` is not the VRF.
    leavesFirst: true,
    volatile: [/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} +\d+ [\d:.]+ \S+$/, /^Building configuration/, /^!! /],
    closing: /^(exit|root|end|end-policy-map|end-class-map|end-group)$/,
    headers: [
      /^interface \S/,
      /^router \S+/,
      /^(vrf|username|usergroup|taskgroup|group|l2vpn|evpn|telemetry model-driven|grpc|flow (exporter-map|monitor-map)|sampler-map|policy-map|class-map|key chain|line|vty-pool|track|controller|multicast-routing|segment-routing|bfd|mpls (ldp|traffic-eng|oam)|rsvp|ipsla|performance-measurement|object-group|lldp|ntp|tpa|control-plane|management-plane|event manager|call-home|monitor-session|dhcp|crypto|class|aaa group server|hw-module)( |$)/,
      /^(ipv4|ipv6|ethernet-services) access-list /,
    ],
    subHeaders: [
      { under: /^router bgp /, header: NEIGHBOR },
      {
        under: /^router (bgp|static|isis|ospfv3|hsrp|vrrp|igmp|pim|eigrp|rip|mld|msdp)/,
        header: /^(vrf|address-family|interface) \S/,
      },
      { under: NEIGHBOR, header: /^(address-family|use) (?!neighbor-group|session-group|af-group)\S/ },
      { under: /^vrf /, header: /^(address-family|neighbor|interface|area) \S/ },
      {
        under: /^address-family /,
        header: /^(import route-target|export route-target|interface \S+|segment-routing \S+|fast-reroute \S+ \S+)$/,
      },
      { under: /^router ospf/, header: /^(area|vrf) \S/ },
      { under: /^area /, header: /^(interface|virtual-link) \S/ },
      { under: /^interface \S+$/, header: /^(address-family|hsrp|vrrp|bfd) \S/ },
      { under: /^l2vpn$/, header: /^(bridge group|xconnect group|pw-class) \S/ },
      { under: /^bridge group /, header: /^bridge-domain \S/ },
      { under: /^bridge-domain /, header: /^(interface|neighbor|vfi|evi|routed interface) \S/ },
      { under: /^xconnect group /, header: /^p2p \S/ },
      { under: /^policy-map /, header: /^class( |$)/ },
      { under: /^class( |$)/, header: /^police / },
      { under: /^key chain /, header: /^key \d+$/ },
      { under: /^key \d+$/, header: /^(accept-lifetime|send-lifetime)$/ },
      {
        under: /^mpls ldp$|^rsvp$|^mpls traffic-eng$|^multicast-routing$|^bfd$/,
        header: /^(interface|address-family|router-id|auto-tunnel|multipath) \S/,
      },
      { under: /^telemetry model-driven$/, header: /^(destination-group|sensor-group|subscription) \S/ },
      { under: /^segment-routing$/, header: /^(traffic-eng|global-block|srv6|mapping-server)$/ },
      {
        under: /^(ntp|tpa|grpc|control-plane|management-plane)$/,
        header: /^(vrf \S+|management-plane|inband|out-of-band|service-layer)$/,
      },
    ],
    globalLines: [
      /^(hostname|logging|clock|domain|snmp-server|ssh|telnet|http|ftp|tftp|cdp|aaa (authentication|authorization|accounting)|tacacs|tacacs-server|radius-server|service|banner|icmp|arp|tcp|cli|fpd|exception|xml|netconf-yang|logging|nsr|install|address-family)( |$)/,
      /^(ipv4|ipv6) (?!access-list)\S/,
    ],
    interfaceNames: [
      { short: /^(?:gi|gig|gigabitethernet)(?=\d)/i, full: "GigabitEthernet" },
      { short: /^(?:te|tengige)(?=\d)/i, full: "TenGigE" },
      { short: /^(?:twe|twentyfivegige)(?=\d)/i, full: "TwentyFiveGigE" },
      { short: /^(?:fo|fortygige)(?=\d)/i, full: "FortyGigE" },
      { short: /^(?:hu|hundredgige)(?=\d)/i, full: "HundredGigE" },
      { short: /^(?:be|bundle-ether)(?=\d)/i, full: "Bundle-Ether" },
      { short: /^(?:lo|loopback)(?=\d)/i, full: "Loopback" },
      { short: /^(?:bvi)(?=\d)/i, full: "BVI" },
    ],
    singles: [
      { match: /^(hostname|domain name|clock timezone|description) / },
      { match: /^(ipv4 address) (?!.*\bsecondary\b)/, under: /^interface / },
      {
        match:
          /^(mtu|bandwidth|vrf|encapsulation|bundle id|ipv4 mtu|ipv6 mtu|load-interval|speed|duplex|carrier-delay|ipv4 unnumbered|bundle minimum-active links|lacp period)(?= |$)/,
        under: /^interface /,
      },
      { match: /^(service-policy) (input|output) /, under: /^interface / },
      { match: /^((?:ipv4|ipv6) access-group) \S+ (ingress|egress)/, under: /^interface / },
      {
        match:
          /^(remote-as|update-source|password|timers|local-as|ebgp-multihop|use (?:neighbor|session)-group|maximum-prefix|next-hop-self|send-community-ebgp|soft-reconfiguration inbound|weight|ttl-security|local address)(?= |$)/,
        under: /^(neighbor|neighbor-group|session-group|af-group|address-family)/,
      },
      { match: /^(route-policy) \S.* (in|out)$/, under: /^address-family / },
      {
        match:
          /^(bgp router-id|router-id|cost|network|priority|hello-interval|dead-interval|metric|circuit-type|passive|authentication|message-digest-key \d+|point-to-point|level|net|is-type)(?= |$)/,
      },
      { match: /^(secret|password|group) /, under: /^username / },
      { match: /^(snmp-server (?:location|contact|community \S+|trap-source|host \S+ traps)) / },
      { match: /^(logging (?:buffered|console|monitor|trap|facility|source-interface|hostnameprefix|archive))(?= |$)/ },
      { match: /^(ssh server (?:v2|rate-limit|session-limit|timeout|dscp)) / },
      { match: /^(exec-timeout|transport input|access-class ingress|session-limit|length|width) /, under: /^line / },
    ],
    exactNo: [],
    shownWhenOff: [],
    shownEitherWay: [],
    defaults: [],
    keepsOptions: [],
    unremovable: [],
    sequences: [
      {
        under: /^(ipv4|ipv6) access-list /,
        match: /^()(?:(\d+) )?((?:permit|deny|remark) .*)$/,
        write: "$2 $3",
        step: 10,
        numbered: true,
        remove: "$2",
      },
    ],
    orderedSections: [/^policy-map /],
    orderedGroups: [],
    lists: [],
    removals: [
      { match: /^(description|hostname|secret|password|group) .*$/, write: "no $1" },
      { match: /^(snmp-server (?:community \S+|location|contact)) .*$/, write: "no $1" },
      {
        match:
          /^((?:route-policy|prefix-set|as-path-set|community-set|extcommunity-set \S+|rd-set|large-community-set) [^\s(]+).*$/,
        write: "no $1",
      },
      { match: /^(banner \S+)$/, write: "no $1" },
      { match: /^(key-string) .*$/, write: "no $1" },
      { match: /^(remote-as|update-source) .*$/, write: "no $1" },
    ],
    sideEffects: [],
    stems: [],
    translations: [],
    blocks: policies,
    definitions: [
      /^vrf /,
      /^(prefix|as-path|community|rd|large-community|extcommunity)-set /,
      /^route-policy /,
      /^(ipv4|ipv6) access-list /,
      /^(key chain|object-group|class-map|policy-map) /,
    ],
  },
  sessionLines: [
    ...sessionLines,
    {
      match: /^(root|clear|load|show|pwd|do|admin|cancel|save)( |$)/,
      say: "leave it out: it is a command of the session, not configuration",
    },
  ],
  execLines: [
    ...execLines.filter(
      (rule) => !rule.match.test("ssh server v2") && !rule.match.test("telnet vrf default ipv4 server"),
    ),
    {
      match:
        /^(reload|delete|erase|format|copy|ping|traceroute|run|bash|process|install|test|debug|undebug|monitor)( |$)/,
      say: "is a command of the exec mode, not configuration; it cannot be compared, verified or taken back in a change of configuration",
    },
    {
      match: /^ipv4 address \S+\/\d+/,
      say: "would be shown in another form: write the mask in full (`ipv4 address 192.0.2.1 255.255.255.0`)",
    },
    {
      match: /^commit( |$)/,
      say: "leave it out: committing is done for you, after the lines were taken",
    },
  ],
  secrets: [
    { match: /^((?:secret|password)(?: \d+)? )(?!(?:\d+|encrypted|clear) )(\S+)/ },
    // of a group that shares an address: one word, where OSPF and others have keywords
    { match: /^(authentication )(?!(?:message-digest|null|ipsec|disable|key-?chain|text|md5|mode)\b)(\S+)$/ },
    {
      match: /^(snmp-server (?:community|user \S+ \S+ v3 auth \S+(?: encrypted| clear)?) (?:encrypted |clear )?)(\S+)/,
    },
    { match: /^(snmp-server host .*(?:version \S+|traps) (?:encrypted |clear )?)(\S+)/ },
    { match: /^((?:tacacs|radius)-server .*\bkey (?:[07] )?)(\S+)/ },
    { match: /^(key-string (?:password |clear )?(?:[067] )?)(\S+)/ },
    { match: /^(message-digest-key \d+ md5 (?:encrypted |clear |[07] )?)(\S+)/ },
    { match: /^((?:hello-password|lsp-password)(?: (?:hmac-md5|text|keychain))? (?:encrypted |clear )?)(\S+)/ },
    { match: /^((?:.* )?password (?:encrypted |clear |[07] )?)(\S+)/ },
    ...iosSecrets,
  ],
  risks: [
    { level: "high", match: /^(no )?ipv[46] address\b/, under: /^interface /, say: "changes an interface's address" },
    {
      level: "high",
      match: /^(no )?vrf( |$)/,
      under: /^interface /,
      say: "moves an interface to another VRF, which the device refuses while it has an address",
    },
    {
      level: "high",
      match: /^(no )?(remote-as|shutdown|password|update-source|use |local-as|ebgp-multihop)/,
      under: /^(neighbor|session)/,
      say: "resets or ends a BGP session",
    },
    {
      level: "high",
      match: /^no (neighbor|address-family|area|interface) /,
      say: "takes a neighbour, family, area or interface out of a protocol",
    },
    { level: "high", match: /^(no )?ipv[46] access-group/, say: "changes which ACL filters traffic" },
    {
      level: "high",
      match: /^(no )?(ssh|telnet|grpc|netconf|management-plane|control-plane|line|vty-pool|taskgroup|usergroup)\b/,
      say: "changes who can reach the device",
    },
    {
      level: "high",
      match: /./,
      under: /^(username|usergroup|taskgroup|line|management-plane|control-plane|grpc)\b/,
      say: "changes who may sign in and what they may do",
    },
    {
      level: "medium",
      match: /^(no )?(route-policy|prefix-set|as-path-set|community-set|extcommunity-set)\b/,
      say: "changes routing policy",
    },
    { level: "medium", match: /./, under: /^(ipv4|ipv6) access-list/, say: "changes an ACL" },
    ...risks,
  ],
  unrepeatable: [/^banner /, /^(secret|password) /],
  reads: { ...iosReads, forbidden: anyOf(iosReads.forbidden, /\b(file|utility)\b/) },
};
