import { execLines, iosReads, risks, sessionLines } from "./ios-like.ts";
import type { PlatformLanguage } from "./language.ts";
import { iosSecrets } from "./secret-rules.ts";

/**
 * Read and backed up, but not changed: which of its defaults the config shows, and in which form, differs between models and
 * versions in ways that are not modelled well enough to promise a way back.
 */
export const aruba_aoscx: PlatformLanguage = {
  id: "aruba_aoscx",
  label: "AOS-CX",
  config: {
    style: "opaque",
    indent: 4,
    volatile: [/^Current configuration:/, /^!+$/],
    closing: /^(exit|end)$/,
    opening: null,
    continued: null,
  },
  sessionLines,
  execLines,
  secrets: [
    { match: /^(user \S+ group \S+ password (?:ciphertext|plaintext) )(\S+)/ },
    {
      match:
        /^(snmpv3 user \S+.*? auth-pass (?:ciphertext |plaintext )?)(\S+)(.*? priv-pass (?:ciphertext |plaintext )?)(\S+)/,
    },
    { match: /^(snmpv3 user \S+.*? auth-pass (?:ciphertext |plaintext )?)(\S+)/ },
    { match: /^(snmp-server community )(\S+)/ },
    { match: /^(snmp-server host .* community )(\S+)/ },
    { match: /^(.*\bkey (?:ciphertext|plaintext) )(\S+)/ },
    {
      match:
        /^(.*\b(?:password|passphrase|message-digest-key \d+ md5|authentication-key|pre-shared-key) (?:ciphertext |plaintext )?)(?!\d+ (?:md5|sha)|ckn )(\S+)/,
    },
    ...iosSecrets,
  ],
  risks,
  unrepeatable: [/./],
  reads: iosReads,
};
