import { execLines, iosReads, risks, sessionLines } from "./ios-like.ts";
import type { PlatformLanguage } from "./language.ts";
import { iosSecrets } from "./secret-rules.ts";

/**
 * Read and backed up, but not changed: the place of a NAT rule or an access rule among others, objects that are in use, and what
 * `nameif` takes with it are not modelled well enough to promise a way back from a firewall.
 */
export const cisco_asa: PlatformLanguage = {
  id: "cisco_asa",
  label: "ASA",
  config: {
    style: "opaque",
    indent: 1,
    volatile: [/^: (Saved|Written by|Call-home enabled)/, /^:$/, /^: end$/, /^Cryptochecksum:/, /^!+$/],
    closing: /^(exit|quit|end)$/,
    opening: null,
    continued: null,
  },
  sessionLines,
  execLines,
  secrets: [
    { match: /^(passwd )(\S+)/ },
    { match: /^(enable password )(\S+)/ },
    { match: /^(username \S+ (?:password|nt-encrypted) )(\S+)/ },
    { match: /^((?:ikev1 |ikev2 )?(?:(?:remote|local)-authentication )?pre-shared-key (?:hex )?)(\S+)/ },
    { match: /^(aaa-server .* key )(\S+)/ },
    { match: /^(ldap-login-password )(\S+)/ },
    { match: /^(snmp-server host .* community (?:[08] )?)(\S+)/ },
    { match: /^(snmp-server community (?:[08] )?)(\S+)/ },
    { match: /^(snmp-server user .*? auth \S+ )(\S+)( priv (?:des|3des|aes \d+) )(\S+)/ },
    { match: /^(failover (?:ipsec pre-shared-key|key) (?:hex )?)(\S.*)/ },
    { match: /^((?:ospf |neighbor \S+ )?(?:message-digest-key \d+ md5|authentication-key|password) (?:[08] )?)(\S+)/ },
    { match: /^(key (?:[08] )?)(?!config-key)(\S+)/ },
    { match: /^(\s*authentication key eigrp \d+ )(\S+)/ },
    { match: /^(vpdn username \S+ password )(\S+)/ },
    ...iosSecrets,
  ],
  risks,
  unrepeatable: [/./],
  reads: {
    ...iosReads,
    commands: [...iosReads.commands, /^more system:running-config$/],
    examples: "`show …`, `more system:running-config`, `ping …`, with `| include`, `exclude`, `begin` or `grep`",
  },
};
