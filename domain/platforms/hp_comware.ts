import type { PlatformLanguage } from "./language.ts";
import {
  asLength,
  vrpExecLines,
  vrpHeaders,
  vrpLike,
  vrpReads,
  vrpRisks,
  vrpSecrets,
  vrpSessionLines,
} from "./vrp-like.ts";

const INTERFACE = /^interface /;

export const hp_comware: PlatformLanguage = {
  id: "hp_comware",
  label: "Comware",
  config: {
    ...vrpLike,
    volatile: [/^version \d/],
    headers: vrpHeaders,
    shortForms: [
      ...vrpLike.shortForms,
      ...asLength("ip route-static (?:vpn-instance \\S+ )?\\d+\\.\\d+\\.\\d+\\.\\d+"),
    ],
    interfaceNames: [
      { short: /^(?:xge|ten-gigabitethernet)(?=\d)/i, full: "Ten-GigabitEthernet" },
      { short: /^(?:fge|fortygige)(?=\d)/i, full: "FortyGigE" },
      { short: /^(?:hge|hundredgige)(?=\d)/i, full: "HundredGigE" },
      { short: /^(?:ge|g|gi|gigabitethernet)(?=\d)/i, full: "GigabitEthernet" },
      { short: /^(?:bagg|bridge-aggregation)(?=\d)/i, full: "Bridge-Aggregation" },
      { short: /^(?:ragg|route-aggregation)(?=\d)/i, full: "Route-Aggregation" },
      { short: /^(?:vlan-int|vlan-interface)(?=\d)/i, full: "Vlan-interface" },
      { short: /^(?:loop|loopback)(?=\d)/i, full: "LoopBack" },
      { short: /^(?:tun|tunnel)(?=\d)/i, full: "Tunnel" },
      { short: /^(?:mge|m-gigabitethernet)(?=\d)/i, full: "M-GigabitEthernet" },
    ],
    sequences: vrpLike.sequences.map((s) => (s.under === undefined ? s : { ...s, first: 0 })),
    shownWhenOff: [
      { match: /^port trunk permit vlan 1$/, under: INTERFACE },
      { match: /^(info-center enable|portswitch)$/ },
    ],
    defaults: [...vrpLike.defaults, { under: INTERFACE, text: "port link-type access" }],
    sideEffects: [
      ...vrpLike.sideEffects,
      {
        under: INTERFACE,
        match: /^(undo )?port link-type( |$)/,
        drops: /^(undo )?port (trunk|hybrid|access) /,
        say: "the device removes the interface's VLANs when its link type changes",
      },
    ],
    lists: [{ match: /^(port trunk permit vlan) (\d[\d to]*|all)$/, values: "to", implied: 1 }],
    spreads: [{ match: /^vlan (\d[\d to]*)$/, write: "vlan $" }],
  },
  sessionLines: vrpSessionLines,
  execLines: [
    ...vrpExecLines,
    {
      match: /^(undo )?port hybrid vlan /,
      say: "changes a list that cannot be foreseen here: the device moves VLANs between the tagged and the untagged one",
    },
  ],
  secrets: vrpSecrets,
  risks: vrpRisks,
  unrepeatable: [/^password (simple|cipher|hash) /, /^local-user \S+ password/, /^(undo )?(ssh|public-key) /],
  reads: vrpReads,
};
