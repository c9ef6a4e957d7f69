import type { Platform } from "./platform.ts";

export const frr: Platform = {
  id: "frr",
  prompt: /^(?<host>[A-Za-z0-9_][\w.-]{0,62})(?:\((?<mode>[\w.:/+-]+)\))?(?<level>[>#]) ?$/,
  aboveprompt: null,
  unprivileged: />$/,
  enable: { command: "enable", ask: /^password: ?$/i },
  onOpen: ["terminal length 0"],
  pipelines: true,
  errors: [
    /^% ?(?!Warning)\S/,
    /^(?:line \d+: )?(?:Error|Failure)\b/i,
    /^Configuration failed/i,
    /^Command not allowed\b/i,
  ],
  notUnderstood:
    /^% ?(Invalid input|Incomplete command|Ambiguous command|Unknown command|Unrecognized command|Bad |Command authorization failed|Command incomplete)/i,
  warnings: [/^% ?(VRF|Can't find BGP|There is no) .* (yet|inactive)/],
  questions: [],
  pager: { ask: /^(?: ?-{2,} ?more ?-{2,} ?|:|\(END\))$/i, more: " " },
  abort: "\x03",
  logLine: null,
  renames: /^hostname (\S+)$/,
  running: { command: "show running-config", begin: /^(Building configuration|Current configuration)/, end: /^end$/ },
  facts: [
    {
      vendor: "FRRouting",
      command: "show version",
      patterns: {
        os_version: /^FRRouting (\S+)/m,
        hostname: /^FRRouting \S+ \(([^)]+)\)/m,
        model: /^FRRouting \S+ \([^)]+\) on (\S+?)(?:\(|\.$|$)/m,
      },
    },
  ],
  transaction: {
    kind: "immediate",
    mode: "section",
    enter: "configure terminal",
    inside: /^config/,
    leave: "end",
    locked: /(?:Could not|Unable to) (?:acquire|obtain|lock)|locked by (.+)|VTY configuration is locked/i,
    save: { command: "write memory", done: /\[OK\]|Configuration saved to|Integrated configuration saved/ },
  },
};
