import type { ModeText } from "../config/dialect.ts";
import { COMMON_VALUES, interfaceValues, type InterfaceTypes, type Values } from "../grammar/values.ts";
import { eosBgpModes } from "./grammar-bgp.ts";

const EOS_INTERFACES: InterfaceTypes = {
  Ethernet: /^([1-9]|[1-4]\d|5[0-6])(\/[1-4])?(\.\d{1,4})?$/,
  Loopback: /^\d{1,4}$/,
  Management: /^[01]$/,
  "Port-Channel": /^\d{1,4}(\.\d{1,4})?$/,
  Tunnel: /^\d{1,3}$/,
  Vlan: /^([1-9]\d{0,2}|[1-3]\d{3}|40[0-8]\d|409[0-4])$/,
  Vxlan: /^1$/,
};
export const EOS_VALUES: Values = { ...COMMON_VALUES, ...interfaceValues(EOS_INTERFACES) };

const GLOBAL = `
hostname / <hostname>
aaa root secret / [(0 | sha512)] <word>  @hook:secret
aaa root  @on
aaa authentication (login | enable) (default | console) / { local | none | group <word> }
aaa authentication policy (local allow-nopassword-remote-login | on-success log | on-failure log)
aaa authorization (exec | commands (all | <0-15>)) default / { local | none | group <word> }
aaa authorization (console | serial-console)
aaa accounting (exec | commands (all | <0-15>) | system) (default | console) / (start-stop | stop-only | none) [(group <word> | logging)]
aaa group server (tacacs+ | radius) <word>  => sg
enable (password | secret) / [(0 | 5 | 8a | sha512)] <word>  @hook:secret
username <word> / { privilege <0-15> | role <word> } [(nopassword | secret [(0 | 5 | sha512)] <word>)]  @hook:username
username <word> ssh-key / <line>
role <word>  => role
banner (login | motd)  @text
service routing protocols model / (multi-agent | ribd)
service configuration session max completed / <0-100>
service unsupported-transceiver <line>
switchport default mode / (routed | access)
transceiver qsfp default-mode / 4x10G
daemon <word>  => daemon
event-handler <word>  => event-handler
alias <word> / <line>
terminal (length | width) / <0-32767>
prompt / <word>
clock timezone / <word>
dns domain / <word>
ip domain-name / <word>
ip domain lookup [vrf <word>] source-interface / <ifname>
ip name-server [vrf <word>] <ip>
ip host <word> <ip>
logging buffered / [<10-2147483647>] [$level]
logging (console | monitor | trap) / $level
logging facility / $facility
logging format (timestamp (high-resolution | traditional) | hostname fqdn) [<line>]
logging [vrf <word>] host <host> / [<1-65535>] [protocol (udp | tcp)]
logging [vrf <word>] source-interface / <ifname>
logging on  @on
logging synchronous / [level $level]
ntp server [vrf <word>] <host> / { prefer | iburst | burst | version <1-4> | key <1-65535> | source <ifname> | local-interface <ifname> | minpoll <3-17> | maxpoll <3-17> }
ntp local-interface / [vrf <word>] <ifname>
ntp source / [vrf <word>] <ifname>
ntp authenticate [servers]
ntp authentication-key <1-65535> (md5 | sha1) / [(0 | 7)] <word>
ntp trusted-key / <word>
ntp serve [all]
snmp-server community <word> / [view <word>] [(ro | rw)] [<word>]
snmp-server (location | contact) / <line>
snmp-server enable traps [<line>]
snmp-server host <host> [vrf <word>] / [(traps | informs)] [version (1 | 2c | 3 (auth | noauth | priv))] <word>
snmp-server [vrf <word>] local-interface / <ifname>
snmp-server source-interface / <ifname>
snmp-server engineID local / <word>
snmp-server view <word> <word> / (included | excluded)
snmp-server group <word> (v1 | v2c | v3 (auth | noauth | priv)) / [<line>]
snmp-server user <word> <word> / <line>
snmp-server vrf <word>
tacacs-server (host <host> | key | timeout | policy unknown-mandatory-attribute ignore) / [<line>]
radius-server (host <host> | key | timeout | retransmit) / [<line>]
spanning-tree mode / (mstp | rapid-pvst | rstp | none)
spanning-tree (mst <0-4094> | vlan-id <vlans>) priority / <0-61440>
spanning-tree vlan <vlans> priority / <0-61440>
spanning-tree edge-port bpduguard default
lldp run  @on
lldp (timer | holdtime) / <1-65535>
errdisable recovery (cause <word> | interval <30-86400>)
vlan <vlans>  => vlan
vrf instance <word>  => vrf
vrf definition <word>  => vrf
interface <ifname>  => if @hook:interface
ip routing [vrf <word>]
ipv6 unicast-routing
ip icmp redirect  @on
ip access-list standard <word>  => std-nacl
ip access-list <word>  => ext-nacl
ip prefix-list <word>  => prefix-list
ip prefix-list <word> seq <0-65535> / (permit | deny) <prefix> [(eq | ge | le) <1-32>] [le <1-32>]
ip as-path access-list <word> (permit | deny) <line>
ip community-list [regexp] <word> (permit | deny) <line>
ip route [vrf <word>] <prefix> (<ip> | <ifname> [<ip>] | Null0) / { <1-255> | name <word> | tag <0-4294967295> | metric <0-4294967295> | track bfd }  @hook:route
ip route [vrf <word>] <ip> <mask> (<ip> | Null0) / [<1-255>]  @hook:route
ip route [vrf <word>] <prefix>  @prefix
ipv6 route <prefix6> (<ip6> | <ifname>) / [<1-255>]
ip tacacs [vrf <word>] source-interface / <ifname>
ip radius [vrf <word>] source-interface / <ifname>
ip ssh source-interface / <ifname>
ip virtual-router mac-address / <mac>
ip multicast-routing
route-map <word> [(permit | deny)] [<1-65535>]  => route-map @hook:route-map
route-map <word>  @prefix
peer-filter <word>  => free
router bgp <asn>  => router-bgp @hook:router-bgp
router ospf <1-65535> [vrf <word>]  => router-ospf
router isis <word>  => free
router multicast  => free
router general  => free
mlag configuration  => mlag
management api http-commands  => mgmt-api
management api (gnmi | netconf)  => mgmt-other
management ssh  => mgmt-ssh
management (telnet | console | security | cvx)  => mgmt-other
class-map [type (qos | pbr | copp)] match-any <word>  => cmap
policy-map [type (quality-of-service | pbr | copp)] <word>  => pmap
qos (profile <word> | map <line>)
queue-monitor (length | streaming)  @on
system (l1 | control-plane)  => free
sflow (run | sample <line> | destination <line> | source-interface <ifname>)
hardware <line>
platform <line>
ip dhcp (relay information option | snooping [<line>])
arp <ip> <mac> arpa
key chain <word>  => free
`;

