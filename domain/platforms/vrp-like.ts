import type { IndentedConfig, LineRule, ReadGrammar, RiskRule, SecretRule } from "./language.ts";

/*
 * What Huawei's VRP and HPE's and H3C's Comware share, which come from one root: views by indentation, `undo` takes back, `quit`
 * leaves, `#` between the sections. A platform's file takes this and adds or replaces what is its own.
 */

const INTERFACE = /^interface /;
const BGP = /^bgp /;
const IN_BGP = /^(bgp |ipv4-family |ipv6-family |l2vpn-family |address-family |ip vpn-instance )/;
const LINE = /^(user-interface|line) /;
const ACL = /^acl /;

const MASKS = Array.from({ length: 33 }, (_, length) => ({
  length,
  mask: [24, 16, 8, 0].map((shift) => (length === 0 ? 0 : ((0xffffffff << (32 - length)) >>> shift) & 255)).join("."),
}));

/** A prefix length as the mask that the device shows. */
export const asMask = (before: string): IndentedConfig["shortForms"] =>
  MASKS.map(({ length, mask }) => ({ match: new RegExp(`(?<=^${before} )${length}(?= |$)`), full: mask }));

/** A mask as the prefix length that the device shows. */
export const asLength = (before: string): IndentedConfig["shortForms"] =>
  MASKS.map(({ length, mask }) => ({
    match: new RegExp(`(?<=^${before} )${mask.replaceAll(".", "\\.")}(?= |$)`),
    full: String(length),
  }));

const VALUED =
  "description|sysname|mtu|jumboframe enable|speed|duplex|bandwidth|port link-type|port default vlan|port access vlan|port trunk pvid vlan|port hybrid pvid vlan|ospf cost|ospf dr-priority|ospf network-type|ospf timer \\S+|isis cost|vrrp vrid \\d+ (?:priority|preempt-mode timer delay|preempt-mode delay)|router-id|local-preference|apply cost|name|idle-timeout|user privilege level|authentication-mode|screen-length|history-command max-size|stp (?:cost|priority|mode|instance \\d+ (?:cost|priority))|lacp (?:priority|timeout)|max active-linknumber|info-center (?:logbuffer size|source \\S+)|timezone|clock timezone|nexthop";

