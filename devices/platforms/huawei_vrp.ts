import type { Platform } from "./platform.ts";
import { harmless } from "../session/messages.ts";

/** A message as VRP prints it on a terminal: `Nov 24 2026 10:11:12+00:00 SW1 %%01IFNET/4/IF_STATE(l)[3]:…`, or `#Nov …` for a trap. */
const logLine =
  /^#?[A-Z][a-z]{2} +\d{1,2} \d{4} [\d:.]+(?:[+-][\d:]+)?(?: DST)? \S+ (?:%%\d\d)?[A-Za-z0-9_]+\/\d\/[A-Za-z0-9_]+[^ ]*:/;

/** VRP 5, where a line works at once. VRP 8 shows `[~host]`: its two-stage configuration is not entered. */
export const huawei_vrp: Platform = {
  id: "huawei_vrp",
  prompt: /^(?:HRP_[A-Z])?(?:<(?<host>[\w.@()/:-]{1,64})|(?<mode>\[[~*]?[\w.@()/: +-]{1,160}))(?<level>[>\]]) ?$/,
  aboveprompt: null,
  unprivileged: null,
  enable: null,
  onOpen: ["screen-length 0 temporary", "undo terminal monitor"],
  pipelines: false,
  errors: [/^ *Error(?:\[\d+\])? ?:/i, /^%? ?(Unrecognized|Incomplete|Ambiguous|Wrong parameter|Too many parameters)/],
  notUnderstood:
    /^(Error ?: ?(Unrecognized command|Incomplete command|Ambiguous command|Wrong parameter|Too many parameters|Invalid|You do not have)|% ?(Unrecognized|Incomplete|Ambiguous))/i,
  warnings: [
    harmless(/^(?:Info|Warning|Notice|Note) ?:/),
    /^Input banner text, and quit with the character /i,
    /^Please wait for a moment\b[. ]*(?:done\.?)?$/i,
  ],
  answersMean: "refusal",
  questions: [
    { after: /^save$/, ask: /\bcontinue\?? ?\[Y\/N\]:? ?$/i, answer: "y" },
    { after: /^save$/, ask: /^Please input the file name ?\([^)]*\) ?\[[\w./:]+\] ?: ?$/, answer: "" },
    { after: /^save$/, ask: /^Are you sure to (?:continue|save).*\[Y\/N\]:? ?$/i, answer: "y" },
  ],
  pager: { ask: /^ *-{2,} ?more ?-{2,} *$/i, more: " " },
  abort: "\x03",
  logLine,
  renames: /^sysname (\S+)$/,
  running: {
    command: "display current-configuration",
    begin: /^(!Software Version|\[V\d+R\d+|#$|!)/,
    end: /^return$/,
  },
  facts: [
    {
      vendor: "Huawei",
      command: "display version",
      patterns: {
        os_version: /^VRP \(R\) software, Version (.+?)(?: *\(.*\))?$/m,
        model: /^(?:HUAWEI|Quidway) (\S+)(?: .*)? uptime is /im,
        uptime: /^(?:HUAWEI|Quidway) .* uptime is (.+)$/im,
      },
    },
    { vendor: "Huawei", command: "display esn", patterns: { serial: /^ *ESN of [\w ]+? ?: *(\S+)/im } },
  ],
  transaction: {
    kind: "immediate",
    mode: "line",
    enter: "system-view",
    inside: /^\[(?![~*])/,
    leave: "return",
    locked: /configuration (?:is |has been )?locked by (.+)|locked the configuration/i,
    save: { command: "save", done: /saved successfully|Save the configuration successfully/i },
  },
};
