import { anyOf, NEVER_ENDS, pingRead, tracerouteRead } from "./read-rules.ts";
import type { IndentedConfig, LineRule, ReadGrammar, RiskRule } from "./language.ts";

/*
 * What IOS, EOS and FRR share. A platform's file takes this and adds or replaces what is its own.
 */

const BGP = /^router bgp /;
/** Where a neighbour without its AS is none. */
export const NEIGHBOR_BY_REMOTE_AS: IndentedConfig["stems"][number] = {
  under: /^(router bgp |vrf )/,
  match: /^(neighbor \S+) /,
  alsoBy: /^(neighbor \S+) remote-as\b/,
};
export const AF_IN_BGP = /^(router bgp |address-family |vrf )/;
const INTERFACE = /^interface /;
const NAMED_ACL = /^(ip|ipv6|mac) access-list /;

export const headers: readonly RegExp[] = [
  /^interface \S/,
  /^router (?!-)\S+/,
  /^(line|vlan|controller|redundancy|archive|key chain|track|policy-map|class-map|route-map|control-plane|dial-peer|voice)( |$)/,
  /^vrf (definition|instance) \S/,
  /^ip vrf \S+$/,
  /^(ip|ipv6|mac) access-list (?!logging|log-update|resequence)/,
  /^ip sla \d+$/,
  /^ip dhcp pool /,
  /^aaa group server /,
  /^(tacacs|radius) server /,
  /^crypto (isakmp (policy|profile)|ipsec (transform-set|profile)|map \S+ \d+|pki (trustpoint|certificate chain)|ikev2 \S+) ?/,
  /^(flow (record|exporter|monitor)|monitor session \d+ type|event manager applet|template|object-group|bridge-domain|l2vpn|mpls ldp$|segment-routing)( |$)/,
];

export const subHeaders: readonly { under: RegExp; header: RegExp }[] = [
  { under: BGP, header: /^address-family / },
  { under: /^address-family l2vpn evpn/, header: /^vni \d/ },
  { under: /^router (eigrp|isis|ospfv3|rip)/, header: /^(address-family|af-interface|service-family) / },
  { under: /^address-family /, header: /^(af-interface |topology )/ },
  { under: /^vrf (definition|instance) /, header: /^address-family / },
  { under: /^policy-map /, header: /^class / },
  { under: /^class /, header: /^police / },
  { under: /^key chain /, header: /^key \d+$/ },
  { under: /^archive$/, header: /^log config$/ },
  { under: /^crypto pki certificate chain /, header: /^certificate / },
];

const globalLines: readonly RegExp[] = [
  /^(hostname|username|enable|aaa (new-model|authentication|authorization|accounting|session-id)|service|clock|boot|banner|snmp-server|tacacs-server|radius-server) /,
  /^aaa new-model$/,
  /^(ip|ipv6) (route|routing|unicast-routing|multicast-routing|prefix-list|community-list|large-community-list|extcommunity-list|as-path|name-server|domain|domain-name|domain-lookup|http|ssh|scp|cef|host|ftp|tftp|nat (inside|outside|pool) source|dhcp (excluded-address|snooping))( |$)/,
  /^bgp (as-path|community-list|large-community-list|extcommunity-list) /,
  /^access-list \d/,
  /^ntp (server|peer|source|authenticate|authentication-key|trusted-key|master|access-group|update-calendar|max-associations|local-interface|serve)( |$)/,
  /^logging (?!event|synchronous|enable|size|persistent auto)\S/,
  /^spanning-tree (mode|vlan|extend|mst configuration|pathcost|logging)/,
  /^(lldp|cdp) run$/,
  /^vtp /,
  /^(frr|log|debug|allow-external-route-update|agentx) /,
  /^end$/,
];