export const vrpLike: Omit<IndentedConfig, "volatile" | "headers" | "interfaceNames" | "lists" | "spreads"> = {
  style: "indented",
  words: { undo: "undo", reset: null, leave: "quit", comment: "#" },
  leavesFirst: true,
  separated: true,
  indent: 1,
  closing: /^(quit|return)$/,
  subHeaders: [
    { under: BGP, header: /^(ipv4-family|ipv6-family|l2vpn-family|address-family|ip vpn-instance) \S/ },
    { under: /^ip vpn-instance /, header: /^(ipv4-family|ipv6-family|address-family)( |$)/ },
    { under: /^ospf( |v)/, header: /^area \S+$/ },
    { under: /^aaa$/, header: /^(authentication-scheme|authorization-scheme|accounting-scheme|domain) \S+$/ },
    { under: /^isis( |$)/, header: /^address-family / },
    { under: /^traffic policy |^qos policy /, header: /^classifier \S+ behavior \S+$/ },
  ],
  globalLines: [
    /^(sysname|vlan batch|ip route-static|ip (?:ip-prefix|prefix-list)|snmp-agent|ntp-service|info-center|stelnet|ssh|telnet server|clock|header|radius-server|hwtacacs-server|lldp global) ?/,
    /^stp (?:mode|enable|global|instance \d+ (?:root|priority))\b/,
  ],
  shortForms: [
    { match: /^int(?:e|er|erf|erfa|erfac)? (?=\S)/, full: "interface " },
    { match: /^desc?r?i?p?t?i?o? (?=\S)/, full: "description " },
    { match: /^shutd?o?w?$/, full: "shutdown" },
    { match: /^sysn?a?m? (?=\S)/, full: "sysname " },
    { match: /^(idle-timeout \d+)$/, full: "$1 0" },
    ...asMask("ip address \\d+\\.\\d+\\.\\d+\\.\\d+"),
  ],
  singles: [
    { match: /^(ip address) (?!.*\b(sub|dhcp-alloc|unnumbered)\b)\d/, under: INTERFACE },
    { match: new RegExp(`^(${VALUED})(?= |$)`) },
    { match: /^(traffic-filter|packet-filter|traffic-policy) (?:.* )?(inbound|outbound)(?: |$)/ },
    { match: /^(acl)(?: ipv6)? \S+ (inbound|outbound)$/, under: LINE },
    { match: /^(protocol inbound)(?= |$)/, under: LINE },
    {
      match:
        /^(peer \S+ (?:as-number|description|connect-interface|password|ebgp-max-hop|group|preferred-value|timer|keep-all-routes|next-hop-local|advertise-community|reflect-client|enable))(?= |$)/,
      under: IN_BGP,
    },
    {
      match: /^(peer \S+ (?:route-policy|ip-prefix|prefix-list|filter-policy|as-path-filter)) \S+ (import|export)$/,
      under: IN_BGP,
    },
    {
      match: /^(import-route (?:\S+ \d+|\S+))(?= |$)/,
      under: /^(bgp |ospf|isis|rip|ipv4-family|ipv6-family|address-family )/,
    },
    { match: /^(ip route-static (?:vpn-instance \S+ )?\S+ \S+ \S+)(?= |$)/ },
    { match: /^(local-user \S+ (?:password|privilege level|service-type|level|state))(?= |$)/ },
    { match: /^(snmp-agent (?:sys-info (?:contact|location|version)|local-engineid))(?= |$)/ },
    { match: /^(ntp-service (?:unicast-server|unicast-peer) \S+)(?= |$)/ },
    { match: /^(info-center loghost \S+)(?= |$)/ },
    { match: /^(stelnet|ssh server|telnet server|sftp server) (enable)$/ },
    { match: /^(ssh user \S+ (?:authentication-type|service-type))(?= |$)/ },
    { match: /^(route-policy \S+)(?: permit| deny)? (node \d+)$/ },
    { match: /^((?:ospf|ospfv3|isis) \d+)(?= |$)/ },
    { match: /^(traffic (?:classifier|policy) \S+)(?= |$)/ },
    { match: /^(apply (?:cost|local-preference|preferred-value|tag|ip-address next-hop|preference))(?= |$)/ },
    { match: /^(if-match (?:ip-prefix|acl|tag|interface|cost|ip address prefix-list))(?= |$)/ },
    { match: /^(rd|route-distinguisher)(?= )/, under: /^(ip vpn-instance|ipv4-family|ipv6-family)/ },
  ],
  exactNo: [/^ip address /],
  wholeNo: [],
  shownWhenOff: [],
  shownEitherWay: [],
  silent: [],
  defaults: [
    { under: INTERFACE, text: "mtu 1500" },
    { under: INTERFACE, text: "port default vlan 1" },
    { under: INTERFACE, text: "port access vlan 1" },
    { under: INTERFACE, text: "port trunk pvid vlan 1" },
  ],
  keepsOptions: [
    { match: /^(ospf|ospfv3|isis) \d+$/ },
    { match: /^traffic (classifier|policy) \S+$/ },
    { match: /^acl \S+ \S+$/ },
    { match: /^local-user \S+$/ },
  ],
  shownWhenFilled: [],
  unremovable: [
    /^interface (?!Vlanif|Vlan-interface|LoopBack|Eth-Trunk|Bridge-Aggregation|Route-Aggregation|Tunnel|Dialer|Virtual|Nve|NVE|\S+\.\d)/,
    /^(user-interface|line) /,
    /^aaa$/,
  ],
  translations: [],
  sequences: [
    {
      under: ACL,
      match: /^()rule (?:(\d+) )?((?:permit|deny)(?: .*)?)$/,
      write: "rule $2 $3",
      step: 5,
      numbered: true,
      remove: "rule $2",
      noByNumber: true,
    },
    {
      match: /^(ip(?:v6)? (?:ip-prefix|prefix-list) \S+|ip ipv6-prefix \S+)(?: index (\d+))? ((?:permit|deny) .*)$/,
      write: "$1 index $2 $3",
      step: 10,
      numbered: true,
      remove: "$1 index $2",
      noByNumber: true,
    },
  ],
  orderedSections: [],
  orderedGroups: [],
  removals: [
    { match: new RegExp(`^(${VALUED})(?: .*)?$`), write: "undo $1" },
    {
      match: /^(traffic-filter|packet-filter|traffic-policy) (?:.* )?(inbound|outbound)(?: .*)?$/,
      write: "undo $1 $2",
    },
    { match: /^(acl(?: ipv6)?) \S+ (inbound|outbound)$/, write: "undo $1 $2" },
    { match: /^(protocol inbound) .*$/, write: "undo $1" },
    {
      match:
        /^(peer \S+ (?:description|connect-interface|password|ebgp-max-hop|group|preferred-value|timer|as-number)) .*$/,
      write: "undo $1",
    },
    { match: /^(import-route (?:(?:ospf|isis|rip|bgp) \d+|\S+)) .*$/, write: "undo $1" },
    { match: /^(snmp-agent sys-info (?:contact|location)) .*$/, write: "undo $1" },
    { match: /^(ntp-service (?:unicast-server|unicast-peer) \S+) .*$/, write: "undo $1" },
    { match: /^(info-center loghost \S+) .*$/, write: "undo $1" },
    { match: /^(ssh user \S+ (?:authentication-type|service-type)) .*$/, write: "undo $1" },
    { match: /^(local-user \S+ (?:password|privilege level|service-type|level|state)) .*$/, write: "undo $1" },
    { match: /^(acl name \S+)(?: .*)?$/, write: "undo $1" },
    { match: /^(route-policy \S+) (?:permit|deny) (node \d+)$/, write: "undo $1 $2" },
    { match: /^(traffic (?:classifier|policy) \S+) .*$/, write: "undo $1" },
    { match: /^((?:ospf|ospfv3|isis) \d+) .*$/, write: "undo $1" },
    {
      match: /^(apply (?:cost|local-preference|preferred-value|tag|ip-address next-hop|preference)) .*$/,
      write: "undo $1",
    },
    { match: /^(if-match (?:ip-prefix|acl|tag|interface|cost)) .*$/, write: "undo $1" },
    { match: /^(acl (?:ipv6 )?(?:number |name |basic |advanced )*\S+)(?: match-order \S+)?$/, write: "undo $1" },
  ],
  sideEffects: [
    {
      under: INTERFACE,
      match: /^(undo )?ip binding vpn-instance( |$)/,
      drops: /^(ip|ipv6) address /,
      say: "the device removes the interface's addresses when its VPN instance changes",
    },
  ],
  stems: [
    { under: BGP, match: /^(peer \S+) / },
    { under: /^aaa$/, match: /^(local-user \S+) / },
  ],
  blocks: [{ start: /^header \S+(?: information)?(?= |$)/, close: { by: "delimiter" } }],
  traceless: [],
  definitions: [
    /^vlan \d/,
    /^ip vpn-instance /,
    /^acl /,
    /^(ip|ipv6) (ip-prefix|prefix-list|ipv6-prefix|as-path-filter|community-filter) /,
    /^traffic classifier /,
    /^traffic behavior /,
    /^traffic policy /,
    /^route-policy /,
    /^(radius-server|hwtacacs-server|radius scheme|hwtacacs scheme) /,
  ],
};

