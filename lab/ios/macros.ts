import { COMMON_VALUES, interfaceValues, type InterfaceTypes, type Values } from "../grammar/values.ts";

const IOS_INTERFACES: InterfaceTypes = {
  GigabitEthernet: /^0\/(\d|1[0-5])(\.\d{1,4})?$/,
  Loopback: /^\d{1,10}$/,
  Tunnel: /^\d{1,6}$/,
  "Port-channel": /^([1-9]|[1-3]\d|4[0-8])(\.\d{1,4})?$/,
  Vlan: /^([1-9]\d{0,2}|[1-3]\d{3}|40[0-8]\d|409[0-4])$/,
  BDI: /^\d{1,4}$/,
  Null: /^0$/,
};
export const IOS_VALUES: Values = { ...COMMON_VALUES, ...interfaceValues(IOS_INTERFACES) };

/** Pieces that many patterns of IOS and EOS share. */
export const MACROS: Record<string, string> = {
  level: "(emergencies | alerts | critical | errors | warnings | notifications | informational | debugging | <0-7>)",
  facility:
    "(auth | cron | daemon | kern | local0 | local1 | local2 | local3 | local4 | local5 | local6 | local7 | lpr | mail | news | syslog | user | uucp)",
  secret: "[(0 | 5 | 7 | 8 | 9)] <word>",
  port: "((eq | neq | lt | gt) <port> | range <port> <port>)",
  source: "(any | host <ip> | <prefix> | <ip> <ip> | object-group <word>)",
  proto: "(ip | tcp | udp | icmp | ospf | gre | esp | ahp | pim | igmp | eigrp | <0-255>)",
  acl: "(permit | deny) $proto $source [$port] $source [$port] { established | log | log-input | fragments | dscp <dscp> | echo | echo-reply | unreachable | ttl-exceeded | time-exceeded | packet-too-big | tracked | time-range <word> }",
  "std-acl": "(permit | deny) (any | host <ip> | <prefix> | <ip> [<ip>]) [log]",
  "route-source": "(connected | static | rip | eigrp <asn> | isis [<word>] | ospf <1-65535> | ospf | bgp <asn> | bgp)",
  "redist-options":
    "{ route-map <word> | metric <0-4294967295> | metric-type (1 | 2) | subnets | tag <0-4294967295> | match (internal | external) }",
};
