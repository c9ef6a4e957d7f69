import type { PlatformLanguage } from "./language.ts";
import { junosSecrets } from "./secret-rules.ts";

const verb = "(?:set|delete|deactivate|activate|insert|rename|replace pattern|annotate|protect|unprotect) ";

export const juniper_junos: PlatformLanguage = {
  id: "juniper_junos",
  label: "Junos",
  config: {
    style: "set",
    indent: 4,
    volatile: [/^## Last (commit|changed):/, /^version \S+;$/, /^set version /],
    containers: {
      system: 0, login: 0, services: 0, ssh: 0, netconf: 0, "web-management": 0, syslog: 0, ntp: 0, "root-authentication": 0, authentication: 0, archival: 0, configuration: 0,
      interfaces: 0, protocols: 0, bgp: 0, ospf: 0, ospf3: 0, isis: 0, ldp: 0, mpls: 0, rsvp: 0, lldp: 0, bfd: 0, pim: 0, rstp: 0, "router-advertisement": 0,
      "routing-options": 0, static: 0, "forwarding-table": 0, "policy-options": 0, firewall: 0, snmp: 0, chassis: 0, security: 0, applications: 0, vlans: 0,
      "routing-instances": 0, groups: 0, from: 0, then: 0, "aggregated-ether-options": 0, "ether-options": 0, "gigether-options": 0, v3: 0, unicast: 0, "prefix-limit": 0, "accepted-prefix-limit": 0, lacp: 0, "aggregated-devices": 0, "fpc": 1, "bfd-liveness-detection": 0,
      user: 1, class: 1, host: 1, file: 1, server: 1, unit: 1, family: 1, address: 1, group: 1, neighbor: 1, area: 1, interface: 1, route: 1, "policy-statement": 1,
      "prefix-list": 1, term: 1, filter: 1, community: 1, "trap-group": 1, view: 1, "as-path": 1, "radius-server": 1, "tacplus-server": 1, rib: 1, level: 1,
      policer: 1, "from-zone": 3, "security-zone": 1, vlan: 1, "label-switched-path": 1, "rib-group": 1, "route-filter": 2,
    },
    namedChildren: ["interfaces", "vlans", "routing-instances", "groups", "applications"],
    oneLine: ["from", "then", "route", "server", "community", "as-path", "route-filter"],
    singles: [
      "host-name", "domain-name", "time-zone", "description", "mtu", "speed", "vlan-id", "native-vlan-id", "router-id", "autonomous-system", "peer-as", "local-address", "local-as", "type",
      "metric", "local-preference", "preference", "priority", "cost", "port", "encrypted-password", "full-name", "uid", "source-address", "location", "contact", "authorization",
      "timeout", "retry", "message", "maximum", "teardown", "next-hop-self", "reference-bandwidth", "interface-type", "hello-interval", "dead-interval", "authentication-type", "secret", "value", "authentication-key", "authentication-password", "privacy-password",
      "root-login", "protocol-version", "connection-limit", "rate-limit", "max-sessions-per-connection", "size", "files", "time-format", "boot-server", "origin", "tag", "minimum-interval",
      "multiplier", "instance-type", "route-distinguisher", "vrf-target", "encapsulation", "cluster", "authentication-algorithm", "minimum-links", "periodic", "device-count", "log-updown", "idle-timeout",
    ],
    singlePaths: [/^system login user \S+ class$/],
    notSingle: [/^system ntp authentication-key/, /^system services ssh .*protocol-version/],
    lists: ["authentication-order", "import", "export", "members", "permissions", "protocol", "name-server", "domain-search", "apply-groups", "prefix", "ciphers", "macs", "key-exchange", "destination-port", "source-port", "vlan-id-list", "community-list"],
    ordered: ["term", "rule"],
  },
  sessionLines: [
    { match: /^(configure|edit|top|up|exit|quit)( |$)/, say: "leave it out and write the whole path in each line: `set system ntp server 192.0.2.1`" },
    { match: /^(commit|rollback|load|save|status|run|show|help|wildcard)( |$)/, say: "leave it out: loading, comparing, committing and going back are done for you" },
    { match: /^set .*plain-text-password$/, say: "would ask for the password; give `encrypted-password` with its hash" },
    { match: /^(rename|replace|annotate|copy|protect|unprotect)( |$)/, say: "is not supported in a change; write it as `delete` and `set`" },
  ],
  execLines: [
    {
      match: /^(request|clear|restart|start|ping|traceroute|ssh|telnet|file|monitor|op|test|reboot|reload)( |$)/,
      say: "is a command of the operational mode, not configuration; it cannot be compared, verified or taken back in a change of configuration",
    },
    { match: /[{}]/, say: "is in braces; write the change as `set` and `delete` lines (`show | display set` prints them)" },
    { match: /;$/, say: "ends in a semicolon; write the change as `set` and `delete` lines" },
    { match: new RegExp(`^(?!${verb})`), say: "begins with none of `set`, `delete`, `activate`, `deactivate` and `insert`" },
    { match: /^(set|delete|activate|deactivate|insert)\s*$/, say: "names no path; `delete` alone would remove the whole configuration" },
  ],
  secrets: junosSecrets,
  risks: [
    { level: "high", match: /^delete (system|interfaces|protocols|routing-options|policy-options|firewall|security|snmp|chassis|routing-instances|vlans)( \S+)?$/, say: "deletes a whole part of the configuration" },
    { level: "high", match: /^(set|delete|deactivate) interfaces \S+ (.* )?disable$|^(delete|deactivate) interfaces \S+$/, say: "takes an interface down" },
    { level: "high", match: /^(set|delete|deactivate) interfaces \S+ unit \S+ family \S+ (address|filter)\b/, say: "changes an interface's address or filter" },
    { level: "high", match: /^\S+ system (login|root-authentication|authentication-order|radius-server|tacplus-server|services|ports)\b/, say: "changes who may sign in and over what" },
    { level: "high", match: /^(delete|deactivate) (protocols|routing-options static)\b/, say: "takes routing away" },
    { level: "high", match: /^\S+ protocols bgp .*(peer-as|local-as|authentication-key|local-address|type)\b/, say: "resets or ends BGP sessions" },
    { level: "high", match: /^\S+ firewall\b/, say: "changes a firewall filter" },
    { level: "high", match: /^\S+ (security|chassis)\b/, say: "changes security or chassis settings" },
    { level: "medium", match: /^\S+ (protocols|routing-options|policy-options|routing-instances|class-of-service)\b/, say: "changes routing or traffic policy" },
    { level: "medium", match: /^\S+ (vlans|interfaces)\b(?!.*description)/, say: "changes how interfaces or VLANs work" },
    { level: "medium", match: /^deactivate /, say: "switches a part of the configuration off" },
  ],
  unrepeatable: [/^(rename|annotate) /],
  reads: {
    commands: [/^show (?!system (storage partition|login logout))\S.*$/, /^(ping|traceroute) [\w.:-]+( (count|source|routing-instance|size|rapid|wait|ttl) ?[\w.:/-]*)*$/],
    forbidden: /[>;?`$&\\]|\b(save|append|tee|redirect|request)\b/i,
    pipes: [/^(match|except|find|count|hold|last|trim|compare)( \S.*)?$/, /^display (set|inheritance|json|xml|detail|omit|commit-scripts)( \S.*)?$/, /^(no-more|resolve)$/],
    quotes: true,
    examples: "`show …`, `ping …`, `traceroute …`, with `| match`, `except`, `find`, `count`, `display set` or `no-more`",
  },
};