const FIRST_HEADERS =
  "aaa|acl|bgp|ospf|ospfv3|isis|rip|ip vpn-instance|route-policy|user-interface|traffic (?:classifier|behavior|policy)|pki (?:realm|domain)|ike (?:proposal|peer|profile|keychain)|ipsec (?:proposal|profile|transform-set)|stp region-configuration|dhcp server ip-pool|ip pool|radius scheme|hwtacacs scheme|radius-server template|hwtacacs-server template|domain|local-user \\S+ class|mpls|mpls ldp|bfd|vsi|line";
export const vrpHeaders: readonly RegExp[] = [
  /^interface \S/,
  /^vlan \d+$/,
  new RegExp(`^(?:${FIRST_HEADERS})(?: |$)`),
];

/** Lines that enter, leave, commit or save. */
export const vrpSessionLines: readonly LineRule[] = [
  { match: /^sys(t(e(m(-(v(i(e(w)?)?)?)?)?)?)?)?$/, say: "leave it out: the system view is entered for you" },
  { match: /^return$/, say: "leave it out: the system view is left for you" },
  {
    match: /^(commit|abort|rollback|clear configuration candidate)( |$)/,
    say: "leave it out: committing and going back are done for you",
  },
  { match: /^save( |$)/, say: "leave it out: the configuration is saved for you once the change is kept" },
  { match: /^(super|logout)( |$)/, say: "leave it out: signing in and raising rights are done for you" },
  {
    match: /^(screen-length|undo terminal|terminal)( |$).*(temporary|disable|monitor)/,
    say: "leave it out: paging is set for you",
  },
];

