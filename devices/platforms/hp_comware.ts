import type { Platform } from "./platform.ts";
import { harmless } from "../session/messages.ts";

/** A message as Comware prints it on a terminal: `%Nov 24 10:11:12:345 2026 SW1 IFNET/3/PHY_UPDOWN: …`. */
const logLine = /^%(?:@\d+)?[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d:\d{3} \d{4} \S+ [A-Z0-9_]+\/\d\/[A-Z0-9_]+:/;

export const hp_comware: Platform = {
  id: "hp_comware",
  prompt: /^(?:RBM_[A-Z])?(?:<(?<host>[\w.@()/:-]{1,64})|(?<mode>\[[\w.@()/: +-]{1,160}))(?<level>[>\]]) ?$/,
  aboveprompt: null,
  unprivileged: null,
  enable: null,
  onOpen: ["screen-length disable", "undo terminal monitor"],
  pipelines: false,
  // what is no fault of the grammar comes as a plain sentence, and a line that is taken says nothing
  errors: [
    /^ ?% [A-Z]/,
    /^ ?(Error ?:|Failed |Can(?:not|'t| not) |Invalid |Permission denied|Operation failed|Unable to|Not enough|No such )/i,
    /^ ?[A-Z][^\n]{0,120}\b(does not exist|doesn't exist|already exists?|not supported|is not allowed|conflicts? with|out of range)\b/i,
  ],
  notUnderstood:
    /^ ?(% (Unrecognized|Incomplete|Ambiguous|Wrong parameter|Too many parameters|Invalid)|Permission denied)/i,
  warnings: [
    harmless(/^ ?(?:Info|Warning|Notice|Note) ?:/),
    /^ ?Updating user(?:\(s\))? information[.,]? please wait[. ]*(?:done\.?)?$/i,
    /^ ?Please input banner content, and quit with the character /i,
  ],
  answersMean: "refusal",
  questions: [],
  pager: { ask: /^ *-{2,} ?more ?-{2,} *$/i, more: " " },
  abort: "\x03",
  logLine,
  renames: /^sysname (\S+)$/,
  running: { command: "display current-configuration", begin: /^(#$| ?version )/, end: /^return$/ },
  facts: [
    {
      vendor: "HPE",
      command: "display version",
      patterns: {
        os_version: /Comware (?:Platform )?Software, (?:Software )?Version ([\w.]+(?:, [A-Z][\w ]+)?)/i,
        model: /^(?:HPE?|H3C) (.+?) uptime is /m,
        uptime: /^(?:HPE?|H3C) .+? uptime is (.+)$/m,
      },
    },
    {
      vendor: "HPE",
      command: "display device manuinfo",
      patterns: { serial: /^ *DEVICE_SERIAL_NUMBER *: *(?!NONE)(\S+)/m },
    },
  ],
  transaction: {
    kind: "immediate",
    mode: "line",
    enter: "system-view",
    inside: /^\[/,
    leave: "return",
    locked: /configuration (?:is |has been )?locked by (.+)|locked the configuration/i,
    save: { command: "save force", done: /saved the current configuration .*successfully|saved successfully/i },
  },
};
