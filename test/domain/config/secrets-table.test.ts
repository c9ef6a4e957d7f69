import { describe, expect, test } from "vitest";
import { maskSecrets } from "../../../domain/config/secrets.ts";
import { PLATFORM_IDS, type PlatformId } from "../../../domain/contract/device.ts";
import { languages } from "../../../domain/platforms/index.ts";
import { genericSecrets, iosSecrets, junosSecrets } from "../../../domain/platforms/secret-rules.ts";

/** The platform, the headers above a line, the line, and what must not be left of it. */
const TABLE: readonly (readonly [PlatformId, string, string, string])[] = [
  ["cisco_xr", "", "snmp-server community-map hiddenX7 context x", "hiddenX7"],
  [
    "cisco_xr",
    "",
    "snmp-server user bob grp v3 auth sha encrypted hiddenX11 priv aes 128 encrypted hiddenX12 SystemOwner",
    "hiddenX12",
  ],
  ["cisco_xr", "ntp", " authentication-key 1 md5 encrypted hiddenX23", "hiddenX23"],
  [
    "cisco_xr",
    "router hsrp\n interface Gi0/0/0/0\n  address-family ipv4\n   hsrp 1",
    "    authentication hiddenX24",
    "hiddenX24",
  ],
  [
    "cisco_xr",
    "router vrrp\n interface Gi0/0/0/0\n  address-family ipv4\n   vrrp 1",
    "    text-authentication hiddenX25",
    "hiddenX25",
  ],
  ["cisco_xr", "crypto ca trustpoint x", " challenge-password hiddenX27", "hiddenX27"],
  ["cisco_nxos", "interface Vlan1\n  hsrp 1", "    authentication text hiddenN15", "hiddenN15"],
  ["cisco_nxos", "interface Vlan1\n  vrrp 1", "    authentication text hiddenN17", "hiddenN17"],
  [
    "cisco_nxos",
    "key chain mac macsec\n  key 1000",
    "    key-octet-string 7 hiddenN21 cryptographic-algorithm AES_128_CMAC",
    "hiddenN21",
  ],
  [
    "cisco_nxos",
    "router ospf 1\n  area 0.0.0.0 virtual-link 192.0.2.1",
    "    message-digest-key 1 md5 3 hiddenN23",
    "hiddenN23",
  ],
  ["cisco_asa", "", "isakmp key hiddenA26 address 1.2.3.4", "hiddenA26"],
  ["cisco_asa", "", "auto-update server https://user:hiddenA31@192.0.2.1/x", "hiddenA31"],
  ["cisco_asa", "", "copy ftp://u:hiddenA32@x/y", "hiddenA32"],
  ["fortinet", 'config user tacacs+\n    edit "t"', '        set secondary-key "hiddenF6"', "hiddenF6"],
  ["fortinet", 'config user tacacs+\n    edit "t"', "        set tertiary-key hiddenF6b", "hiddenF6b"],
  ["fortinet", 'config wireless-controller vap\n    edit "w"', '        set mpsk-key "hiddenF14d"', "hiddenF14d"],
  [
    "fortinet",
    "config system automation-action\n   edit x",
    '     set http-headers "Authorization: Bearer hiddenF22"',
    "hiddenF22",
  ],
  ["fortinet", "config system automation-action\n   edit x", '     set uri "https://u:hiddenF23@x/y"', "hiddenF23"],
  ["fortinet", "config vpn ipsec manualkey\n  edit x", "    set authkey hiddenF28", "hiddenF28"],
  ["fortinet", "config vpn ipsec manualkey\n  edit x", "    set enckey hiddenF29", "hiddenF29"],
  ["fortinet", "config user fortitoken\n   edit x", '     set seed "hiddenF30"', "hiddenF30"],
  ["fortinet", "config user fortitoken\n   edit x", '     set activation-code "hiddenF31"', "hiddenF31"],
  [
    "fortinet",
    "config router key-chain\n edit x\n  config key\n   edit 1",
    '     set key-string "hiddenF33"',
    "hiddenF33",
  ],
  ["mikrotik_routeros", "/snmp community", "set [ find default=yes ] name=hiddenM1", "hiddenM1"],
  ["mikrotik_routeros", "/snmp community", "add addresses=::/0 name=hiddenM2", "hiddenM2"],
  [
    "mikrotik_routeros",
    "",
    '/system script add name=s source=":local pw hiddenM17; /tool fetch url=\\"https://u:hiddenM18@x\\" password=hiddenM19"',
    "hiddenM17",
  ],
  [
    "mikrotik_routeros",
    "",
    '/system script add name=s source=":local pw hiddenM17; /tool fetch url=\\"https://u:hiddenM18@x\\" password=hiddenM19"',
    "hiddenM18",
  ],
  [
    "mikrotik_routeros",
    "",
    "/snmp community set 0 authentication-password=hiddenM20 encryption-password=hiddenM21 name=hiddenM22",
    "hiddenM22",
  ],
  ["mikrotik_routeros", "", "/tool romon set enabled=yes secrets=hiddenM26", "hiddenM26"],
  ["mikrotik_routeros", "", "/ip ipsec installed-sa add auth-key=x enc-key=hiddenM29", "hiddenM29"],
  ["mikrotik_routeros", "", "/snmp set trap-community=hiddenM30", "hiddenM30"],
  ["mikrotik_routeros", "", "/system ntp key add key-id=1 value=hiddenM33", "hiddenM33"],
  ["mikrotik_routeros", "", "/interface macsec add cak=hiddenM34 ckn=x", "hiddenM34"],
  [
    "nokia_sros",
    "configure\n    system\n        security\n            snmp",
    '                usm-community "hiddenK4b" hash2 group "x"',
    "hiddenK4b",
  ],
  [
    "nokia_sros",
    "configure\n    system time ntp",
    '       authentication-key 1 key "hiddenK14" hash2 type message-digest',
    "hiddenK14",
  ],
  [
    "nokia_sros",
    'configure {\n    macsec {\n        connectivity-association "x" {\n             static-cak {\n               pre-shared-key 1 {',
    '                  cak "hiddenK20 hash2"',
    "hiddenK20",
  ],
  [
    "nokia_sros",
    'configure {\n    log { \n      snmp-trap-group "x" {\n         trap-target "t" {',
    '            notify-community "hiddenK21"',
    "hiddenK21",
  ],
  ["nokia_sros", "configure {", "   primary-config ftp://user:hiddenK22@192.0.2.1/x", "hiddenK22"],
  ["vyos", "", "set system login user vyos authentication otp key 'hiddenV2b'", "hiddenV2b"],
  ["vyos", "", "set pki openvpn shared-secret x key 'hiddenV19'", "hiddenV19"],
  ["vyos", "", "set vpn openconnect authentication local-users username u otp key 'hiddenV26'", "hiddenV26"],
  ["vyos", "", "set service https api keys id x key 'hiddenV27'", "hiddenV27"],
  ["vyos", "", "set interfaces macsec macsec0 security mka cak 'hiddenV29'", "hiddenV29"],
  ["vyos", "", "set interfaces wireless wlan0 security wep key 'hiddenV33'", "hiddenV33"],
  ["aruba_aoscx", "", "ntp authentication-key 1 md5 ciphertext hiddenC12", "hiddenC12"],
  ["aruba_aoscx", "", "ntp authentication-key 1 md5 hiddenC12b trusted", "hiddenC12b"],
  ["aruba_aoscx", "vrrp 1 address-family ipv4", "    authentication text ciphertext hiddenC14", "hiddenC14"],
  ["aruba_aoscx", "vrrp 1 address-family ipv4", "    authentication md5 hiddenC14b", "hiddenC14b"],
  ["aruba_aoscx", "mka policy p", "   pre-shared-key ckn x cak ciphertext hiddenC17", "hiddenC17"],
  ["huawei_vrp", "interface Vlanif1", " rip authentication-mode md5 usual cipher hiddenH17b", "hiddenH17b"],
  ["huawei_vrp", "isis 1", " area-authentication-mode md5 cipher hiddenH18", "hiddenH18"],
  ["huawei_vrp", "isis 1", " domain-authentication-mode md5 cipher hiddenH18b", "hiddenH18b"],
  ["huawei_vrp", "wlan\n security-profile name s", "  security wpa2 psk pass-phrase hiddenH24 aes", "hiddenH24"],
  [
    "huawei_vrp",
    "wlan\n security-profile name s",
    "  security wpa2 psk pass-phrase %^%#hiddenH24b%^%# aes",
    "hiddenH24b",
  ],
  ["huawei_vrp", "mpls ldp", " md5-password cipher 192.0.2.1 hiddenH26", "hiddenH26"],
  ["huawei_vrp", "ipsec sa", " sa string-key inbound esp cipher hiddenH28", "hiddenH28"],
  ["huawei_vrp", "ipsec sa", " sa authentication-hex inbound ah cipher hiddenH28b", "hiddenH28b"],
  ["hp_comware", "interface Vlan-interface1", " rip authentication-mode md5 rfc2453 cipher hiddenP22", "hiddenP22"],
  ["hp_comware", "ipsec policy", " sa string-key inbound esp simple hiddenP31", "hiddenP31"],
  ["hp_comware", "ipsec policy", " sa hex-key authentication inbound esp simple hiddenP32", "hiddenP32"],
  ["hp_comware", "mpls ldp", " md5-authentication 192.0.2.1 cipher hiddenP33", "hiddenP33"],
  ["cisco_xe", "wlan w 1 w", " security wpa psk set-key ascii 0 hiddenE5", "hiddenE5"],
  ["cisco_xe", "interface Gi1", " ip nhrp authentication hiddenE14", "hiddenE14"],
  ["cisco_xe", "", "license smart transport token hiddenE19b", "hiddenE19b"],
  ["cisco_xe", "", "event manager environment _pw hiddenE21", "hiddenE21"],
  ["cisco_xe", "archive", " path scp://u:hiddenE24@192.0.2.1/x", "hiddenE24"],
  ["cisco_xe", "router lisp\n eid", "  ipv4 etr map-server 192.0.2.1 proxy-reply key hiddenE35", "hiddenE35"],
  [
    "cisco_xe",
    "router eigrp X\n address-family ipv4\n  af-interface default",
    "   authentication mode hmac-sha-256 7 hiddenE36",
    "hiddenE36",
  ],
  // what others typed, in the forms in which devices keep it
  [
    "cisco_nxos",
    "",
    "Tue Nov 24 10:00:00 2026:type=update:id=10.1.1.1@pts/0:user=admin:cmd=configure terminal ; snmp-server community hiddenL1 group network-operator (SUCCESS)",
    "hiddenL1",
  ],
  ["cisco_ios", "", "    3     1    admin@vty0      |  snmp-server community hiddenL2 RO", "hiddenL2"],
  ["cisco_ios", "", "    3     1    admin@vty0      |username x secret hiddenL3", "hiddenL3"],
  [
    "huawei_vrp",
    "",
    'Nov 24 2026 10:00:00 SW1 %%01SHELL/5/CMDRECORD(s)[1]:Recorded command information. (Task=VT0, Ip=10.1.1.1, User=admin, Command="local-user bob password cipher hiddenL4")',
    "hiddenL4",
  ],
  [
    "hp_comware",
    "",
    "%Nov 24 10:11:12:345 2026 SW1 SHELL/6/SHELL_CMD: -Line=vty0-IPAddr=10.1.1.1-User=admin; Command is snmp-agent community write simple hiddenL5",
    "hiddenL5",
  ],
  [
    "juniper_junos",
    "",
    "Nov 24 10:00:00 r1 mgd[1]: UI_CMDLINE_READ_LINE: User 'admin', command 'set snmp community hiddenL6 authorization read-only '",
    "hiddenL6",
  ],
  [
    "cisco_xr",
    "",
    "RP/0/RP0/CPU0:Nov 24 10:00:00.123 UTC: config[1]: %MGBL-SYS-5-CONFIG_I : snmp-server community hiddenL7 RO",
    "hiddenL7",
  ],
  ["aruba_aoscx", "", "2026-11-24T10:00:00 sw CLI[1]: User admin: snmp-server community hiddenL8", "hiddenL8"],
  ["cisco_xr", "", " secret 10 $6$hiddenL9", "hiddenL9"],
  ["fortinet", "", 'set name "hiddenL10"', "hiddenL10"],
  ["fortinet", "config system snmp community\n edit 1", '  set name "hiddenL11"', "hiddenL11"],
  ["aruba_aoscx", "", "ntp authentication-key 1 sha1 hiddenL12", "hiddenL12"],
  ["arista_eos", "daemon TerminAttr", " exec /usr/bin/TerminAttr -cvauth=key,hiddenL13 -x", "hiddenL13"],
  ["frr", "interface eth0", " ip rip authentication string hiddenL14", "hiddenL14"],
];

