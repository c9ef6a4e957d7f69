import type { PlatformLanguage } from "./language.ts";
import {
  asMask,
  vrpExecLines,
  vrpHeaders,
  vrpLike,
  vrpReads,
  vrpRisks,
  vrpSecrets,
  vrpSessionLines,
} from "./vrp-like.ts";

const INTERFACE = /^interface /;

export const huawei_vrp: PlatformLanguage = {
  id: "huawei_vrp",
  label: "VRP",
  config: {
    ...vrpLike,
    volatile: [
      /^!(Software Version|Last configuration was|The current login time)/,
      /^\[V\d+R\d+C\d+\S*\]$/,
      /^#?\s*(Last configuration|The latest configuration)/,
    ],
    headers: vrpHeaders,
    shortForms: [
      ...vrpLike.shortForms,
      ...asMask("ip route-static (?:vpn-instance \\S+ )?\\d+\\.\\d+\\.\\d+\\.\\d+"),
      { match: /^acl (?=\d+$)/, full: "acl number " },
      { match: /(?<=^port trunk allow-pass vlan )all$/, full: "2 to 4094" },
    ],
    interfaceNames: [
      { short: /^(?:xg|xgi|xgigabitethernet)(?=\d)/i, full: "XGigabitEthernet" },
      { short: /^(?:g|gi|gig|gigabitethernet)(?=\d)/i, full: "GigabitEthernet" },
      { short: /^(?:e|eth|ethernet)(?=\d)/i, full: "Ethernet" },
      { short: /^(?:eth-t|eth-trunk)(?=\d)/i, full: "Eth-Trunk" },
      { short: /^(?:vlanif)(?=\d)/i, full: "Vlanif" },
      { short: /^(?:lo|loop|loopback)(?=\d)/i, full: "LoopBack" },
      { short: /^(?:tu|tun|tunnel)(?=\d)/i, full: "Tunnel" },
      { short: /^(?:me|meth)(?=\d)/i, full: "MEth" },
    ],
    shownWhenOff: [
      { match: /^port trunk allow-pass vlan 1$/, under: INTERFACE },
      { match: /^(info-center enable|stp enable|lldp enable|portswitch)$/ },
      { match: /^synchronization$/, under: /^(bgp |ipv4-family)/ },
      { match: /^default ipv4-unicast$/, under: /^bgp / },
    ],
    lists: [
      { match: /^(port trunk allow-pass vlan) (\d[\d to]*|all)$/, values: "to", implied: 1 },
      { match: /^(port hybrid (?:tagged|untagged) vlan) (\d[\d to]*)$/, values: "to" },
    ],
    spreads: [{ match: /^vlan (?:batch )?(\d[\d to]*)$/, write: "vlan $" }],
  },
  sessionLines: vrpSessionLines,
  execLines: vrpExecLines,
  secrets: vrpSecrets,
  risks: vrpRisks,
  unrepeatable: [/^local-user \S+ password/, /^(undo )?(ssh|rsa|dsa|ecc) /],
  reads: vrpReads,
};
