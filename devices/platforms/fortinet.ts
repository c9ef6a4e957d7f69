import type { Platform } from "./platform.ts";

/** Reads only. Its pager cannot be turned off without changing the configuration, so pages are turned. */
export const fortinet: Platform = {
  id: "fortinet",
  prompt: /^(?:\([MPS]\) )?(?<host>[A-Za-z0-9_][\w.~-]{0,62})(?:\(\w+\))? (?:\((?<mode>[\w.-]+)\) )?(?<level>[#$]) ?$/,
  aboveprompt: null,
  unprivileged: null,
  enable: null,
  onOpen: [],
  pipelines: false,
  errors: [/^(Command fail\. Return code|command parse error|Unknown action|object .* (set|unset) operator error)/i],
  notUnderstood:
    /^(Command fail\. Return code|command parse error|Unknown action|incomplete command|ambiguous command|Permission denied|entry not found)/i,
  warnings: [],
  questions: [],
  pager: { ask: /^--More-- ?$/, more: " " },
  abort: "\x03",
  logLine: null,
  renames: null,
  running: { command: "show", begin: /^#config-version=/, end: "twice" },
  facts: [
    {
      vendor: "Fortinet",
      command: "get system status",
      patterns: {
        os_version: /^Version: \S+ v?([\d.]+)/m,
        model: /^Version: (\S+) v/m,
        serial: /^Serial-Number: (\S+)/m,
        hostname: /^Hostname: (\S+)/m,
      },
    },
    { vendor: "Fortinet", command: "get system performance status", patterns: { uptime: /^Uptime: +(.+)$/m } },
  ],
  transaction: { kind: "none" },
};
