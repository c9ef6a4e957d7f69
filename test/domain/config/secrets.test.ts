import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutSecrets, fillSecrets, maskSecrets, secretValues, withoutSecrets } from "../../../domain/config/secrets.ts";
import type { PlatformId } from "../../../domain/contract/device.ts";
import { fixture } from "../fixtures/read-fixture.ts";

const mask = (platform: PlatformId, text: string): string => maskSecrets(platform, text, (value) => `<${value}>`);

describe("IOS, EOS and FRR: exactly the value is masked", () => {
  test.each([
    ["username noc privilege 15 secret 9 $9$2MJ/x.y", "username noc privilege 15 secret 9 <$9$2MJ/x.y>"],
    ["username noc secret hunter2", "username noc secret <hunter2>"],
    ["username noc password 0 two words", "username noc password 0 <two words>"],
    [
      "username a privilege 15 role network-admin secret sha512 $6$h0c/Us1",
      "username a privilege 15 role network-admin secret sha512 <$6$h0c/Us1>",
    ],
    ["no username noc secret 5 $1$a", "no username noc secret 5 <$1$a>"],
    ["enable secret 5 $1$abc", "enable secret 5 <$1$abc>"],
    ["enable password level 7 s3cret", "enable password level 7 <s3cret>"],
    ["snmp-server community s3cret RO 10", "snmp-server community <s3cret> RO 10"],
    ['snmp-server community "a b" ro', 'snmp-server community "<a b>" ro'],
    [
      "snmp-server host 192.0.2.60 vrf MGMT version 2c s3cret",
      "snmp-server host 192.0.2.60 vrf MGMT version 2c <s3cret>",
    ],
    ["snmp-server host 192.0.2.60 traps s3cret", "snmp-server host 192.0.2.60 traps <s3cret>"],
    ["snmp-server host 192.0.2.60 s3cret", "snmp-server host 192.0.2.60 <s3cret>"],
    [
      "snmp-server user u g v3 auth sha s3cret1 priv aes 128 s3cret2",
      "snmp-server user u g v3 auth sha <s3cret1> priv aes 128 <s3cret2>",
    ],
    [" neighbor 192.0.2.1 password 7 14141B18", " neighbor 192.0.2.1 password 7 <14141B18>"],
    [" neighbor 192.0.2.1 password s3cret", " neighbor 192.0.2.1 password <s3cret>"],
    ["  key-string 7 045802150C2E", "  key-string 7 <045802150C2E>"],
    [" ip ospf authentication-key s3cret", " ip ospf authentication-key <s3cret>"],
    [" ip ospf message-digest-key 1 md5 7 02050D", " ip ospf message-digest-key 1 md5 7 <02050D>"],
    ["tacacs-server host 192.0.2.21 vrf MGMT key 7 070E23", "tacacs-server host 192.0.2.21 vrf MGMT key 7 <070E23>"],
    ["tacacs-server key s3cret", "tacacs-server key <s3cret>"],
    [
      "radius-server host 192.0.2.1 auth-port 1812 acct-port 1813 key s3cret",
      "radius-server host 192.0.2.1 auth-port 1812 acct-port 1813 key <s3cret>",
    ],
    [" server-private 192.0.2.21 key 7 0822", " server-private 192.0.2.21 key 7 <0822>"],
    [" key 7 0822", " key 7 <0822>"],
    [" key 6 abcDEF", " key 6 <abcDEF>"],
    ["crypto isakmp key s3cret address 192.0.2.1", "crypto isakmp key <s3cret> address 192.0.2.1"],
    [" pre-shared-key local s3cret", " pre-shared-key local <s3cret>"],
    ["ntp authentication-key 1 md5 03175E 7", "ntp authentication-key 1 md5 <03175E> 7"],
    [" standby 1 authentication md5 key-string 7 0822", " standby 1 authentication md5 key-string 7 <0822>"],
    [" vrrp 1 authentication s3cret", " vrrp 1 authentication <s3cret>"],
    [" ppp chap password 0 s3cret", " ppp chap password 0 <s3cret>"],
    ["password zebra", "password <zebra>"],
    [" something new secret 8 $8$abc end", " something new secret 8 <$8$abc> end"],
    ["r1(config)#username bob secret hunter2", "r1(config)#username bob secret <hunter2>"],
    ["+ neighbor 192.0.2.1 password s3cret", "+ neighbor 192.0.2.1 password <s3cret>"],
  ])("%s", (line, masked) => {
    expect(mask("cisco_ios", line)).toBe(masked);
    expect(mask("frr", line)).toBe(masked);
  });

  test.each([
    "key chain OSPF-KEYS",
    " key 1",
    "service password-encryption",
    "ntp server 192.0.2.1 key 1 prefer",
    "ntp trusted-key 1",
    "ip community-list standard CUST permit 64510:1000",
    " set community 64510:1000 additive",
    " neighbor 192.0.2.1 send-community both",
    "snmp-server location row 4",
    "aaa authentication login default group TAC local",
    "no ip http secure-server",
    "crypto key generate rsa modulus 2048",
    "snmp-server enable traps bgp",
    "username noc privilege 15 nopassword",
  ])("no secret in: %s", (line) => {
    expect(mask("cisco_ios", line)).toBe(line);
  });
});

