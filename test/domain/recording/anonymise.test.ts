import { expect, test } from "vitest";
import { PLATFORM_IDS } from "../../../domain/contract/device.ts";
import { anonymiser, type Known } from "../../../domain/recording/anonymise.ts";

const cleaned = (text: string, more: Partial<Known> = {}): string => anonymiser(known(more), [text])(text);

const known = (more: Partial<Known> = {}): Known => ({
  platform: "cisco_ios",
  secrets: ["S3cretOfTheCredential"],
  hosts: ["hq-core-1"],
  users: ["jdoe"],
  serials: ["FOC1234X0AB"],
  ...more,
});

test.each([
  ["hostname hq-core-1", "hostname device1"],
  ["HQ-CORE-1#show version", "device1#show version"],
  ["username jdoe privilege 15 secret 9 $9$abcdefgh", "username user1 privilege 15 secret 9 removed-1"],
  ["jdoe logged in, pw S3cretOfTheCredential", "user1 logged in, pw removed-1"],
  ["Processor board ID FOC1234X0AB", "Processor board ID SERIAL00001"],
  ["PID: C9200L , VID: V01 , SN: FCW2222L0CC", "PID: C9200L , VID: V01 , SN: SERIAL00001"],
  [" description leased line to the mill", " description text"],
  ["snmp-server location 4 Mill Lane", "snmp-server location text"],
  [" ip address 10.1.2.3 255.255.255.0", " ip address 192.0.2.1 255.255.255.0"],
  ["network 10.0.0.0 0.255.255.255 area 0", "network 10.0.0.0 0.255.255.255 area 0"],
  ["ip route 172.16.5.0 255.255.255.0 10.1.2.3", "ip route 192.0.2.1 255.255.255.0 192.0.2.2"],
  ["ipv6 address 2a02:26f0:1::5/64", "ipv6 address 2001:db8::1/64"],
  ["address is 5254.0012.abcd (bia 5254.0012.abcd)", "address is 0000.5e00.5300 (bia 0000.5e00.5300)"],
  ["Base Ethernet MAC Address : 40:f0:78:01:02:03", "Base Ethernet MAC Address : 00:00:5e:00:53:00"],
  ["uptime is 12:30:01, version 15.9(3)M6", "uptime is 12:30:01, version 15.9(3)M6"],
  ["interface GigabitEthernet1/0/1.100", "interface GigabitEthernet1/0/1.100"],
  ["ip domain name corp.example.org", "ip domain name example.net"],
])("“%s” becomes “%s”", (text, expected) => {
  expect(cleaned(text)).toBe(expected);
});

test("the same value gets the same stand-in in every text, another value another one", () => {
  const clean = anonymiser(known(), []);
  expect(clean("10.1.1.1 10.1.1.2 10.1.1.1")).toBe("192.0.2.1 192.0.2.2 192.0.2.1");
  expect(clean("neighbor 10.1.1.2 via 10.9.9.9")).toBe("neighbor 192.0.2.2 via 192.0.2.3");
  const many = Array.from({ length: 3000 }, (_, n) => `10.200.${n >> 8}.${n & 255}`);
  const seen = new Set(cleaned(many.join("\n")).split("\n"));
  expect([...seen].filter((each) => each.startsWith("10."))).toEqual([]);
  expect(seen.size).toBe(many.length);
});

test("what is said later tells already what is a name in what was said before", () => {
  const said = ["last login of anna.b", "username anna.b secret 9 $9$abcdefgh"];
  expect(said.map(anonymiser(known(), said))).toEqual(["last login of user1", "username user1 secret 9 removed-1"]);
});

test("an empty value does not swallow the next line", () => {
  expect(cleaned("System Contact         :\nSystem Up Time         : 34 days")).toContain("34 days");
});

test("a secret that stands once where a rule knows it is removed everywhere", () => {
  const text = "snmp-server community Gr33nFr0g RO\n! remember: Gr33nFr0g is the community\n";
  expect(cleaned(text)).not.toContain("Gr33nFr0g");
});

