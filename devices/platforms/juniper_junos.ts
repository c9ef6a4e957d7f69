import type { Platform } from "./platform.ts";
import { syslogLine } from "../session/messages.ts";

export const juniper_junos: Platform = {
  id: "juniper_junos",
  prompt: /^(?<host>[\w.-]+@[\w.-]+)(?<mode>)(?<level>[>#%]) ?$/,
  aboveprompt:
    /^(\{(master|backup|primary|secondary|linecard|local|node\d)[^}]*\}(\[edit[^\]]*\])?|\[edit[^\]]*\]|# commit confirmed will be rolled back in .*)$/,
  unprivileged: null,
  enable: null,
  onOpen: ["set cli complete-on-space off", "set cli screen-length 0", "set cli screen-width 0"],
  pipelines: true,
  errors: [
    /^(syntax error|unknown command|missing argument|missing mandatory|invalid |ambiguous|permission denied|error:|statement (must|cannot|creation failed)|could not)/i,
  ],
  notUnderstood:
    /^(syntax error|unknown command|missing argument|invalid (?:value|argument|command)|ambiguous|permission denied|error: (?:command|permission))/i,
  warnings: [/^warning:/i],
  questions: [],
  pager: { ask: /^---\(more(?: \d+%)?\)---$/i, more: " " },
  abort: "\x03",
  logLine: syslogLine,
  renames: /^set system host-name (\S+)$/,
  running: {
    command: "show configuration",
    begin: /^(## Last |version |[a-z][\w-]* \{)/,
    end: "braces",
    count: { command: "show configuration | count", lines: /^Count: (\d+) lines?$/m },
  },
  facts: [
    {
      vendor: "Juniper",
      command: "show version",
      patterns: {
        os_version: /^(?:Junos: |JUNOS .*\[)([\w.-]+)/m,
        model: /^Model: (\S+)/m,
        hostname: /^Hostname: (\S+)/m,
      },
    },
    { vendor: "Juniper", command: "show chassis hardware", patterns: { serial: /^Chassis +(\S+) +\S+/m } },
    { vendor: "Juniper", command: "show system uptime", patterns: { uptime: /^System booted: .*\((.+) ago\)/m } },
  ],
  transaction: {
    kind: "candidate",
    enter: "configure exclusive",
    inside: /# ?$/,
    leave: "exit configuration-mode",
    discard: "rollback 0",
    compare: "show | compare",
    commit: (label) => `commit comment "${label}"`,
    commitConfirmed: (minutes, label) => `commit confirmed ${minutes} comment "${label}"`,
    committed: /^commit complete$/m,
    why: null,
    log: {
      command: "show system commit",
      entry: /^\d+ +\d{4}-/,
      waiting: /commit confirmed, rollback in/,
      byItself: /\bby root via other\b|\brollback\b.*\bautomatic|automatic rollback/i,
    },
    locked: /configuration database locked by:?\s*\n?\s*(\S.*)/,
    dirty: /configuration database modified/i,
  },
};
