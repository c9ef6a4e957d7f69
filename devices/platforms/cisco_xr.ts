import type { Platform } from "./platform.ts";

/** `RP/0/RP0/CPU0:Nov 24 10:00:00.123 UTC: ifmgr[204]: %PKT_INFRA-LINK-3-UPDOWN : …` */
const message = /^(?:RP|LC|\d+)\/\S+:(?:\d{4} )?[A-Z][a-z]{2} +\d+ [\d:.]+ ?\S*: [\w-]+\[\d+\]: %[A-Z]/;

export const cisco_xr: Platform = {
  id: "cisco_xr",
  prompt:
    /^(?:RP|0)\/\d+(?:\/\w+)*\/CPU\d+:(?<host>[A-Za-z0-9_][\w.-]{0,62})(?:\((?<mode>(?:config|admin)[\w.:/+ -]*)\))?(?<level>#) ?$/,
  aboveprompt: null,
  unprivileged: null,
  enable: null,
  onOpen: ["terminal length 0", "terminal width 511", "terminal exec prompt no-timestamp"],
  pipelines: true,
  errors: [/^% ?(?!WARNING)\S/i, /^(ERROR|Error): /],
  notUnderstood:
    /^% ?(Invalid input|Incomplete command|Ambiguous command|Unknown command|This command is not authorized|Authorization)/i,
  warnings: [/^% ?WARNING\b/i, /^% ?Confirming commit/],
  questions: [],
  pager: { ask: /^ ?-{2,} ?more ?-{2,} ?$/i, more: " " },
  abort: "\x03",
  logLine: message,
  renames: /^hostname (\S+)$/,
  running: { command: "show running-config", begin: /^(Building configuration|!! )/, end: /^end$/ },
  facts: [
    {
      vendor: "Cisco",
      command: "show version",
      patterns: {
        os_version: /^Cisco IOS XR Software, Version ([^\s[]+)/m,
        model: /^[Cc]isco (\S.*?) (?:Series )?\(.*\) [Pp]rocessor/m,
        uptime: /^(?:System uptime is|.* uptime is) (.+)$/m,
      },
    },
    {
      vendor: "Cisco",
      command: "show inventory",
      patterns: { serial: /^NAME: "?(?:Rack 0|0\/RS?P0|chassis)\b[^]*?SN: (\S+)/m },
    },
  ],
  transaction: {
    kind: "candidate",
    enter: "configure exclusive",
    inside: /\(config[^)]*\)# ?$/,
    leave: "end",
    // `end` would ask what to do with them.
    discard: "abort",
    // Each session has a target configuration of its own.
    compare: null,
    commit: (label) => `commit label ${label}`,
    // The device believes a confirmation only from the session that armed the trial, and a session may die.
    commitConfirmed: null,
    committed: null,
    why: "show configuration failed",
    log: {
      command: "show configuration commit list 100 detail",
      entry: /^\s*\d+\) CommitId: /,
      waiting: null,
      byItself: null,
    },
    locked: /^[0-9a-f]{8}-\S+ +\S+ +(\S+) +.*\*[^]*Can ?not enter exclusive mode|Can ?not enter exclusive mode\..*/m,
    dirty: null,
  },
};