test.each(TABLE)("%s: %s\n%s", (platform, headers, line, secret) => {
  const whole = headers === "" ? line : `${headers}\n${line}`;
  expect(maskSecrets(platform, whole, () => "*")).not.toContain(secret);
  // a filter leaves the line alone
  expect(maskSecrets(platform, line, () => "*")).not.toContain(secret);
});

describe("what stands before a secret stays, so that a line can be told from others", () => {
  test.each<[PlatformId, string, string]>([
    ["aruba_aoscx", "ntp authentication-key 1 md5 ciphertext abcd", "ntp authentication-key 1 md5 ciphertext *"],
    ["aruba_aoscx", "pre-shared-key ckn x cak ciphertext abcd", "pre-shared-key ckn x cak ciphertext *"],
    [
      "nokia_sros",
      'authentication-key 1 key "abcd" hash2 type message-digest',
      'authentication-key 1 key "*" hash2 type message-digest',
    ],
    ["vyos", "set pki openvpn shared-secret x key 'abcd'", "set pki openvpn shared-secret x key '*'"],
    ["huawei_vrp", "rip authentication-mode md5 usual cipher abcd", "rip authentication-mode md5 usual cipher *"],
    ["fortinet", "set md5-key 1 ENC abcd", "set md5-key 1 ENC *"],
    ["juniper_junos", "[edit snmp]\n+  community abcd {", "[edit snmp]\n+  community * {"],
    [
      "juniper_junos",
      "[edit policy-options]\n+  community TE members 64510:1;",
      "[edit policy-options]\n+  community TE members 64510:1;",
    ],
    ["cisco_ios", " key 1", " key 1"],
    ["cisco_xr", "  password encrypted abcd", "  password encrypted *"],
    [
      "cisco_xr",
      "snmp-server host 192.0.2.3 traps version 2c encrypted abcd",
      "snmp-server host 192.0.2.3 traps version 2c encrypted *",
    ],
    [
      "cisco_asa",
      "snmp-server host inside 192.0.2.1 community abcd version 2c",
      "snmp-server host inside 192.0.2.1 community * version 2c",
    ],
    ["cisco_xr", " authentication message-digest", " authentication message-digest"],
    ["huawei_vrp", "ssh server cipher aes256_ctr", "ssh server cipher aes256_ctr"],
    ["cisco_ios", " path scp://u:abcd@192.0.2.1/x", " path scp://u:*@192.0.2.1/x"],
    ["cisco_ios", "ip host www http://192.0.2.1:8080/x", "ip host www http://192.0.2.1:8080/x"],
  ])("%s: %s", (platform, line, masked) => {
    expect(maskSecrets(platform, line, () => "*")).toBe(masked);
  });
});

