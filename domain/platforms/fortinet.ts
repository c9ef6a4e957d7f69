import { anyOf } from "./read-rules.ts";
import type { PlatformLanguage } from "./language.ts";

const VALUE = '("(?:[^"\\\\]|\\\\.)*"|\'[^\']*\'|(?!"-----|(?:\\d+ )?ENC )\\S+)';
const set = (words: string): RegExp => new RegExp(`^((?:.*[#$] )?set (?:${words}) )${VALUE}`);

/**
 * FortiOS: tables of `config`, `edit`, `set`, `next`, `end`. Readable only: what a `set` does to the values around it is not
 * foreseen here. Encrypted values come out otherwise at each read, so they count for nothing when two reads are compared.
 */
export const fortinet: PlatformLanguage = {
  id: "fortinet",
  label: "FortiOS",
  config: {
    style: "opaque",
    indent: 4,
    volatile: [
      /^#(config-version|conf_file_ver|buildno|global_vdom|private-encryption-key)=/,
      /^set \S+(?: \d+)? ENC /,
      /^set (private-key|privatekey) "-----BEGIN/,
      /^set last-(updated|login) /,
    ],
    closing: /^(next|end)$/,
    opening: null,
    quotes: true,
    continued: null,
  },
  sessionLines: [],
  execLines: [],
  secrets: [
    { match: /^((?:.*[#$] )?set [\w-]+(?: \d+)? ENC )(\S+)/ },
    {
      match: set(
        "[\\w-]*(?:passwd|password|passphrase|psksecret|secret|pwd|pin|ddns-key|auth-key|api-key|access-key|secret-key|sso-key|token|community)\\d?",
      ),
    },
    {
      match: set(
        "(?:md5-key|key|key-string|authentication-key|(?:secondary|tertiary|mpsk)-key|authkey|enckey|seed|activation-code|history0|history1)(?: \\d+)?",
      ),
    },
    { match: set("(?:private-key|privatekey|rsso|group-password|auth-password-l[12])") },
    { within: /^config system snmp community$/, match: set("name") },
    { match: /^(#private-encryption-key=)(\S+)/ },
  ],
  risks: [],
  unrepeatable: [/./],
  reads: {
    commands: [
      /^show( full-configuration)?( [\w.+-]+)*$/,
      /^get( [\w.+:/-]+)+$/,
      /^execute (ping|ping6|traceroute) [\w.:-]+$/,
      /^diagnose (sys (session stat|ha status|process pidof [\w-]+)|hardware (deviceinfo nic [\w-]+|sysinfo memory)|ip (arp|address|route) list)$/,
    ],
    forbidden: anyOf(
      /[>;?`$&\\]|\b(config|edit|set|unset|append|clone|delete|purge|rename|save|redirect|tee)\b/,
      /^get +te(?:st?)?(?= |$)/,
      /(?<=^[^|]*\s)(?:top?|tail?|mon(?:i\S*)?|capture|sniffer)(?=\s|$)/,
    ),
    pipes: [/^grep( -[ivnfcABC]+( \d+)?)? \S.*$/],
    quotes: false,
    examples: "`show …`, `get …`, `execute ping …`, with `| grep`",
  },
};
