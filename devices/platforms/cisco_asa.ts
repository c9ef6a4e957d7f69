import type { Platform } from "./platform.ts";

export const cisco_asa: Platform = {
  id: "cisco_asa",
  prompt: /^(?<host>[A-Za-z0-9_][\w./-]{0,94})(?:\((?<mode>config[\w.:/+ -]*)\))?(?<level>[>#]) ?$/,
  aboveprompt: null,
  unprivileged: />$/,
  enable: { command: "enable", ask: /^password: ?$/i, first: true },
  // The width is a line of the configuration there, so it is left alone.
  onOpen: ["terminal pager 0"],
  pipelines: false,
  errors: [/^(ERROR|Error): /, /^% ?(?!Warning)\S/, /^Command authorization failed/i],
  notUnderstood: /^(?:ERROR: )?% ?(Invalid|Incomplete|Ambiguous|Unknown)|^ERROR: Command authorization failed/i,
  warnings: [/^WARNING: /, /^INFO: /],
  questions: [],
  pager: { ask: /^<--- More --->$/, more: " " },
  abort: "\x03",
  logLine: /^%(?:ASA|FTD)-\d-\d{6}: /,
  renames: /^hostname (\S+)$/,
  // `show running-config` hides the keys behind asterisks: nothing could be restored from it.
  running: { command: "more system:running-config", begin: /^(: Saved|: Serial Number|ASA Version )/, end: /^: end$/ },
  facts: [
    {
      vendor: "Cisco",
      command: "show version",
      patterns: {
        os_version: /Adaptive Security Appliance Software Version (\S+)/,
        model: /^Hardware: +([^,]+),/m,
        serial: /^Serial Number: (\S+)/m,
        hostname: /^(\S+) up \d/m,
        uptime: /^\S+ up (\d.+)$/m,
      },
    },
  ],
  transaction: { kind: "none" },
};