export const singles: IndentedConfig["singles"] = [
  { match: /^(hostname|version) / },
  { match: /^(network \S+(?: \S+)?) area /, under: /^router ospf/ },
  { match: /^(description) / },
  { match: /^(name) /, under: /^vlan / },
  { match: /^(ip address) (?!.*\b(secondary|dhcp pool)\b)/, under: INTERFACE },
  {
    match:
      /^(bandwidth|delay|mtu|ip mtu|ipv6 mtu|ip tcp adjust-mss|speed|duplex|load-interval|encapsulation|carrier-delay|mac-address|vrf forwarding|ip vrf forwarding|vrf|ip unnumbered|channel-group|tunnel \S+|storm-control \S+ level) /,
    under: INTERFACE,
  },
  {
    match: /^(ip ospf (?:cost|priority|hello-interval|dead-interval|network|authentication-key|area|mtu-ignore)) /,
    under: INTERFACE,
  },
  { match: /^(ip ospf message-digest-key \d+) /, under: INTERFACE },
  { match: /^(isis (?:metric|network|circuit-type|password|hello-interval|priority)) /, under: INTERFACE },
  { match: /^(ip ospf) \d+ (area) /, under: INTERFACE },
  {
    match: /^(switchport (?:mode|access vlan|voice vlan|trunk native vlan|trunk allowed vlan|trunk encapsulation)) /,
    under: INTERFACE,
  },
  { match: /^(ip access-group) \S+ (in|out)$/, under: INTERFACE },
  { match: /^(ipv6 traffic-filter) \S+ (in|out)$/, under: INTERFACE },
  { match: /^(service-policy) (input|output) /, under: INTERFACE },
  { match: /^(spanning-tree (?:cost|port-priority|portfast|bpduguard|guard|link-type))(?= |$)/, under: INTERFACE },
  { match: /^((?:standby|vrrp) \d+ (?:ip|priority|timers|authentication)) /, under: INTERFACE },
  {
    match:
      /^(neighbor \S+ (?:remote-as|description|update-source|password|timers|local-as|ebgp-multihop|maximum-prefix|maximum-routes|weight|peer-group|peer group|send-community|ttl|allowas-in|advertisement-interval|default-originate))(?= |$)/,
    under: AF_IN_BGP,
  },
  {
    match: /^(neighbor \S+ (?:route-map|prefix-list|filter-list|distribute-list|unsuppress-map)) \S+ (in|out)$/,
    under: AF_IN_BGP,
  },
  {
    match:
      /^(router-id|bgp router-id|bgp cluster-id|timers bgp|distance bgp|maximum-paths|maximum-paths ibgp|timers \S+|auto-cost reference-bandwidth|ospf router-id|distance|default-metric|default-information originate|net|is-type|metric-style|max-lsa)(?= |$)/,
    under: /^(router |address-family |vrf )/,
  },
  {
    match: /^(redistribute (?:(?:ospf|ospfv3|bgp|isis|eigrp|table) \d+|\S+))(?= |$)/,
    under: /^(router |address-family |vrf )/,
  },
  { match: /^(rd) /, under: /^(vrf|ip vrf|router)/ },
  {
    match:
      /^(set (?:local-preference|metric|metric-type|weight|origin|tag|community|large-community|comm-list|as-path prepend|ip next-hop|ipv6 next-hop \S+|interface|extcommunity \S+|distance)) /,
    under: /^route-map /,
  },
  {
    match:
      /^(exec-timeout|session-timeout|privilege level|transport input|transport output|transport preferred|login authentication|authorization \S+|accounting \S+|history size|length|width|absolute-timeout|password) /,
    under: /^line /,
  },
  { match: /^(access-class) \S+ (in|out)/, under: /^line / },
  { match: /^(ipv6 access-class) \S+ (in|out)/, under: /^line / },
  { match: /^(key-string|cryptographic-algorithm|send-lifetime|accept-lifetime) /, under: /^key \d/ },
  { match: /^(key|address ipv4|timeout) /, under: /^(tacacs|radius) server/ },
  { match: /^(username \S+) / },
  { match: /^(enable (?:secret|password)(?: level \d+)?) / },
  {
    match:
      /^(snmp-server (?:community \S+|location|contact|chassis-id|source-interface \S+|trap-source|engineID local|view \S+ \S+|group \S+ \S+ \S+))(?= |$)/,
  },
  {
    match:
      /^(ntp (?:(?:server|peer)(?: vrf \S+)? \S+|source|source-interface|local-interface|authentication-key \d+|master|access-group \S+))(?= |$)/,
  },
  {
    match:
      /^(logging (?:buffered|trap|console|monitor|facility|origin-id|source-interface|rate-limit|history|count))(?= |$)/,
  },
  { match: /^(clock (?:timezone|summer-time)) / },
  { match: /^((?:ip )?domain(?:-| )name) / },
  {
    match:
      /^(ip (?:domain name|default-gateway|ssh version|ssh time-out|ssh authentication-retries|ssh source-interface|http access-class|http max-connections|tacacs source-interface|radius source-interface|ftp source-interface|ftp username|ftp password|http port)) /,
  },
  { match: /^((?:ip|ipv6) route (?:vrf \S+ )?\S+\/\d+ \S+)(?= |$)/ },
  { match: /^(ip route (?:vrf \S+ )?\d\S+ \d\S+ \S+)(?= |$)/ },
  { match: /^(tacacs-server (?:host \S+|key|timeout)|radius-server (?:host \S+|key|timeout)) / },
  { match: /^(spanning-tree (?:mode|vlan \S+ priority|extend)) / },
  { match: /^(aaa (?:authentication|authorization|accounting) \S+(?: \d+)? \S+) / },
  { match: /^(service timestamps \S+) / },
  { match: /^(vtp (?:mode|domain|password|version)) / },
  { match: /^(boot system) / },
  { match: /^(crypto isakmp key) \S+ (address \S+)/ },
  { match: /^(route-map \S+) (?:permit|deny) (\d+)$/ },
  { match: /^(class-map) (?:match-any |match-all |type \S+ (?:match-any |match-all )?)(\S+)$/ },
];

