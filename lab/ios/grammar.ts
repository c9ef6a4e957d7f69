import type { ModeText } from "../config/dialect.ts";
import { bgpModes } from "./grammar-bgp.ts";

const GLOBAL = `
hostname / <hostname>
version / <word>
service timestamps (debug | log) / [datetime { msec | localtime | show-timezone | year } | uptime]
service (password-encryption | tcp-keepalives-in | tcp-keepalives-out | sequence-numbers | compress-config | linenumber | call-home)
service (pad | dhcp | config)  @on
platform <line>
boot-start-marker
boot-end-marker
boot system <line>
enable secret / $secret  @hook:secret
enable password / $secret  @hook:secret
username <word> / { privilege <0-15> } [(secret | password) $secret]  @hook:username
username <word> nopassword
aaa new-model
aaa authentication (login | enable | ppp | dot1x) (default | <word>) / { local | enable | line | none | local-case | group <word> }
aaa authorization (exec | network | config-commands | console | commands <0-15>) (default | <word>) / { local | none | if-authenticated | group <word> }
aaa accounting (exec | network | system | commands <0-15>) (default | <word>) / (start-stop | stop-only | none) [group <word>]
aaa session-id / (common | unique)
aaa group server (tacacs+ | radius) <word>  => sg
tacacs server <word>  => server-tacacs
radius server <word>  => server-radius
tacacs-server (host <host> | key | timeout | directed-request) / [<line>]
radius-server (host <host> | key | timeout | retransmit) / [<line>]
ip domain (name | list) / <word>
ip domain lookup [source-interface <ifname>]  @on
ip domain-name / <word>  @hook:old-domain
ip domain-lookup  @on @hook:old-domain
ip name-server <ip>
ip host <word> / <ip>
ip cef  @on
ipv6 cef
ipv6 unicast-routing
ip routing  @on
ip source-route  @on
ip bootp server  @on
ip finger
ip classless  @on
ip subnet-zero  @on
ip forward-protocol / (nd | udp [<port>])
ip http server  @on
ip http secure-server  @on
ip http (access-class | authentication | max-connections | timeout-policy) / <line>
ip ssh version / (1 | 2)
ip ssh (time-out | authentication-retries) / <1-120>
ip ssh source-interface / <ifname>
ip ssh (server | client) algorithm (encryption | mac | kex | hostkey | publickey) / <line>
ip scp server enable
ip ftp source-interface / <ifname>
ip tftp source-interface / <ifname>
ip tacacs source-interface / <ifname>
ip radius source-interface / <ifname>
ip multicast-routing [distributed]
ip pim rp-address / <ip>
ip route [vrf <word>] <ip> <mask> (<ip> | <ifname> [<ip>]) / [<1-255>] { name <word> | tag <1-4294967295> | permanent | track <1-1000> }  @hook:route
ip route <ip> <mask>  @prefix
ipv6 route <prefix6> (<ip6> | <ifname>) / [<1-254>]
ip prefix-list <word> description / <line>
ip prefix-list <word> seq <1-4294967294> / (permit | deny) <prefix> [ge <1-32>] [le <1-32>]  @hook:prefix-list
ip prefix-list <word> (permit | deny) <prefix> [ge <1-32>] [le <1-32>]  @hook:prefix-list
ip prefix-list <word>  @prefix
ip as-path access-list <1-500> (permit | deny) <line>
ip as-path access-list <1-500>  @prefix
ip community-list (standard | expanded) <word> (permit | deny) <line>
ip community-list <1-500> (permit | deny) <line>
ip access-list extended <word>  => ext-nacl
ip access-list standard <word>  => std-nacl
ip access-list resequence <word> <1-2147483647> <1-2147483647>
access-list (<1-99> | <1300-1999>) ($std-acl | remark <line>)
access-list (<100-199> | <2000-2699>) ($acl | remark <line>)
access-list <1-2699>  @prefix
ip sla <1-2147483647>  => ip-sla
ip sla schedule <1-2147483647> / <line>
track <1-1000> / (interface <ifname> line-protocol | ip sla <1-2147483647> [(reachability | state)])  => track
ip vrf <word>  => vrf-old
vrf definition <word>  => vrf
vlan <vlans>  => vlan
vtp mode / (server | client | transparent | off)
spanning-tree mode / (pvst | rapid-pvst | mst)
spanning-tree extend system-id
spanning-tree vlan <vlans> priority / <0-61440>
spanning-tree portfast (default | bpduguard default)
lldp run
cdp run  @on
errdisable recovery (cause <word> | interval <30-86400>)
class-map [(match-any | match-all)] <word>  => cmap @hook:class-map
policy-map <word>  => pmap
interface <ifname>  => if @hook:interface
router ospf <1-65535> [vrf <word>]  => router-ospf
router bgp <asn>  => router-bgp @hook:router-bgp
router eigrp <word>  => router-other
router rip  => router-other
router isis [<word>]  => router-other
route-map <word> [(permit | deny)] [<0-65535>]  => route-map @hook:route-map
route-map <word>  @prefix
key chain <word>  => keychain
crypto key generate rsa [general-keys] [modulus <512-4096>]  @hook:discard
crypto (isakmp | ipsec | map | pki) <line>
logging buffered / [<4096-2147483647>] [$level]  @on
logging (console | monitor) / [$level]  @on
logging trap / [$level]
logging facility / $facility
logging origin-id / (hostname | ip | string <word>)
logging source-interface / <ifname> [vrf <word>]
logging host <host> [vrf <word>] / [transport (udp | tcp) [port <1-65535>]]
logging <host>  @hook:logging-host
logging on  @on
logging userinfo
logging rate-limit / <line>
archive  => archive
snmp-server community <word> / [view <word>] [(RO | RW)] [<word>]
snmp-server (location | contact | chassis-id) / <line>
snmp-server enable traps [<line>]
snmp-server host <host> / [vrf <word>] [(traps | informs)] [version (1 | 2c | 3 (auth | noauth | priv))] <word> [<line>]
snmp-server (trap-source | source-interface (traps | informs)) / <ifname>
snmp-server ifindex persist
snmp-server view <word> <word> / (included | excluded)
snmp-server group <word> (v1 | v2c | v3 (auth | noauth | priv)) / [<line>]
snmp-server user <word> <word> / <line>
snmp-server engineID local / <word>
ntp server [vrf <word>] <host> / { prefer | iburst | version <1-4> | key <1-65535> | source <ifname> | minpoll <4-17> | maxpoll <4-17> }
ntp peer <host> / { prefer | version <1-4> | key <1-65535> | source <ifname> }
ntp source / <ifname>
ntp (authenticate | logging | update-calendar | passive)
ntp authentication-key <1-65535> md5 / <word> [<0-7>]
ntp trusted-key <1-65535>
ntp master / [<1-15>]
ntp access-group (peer | serve | serve-only | query-only) / <word>
clock timezone / <word> <line>
clock summer-time / <word> recurring [<line>]
banner (motd | login | exec | incoming) / <line>  @text
alias (exec | configure | interface) <word> / <line>
line con <0-0>  => line
line aux <0-0>  => line
line vty <0-98> [<0-98>]  => line
privilege (exec | configure | interface) level <0-15> <line>
event manager applet <word>  => applet
scheduler allocate <1-65535> <1-65535>
memory reserve critical <1-65536>
login block-for <1-65535> attempts <1-65535> within <1-65535>
login (on-failure | on-success) / [log]
control-plane  => control-plane
redundancy  => redundancy
license <line>
mpls label protocol / (ldp | tdp)
mpls ldp router-id / <ifname> [force]
mpls ip  @on
ip flow-export (destination <ip> <1-65535> | source <ifname> | version (5 | 9))
ip nat inside source (list <word> interface <ifname> [overload] | static <ip> <ip>)
ip dhcp excluded-address <ip> [<ip>]
ip dhcp pool <word>  => dhcp
object-group network <word>  => object-group
time-range <word>  => time-range
`;

