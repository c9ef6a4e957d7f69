import type { Platform } from "./platform.ts";

/** Reads only, over the classic CLI or the MD-CLI: each refuses what belongs to the other, which does no harm. */
export const nokia_sros: Platform = {
  id: "nokia_sros",
  prompt: /^\*?[A-D]:(?<host>(?:[\w.-]+@)?[\w.-]{1,64})(?:>(?<mode>[\w>."/ -]+))?(?<level>[#$]) ?$/,
  aboveprompt: /^[!*]*(?:\((?:ex|gl|pr|ro)[^)]*\))?\[[^\]]*\]$/,
  unprivileged: null,
  enable: null,
  onOpen: ["environment more false", "environment command-completion space false", "environment no more"],
  pipelines: false,
  errors: [/^(MINOR|MAJOR|CRITICAL): /, /^Error: /, /^Bad Command:/i],
  notUnderstood: /^(MINOR: (?:MGMT_CORE|CLI)|Error: (?:Bad|Invalid|Missing|Ambiguous|Incomplete)|Bad Command:)/i,
  warnings: [],
  questions: [],
  pager: { ask: /^Press any key to continue \(Q to quit\) ?$|^-- ?more ?--$/i, more: " " },
  abort: "\x03",
  logLine: null,
  renames: null,
  running: {
    command: "admin display-config",
    begin: /^# TiMOS-/,
    end: /^# Finished /,
    instead: "admin show configuration",
  },
  facts: [
    {
      vendor: "Nokia",
      command: "show system information",
      patterns: {
        os_version: /^System Version +: +(\S+)/m,
        model: /^System Type +: +(.+?) *$/m,
        hostname: /^System Name +: +(\S+)/m,
        uptime: /^System Up Time +: +(.+?)(?: \(.*)?$/m,
      },
    },
    { vendor: "Nokia", command: "show chassis", patterns: { serial: /^ *Serial number +: +(\S+)/m } },
  ],
  transaction: { kind: "none" },
};
