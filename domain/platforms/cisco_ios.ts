import { NEIGHBOR_BY_REMOTE_AS, execLines, iosLike, iosReads, risks, sessionLines } from "./ios-like.ts";
import type { PlatformLanguage } from "./language.ts";
import { iosSecrets } from "./secret-rules.ts";

export const cisco_ios: PlatformLanguage = {
  id: "cisco_ios",
  label: "IOS",
  config: {
    ...iosLike,
    indent: 1,
    volatile: [
      /^Building configuration/,
      /^Current configuration ?:/,
      /^! (Last configuration change|NVRAM config last updated|No configuration change since)/,
      /^ntp clock-period /,
      /^!(Time|Command):/,
    ],
    closing:
      /^(exit|exit-address-family|exit-af-interface|exit-af-topology|exit-sf-interface|exit-service-family|exit-peer-policy|exit-peer-session|exit-vrf|end)$/,
    wholeNo: [/^(access-list \S+) /],
    removals: [
      ...iosLike.removals,
      { match: /^(access-list \S+) .*$/, write: "no $1" },
      // `no exec-timeout` would mean "never"
      { match: /^(exec-timeout) .*$/, write: "default $1" },
    ],
    shortForms: [
      ...iosLike.shortForms,
      { match: /(?<=^snmp-server community \S+ )ro\b/, full: "RO" },
      { match: /(?<=^snmp-server community \S+ )rw\b/, full: "RW" },
    ],
    stems: [NEIGHBOR_BY_REMOTE_AS],
    shownEitherWay: [...iosLike.shownEitherWay, /^bgp log-neighbor-changes$/],
    defaults: [...iosLike.defaults, { under: /^line /, text: "exec-timeout 10 0" }],
    silent: [{ under: /^interface /, text: "no ip address", instead: "ip address" }],
    blocks: [
      { start: /^banner (motd|login|exec|incoming|prompt-timeout|slip-ppp)(?= |$)/, close: { by: "delimiter" } },
      {
        start: /^certificate \S.*$/,
        under: /^crypto pki certificate chain /,
        close: { by: "line", end: /^\s*quit$/, write: "quit" },
      },
    ],
  },
  sessionLines,
  execLines,
  secrets: iosSecrets,
  risks,
  unrepeatable: [
    /^banner /,
    /^crypto (key|pki)/,
    /^certificate /,
    /^snmp-server user /,
    /^(username|enable) .*(secret|password)/,
  ],
  reads: iosReads,
};
