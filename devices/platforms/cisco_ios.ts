import type { Platform } from "./platform.ts";
import { syslogLine } from "../session/messages.ts";

export const cisco_ios: Platform = {
  id: "cisco_ios",
  prompt: /^(?<host>[A-Za-z0-9_][\w./:-]{0,62})(?:\((?<mode>[\w.:/+ -]+)\))?(?<level>[>#]) ?$/,
  aboveprompt: null,
  unprivileged: />$/,
  enable: { command: "enable", ask: /^password: ?$/i },
  onOpen: ["terminal length 0", "terminal width 511"],
  pipelines: true,
  errors: [/^% ?(?!Warning)\S/, /^Command rejected\b/, /^Command authorization failed/i, /^(ERROR|Error):/],
  notUnderstood:
    /^% ?(Invalid input|Incomplete command|Ambiguous command|Unknown command|Unrecognized command|Bad |Command authorization failed|Authorization failed)/i,
  warnings: [
    /^%+ ?Warning\b/i,
    /^% ?(Generating|The key modulus|Profile|Portfast has been configured|BGP: Resetting|Interface .* IP addresses? removed)/,
  ],
  questions: [
    { after: /^copy running-config startup-config$/, ask: /^Destination filename \[startup-config\]\? ?$/, answer: "" },
    { after: /^write( memory)?$/, ask: /^Overwrite the previous NVRAM configuration\?\[confirm\] ?$/, answer: "" },
  ],
  pager: { ask: /^ ?-{2,} ?more ?-{2,} ?$/i, more: " " },
  abort: "\x03",
  logLine: syslogLine,
  renames: /^hostname (\S+)$/,
  running: {
    command: "show running-config",
    begin: /^(Building configuration|Current configuration|version |!)/,
    end: /^end$/,
    bytes: /^Current configuration ?: (\d+) bytes$/,
  },
  facts: [
    {
      vendor: "Cisco",
      command: "show version",
      patterns: {
        os_version: /Cisco (?:IOS|Internetwork)[^]*?Version ([^\s,]+)/,
        model: /^[Cc]isco (\S+) \(.*(?:processor|revision|bytes of)|^Model [Nn]umber\s*: (\S+)/m,
        serial: /^Processor board ID (\S+)/m,
        hostname: /^(\S+) uptime is /m,
        uptime: /^\S+ uptime is (.+)$/m,
      },
    },
  ],
  transaction: {
    kind: "immediate",
    mode: "line",
    enter: "configure terminal",
    inside: /^config/,
    leave: "end",
    locked:
      /configuration mode (?:is )?locked by (.+)|Configuration mode is locked|Unable to lock|currently being locked by (.+)/i,
    save: { command: "write memory", done: /\[OK\]/ },
  },
};
