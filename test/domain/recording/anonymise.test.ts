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