export const vrpExecLines: readonly LineRule[] = [
  {
    match:
      /^(display|reset|reboot|delete|undelete|format|rename|mkdir|rmdir|copy|move|debugging|ping|tracert|telnet|ssh2|stelnet \d|ftp|sftp|tftp|dir|more|startup|schedule|language-mode|boot-loader|install|backup|restore|archive|run|python|tclsh|bash)( |$)/,
    say: "is a command of the user view, not configuration; it cannot be compared, verified or taken back in a change of configuration",
  },
  {
    match: /^(interface range|port-group) |^interface \S+ to \S+/,
    say: "names several interfaces; write each interface with its lines, so that each can be planned",
  },
  { match: /^header /, say: "is input of several lines, which is not supported in a change on this platform" },
  {
    match: /^(rsa|dsa|ecc|public-key) (peer-public-key|local-key-pair|peer|local)/,
    say: "is not supported in a change on this platform: it asks questions or takes a key over several lines",
  },
];

const CRYPT = "(?:irreversible-cipher|cipher|simple|plain|hash)";
const WORD = '("(?:[^"\\\\]|\\\\.)*"|\\S+)';
/** Something in between, not without end: what a device prints may be made to keep a pattern busy. */
const SOME = ".{0,400}?";
const ALGORITHM = "(?:md5|sha|sha2-\\d+|des56|3des|3des168|aes\\d+)";
export const vrpSecrets: readonly SecretRule[] = [
  { match: /^(ssh (?:server|client) .*)$/ },
  {
    match: new RegExp(
      `^(snmp-agent usm-user ${SOME}authentication-mode \\S+ (?:${CRYPT} )?)${WORD}( privacy-mode \\S+ (?:${CRYPT} )?)${WORD}`,
    ),
  },
  {
    match: new RegExp(
      `^(snmp-agent usm-user ${SOME}(?:authentication-mode|privacy-mode) (?:(?!${CRYPT} )\\S+ )?(?:${CRYPT} )?)(?!${ALGORITHM}$)${WORD}`,
    ),
  },
  { match: new RegExp(`^(snmp-agent community (?:(?:read|write) )?(?:${CRYPT} )?)(?!complexity-check)${WORD}`) },
  { match: new RegExp(`^(snmp-agent target-host ${SOME}securityname (?:${CRYPT} )?)${WORD}`) },
  {
    match: new RegExp(
      `^((?:${SOME} )?(?:(?:area-|domain-)?authentication-mode|authentication) (?:hmac-)?(?:md5|sha\\S{0,20}|simple)(?: (?:\\d+|usual|nonstandard|rfc\\d+))? (?:${CRYPT} )?)${WORD}`,
    ),
  },
  {
    match: new RegExp(
      `^((?:${SOME} )?(?:password|shared-key|key-string|pre-shared-key|pass-phrase|key)(?: \\S{1,64}){0,4}? ${CRYPT} )${WORD}`,
    ),
  },
  { match: new RegExp(`^((?:${SOME} )?${CRYPT} )(\\S*[$%^#@&]\\S*)`) },
  { match: new RegExp(`^((?:${SOME} )?pass-phrase (?:${CRYPT} )?)${WORD}`) },
  { match: new RegExp(`^(md5-password (?:all )?${CRYPT} (?:\\S+ )?)${WORD}$`) },
  { match: new RegExp(`^(md5-authentication \\S+ (?:${CRYPT} )?)${WORD}`) },
  { match: new RegExp(`^(sa (?:string-key|hex-key|\\S{1,40}-hex) (?:\\S{1,40} ){1,4}?${CRYPT} )${WORD}`) },
  { match: new RegExp(`^(sa (?:string-key|hex-key|\\S{1,40}-hex) (?:\\S{1,40} ){2,3})(?!${CRYPT} )${WORD}$`) },
  { match: /^(pin verify (?:auto )?)(\d+)/ },
];

