import type { Platform } from "./platform.ts";
import { syslogLine } from "../session/messages.ts";

export const cisco_ios: Platform = {
  id: "cisco_ios",
  prompt: /^(?<host>[A-Za-z0-9_][\w./:-]{0,62})(?:\((?<mode>[\w.:/+ -]+)\))?(?<level>[>#]) ?$/,
  // in configuration modes, as Netmiko knows it of IOS and IOS XE
  promptCut: 20,
  aboveprompt: null,
  unprivileged: />$/,
  enable: { command: "enable", ask: /^password: ?$/i },
  onOpen: ["terminal length 0", "terminal width 511"],
  pipelines: true,
  errors: [
    /^% ?(?!Warning)\S/,
    /^Command rejected\b/,
    /^Command authorization failed/i,
    /^\s*Error(?:\[\d+\])? ?:/i,
    /^(?:Unable to|Cannot|Could not|Invalid|No such) \S/i,
    // as the end of a line: “… does not exist, creating it” is none
    /^(?!Warning|Note|Info)[A-Z]\S*(?: \S+){0,15} (?:does not exist|is not set|(?:is |are )?not (?:allowed|supported|permitted)|(?:has )?failed|(?:is )?denied|conflict)\.?$/i,
    /^Not an? (?:\S+ ){1,4}(?:port|interface)\.?$/i,
  ],
  notUnderstood:
    /^% ?(Invalid input|Incomplete command|Ambiguous command|Unknown command|Unrecognized command|Bad |Command authorization failed|Authorization failed)/i,
  warnings: [
    /^%* ?Warning\b/i,
    /^% ?(Generating|The key modulus|Profile|Portfast has been configured|BGP: Resetting|Interface .* (?:IP addresses?|address\(es\)) removed|Access VLAN does not exist\. Creating vlan)/,
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
