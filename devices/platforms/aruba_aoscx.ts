import type { Platform } from "./platform.ts";

export const aruba_aoscx: Platform = {
  id: "aruba_aoscx",
  prompt: /^(?<host>[A-Za-z0-9_][\w.-]{0,62})(?:\((?<mode>config[\w.:/+ -]*)\))?(?<level>[>#]) ?$/,
  aboveprompt: null,
  unprivileged: null,
  enable: null,
  onOpen: ["no page"],
  // A space completes a word there: what is typed ahead is not echoed as it was typed.
  pipelines: false,
  errors: [/^% ?\S/, /^(Invalid input|Cannot execute command|Command incomplete|Ambiguous command|Error)\b/i],
  notUnderstood:
    /^(?:% ?)?(Invalid input|Unknown command|Command incomplete|Ambiguous command|Cannot execute command)/i,
  warnings: [/^% ?Warning\b/i, /^Warning:/i],
  questions: [],
  pager: { ask: /^-- MORE --, next page: Space, next line: Enter, quit: \S+$/i, more: " " },
  abort: "\x03",
  logLine: null,
  renames: /^hostname (\S+)$/,
  running: { command: "show running-config", begin: /^(Current configuration:|!Version ArubaOS-CX)/, end: "twice" },
  facts: [
    { vendor: "Aruba", command: "show version", patterns: { os_version: /^Version +: (\S+)/m } },
    {
      vendor: "Aruba",
      command: "show system",
      patterns: {
        hostname: /^Hostname +: (\S+)/m,
        model: /^Product Name +: (\S.*?) *$/m,
        serial: /^Chassis Serial Nbr +: (\S+)/m,
        uptime: /^Up Time +: (.+?) *$/m,
      },
    },
  ],
  transaction: { kind: "none" },
};
