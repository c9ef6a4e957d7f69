import type { Platform } from "./platform.ts";

/** Reads only. The user name asks for a plain terminal: no colours, no completion, no questions about it, wide and high. */
export const mikrotik_routeros: Platform = {
  id: "mikrotik_routeros",
  loginSuffix: "+cet511w4096h",
  lineEnd: "\r\n",
  prompt: /^\[(?<host>[^@\]\s]+@[^\]]{1,64})\] (?:(?<mode>\/?[a-z][\w/ -]*?) ?)?(?<level>>) *$/,
  aboveprompt: null,
  unprivileged: null,
  enable: null,
  onOpen: [],
  pipelines: false,
  errors: [
    /^(bad command name|expected |syntax error|no such item|input does not match|invalid |ambiguous value|value of |failure:|not enough permissions|missing )/i,
  ],
  notUnderstood:
    /^(bad command name|expected |syntax error|no such (?:item|command)|input does not match|invalid (?:value|internal item)|ambiguous value|not enough permissions|missing |failure:)/i,
  warnings: [],
  questions: [],
  pager: { ask: /^-- \[[^\]]*Q quit[^\]]*\] ?$/, more: " " },
  abort: "\x03",
  logLine: null,
  renames: null,
  running: {
    command: "/export terse show-sensitive",
    begin: /^# .* by RouterOS /,
    end: "twice",
    // version 6 shows what is sensitive unless it is told not to
    instead: "/export terse",
  },
  facts: [
    {
      vendor: "MikroTik",
      command: "/system resource print",
      patterns: {
        os_version: /^ *version: ([\w.]+)/m,
        model: /^ *board-name: (.+?) *$/m,
        uptime: /^ *uptime: (\S+)/m,
      },
    },
    { vendor: "MikroTik", command: "/system routerboard print", patterns: { serial: /^ *serial-number: (\S+)/m } },
    { vendor: "MikroTik", command: "/system identity print", patterns: { hostname: /^ *name: (.+?) *$/m } },
  ],
  transaction: { kind: "none" },
};