const lists: IndentedConfig["lists"] = [
  {
    match: /^(switchport trunk allowed vlan) ([\d,-]+)$/,
    add: /^(switchport trunk allowed vlan) add ([\d,-]+)$/,
    remove: /^(switchport trunk allowed vlan) remove ([\d,-]+)$/,
    values: "ranges",
  },
];

const sequences: IndentedConfig["sequences"] = [
  {
    under: NAMED_ACL,
    match: /^()(?:(\d+) )?((?:permit|deny|remark|evaluate) .*)$/,
    write: "$2 $3",
    step: 10,
    numbered: false,
    remove: "$2",
  },
  {
    match: /^((?:ip|ipv6) prefix-list \S+)(?: seq (\d+))? ((?:permit|deny) .*)$/,
    write: "$1 seq $2 $3",
    step: 5,
    numbered: true,
    remove: "$1 seq $2 $3",
  },
];

const removals: IndentedConfig["removals"] = [
  { match: /^(description|hostname|key-string|name) .*$/, write: "no $1" },
  { match: /^(username \S+) .*$/, write: "no $1" },
  { match: /^(enable (?:secret|password)(?: level \d+)?) .*$/, write: "no $1" },
  { match: /^(snmp-server (?:community \S+|location|contact)) .*$/, write: "no $1" },
  { match: /^(neighbor \S+ (?:password|description)) .*$/, write: "no $1" },
  { match: /^(ip ospf (?:authentication-key|message-digest-key \d+)) .*$/, write: "no $1" },
  { match: /^(ntp authentication-key \d+) .*$/, write: "no $1" },
  { match: /^((?:tacacs-server|radius-server) (?:host \S+)) .*$/, write: "no $1" },
  { match: /^((?:tacacs-server|radius-server) key) .*$/, write: "no $1" },
  { match: /^(key) .*$/, write: "no $1" },
  { match: /^(redistribute (?:(?:ospf|ospfv3|bgp|isis|eigrp|table) \d+|\S+)) .*$/, write: "no $1" },
  { match: /^(banner \S+)$/, write: "no $1" },
  { match: /^(logging (?:trap|origin-id|buffered|facility|console|monitor)) .*$/, write: "no $1" },
  { match: /^(switchport trunk allowed vlan) .*$/, write: "no $1" },
];