test("a page that begins with what wiped the pager's question away begins with a line as any other", () => {
  expect(maskSecrets("fortinet", "\u240d         \u240d        set password ENC abcd", () => "*")).toMatch(/ENC \*$/);
  expect(
    maskSecrets("huawei_vrp", "\u241b[42D      \u241b[42D set authentication password cipher abcd", () => "*"),
  ).toMatch(/cipher \*$/);
});

test("hostile lines take no longer the more they repeat", { timeout: 20_000 }, () => {
  const lines = [
    "cmd=",
    "%A-1-A: ",
    "User a: ",
    "a://b:",
    ":local pw ",
    "event manager environment pw",
    "sa string-key a ",
    "cipher ",
    " | ",
  ];
  for (const platform of PLATFORM_IDS)
    for (const line of lines) expect(maskSecrets(platform, line.repeat(4000), () => "*")).not.toBe("");
});

test("rules can be joined into one expression: none counts groups, names one or keeps a position", () => {
  const rules = [
    ...genericSecrets,
    ...iosSecrets,
    ...junosSecrets,
    ...PLATFORM_IDS.flatMap((id) => languages[id].secrets),
  ];
  for (const { match } of rules) {
    expect(match.source).not.toMatch(/\\[1-9]|\\k<|\(\?<(?![=!])/);
    expect(match.flags).not.toMatch(/[gy]/);
  }
});