describe("Junos, in braces and as set lines", () => {
  test.each([
    [
      '        encrypted-password "$6$RZ.x/y"; ## SECRET-DATA',
      '        encrypted-password "<$6$RZ.x/y>"; ## SECRET-DATA',
    ],
    [
      'set system root-authentication encrypted-password "$6$a b"',
      'set system root-authentication encrypted-password "<$6$a b>"',
    ],
    [
      '            authentication-key "$9$lJLK"; ## SECRET-DATA',
      '            authentication-key "<$9$lJLK>"; ## SECRET-DATA',
    ],
    ["set protocols bgp group A authentication-key s3cret", "set protocols bgp group A authentication-key <s3cret>"],
    ['            secret "$9$aZ"; ## SECRET-DATA', '            secret "<$9$aZ>"; ## SECRET-DATA'],
    ['set system radius-server 192.0.2.1 secret "$9$aZ"', 'set system radius-server 192.0.2.1 secret "<$9$aZ>"'],
    [
      '    pre-shared-key ascii-text "$9$aZ"; ## SECRET-DATA',
      '    pre-shared-key ascii-text "<$9$aZ>"; ## SECRET-DATA',
    ],
    [
      '        authentication-key 1 type md5 value "$9$XY"; ## SECRET-DATA',
      '        authentication-key 1 type md5 value "<$9$XY>"; ## SECRET-DATA',
    ],
    [
      'set system ntp authentication-key 1 type md5 value "$9$XY"',
      'set system ntp authentication-key 1 type md5 value "<$9$XY>"',
    ],
    [
      '                    md5 1 key "$9$UJ"; ## SECRET-DATA',
      '                    md5 1 key "<$9$UJ>"; ## SECRET-DATA',
    ],
    [
      'set protocols ospf area 0 interface a authentication md5 1 key "$9$UJ"',
      'set protocols ospf area 0 interface a authentication md5 1 key "<$9$UJ>"',
    ],
    ["set snmp community n0tpubl1c authorization read-only", "set snmp community <n0tpubl1c> authorization read-only"],
    ['    something unheard-of "$9$zz"; ## SECRET-DATA', '    something unheard-of "<$9$zz>"; ## SECRET-DATA'],
    [
      "noc@ams-core-01# set system login user x authentication encrypted-password $6$x",
      "noc@ams-core-01# set system login user x authentication encrypted-password <$6$x>",
    ],
  ])("%s", (line, masked) => {
    expect(mask("juniper_junos", line)).toBe(masked);
  });

  test("a community is a secret under snmp, and none in a policy", () => {
    const text =
      "snmp {\n    community n0tpubl1c {\n        clients {\n            10.0.0.0/8;\n        }\n    }\n}\npolicy-options {\n    community TE members 64510:1;\n}";
    expect(mask("juniper_junos", text)).toBe(text.replace("n0tpubl1c", "<n0tpubl1c>"));
  });
});

