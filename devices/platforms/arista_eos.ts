import type { Platform } from "./platform.ts";
import { syslogLine } from "../session/messages.ts";

export const arista_eos: Platform = {
  id: "arista_eos",
  prompt: /^(?<host>[A-Za-z0-9_][\w.-]{0,62})(?:\.\d\d:\d\d:\d\d)?(?:\((?<mode>[\w.:/+ -]+)\))?(?<level>[>#]) ?$/,
  aboveprompt: null,
  unprivileged: />$/,
  enable: { command: "enable", ask: /^password: ?$/i },
  onOpen: ["terminal length 0", "terminal width 32767"],
  pipelines: true,
  errors: [/^% ?(?!Warning)\S/, /^! ?(Command not|Access denied)/],
  notUnderstood:
    /^% ?(Invalid input|Incomplete command|Ambiguous command|Unknown command|Unrecognized command|Bad |Command authorization failed|Authorization failed)/i,
  warnings: [/^% ?Warning\b/i],
  questions: [],
  pager: { ask: /^ ?-{2,} ?more ?-{2,} ?$/i, more: " " },
  abort: "\x03",
  logLine: syslogLine,
  renames: /^hostname (\S+)$/,
  running: { command: "show running-config", begin: /^(! Command: show running-config|! device:|!)/, end: /^end$/ },
  facts: [
    {
      vendor: "Arista",
      command: "show version",
      patterns: {
        os_version: /^Software image version: (\S+)/m,
        model: /^Arista (\S+)/m,
        serial: /^Serial number: +(\S+)/m,
        uptime: /^Uptime: +(.+)$/m,
      },
    },
    { vendor: "Arista", command: "show hostname", patterns: { hostname: /^Hostname: (\S+)/m } },
  ],
  transaction: {
    kind: "configure_session",
    enter: (label) => `configure session ${label}`,
    inside: /^config-s-/,
    abandon: "abort",
    commit: "commit",
    commitConfirmed: (minutes) =>
      `commit timer ${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}:00`,
    confirm: (label) => `configure session ${label} commit`,
    revert: (label) => `configure session ${label} abort`,
    discard: (label) => `no configure session ${label}`,
    list: "show configuration sessions",
    row: /^[ *]*(?<name>[\w.-]+) +(?<state>pending|completed|aborted|pendingCommitTimer|committed\S*|completed\S*)\b/,
    states: { open: /^pending$/, committed: /^(completed|committed)/, waiting: /^pendingCommitTimer$/ },
    locked: /configuration is locked by (.+)|Configuration locked/i,
    save: { command: "write memory", done: /Copy completed successfully|^\[OK\]$/ },
  },
};
