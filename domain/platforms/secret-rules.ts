import type { SecretRule } from "./language.ts";

/*
 * Every rule that fits a line is used; where two find the same secret, the earlier one says where it begins behind its type. A rule
 * that finds nothing (one group) says that a line holds no secret for those behind it.
 */

const TYPE = "(?:(?:\\d{1,2}|sha512|sha256|md5|encrypted|clear|cleartext|plain|plaintext|ciphertext|hash) )?";
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
  {
    match: new RegExp(
      `^(snmp-server user .*? auth \\S+ ${TYPE})${WORD}( priv (?:(?:des|3des|aes)\\S*(?: \\d+)? )?${TYPE})${WORD}`,
    ),
  },
  { match: new RegExp(`^(snmp-server user .*? auth \\S+ ${TYPE})${WORD}`) },
  typed("snmp-server community-map", WORD),
  typed("snmp-server community", WORD),
  {
    match: new RegExp(
      `^(snmp-server host \\S+(?: vrf \\S+)?(?: traps| informs)?(?: version (?:1|2c|3(?: auth| noauth| priv)?))?(?: vrf \\S+)? (?:encrypted |clear )?)(?!(?:\\S+ ){1,4}community |(?:encrypted|clear|version|traps|informs|vrf|udp-port|auth|noauth|priv) )${WORD}`,
    ),
  },
  typed("(?:.* )?key-string", REST),
  typed("key-octet-string", WORD),
  typed("(?:ip|ipv6) ospf authentication-key", REST),
  typed("(?:.* )?message-digest-key \\d+ (?:md5|sha\\S*)", REST),
  typed("area .* authentication-key", REST),
  typed("(?:ntp )?authentication-key \\d+ (?:md5|sha|hmac|cmac|aes)\\S*", WORD),
  typed("(?:tacacs-server|radius-server)(?: .*)? key", REST),
  typed("server(?:-private)? .* key", REST),
  typed("(?:.* )?map-server .{0,200}?key", REST),
  typed("pac key", REST),
  { under: /^(tacacs|radius) server /, match: new RegExp(`^(key ${TYPE})${REST}`) },
  { match: new RegExp(`^(key [0-9]{1,2} )${REST}`) },
  { match: new RegExp(`^(key )(?!chain |\\d+$)${REST}`) },
  typed("(?:crypto )?isakmp key", WORD),
  typed(
    "pre-shared-key(?: address \\S+(?: \\S+)?)?(?: key| local| remote)?",
    "(?!(?:address|local|remote|key|ascii-text|hexadecimal|ckn) )" + REST,
  ),
  typed(
    "(?:standby|vrrp|glbp) (?:\\d+ )?(?:peer )?authentication(?: text| md5 key-string)?",
    "(?!(?:text|md5) )" + REST,
  ),
  typed("authentication text", WORD),
  typed("authentication md5", "(?!key-string |key-chain )" + WORD),
  typed("authentication mode hmac-\\S+", WORD),
  typed("text-authentication", WORD),
  typed("ip (?:nhrp authentication|rip authentication string)", REST),
  typed("(?:.{0,400} )?cak", WORD),
  typed("challenge-password", WORD),
  typed("license smart .{0,200}?token", WORD),
  {
    needs: "event manager environment ",
    match: /^(event manager environment \S{0,40}(?:pw|pass|secret|token|key|community)\S{0,40} )(\S.*)/i,
  },
  { needs: "-cvauth=", match: /^(.{0,2000}?-cvauth=[\w-]{1,40},)([^\s,]+)/ },
  typed("(?:isis|domain|area)[ -]password(?: md5| clear)?", REST),
  typed("(?:.{0,400} )?(?:wpa-psk|set-key) (?:ascii|hex)", REST),
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
  { within: /^snmp$/, match: /^((?:community|trap-group) )(?![^\s;{]+ (?:members|invert-match)\b)("[^"]*"|[^\s;{]+)/ },
];

/** What looks like a secret on any platform: a word for it, its type, a value. */
export const genericSecrets: readonly SecretRule[] = [
  {
    match:
      /^((?!ntp (?:server|peer|trusted-key)|key chain|description ).*\b(?:password|passwd|secret|key|passphrase|pre-shared-key|psk|community) (?:[035-9]|10|sha512|encrypted|ciphertext) )("(?:[^"\\]|\\.)*"|[^\s;]+)/i,
  },
  // what an address signs in with
  { needs: "://", match: /^(.*?[a-z]:\/\/[^:\s/@]{1,200}:)([^\s@]{1,200})(?=@)/i, repeats: true },
  { needs: "Authorization: ", match: /^(.*?\bAuthorization: (?:Bearer|Basic|Token) )([^\s"']+)/i },
];
