import type { Platform } from "./platform.ts";
import { harmless } from "../session/messages.ts";

/** `2025 Sep 30 09:02:26 leaf1 %ETHPORT-5-IF_UP: …`, with the number of the virtual device between. */
const message =
  /^\d{4} [A-Z][a-z]{2} +\d{1,2} [\d:.]+ \S+ (?:%\$ VDC-\d+ %\$ )?%[A-Z][A-Z0-9_]*-(?:[A-Z0-9_]+-)?[0-7]-[A-Z0-9_]+: /;

export const cisco_nxos: Platform = {
  id: "cisco_nxos",
  prompt: /^(?<host>[A-Za-z0-9_][\w.-]{0,62})(?:\(maint-mode\))?(?:\((?<mode>config[\w.:/+ -]*)\))?(?<level>[>#]) ?$/,
  aboveprompt: null,
  unprivileged: />$/,
  enable: { command: "enable", ask: /^password: ?$/i },
  onOpen: ["terminal length 0", "terminal width 511"],
  pipelines: true,
  errors: [/^% ?(?!Warning|Deleted all L)\S/i, /^ *error ?:/i, /^(Syntax error|Permission denied)/],
  notUnderstood:
    /^% ?(Invalid (command|input|parameter|number|interface|ip)|Incomplete command|Ambiguous command|Unknown command|Permission denied|Authorization failed)/i,
  warnings: [
    harmless(/^(?:% ?)?Warning ?:?/),
    harmless(/^(?:% ?)?(?:Info|Note|Notice) ?:/),
    /^% ?Deleted all L\d config/i,
    /^Enter TEXT message\. +End with the character/i,
    // the second lines and the rest of what it says of edge ports
    /^ *(host\. Connecting hubs, |interface when edge port type |Use with CAUTION$|Edge Port Type \(Portfast\) has been configured |have effect when the interface is in )/i,
  ],
  answersMean: "refusal",
  questions: [],
  pager: { ask: /^ ?-{2,} ?more ?-{2,} ?$/i, more: " " },
  abort: "\x03",
  logLine: message,
  renames: /^(?:hostname|switchname) (\S+)$/,
  running: { command: "show running-config", begin: /^(!Command: show running-config|version )/, end: "twice" },
  facts: [
    {
      vendor: "Cisco",
      command: "show version",
      patterns: {
        os_version: /^\s*(?:NXOS|system):\s+version (\S+)/m,
        model: /^\s*cisco (Nexus\S*(?: C?\S+)?) [Cc]hassis/m,
        serial: /^\s*Processor Board ID (\S+)/m,
        hostname: /^\s*Device name: (\S+)/m,
        uptime: /^Kernel uptime is (.+)$/m,
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
      /(?:Configuration|Session|VSH) .*(?:locked|in progress) by (.+)|another (?:user|session) .*(?:configur|commit)/i,
    save: { command: "copy running-config startup-config", done: /Copy complete/ },
  },
};
