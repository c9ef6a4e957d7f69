import type { Platform } from "./platform.ts";

/** Reads only. */
export const vyos: Platform = {
  id: "vyos",
  prompt: /^(?<host>[\w.-]+@[\w.-]+)(?::[~\w/.-]+)?(?<mode>)(?<level>[$#>]) ?$/,
  aboveprompt: /^\[edit[^\]]*\]$/,
  unprivileged: null,
  enable: null,
  onOpen: ["set terminal length 0", "set terminal width 511"],
  pipelines: false,
  errors: [
    /^ {0,2}(Invalid command|Ambiguous command|Incomplete command|Set failed|Delete failed|Commit failed|Configuration path: .* is not valid|Invalid value|vbash: )/i,
  ],
  notUnderstood: /^ {0,2}(Invalid command|Ambiguous command|Incomplete command|Command \S+ (?:is )?not found|vbash: )/i,
  warnings: [],
  questions: [],
  pager: { ask: /^(?:--More--|:|\(END\)|lines \d+-\d+(?:\/\d+)?(?: .*)?)$/, more: " " },
  abort: "\x03",
  logLine: null,
  renames: null,
  running: { command: "show configuration commands | no-more", begin: /^set /, end: "twice" },
  facts: [
    {
      vendor: "VyOS",
      command: "show version",
      patterns: {
        os_version: /^Version: +(?:VyOS )?(\S+)/m,
        model: /^Hardware model: +(.+?) *$/m,
        serial: /^Hardware S\/N: +(\S+)/m,
      },
    },
    { vendor: "VyOS", command: "show system uptime", patterns: { uptime: /^Uptime: +(.+)$/m } },
  ],
  transaction: { kind: "none" },
};