export const iosLike: Omit<IndentedConfig, "volatile" | "closing" | "indent" | "blocks"> = {
  style: "indented",
  words: { undo: "no", reset: "default", leave: "exit", comment: "!" },
  leavesFirst: false,
  separated: false,
  headers,
  subHeaders,
  globalLines,
  shortForms: [
    { match: /^int (?=\S)/, full: "interface " },
    { match: /^inter?f?a?c?e? (?=\S)/, full: "interface " },
    { match: /^desc?r?i?p?t?i?o? (?=\S)/, full: "description " },
    { match: /^ip addr?e?s? (?=\d)/, full: "ip address " },
    { match: /^shutd?o?w?$/, full: "shutdown" },
    { match: /^neigh?b?o? (?=\S)/, full: "neighbor " },
    { match: /^hostn?a?m? (?=\S)/, full: "hostname " },
    { match: /^router? (?=(bgp|ospf|isis|eigrp|rip|ospfv3)\b)/, full: "router " },
  ],
  interfaceNames: [
    { short: /^(?:gi|gig|giga|gigabit|gigabiteth|gigabitethernet)(?=\d)/i, full: "GigabitEthernet" },
    { short: /^(?:te|ten|tengig|tengigabitethernet)(?=\d)/i, full: "TenGigabitEthernet" },
    { short: /^(?:twe|twentyfivegige)(?=\d)/i, full: "TwentyFiveGigE" },
    { short: /^(?:fo|fortygigabitethernet)(?=\d)/i, full: "FortyGigabitEthernet" },
    { short: /^(?:hu|hundredgige)(?=\d)/i, full: "HundredGigE" },
    { short: /^(?:fa|fast|fastethernet)(?=\d)/i, full: "FastEthernet" },
    { short: /^(?:et|eth|ethernet)(?=\d)/i, full: "Ethernet" },
    { short: /^(?:lo|loop|loopback)(?=\d)/i, full: "Loopback" },
    { short: /^(?:po|port-channel)(?=\d)/i, full: "Port-channel" },
    { short: /^(?:vl|vlan)(?=\d)/i, full: "Vlan" },
    { short: /^(?:tu|tun|tunnel)(?=\d)/i, full: "Tunnel" },
    { short: /^(?:se|ser|serial)(?=\d)/i, full: "Serial" },
  ],
  singles,
  exactNo: [/^ip address /],
  wholeNo: [],
  shownWhenOff: [
    {
      match:
        /^(service pad|aaa root|ip domain[ -]lookup|ip source-route|ip bootp server|cdp run|cdp enable|lldp transmit|lldp receive|ip redirects|ip unreachables|ip proxy-arp|ip route-cache|switchport|auto-summary|synchronization|mop enabled)$/,
    },
    { match: /^bgp default ipv4-unicast$/ },
    { match: /^passive-interface (?!default)/, under: /^router /, given: "passive-interface default" },
  ],
  shownEitherWay: [/^ip (http (secure-)?server|routing( vrf \S+)?)$/, /^(negotiation auto|keepalive)$/],
  silent: [],
  defaults: [{ under: INTERFACE, text: "mtu 1500" }],
  keepsOptions: [{ match: /^redistribute / }, { match: /^default-information originate/ }],
  shownWhenFilled: [],
  unremovable: [
    /^interface (?!Loopback|Vlan|Port-[Cc]hannel|Tunnel|BVI|BDI|Vxlan|Dialer|Virtual|nve|Multilink|\S+\.\d)/,
  ],
  translations: [],
  spreads: [],
  sequences,
  orderedSections: [NAMED_ACL, /^policy-map /],
  orderedGroups: [
    /^(access-list \S+) /,
    /^((?:ip|bgp) as-path access-list \S+) /,
    /^((?:ip|bgp) (?:large-|ext)?community-list (?:standard |expanded )?\S+) /,
    /^((?:ip|ipv6) prefix-list \S+) /,
  ],
  lists,
  removals,
  sideEffects: [
    {
      under: INTERFACE,
      match: /^(no )?(ip )?vrf forwarding( |$)/,
      drops: /^(ip|ipv6) address /,
      say: "the device removes the interface's addresses when its VRF changes",
    },
  ],
  stems: [{ under: /^(router bgp |vrf )/, match: /^(neighbor \S+) / }],
  traceless: [/^crypto key (generate|zeroize)/, /^(clear|test) /],
  definitions: [
    /^(vrf|ip vrf) /,
    /^vlan \d/,
    /^(ip|ipv6|mac) access-list /,
    /^access-list /,
    /^(ip|ipv6) (prefix-list|community-list|as-path|large-community-list|extcommunity-list) /,
    /^bgp (as-path|community-list|large-community-list|extcommunity-list) /,
    /^(ip )?(key chain|object-group) /,
    /^class-map /,
    /^policy-map /,
    /^route-map /,
    /^(tacacs|radius) server /,
    /^aaa group /,
  ],
};