const INTERFACE = `
description / <line>
ip address <ip> <ip> secondary  @hook:address
ip address / (<ip> <ip> | dhcp | negotiated)  @hook:address
ip unnumbered / <ifname>
ip access-group / <word> (in | out)  @hook:direction
ip (mtu | tcp adjust-mss) / <68-9216>
ip (proxy-arp | redirects | unreachables)  @on
ip (directed-broadcast | route-cache | flow ingress | flow egress | virtual-reassembly)
ip helper-address <ip>
ip nat (inside | outside)
ip ospf <1-65535> area / <area>
ip ospf (cost | priority | hello-interval | dead-interval | retransmit-interval) / <0-65535>
ip ospf network / (broadcast | non-broadcast | point-to-point | point-to-multipoint)
ip ospf authentication / [(message-digest | null)]
ip ospf authentication-key / $secret
ip ospf message-digest-key <1-255> md5 / $secret
ip ospf (bfd | mtu-ignore)
ip pim / (sparse-mode | dense-mode | sparse-dense-mode)
ip policy route-map / <word>
ip vrf forwarding / <word>
ip verify unicast source reachable-via / (rx | any)
vrf forwarding / <word>  @hook:vrf-forwarding
ipv6 address (<prefix6> [eui-64] | <ip6> link-local | autoconf)
ipv6 enable
ipv6 ospf <1-65535> area / <area>
ipv6 (nd | traffic-filter | mtu) <line>
shutdown
mtu / <64-9216>
bandwidth / <1-10000000>
delay / <1-16777215>
duplex / (auto | full | half)
speed / (auto | 10 | 100 | 1000 | 10000)
negotiation auto
media-type / (rj45 | sfp)
load-interval / <30-600>
carrier-delay / [msec] <0-1000>
keepalive / [<0-32767>]  @on
encapsulation dot1Q / <1-4094> [native]
switchport  @on
switchport mode / (access | trunk | dynamic (auto | desirable))
switchport access vlan / <1-4094>
switchport voice vlan / <1-4094>
switchport trunk encapsulation / (dot1q | isl | negotiate)
switchport trunk native vlan / <1-4094>
switchport trunk allowed vlan / (<vlans> | all | none)
switchport trunk allowed vlan (add | remove | except) <vlans>  @hook:vlan-add
switchport nonegotiate
spanning-tree (portfast [trunk] | bpduguard enable | guard root)
spanning-tree cost / <1-200000000>
channel-group / <1-48> mode (active | passive | on | auto | desirable)
standby <0-4095> ip / [<ip>]
standby <0-4095> (priority | timers | preempt | authentication | track <1-1000>) / [<line>]
standby version / (1 | 2)
vrrp <1-255> (ip | priority | preempt | description) / [<line>]
service-policy (input | output) / <word>
cdp enable  @on
lldp (transmit | receive)  @on
mpls ip
mpls ldp igp sync
bfd interval / <50-999> min_rx <50-999> multiplier <3-50>
storm-control (broadcast | multicast) level / <word>
tunnel source / (<ip> | <ifname>)
tunnel destination / <host>
tunnel mode / (gre (ip | multipoint) | ipip | ipsec ipv4)
tunnel key / <0-4294967295>
arp timeout / <0-2147483>
logging event link-status
snmp trap link-status  @on
`;

