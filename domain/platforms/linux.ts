import type { PlatformLanguage } from "./language.ts";

/** A host without a running configuration: its lines are commands, and nothing about them can be foreseen. */
export const linux: PlatformLanguage = {
  id: "linux",
  label: "Linux",
  config: { style: "none" },
  sessionLines: [
    {
      match: /^(exit|logout|bash|sh|su|sudo -i|sudo su)$/,
      say: "leave it out: sessions and shells are opened and closed for you",
    },
  ],
  execLines: [],
  secrets: [
    { match: /^(.*(?<![\w-])passw(?:or)?d[ =])("(?:[^"\\]|\\.)*"|[^\s;]+)/ },
    { match: /^(.*--?(?:password|passphrase|token|secret)[ =])("(?:[^"\\]|\\.)*"|[^\s;]+)/ },
  ],
  risks: [
    {
      level: "high",
      match:
        /\b(rm|mkfs|dd|shutdown|reboot|poweroff|halt|init|iptables|nft|userdel|passwd|visudo|systemctl (stop|disable|mask))\b/,
      say: "can remove data, access or the host itself",
    },
    {
      level: "high",
      match: /\bip (link set \S+ down|addr(ess)? (del|flush)|route (del|flush))\b/,
      say: "takes an interface, address or route away",
    },
    { level: "medium", match: /./, say: "is a command on a host: what it changes cannot be foreseen" },
  ],
  unrepeatable: [/./],
  reads: {
    commands: [
      /^uname( -[asnrvmpio]+)?$/,
      /^(uptime|hostname|id|whoami|date|nproc|lscpu|w)$/,
      /^cat \/etc\/(os-release|hostname|hosts|resolv\.conf|debian_version|timezone)$/,
      /^cat \/proc\/(version|uptime|loadavg|meminfo|cpuinfo)$/,
      /^ip( -(4|6|br|brief|s|d|o))* (a|addr|address|r|route|l|link|n|neigh|rule)( (show|list|get)( (dev )?[\w.@:/-]+)*)?$/,
      /^(df|free)( -[hmkT]+)*$/,
      /^ss( -[tulnpax46]+)*$/,
      /^systemctl (status|is-active|is-enabled|list-units|show)( [\w.@-]+)*( --no-pager)?$/,
      /^ping -c (100|[1-9]\d?)( -[46])? [\w.:-]+$/,
    ],
    forbidden: /[|;&<>`$(){}[\]*?~!#\\'"]|\b(add|del|delete|set|flush|replace|change|append|exec)\b/,
    pipes: [],
    quotes: false,
    examples:
      "`uname -a`, `uptime`, `hostname`, `cat /etc/os-release`, `ip addr show`, `ip route`, `df -h`, `free -m`, `ss -tln`",
  },
};