export const vrpRisks: readonly RiskRule[] = [
  { level: "high", match: /^undo (bgp|ospf|isis|rip)( |$)/, say: "takes a routing process away" },
  {
    level: "high",
    match: /^undo (interface|vlan|ip vpn-instance) /,
    say: "removes an interface, VLAN or VPN instance with all that is in it",
  },
  { level: "high", match: /^undo ip route-static /, say: "removes a static route" },
  { level: "high", match: /^shutdown$/, under: INTERFACE, say: "takes an interface down" },
  { level: "high", match: /^(undo )?(ip|ipv6) address\b/, under: INTERFACE, say: "changes an interface's address" },
  {
    level: "high",
    match: /^(undo )?ip binding vpn-instance/,
    under: INTERFACE,
    say: "moves an interface to another VPN instance, which removes its addresses",
  },
  {
    level: "high",
    match: /^(undo )?(port link-type|port link-mode)\b/,
    under: INTERFACE,
    say: "changes an interface's kind, which removes its VLANs",
  },
  { level: "high", match: /^(undo )?(traffic-filter|packet-filter)\b/, say: "changes which ACL filters traffic" },
  {
    level: "high",
    match: /^(undo )?peer \S+ (as-number|ignore|password|group|connect-interface|ebgp-max-hop)\b|^undo peer \S+$/,
    say: "resets or ends a BGP session",
  },
  { level: "high", match: /./, under: LINE, say: "changes who can reach the device's own lines" },
  {
    level: "high",
    match:
      /^(undo )?(local-user|aaa|super|radius|hwtacacs|radius-server|hwtacacs-server|stelnet|ssh|telnet|sftp|http)\b/,
    say: "changes who may sign in and over what",
  },
  { level: "high", match: /./, under: /^(aaa|domain|radius|hwtacacs|local-user)\b/, say: "changes who may sign in" },
  {
    level: "high",
    match: /^undo acl /,
    say: "removes a whole ACL: what refers to it then lets everything or nothing through",
  },
  { level: "medium", match: /./, under: ACL, say: "changes an ACL" },
  {
    level: "medium",
    match: /^(undo )?ip(v6)? (route-static|ip-prefix|prefix-list|as-path-filter|community-filter)\b/,
    say: "changes routing policy or static routes",
  },
  {
    level: "medium",
    match: /./,
    under: /^(bgp|ospf|isis|rip|route-policy|ip vpn-instance|traffic|qos)\b/,
    say: "changes routing or traffic policy",
  },
  { level: "medium", match: /^(undo )?(stp|port|vlan|eth-trunk|link-aggregation)\b/, say: "changes switching" },
  { level: "medium", match: /^undo shutdown$/, under: INTERFACE, say: "brings an interface up" },
  {
    level: "medium",
    match: /^(undo )?(mtu|speed|duplex|ospf|isis)\b/,
    under: INTERFACE,
    say: "changes how a link works",
  },
];

export const vrpReads: ReadGrammar = {
  commands: [
    /^(display|disp|dis) \S.*$/,
    /^ping(?: -(?:c (?:100|[1-9]\d?)|[tms] \d{1,4}|(?:a|i|vpn-instance) [\w.:/-]+))* [\w.:][\w.:-]*$/,
    /^tracert(?: -(?:a|vpn-instance) [\w.:/-]+)* [\w.:][\w.:-]*$/,
    /^dir( [\w-]+:\/?)?$/,
  ],
  forbidden: /[>;?`$&\\]|\b(redirect|tee|append|save|refuse)\b|^dis\S* +d(?:i(?:a(?:g\S*)?)?)?(?= |$)/i,
  pipes: [/^(include|exclude|begin|section include) \S.*$/, /^(count|no-more)( \S.*)?$/],
  quotes: false,
  examples: "`display …`, `ping …`, `tracert …`, with `| include`, `exclude`, `begin` or `count`",
};
