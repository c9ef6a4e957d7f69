import type { SecretRule } from "./language.ts";

/*
 * The first rule that fits a line is used, so what is special stands before what is general.
 */

const TYPE = "(?:(?:[0-9]|sha512|sha256|md5|encrypted|cleartext|plain) )?";
const WORD = '("(?:[^"\\\\]|\\\\.)*"|[^\\s;]+)';
const REST = "(\\S.*)";

/** `before`, the secret's type, the secret. */
const typed = (before: string, secret: string): SecretRule => ({ match: new RegExp(`^(${before} ${TYPE})${secret}`) });
const plain = (before: string): SecretRule => ({ match: new RegExp(`^(${before} )${WORD}`) });

/** IOS and its relatives. The value of a password is the rest of the line, of a key or community one word. */
export const iosSecrets: readonly SecretRule[] = [
  typed("username \\S+(?: .*?)? (?:secret|password)", REST),
  typed("username \\S+(?: .*?)? (?:sshkey|ssh-key)", REST),
  typed("enable (?:secret|password)(?: level \\d+)?", REST),
  { match: new RegExp(`^(snmp-server user .*? auth \\S+ )${WORD}( priv (?:des|3des|aes\\S*)(?: \\d+)? )${WORD}`) },
  { match: new RegExp(`^(snmp-server user .*? auth \\S+ )${WORD}`) },
  typed("snmp-server community", WORD),
  {
    match: new RegExp(
      `^(snmp-server host \\S+(?: vrf \\S+)?(?: traps| informs)?(?: version (?:1|2c|3(?: auth| noauth| priv)?))?(?: vrf \\S+)? )(?!(?:version|traps|informs|vrf|udp-port|auth|noauth|priv) )${WORD}`,
    ),
  },
  typed("(?:.* )?key-string", REST),
  typed("(?:ip|ipv6) ospf authentication-key", REST),
  typed("(?:ip|ipv6) ospf message-digest-key \\d+ (?:md5|sha\\S*)", REST),
  typed("area .* message-digest-key \\d+ (?:md5|sha\\S*)", REST),
  typed("area .* authentication-key", REST),
  { match: new RegExp(`^(ntp authentication-key \\d+ \\S+ (?:[07] )?)${WORD}`) },
  typed("(?:tacacs-server|radius-server)(?: .*)? key", REST),
  typed("server(?:-private)? .* key", REST),
  { under: /^(tacacs|radius) server /, match: new RegExp(`^((?:pac )?key ${TYPE})${REST}`) },
  { match: new RegExp(`^(key [0-9] )${REST}`) },
  { match: new RegExp(`^(key )(?!chain |\\d+$)${REST}`) },
  typed("crypto isakmp key", WORD),
  typed(
    "pre-shared-key(?: address \\S+(?: \\S+)?)?(?: key| local| remote)?",
    "(?!(?:address|local|remote|key|ascii-text|hexadecimal) )" + REST,
  ),
  typed(
    "(?:standby|vrrp|glbp) (?:\\d+ )?(?:peer )?authentication(?: text| md5 key-string)?",
    "(?!(?:text|md5) )" + REST,
  ),
  typed("(?:isis|domain|area)[ -]password(?: md5| clear)?", REST),
  typed("wpa-psk (?:ascii|hex)", REST),
  typed("(?:.* )?password", REST),
];

/** Junos, in braces as well as in `set` form. */
export const junosSecrets: readonly SecretRule[] = [
  plain("(?:.* )?authentication-key \\d+ type \\S+ value"),
  plain(
    "(?:.* )?(?:encrypted-password|authentication-password|privacy-password|plain-text-password-value|hello-authentication-key|key-value)",
  ),
  { match: new RegExp(`^((?:.* )?authentication-key )(?!\\d+ (?:type|value) )${WORD}`) },
  plain("(?:.* )?(?:ascii-text|hexadecimal)"),
  plain("(?:.* )?md5 \\d+ key"),
  plain("(?:.* )?(?:shared-secret|simple-password|secret)"),
  plain("(?:(?:set|delete|activate|deactivate) )?snmp (?:community|trap-group)"),
  { under: /^snmp$/, match: /^((?:community|trap-group) )("[^"]*"|[^\s;{]+)/ },
];

/** What looks like a secret on any platform: a word for it, its type, a value. */
export const genericSecrets: readonly SecretRule[] = [
  {
    match:
      /^((?!ntp (?:server|peer|trusted-key)|key chain|description ).*\b(?:password|passwd|secret|key|passphrase|pre-shared-key|psk|community) (?:[035-9]|sha512|encrypted) )("(?:[^"\\]|\\.)*"|[^\s;]+)/i,
  },
];