const ROUTE_MAP = `
description / <line>
match ip address prefix-list / <line>
match ip (address | next-hop) / <line>
match (community | as-path | tag | metric) / <line>
match (interface <ifname> | source-protocol <word>)
set local-preference / <0-4294967295>
set metric / <line>
set metric-type / (type-1 | type-2 | internal | external)
set (weight | tag) / <0-4294967295>
set community / <line>
set comm-list / <word> delete
set as-path prepend / <line>
set ip next-hop / (<ip> | self | peer-address | verify-availability)
set origin / (igp | incomplete | egp <asn>)
continue / [<1-65535>]
`;

const LINE = `
exec-timeout / <0-35791> [<0-2147483>]
session-timeout / <0-35791>
password / $secret  @hook:secret
login / [(local | authentication <word>)]  @on
transport input / { ssh | telnet | all | none }
transport output / { ssh | telnet | all | none }
transport preferred / (none | ssh | telnet)
access-class <word> (in | out) / [vrf-also]
ipv6 access-class <word> (in | out)
logging synchronous / [level (<0-7> | all)]
privilege level / <0-15>
length / <0-512>
width / <0-512>
stopbits / (1 | 1.5 | 2)
speed / <0-115200>
exec  @on
history size / <0-256>
escape-character / <word>
authorization (exec | commands <0-15>) / <word>
rotary / <0-100>
motd-banner  @on
exec-banner  @on
`;

const OSPF = `
router-id / <ip>
network <ip> <ip> area / <area>
passive-interface default
passive-interface <ifname>  @hook:passive
area <area> (stub | nssa) / { no-summary | default-information-originate }
area <area> authentication / [message-digest]
area <area> range <ip> <mask> / [(advertise | not-advertise)]
area <area> (default-cost | virtual-link) / <word>
redistribute $route-source / $redist-options
default-information originate / { always | metric <0-16777214> | metric-type (1 | 2) | route-map <word> }
log-adjacency-changes / [detail]  @on
auto-cost reference-bandwidth / <1-4294967>
maximum-paths / <1-32>
distance / <1-255>
max-metric router-lsa / [on-startup <5-86400>]
timers throttle (spf | lsa) / <line>
bfd all-interfaces
mpls ldp autoconfig
ispf
nsf
distribute-list (prefix <word> | <word>) (in | out)
`;

const free = (prompt: string): ModeText => ({ prompt, rules: "<line>" });