/** Lines that enter, leave, commit or save. */
export const sessionLines: readonly LineRule[] = [
  {
    match: /^conf(i|ig|igu|igur|igure)?( t(e(r(m(i(n(a(l)?)?)?)?)?)?)?)?$/,
    say: "leave it out: configuration mode is entered for you",
  },
  {
    match: /^configure (session|checkpoint|replace|revert|exclusive|terminal|confirm)\b/,
    say: "leave it out: sessions, checkpoints and reverts are the engine's",
  },
  {
    match: /^(end|commit|abort|rollback)( |$)/,
    say: "leave it out: leaving and committing is done for you, after the checks",
  },
  {
    match: /^(wr|wri|writ|write)( (mem(ory)?|term(inal)?|file|integrated|erase|net\S*))?$/,
    say: "leave it out: the configuration is saved for you once the change is kept",
  },
  {
    match: /^copy( |$)/,
    say: "leave it out: copying files is no configuration; the running config is saved for you once the change is kept",
  },
  {
    match: /^(en|ena|enable|disable|logout|quit)$/,
    say: "leave it out: signing in, enable and signing out are done for you",
  },
  { match: /^do( |$)/, say: "leave it out: a command of the exec mode is no configuration; make it a check" },
  { match: /^(terminal|term) /, say: "leave it out: paging and width are set for you" },
];

const exec = (words: string): LineRule => ({
  match: new RegExp(`^(${words})( |$)`),
  say: "is a command of the exec mode, not configuration; it cannot be compared, verified or taken back in a change of configuration",
});
export const execLines: readonly LineRule[] = [
  exec(
    "reload|clear|delete|erase|format|squeeze|rename|mkdir|rmdir|debug|undebug|ping|traceroute|telnet|ssh|show|test|dir|more|verify|request|reset|send|start|bash|python|zerotouch|install|archive download-sw",
  ),
  {
    match: /^interface range /,
    say: "names several interfaces; write each interface with its lines, so that each can be planned",
  },
  {
    match: /^interface \S+\d\s*[-,]\s*\S/,
    say: "names several interfaces; write each interface with its lines, so that each can be planned",
  },
  { match: /^macro |^define interface-range/, say: "runs a macro; write the lines that it stands for" },
];