const INTERFACE = `
description / <line>
ip address <prefix> secondary  @hook:address
ip address / (<prefix> | <ip> <mask> | dhcp | virtual <prefix>)  @hook:address
ip virtual-router address <ip>
ip unnumbered / <ifname>
ip access-group / <word> (in | out)  @hook:direction
ip helper-address <ip>
ip proxy-arp
ip verify unicast source reachable-via / (rx | any)
ip ospf area / <area>
ip ospf (cost | priority | hello-interval | dead-interval | retransmit-interval) / <0-65535>
ip ospf network / point-to-point
ip ospf authentication / [message-digest]
ip ospf (authentication-key | message-digest-key <1-255> (md5 | sha256)) / [(0 | 7)] <word>
ip ospf neighbor bfd
ip ospf disabled
ipv6 address <prefix6>
ipv6 (enable | nd <line> | ospf <line>)
vrf / <word>
vrf forwarding / <word>
mtu / <68-65535>
shutdown
speed / (auto | forced <word> | <word>)
flowcontrol (send | receive) / (on | off | desired)
load-interval / <0-600>
bandwidth / <1-100000000>
logging event (link-status | congestion-drops) / [(use-global)]
switchport  @on
switchport mode / (access | trunk | dot1q-tunnel | tap | tool)
switchport access vlan / <1-4094>
switchport trunk native vlan / (<1-4094> | tag)
switchport trunk allowed vlan / (<vlans> | all | none)
switchport trunk allowed vlan (add | remove | except) <vlans>  @hook:vlan-add
switchport trunk group <word>
encapsulation dot1q vlan / <1-4094>
channel-group / <1-2000> mode (active | passive | on)
lacp (rate | timer) / (fast | normal)
mlag / <1-2000>
spanning-tree (portfast [(edge | network)] | bpduguard (enable | disable) | guard (root | loop))
spanning-tree cost / <1-200000000>
lldp (transmit | receive)  @on
snmp trap link-change  @on
storm-control (broadcast | multicast | all) level / <word>
bfd interval / <50-60000> min-rx <50-60000> multiplier <3-50>
vxlan (source-interface <ifname> | udp-port <1024-65535>)
vxlan vlan <vlans> vni / <word>
vxlan flood vtep / <line>
tunnel (source | destination) / (<ip> | interface <ifname>)
tunnel mode / (gre | ipsec)
service-policy [type (qos | pbr)] (input | output) / <word>
qos trust / (cos | dscp)
autostate  @on
`;

const ROUTE_MAP = `
description / <line>
match ip address prefix-list / <word>
match ip address access-list / <word>
match ip next-hop prefix-list / <word>
match (community | as-path | tag | metric | local-preference | extcommunity) / <line>
match (interface <ifname> | source-protocol <word>)
set (local-preference | weight | tag | distance) / <0-4294967295>
set metric / <line>
set community / <line>
set as-path prepend / <line>
set ip next-hop / (<ip> | peer-address | unchanged)
set origin / (igp | egp | incomplete)
continue / [<1-65535>]
sub-route-map <word>
`;

