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
        "encrypted-password|plaintext-password|pre-shared-secret|pre-shared-key|preshared-key|shared-secret|passphrase|md5-key|key-string|wpa-passphrase|auth-key|api-key|private-key|private key|hashed-password",
      ),
    },
    { match: after("(?<!source-)(?:password|secret)") },
    { match: new RegExp(`^((?:.* )?(?:radius|tacacs)(?: server)? .{0,200}?key )${VALUE}`) },
    { match: new RegExp(`^((?:.* )?snmp community )${VALUE}`) },
    { match: new RegExp(`^((?:.* )?trap-target \\S+ community )${VALUE}`) },
    { match: new RegExp(`^(community )${VALUE}`), within: /^snmp\b/ },
    { match: new RegExp(`^(key )${VALUE}`), within: /^(radius|tacacs|psk|server)\b/ },
    { match: /^(.*?\b[a-z]{1,20}:\/\/[^:\s/]{1,200}:)([^\s@]{1,200})(?=@)/ },
  ],
  risks: [],
  unrepeatable: [/./],
  reads: {
    commands: [
      /^show (?!tech-support)\S.*$/,
      /^(ping|traceroute) [\w.:-]+( (count|interface|source-address|size) [\w.:-]+)*$/,
    ],
    forbidden: /[>;?`$&\\(){}<]|\b(save|tee|append|redirect|sudo)\b/i,
    pipes: [/^(match|no-match) [\w./:-]+( [\w./:-]+)*$/, /^(no-more|count|strip-private|commands)$/],
    quotes: false,
    examples: "`show …`, `ping …`, `traceroute …`, with `| match`, `no-match`, `count`, `commands` or `no-more`",
  },
};