test.each(PLATFORM_IDS)("%s: the credential's own secrets and names go, whatever they stand in", (platform) => {
  const text = cleaned("x S3cretOfTheCredential y hq-core-1 z FOC1234X0AB jdoe@hq-core-1> 10.44.55.66", { platform });
  for (const telling of ["S3cret", "hq-core", "FOC1234", "jdoe", "10.44"]) expect(text).not.toContain(telling);
});

test("names that anybody has stay, since they stand in too many other words", () => {
  expect(cleaned("admin state up, switch 1", { users: ["admin"], hosts: ["switch"] })).toBe("admin state up, switch 1");
});

test.each<[Known["platform"], string, string[], string[]]>([
  ["cisco_ios", "! Last configuration change at 10:00:00 UTC Mon Nov 1 2026 by anna.b\n", ["anna"], ["by user1"]],
  ["cisco_xr", "!! Last configuration change at Mon Nov  1 10:00:00 2026 by anna.b\n", ["anna"], ["by user1"]],
  [
    "cisco_ios",
    "ip domain-list corp.mill.test\nlogging host log1.corp.mill.test\nhq-core-1.corp.mill.test up",
    ["mill", "log1"],
    ["device1.example.net up"],
  ],
  ["cisco_ios", "ntp server ntp7.mill.test", ["mill", "ntp7"], ["ntp server device1.example.net"]],
  ["cisco_ios", "ip host erp-db 10.1.2.3\nping erp-db", ["erp-db"], ["ping device1"]],
  [
    "cisco_ios",
    "snmp-server chassis-id FOC9999ZZZZ\nsnmp-server engineID local 80000009030000ABCDEF1234",
    ["FOC9999", "ABCDEF"],
    [],
  ],
  ["cisco_ios", "hq-core-1-b uptime is 1 day", ["hq-core"], ["device1-b uptime"]],
  ["cisco_ios", "ip access-list standard FROM_10.20.30.40", ["10.20.30"], ["FROM_192.0.2.1"]],
  [
    "cisco_ios",
    " certificate self-signed 01\n  30820330 30820218 A0030201 02020101 300D0609\n  3BD1\n  \tquit",
    ["A003", "3BD1"],
    ["quit"],
  ],
  [
    "cisco_ios",
    "  key-string\n   AAAAB3NzaC1yc2EAAAADAQABAAABgQCx\n   Qx9\n  exit\n key-hash ssh-rsa 0123456789ABCDEF anna@laptop",
    ["B3Nza", "Qx9", "0123456789", "laptop"],
    ["exit"],
  ],
  [
    "cisco_ios",
    " subject-name CN=hq-core-1,O=The Mill\ncrypto pki trustpoint TP-self-signed-3456789012",
    ["Mill", "3456789012"],
    [],
  ],
  [
    "juniper_junos",
    '## Last commit: 2026-11-01 10:00:00 UTC by anna\nlogin { user bert { full-name "Bert Mill"; class super-user; } }',
    ["anna", "bert", "Mill"],
    ["super-user"],
  ],
  [
    "fortinet",
    'config system admin\n    edit "anna"\n        set comments "of the mill"\nend\nconfig system global\n    set alias "MILL"\nend',
    ["anna", "mill", "MILL"],
    ["set alias"],
  ],
  [
    "mikrotik_routeros",
    '/user\nadd name=anna group=full\n/ip address add address=10.1.2.3/24 comment="The Mill" interface=ether1',
    ["anna", "Mill"],
    ["group=full", "interface=ether1"],
  ],
  ["fortinet", '␍         ␍        set description "The Mill"', ["Mill"], ["set description"]],
])("%s: what tells whose it is goes, the rest stays: %s", (platform, text, gone, stays) => {
  const out = cleaned(text, { platform });
  for (const each of gone) expect(out).not.toContain(each);
  for (const each of stays) expect(out).toContain(each);
  expect(out.split("\n")).toHaveLength(text.split("\n").length);
});

test("a device that pages keeps no secret at the beginning of a page", () => {
  const page = "␍         ␍        set password ENC Gr33nFr0gOfTheMill\n    next\nend\n--More-- ";
  expect(cleaned(page, { platform: "fortinet" })).not.toContain("Gr33n");
});