const OSPF = `
router-id / <ip>
network <prefix> area <area>  @hook:area
network <ip> <ip> area <area>  @hook:area
passive-interface default
passive-interface <ifname>  @hook:passive
area <area> (stub | nssa) / [no-summary]
area <area> (range <prefix> | default-cost <1-65535>)
redistribute (connected | static [include leaked] | bgp | isis) / [route-map <word>]
default-information originate / { always | metric <1-65535> | metric-type (1 | 2) | route-map <word> }
log-adjacency-changes / [detail]  @on
auto-cost reference-bandwidth / <1-4294967>
max-lsa / <0-100000>
max-metric router-lsa / [<line>]
maximum-paths / <1-128>
distance ospf (intra-area | inter-area | external) / <1-255>
timers (spf | lsa) <line>
bfd (default | all-interfaces)
point-to-point routes
graceful-restart
`;

const SHORT: Record<string, string> = {
  Ethernet: "Et",
  Loopback: "Lo",
  Management: "Ma",
  "Port-Channel": "Po",
  Tunnel: "Tu",
  Vlan: "Vl",
  Vxlan: "Vx",
};
export const shortInterface = (name: string): string => name.replace(/^[A-Za-z-]+/, (type) => SHORT[type] ?? type);

const last = (section: string): string => section.split(" ").at(-1) ?? "";
const free: ModeText = { prompt: "config-other", rules: "<line>" };

export const EOS_MODES: Record<string, ModeText> = {
  config: { prompt: "config", rules: GLOBAL },
  if: { prompt: (section) => `config-if-${shortInterface(last(section))}`, rules: INTERFACE },
  ...eosBgpModes,
  "router-ospf": { prompt: "config-router-ospf", rules: OSPF },
  "route-map": { prompt: (section) => `config-route-map-${section.split(" ")[1]}`, rules: ROUTE_MAP },
  "ext-nacl": {
    prompt: (section) => `config-acl-${last(section)}`,
    rules:
      "[<1-4294967295>] $acl  @hook:acl-entry\n[<1-4294967295>] remark <line>  @hook:acl-entry\n<1-4294967295>  @no @hook:acl-number\ncounters per-entry",
  },
  "std-nacl": {
    prompt: (section) => `config-std-acl-${last(section)}`,
    rules:
      "[<1-4294967295>] $std-acl  @hook:acl-entry\n[<1-4294967295>] remark <line>  @hook:acl-entry\n<1-4294967295>  @no @hook:acl-number",
  },
  "prefix-list": {
    prompt: "config-ip-pfx",
    rules: "seq <0-65535> / (permit | deny) <prefix> [(eq | ge | le) <1-32>] [le <1-32>]",
  },
  vlan: {
    prompt: (section) => `config-vlan-${last(section)}`,
    rules: "name / <word>\nstate / (active | suspend)\ntrunk group <word>",
  },
  vrf: { prompt: (section) => `config-vrf-${last(section)}`, rules: "description / <line>\nrd / <rd>" },
  role: { prompt: (section) => `config-role-${last(section)}`, rules: "<1-4294967295> (permit | deny) <line>" },
  sg: { prompt: (section) => `config-sg-tacacs+-${last(section)}`, rules: "server <host> [vrf <word>]" },
  daemon: { prompt: (section) => `config-daemon-${last(section)}`, rules: "exec / <line>\nshutdown  @on" },
  "event-handler": {
    prompt: (section) => `config-handler-${last(section)}`,
    rules: "trigger / <line>\naction / <line>\ndelay / <0-3600>\nasynchronous",
  },
  mlag: {
    prompt: "config-mlag",
    rules:
      "domain-id / <word>\nlocal-interface / <ifname>\npeer-address / <ip>\npeer-link / <ifname>\nreload-delay [(mlag | non-mlag)] / <0-86400>\nshutdown",
  },
  "mgmt-api": {
    prompt: "config-mgmt-api-http-cmds",
    rules:
      "shutdown  @on\nprotocol (http | https | unix-socket) / [port <1-65535>]  @on\nvrf <word>  => mgmt-api-vrf\ndefault-services",
  },
  "mgmt-api-vrf": { prompt: (section) => `config-mgmt-api-http-cmds-vrf-${last(section)}`, rules: "shutdown  @on" },
  "mgmt-ssh": {
    prompt: "config-mgmt-ssh",
    rules:
      "idle-timeout / <0-86400>\nauthentication mode / (keyboard-interactive | password | public-key)\nserver-alive (interval | count-max) / <0-86400>\nconnection (limit | per-host) / <0-100>\nip access-group / <word> [vrf <word>] in\nshutdown\ncipher / <line>\nkey-exchange / <line>\nmac / <line>\nvrf <word>  => mgmt-ssh-vrf",
  },
  "mgmt-ssh-vrf": { prompt: "config-mgmt-ssh-vrf", rules: "shutdown" },
  "mgmt-other": { prompt: "config-mgmt", rules: "<line>" },
  cmap: { prompt: (section) => `config-cmap-${last(section)}`, rules: "match <line>" },
  pmap: { prompt: (section) => `config-pmap-${last(section)}`, rules: "class <word>  => pmap-c" },
  "pmap-c": {
    prompt: "config-pmap-c",
    rules: "set / <line>\npolice / <line>\nbandwidth / <line>\npriority / <line>\nshape / <line>",
  },
  free,
};
