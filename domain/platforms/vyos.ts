import { anyOf, pingRead, tracerouteRead } from "./read-rules.ts";
import type { PlatformLanguage } from "./language.ts";

const VALUE = "('[^']*'|\"(?:[^\"\\\\]|\\\\.)*\"|[^\\s'\"{]+)";
const after = (words: string): RegExp => new RegExp(`^((?:.* )?(?:${words}) )${VALUE}`);

/**
 * VyOS, as `set` lines. Readable only: which leaves hold one value and which hold several is not in what the device shows, so
 * what a `set` replaces cannot be foreseen from it.
 */
export const vyos: PlatformLanguage = {
  id: "vyos",
  label: "VyOS",
  config: {
    style: "opaque",
    indent: 4,
    volatile: [],
    closing: /^(\}|\[edit\])$/,
    opening: /\s{0,8}\{$/,
    continued: null,
  },
  sessionLines: [],
  execLines: [],
  secrets: [
    {
      match: after(
        "encrypted-password|plaintext-password|pre-shared-secret|pre-shared-key|preshared-key|cak|shared-secret(?! \\S+ key )|passphrase|md5-key|key-string|wpa-passphrase|auth-key|api-key|private-key|private key|hashed-password",
      ),
    },
    { match: after("(?<!source-)(?:password(?! (?:plaintext|encrypted|hashed)-password )|secret)") },
    { match: new RegExp(`^((?:.* )?(?:radius|tacacs)(?: server)? .{0,200}?key )${VALUE}`) },
    { match: new RegExp(`^((?:.* )?snmp community )${VALUE}`) },
    { match: new RegExp(`^((?:.* )?trap-target \\S+ community )${VALUE}`) },
    { match: new RegExp(`^(community )${VALUE}`), within: /^snmp\b/ },
    { match: new RegExp(`^(key )${VALUE}`), within: /^(radius|tacacs|psk|server|otp|wep|keys|id|shared-secret)\b/ },
    { match: new RegExp(`^((?:.* )?(?:otp|wep|mka|api keys id \\S+|shared-secret \\S+) key )${VALUE}`) },
  ],
  risks: [],
  unrepeatable: [/./],
  reads: {
    commands: [
      /^show \S.*$/,
      pingRead({ counts: "count", values: "interface|source-address", flags: "do-not-fragment", counted: true }),
      tracerouteRead("interface|source-address"),
    ],
    // short forms of words count as the words there
    forbidden: anyOf(
      /[>;?`$&\\(){}<!~]|\b(save|tee|append|redirect|sudo)\b/,
      /^show +t(?:e(?:c\S*)?)?(?= |$)/,
      /(?<=^[^|]*\s)(?:t|ta|tail?|top?|m|mon?|moni\S*|c|ca|cap\S*|fo(?:l\S*)?|-f)(?=\s|$)/,
    ),
    pipes: [/^(match|no-match) [\w./:-]+( [\w./:-]+)*$/, /^(no-more|count|strip-private|commands)$/],
    quotes: false,
    examples:
      "`show …`, `ping … count 5`, `traceroute …`, with `| match`, `no-match`, `count`, `commands` or `no-more`",
  },
};