export const risks: readonly RiskRule[] = [
  { level: "high", match: /^no router /, say: "takes a routing process away" },
  {
    level: "high",
    match: /^no (interface|vlan|vrf|ip vrf) /,
    say: "removes an interface, VLAN or VRF with all that is in it",
  },
  { level: "high", match: /^(no )?(ip|ipv6) routing$/, say: "switches routing on or off" },
  { level: "high", match: /^no (ip|ipv6) route /, say: "removes a static route" },
  { level: "high", match: /^shutdown$/, under: INTERFACE, say: "takes an interface down" },
  { level: "high", match: /^(no )?(ip|ipv6) address\b/, under: INTERFACE, say: "changes an interface's address" },
  {
    level: "high",
    match: /^(no )?(ip )?vrf forwarding/,
    under: INTERFACE,
    say: "moves an interface to another VRF, which removes its addresses",
  },
  {
    level: "high",
    match: /^(no )?(ip access-group|ipv6 traffic-filter|access-class|ipv6 access-class)\b/,
    say: "changes which ACL filters traffic or logins",
  },
  {
    level: "high",
    match: /^switchport trunk allowed vlan (?!add |remove )/,
    under: INTERFACE,
    say: "replaces the whole list of VLANs on a trunk",
  },
  {
    level: "high",
    match:
      /^(no )?(neighbor \S+ (remote-as|shutdown|local-as|password|peer-group|update-source|ebgp-multihop)\b|neighbor \S+$)/,
    say: "resets or ends a BGP session",
  },
  { level: "high", match: /./, under: /^line (vty|con|aux)/, say: "changes who can reach the device's own lines" },
  {
    level: "high",
    match: /^(no )?(aaa|tacacs|radius|tacacs-server|radius-server|username|enable|privilege|service password)\b/,
    say: "changes who may sign in and what they may do",
  },
  { level: "high", match: /^(no )?(ip ssh|crypto|management|ip http)\b/, say: "touches the management plane" },
  {
    level: "high",
    match: /./,
    under: /^(management|control-plane|aaa group|tacacs server|radius server)/,
    say: "touches the management plane",
  },
  { level: "high", match: /^(no )?(boot|config-register)\b/, say: "changes how the device starts" },
  {
    level: "high",
    match: /^no (ip|ipv6|mac) access-list|^no access-list /,
    say: "removes a whole ACL: what refers to it then lets everything or nothing through",
  },
  { level: "medium", match: /./, under: NAMED_ACL, say: "changes an ACL" },
  { level: "medium", match: /^access-list /, say: "changes an ACL" },
  {
    level: "medium",
    match: /^(no )?(ip|ipv6) (route|prefix-list|community-list|as-path)\b/,
    say: "changes routing policy or static routes",
  },
  {
    level: "medium",
    match: /./,
    under: /^(router|route-map|key chain|vrf|ip vrf|policy-map|class-map)\b/,
    say: "changes routing or traffic policy",
  },
  { level: "medium", match: /^(no )?(spanning-tree|vtp|switchport|channel-group)\b/, say: "changes switching" },
  { level: "medium", match: /^no shutdown$/, under: INTERFACE, say: "brings an interface up" },
  {
    level: "medium",
    match: /^(mtu|ip mtu|speed|duplex|encapsulation|ip ospf|isis|tunnel)\b/,
    under: INTERFACE,
    say: "changes how a link works",
  },
];

export const iosReads: ReadGrammar = {
  commands: [
    /^(show|sh|sho) \S.*$/,
    pingRead({ counts: "repeat|count", values: "source|vrf" }),
    tracerouteRead("source|vrf"),
    /^dir( [\w-]+:)?$/,
  ],
  forbidden: anyOf(/[>;?`$&\\]|\b(redirect|tee|append|save)\b/, NEVER_ENDS),
  pipes: [
    /^(include|inc|i|exclude|exc|e|begin|beg|b|section|sec|s) \S.*$/,
    // where `grep` is that of Unix, a second word is a file, and so is the word behind `-f`
    /^grep (?:-[ivwcn] )?[\w.:/,@=+][\w.:/,@=+-]*$/,
    /^count( \S.*)?$/,
    /^(json( native| pretty)?|no-more|nz)$/,
  ],
  quotes: false,
  examples: "`show …`, `ping …`, `traceroute …`, with `| include`, `exclude`, `begin`, `section` or `count`",
};