export const IOS_MODES: Record<string, ModeText> = {
  config: { prompt: "config", rules: GLOBAL },
  if: { prompt: (section) => (section.includes(".") ? "config-subif" : "config-if"), rules: INTERFACE },
  ...bgpModes,
  "router-ospf": { prompt: "config-router", rules: OSPF },
  "router-other": free("config-router"),
  "route-map": { prompt: "config-route-map", rules: ROUTE_MAP },
  line: { prompt: "config-line", rules: LINE },
  "ext-nacl": {
    prompt: "config-ext-nacl",
    rules:
      "[<1-2147483647>] $acl  @hook:acl-entry\nremark <line>  @hook:acl-entry\n<1-2147483647>  @no @hook:acl-number",
  },
  "std-nacl": {
    prompt: "config-std-nacl",
    rules:
      "[<1-2147483647>] $std-acl  @hook:acl-entry\nremark <line>  @hook:acl-entry\n<1-2147483647>  @no @hook:acl-number",
  },
  vlan: { prompt: "config-vlan", rules: "name / <word>\nstate / (active | suspend)\nshutdown" },
  vrf: {
    prompt: "config-vrf",
    rules:
      "description / <line>\nrd / <rd>\nroute-target (import | export | both) <rd>\naddress-family (ipv4 | ipv6)  => vrf-af",
  },
  "vrf-af": {
    prompt: "config-vrf-af",
    rules:
      "route-target (import | export | both) <rd>\nimport map / <word>\nexport map / <word>\nmaximum routes / <line>\nexit-address-family  @exit",
  },
  "vrf-old": {
    prompt: "config-vrf",
    rules: "description / <line>\nrd / <rd>\nroute-target (import | export | both) <rd>",
  },
  cmap: {
    prompt: "config-cmap",
    rules:
      "description / <line>\nmatch (access-group (name <word> | <1-2699>) | protocol <word> | [ip] (dscp | precedence) <line> | any | cos <0-7> | class-map <word>)",
  },
  pmap: { prompt: "config-pmap", rules: "description / <line>\nclass <word>  => pmap-c" },
  "pmap-c": {
    prompt: "config-pmap-c",
    rules:
      "bandwidth / [(percent | remaining percent)] <1-10000000>\npriority / [percent] [<1-10000000>]\npolice / <line>\nshape average / <line>\nset [ip] (dscp | precedence | cos) / <word>\nfair-queue\nrandom-detect [dscp-based]\nqueue-limit / <line>\nservice-policy / <word>",
  },
  sg: {
    prompt: "config-sg-tacacs+",
    rules:
      "server name <word>\nserver <ip>\nserver-private <ip> / <line>\nip vrf forwarding / <word>\nip tacacs source-interface / <ifname>",
  },
  "server-tacacs": {
    prompt: "config-server-tacacs",
    rules:
      "address (ipv4 | ipv6) / <host>\nkey / $secret  @hook:secret\ntimeout / <1-1000>\nport / <1-65535>\nsingle-connection",
  },
  "server-radius": {
    prompt: "config-radius-server",
    rules:
      "address (ipv4 | ipv6) / <host> [auth-port <0-65535>] [acct-port <0-65535>]\nkey / $secret  @hook:secret\ntimeout / <1-1000>\nretransmit / <0-100>",
  },
  keychain: { prompt: "config-keychain", rules: "key <0-2147483647>  => keychain-key" },
  "keychain-key": {
    prompt: "config-keychain-key",
    rules: "key-string / $secret  @hook:secret\n(accept-lifetime | send-lifetime) / <line>",
  },
  archive: {
    prompt: "config-archive",
    rules: "path / <word>\nmaximum / <1-14>\nwrite-memory\ntime-period / <1-525600>\nlog config  => archive-log",
  },
  "archive-log": {
    prompt: "config-archive-log-cfg",
    rules: "logging (enable | size <1-1000>)\nnotify syslog [contenttype plaintext]\nhidekeys",
  },
  "ip-sla": { prompt: "config-ip-sla", rules: "icmp-echo / <line>\n(frequency | timeout | threshold | tag) / <line>" },
  track: { prompt: "config-track", rules: "delay / <line>" },
  dhcp: {
    prompt: "dhcp-config",
    rules:
      "network / <ip> [<mask>]\ndefault-router / <line>\ndns-server / <line>\ndomain-name / <word>\nlease / <line>",
  },
  "object-group": {
    prompt: "config-network-group",
    rules: "description / <line>\nhost <ip>\n<ip> <mask>\ngroup-object <word>\nrange <ip> <ip>",
  },
  "time-range": { prompt: "config-time-range", rules: "absolute / <line>\nperiodic <line>" },
  applet: free("config-applet"),
  "control-plane": { prompt: "config-cp", rules: "service-policy (input | output) / <word>" },
  redundancy: free("config-red"),
};
