import type { Platform } from "./platform.ts";

/** Reads only: what a command does to a host cannot be compared, verified or taken back as configuration. */
export const linux: Platform = {
  id: "linux",
  prompt: /^(?<host>\[?[\w.-]+@[\w.-]+)(?<mode>)[: ][^\n]*(?<level>[$#]) ?$/,
  aboveprompt: null,
  unprivileged: null,
  enable: null,
  onOpen: [],
  pipelines: false,
  errors: [],
  notUnderstood:
    /(?:command not found|: not found|No such file or directory|Permission denied|Operation not permitted)$/,
  warnings: [],
  questions: [],
  pager: { ask: /^(?:--More--(?:\(\d+%\))?|:|\(END\))$/, more: " " },
  abort: "\x03",
  logLine: null,
  renames: null,
  running: null,
  facts: [
    { vendor: "Linux", command: "cat /etc/os-release", patterns: { os_version: /^PRETTY_NAME="?([^"\n]+)/m } },
    { vendor: "Linux", command: "uname -m", patterns: { model: /^(\S+)$/m } },
    { vendor: "Linux", command: "hostname", patterns: { hostname: /^(\S+)$/m } },
    { vendor: "Linux", command: "cat /proc/uptime", patterns: { uptime: /^(\d+)(?:\.\d+)? \d/m } },
  ],
  transaction: { kind: "none" },
};
