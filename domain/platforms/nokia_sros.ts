import { anyOf, NEVER_ENDS, pingRead, tracerouteRead } from "./read-rules.ts";
import type { PlatformLanguage } from "./language.ts";

const VALUE = '("(?:[^"\\\\]|\\\\.)*"|[^\\s;{]+)';
const after = (words: string): RegExp => new RegExp(`^((?:.* )?(?:${words}) )${VALUE}`);

/**
 * SR OS, in its classic form (indented, `exit` closes) or that of the MD-CLI (braces). Readable only: the two forms are
 * changed in two ways, and neither is foreseen here.
 */
export const nokia_sros: PlatformLanguage = {
  id: "nokia_sros",
  label: "SR OS",
  config: {
    style: "opaque",
    indent: 4,
    volatile: [
      /^# (TiMOS-|All rights reserved|Built on |Generated |Finished |Last |Configuration format)/,
      /^#-+$/,
      /^#$/,
    ],
    closing: /^(exit|exit all|\}|echo ".*")$/,
    opening: /\s{0,8}\{$/,
    continued: null,
  },
  sessionLines: [],
  execLines: [],
  secrets: [
    {
      match: /^((?:.* )?authentication (?:(?:hash|hash2|md5|sha)\S* )+)((?!none)\S+)( privacy \S+ )((?!none)\S+)/,
    },
    {
      match: after(
        "authentication-key(?! \\d+ key )|authentication-password|privacy-password|privacy-key|hello-authentication-key",
      ),
    },
    { match: after("(?:message-digest-key|auth-keychain-key|entry|authentication-key) \\d+ (?:md5|key)") },
    {
      match: after(
        "password|secret|shared-secret|pre-shared-key|psk|passphrase|encryption-key|hmac-key|token|access-key|cak|usm-community|notify-community",
      ),
    },
    {
      match:
        /^((?:.* )?community )("(?:[^"\\]|\\.)*"|[^\s;{]+)(?= (?:hash2?|custom|r|rw|rwa|mgmt|vpls-mgmt|version|\{|access)|$| \{)/,
      within: /^(snmp|security|system)/,
    },
    { match: /^(key )("[^"]+"|\S+)(?= hash| algorithm|$)/ },
    { match: /^(trap-target .* notify-community )("[^"]+"|\S+)/ },
    { match: /^((?:.* )?)("[^"]+"|\S+)( (?:hash2?|custom))$/ },
    { match: /^(.*? )("[^"]+")(?= (?:hash2?|custom) )/ },
  ],
  risks: [],
  unrepeatable: [/./],
  reads: {
    commands: [
      /^show (?!debug)\S.*$/,
      /^admin display-config( index| detail)?$/,
      /^admin show configuration( (configure|bof|debug|full-context|flat|detail|json|xml))*$/,
      pingRead({ counts: "count", values: "router-instance|router|source" }),
      tracerouteRead("router-instance|router|source"),
    ],
    forbidden: anyOf(
      /[>;?`$&\\]|\b(save|tee|append|redirect|debug-save|monitor|configure (?!full-context|flat|detail|json|xml)\S)\b/,
      NEVER_ENDS,
    ),
    pipes: [/^match( (?:expression|invert-match|ignore-case|context \S+))* \S.*$/, /^(count|no-more)$/],
    quotes: false,
    examples: "`show …`, `admin display-config`, `admin show configuration`, `ping …`, with `| match`",
  },
};
