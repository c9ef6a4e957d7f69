import type { SecretRule } from "./language.ts";

const TYPE = "(?:(?:[0-9]|sha512|sha256|md5|encrypted|cleartext|plain) )?";
const WORD = '("(?:[^"\\\\]|\\\\.)*"|[^\\s;]+)';
const REST = "(\\S.*)";
const rule = (before: string, secret: string, after = ""): SecretRule => new RegExp(`^(${before} ${TYPE})${secret}${after}`);

/** IOS and its relatives. The value of a password is the rest of the line, of a key or community one word. */
export const iosSecrets: readonly SecretRule[] = [
  rule("username \\S+(?: .*?)? (?:secret|password)", REST),
  rule("username \\S+(?: .*?)? sshkey", REST),
  rule("enable (?:secret|password)(?: level \\d+)?", REST),
  rule("(?:.* )?password", REST),
  rule("snmp-server community", WORD),
  rule("snmp-server host \\S+(?: vrf \\S+)?(?: traps| informs)?(?: version (?:1|2c|3(?: auth| noauth| priv)?))?(?: vrf \\S+)?", "(?!version |traps |informs |vrf |udp-port |auth |noauth |priv )" + WORD),
  rule("snmp-server user .*? auth (?:md5|sha\\S*)", WORD),
  rule("snmp-server user .*? priv (?:des|3des|aes\\S*(?: \\d+)?)", WORD),
  rule("(?:.* )?key-string", REST),
  rule("(?:ip|ipv6) ospf authentication-key", REST),
  rule("(?:ip|ipv6) ospf message-digest-key \\d+ (?:md5|sha\\S*)", REST),
  rule("area .* authentication-key", REST),
  rule("area .* message-digest-key \\d+ (?:md5|sha\\S*)", REST),
  rule("ntp authentication-key \\d+ \\S+", WORD),
  rule("(?:tacacs-server|radius-server)(?: .*)? key", REST),
  rule("server-private .* key", REST),
  rule("server .* key", REST),
  rule("(?:pac )?key", "(?!chain |\\d+$)" + REST),
  rule("crypto isakmp key", WORD),
  rule("pre-shared-key(?: address \\S+(?: \\S+)?)?(?: key| local| remote)?", "(?!address |local |remote |key )" + REST),
  rule("(?:standby|vrrp) (?:\\d+ )?authentication(?: text| md5 key-string)?", "(?!text |md5 )" + REST),
  rule("(?:vrrp|glbp) \\d+ (?:peer )?authentication(?: text| md5 key-string)?", "(?!text |md5 )" + REST),
  rule("(?:isis|domain|area)[ -]password(?: md5| clear)?", REST),
  rule("ppp (?:chap|pap) .*?password", REST),
  rule("wpa-psk (?:ascii|hex)", REST),
  rule("(?:ip )?ftp password", REST),
];

/** Junos, in braces as well as in `set` form. */
export const junosSecrets: readonly SecretRule[] = [
  rule("(?:.* )?(?:encrypted-password|authentication-key|authentication-password|privacy-password|plain-text-password-value|hello-authentication-key|key-value)", WORD),
  rule("(?:.* )?(?:ascii-text|hexadecimal)", WORD),
  rule("(?:.* )?(?:secret|shared-secret|simple-password|md5 \\d+ key)", WORD),
  rule("(?:.* )?(?:authentication-md5|authentication-sha|authentication-sha256|privacy-aes128|privacy-des|privacy-3des) (?:authentication-key|privacy-key)", WORD),
  rule("(?:set |delete |activate |deactivate )?snmp community", WORD),
  rule("(?:set |delete )?snmp trap-group", '("[^"]*"|[^\\s;{]+)'),
];

/** What looks like a secret on any platform: a word for it, its type, a value. */
export const genericSecrets: readonly SecretRule[] = [
  /^((?!ntp (?:server|peer|trusted-key)|key chain).*\b(?:password|passwd|secret|key|passphrase|pre-shared-key|psk|community) (?:[035-9]|sha512|encrypted) )("(?:[^"\\]|\\.)*"|[^\s;]+)/i,
];