test.each(["cisco_ios", "arista_eos", "frr", "juniper_junos"] as const)(
  "%s: none of a whole config's secrets is left, and nothing else is touched",
  (platform) => {
    const config = fixture(platform);
    const values = secretValues(platform, config);
    expect(values.length).toBeGreaterThanOrEqual(2);
    const masked = maskSecrets(platform, config, () => "secret://hmac:1a2b3c4d");
    for (const value of values) expect(masked).not.toContain(value);
    for (const canary of [
      "$9$",
      "$6$",
      "n0tpubl1c",
      "n0tsecret",
      "0822455D0A16",
      "070E234F1F5B4A",
      "03175E070A0B2E1F1D",
    ])
      expect(masked).not.toContain(canary);
    expect(masked.split("\n")).toHaveLength(config.split("\n").length);
    // masking again changes nothing: references are no secrets
    expect(maskSecrets(platform, masked, () => "again")).toBe(masked);
  },
);

test("a user's secrets are put away and come back as they were", () => {
  const store = new Map<string, string>();
  const lines = [
    "username noc secret 0 hunter2",
    "snmp-server community s3cret ro",
    " neighbor 192.0.2.1 password p w",
    "ntp server 192.0.2.1",
  ];
  const cut = cutSecrets("cisco_ios", lines, (value) => {
    const reference = `secret://0190a5e1-0000-7000-8000-${String(store.size).padStart(12, "0")}`;
    store.set(reference, value);
    return reference;
  });
  expect(cut[0]).toBe("username noc secret 0 secret://0190a5e1-0000-7000-8000-000000000000");
  expect([...store.values()]).toEqual(["hunter2", "s3cret", "p w"]);
  expect(cut.map((line) => fillSecrets(line, (reference) => store.get(reference) ?? "lost"))).toEqual(lines);
});

test("quotes stay around what was in quotes", () => {
  const [line = ""] = cutSecrets(
    "juniper_junos",
    ['set system root-authentication encrypted-password "$6$a"'],
    () => "secret://x",
  );
  expect(line).toBe('set system root-authentication encrypted-password "secret://x"');
  expect(fillSecrets(line, () => "$6$a")).toBe('set system root-authentication encrypted-password "$6$a"');
});

test("a value with a dollar sign is filled in as it is", () => {
  expect(fillSecrets("enable secret 9 secret://x", () => "$&$1$$")).toBe("enable secret 9 $&$1$$");
});

test("a hash and a clear value of the same line are comparable", () => {
  expect(withoutSecrets("cisco_ios", "username a secret 9 $9$x")).toBe(
    withoutSecrets("cisco_ios", "username a secret secret://id"),
  );
  expect(withoutSecrets("cisco_ios", "username a secret 9 $9$x")).not.toBe(
    withoutSecrets("cisco_ios", "username b secret 9 $9$x"),
  );
});

test("any value in any of the forms is masked", () => {
  const value = fc
    .string({ unit: fc.constantFrom(...Array.from("abcXYZ0189$./!@%^&*()-_=+,:")), minLength: 1, maxLength: 24 })
    .filter((v) => !/^\d$/.test(v) && !v.includes("secret://"));
  const ios = fc.constantFrom(
    (v: string) => `username x secret 5 ${v}`,
    (v: string) => `enable secret ${v}`,
    (v: string) => ` neighbor 10.0.0.1 password 7 ${v}`,
    (v: string) => `  key-string ${v}`,
    (v: string) => `tacacs-server host 10.0.0.1 key ${v}`,
    (v: string) => `tacacs server T\n key ${v}`,
  );
  const junos = fc.constantFrom(
    (v: string) => `        encrypted-password "${v}"; ## SECRET-DATA`,
    (v: string) => `set system radius-server 10.0.0.1 secret "${v}"`,
    (v: string) => `snmp {\n    community "${v}" {\n        authorization read-only;\n    }\n}`,
  );
  const masked =
    (platform: PlatformId) =>
    (write: (v: string) => string, v: string): void => {
      expect(maskSecrets(platform, write(v), () => "●●●")).toBe(write("●●●"));
    };
  fc.assert(fc.property(ios, value, masked("cisco_ios")), { numRuns: 2000 });
  fc.assert(fc.property(junos, value, masked("juniper_junos")), { numRuns: 2000 });
});
