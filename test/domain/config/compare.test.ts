import { describe, expect, test } from "vitest";
import { applyLines } from "../../../domain/config/apply.ts";
import { compareToPlan } from "../../../domain/config/compare.ts";
import { parseConfig, renderConfig } from "../../../domain/config/parse.ts";
import type { PlatformId } from "../../../domain/contract/device.ts";
import { fixture } from "../fixtures/read-fixture.ts";

const compare = (platform: Exclude<PlatformId, "linux">, lines: string[], change: (text: string) => string) => {
  const before = parseConfig(platform, fixture(platform));
  const planned = renderConfig(applyLines(platform, before, lines).tree);
  return compareToPlan(platform, { before, lines, actual: parseConfig(platform, change(planned)) });
};
const lines = [
  "interface GigabitEthernet0/0/3",
  " description spare",
  "no logging host 192.0.2.50 vrf MGMT",
  "username new secret secret://0190",
  "ip prefix-list TRANSIT-OUT permit 192.0.2.0/24",
];

describe("IOS", () => {
  test("as planned", () => {
    expect(compare("cisco_ios", lines, (t) => t)).toEqual({ missing: [], unwanted: [], other: [] });
  });
  test("the device's own form of a secret, of a number and of a default is as planned", () => {
    const actual = (t: string) =>
      t
        .replace("secret secret://0190", "secret 9 $9$abc")
        .replace("seq 15 permit 192.0.2.0/24", "seq 20 permit 192.0.2.0/24")
        .replace(" no ip address\n shutdown", " shutdown");
    expect(compare("cisco_ios", lines, actual)).toEqual({ missing: [], unwanted: [], other: [] });
  });
  test("what is missing and what is still there", () => {
    const found = compare("cisco_ios", lines, (t) =>
      t.replace(" description spare\n", "").replace("logging trap", "logging host 192.0.2.50 vrf MGMT\nlogging trap"),
    );
    expect(found).toEqual({
      missing: ["interface GigabitEthernet0/0/3 / description spare"],
      unwanted: ["logging host 192.0.2.50 vrf MGMT"],
      other: [],
    });
  });
  test("other differences are shown and are no failure", () => {
    const found = compare("cisco_ios", lines, (t) => t.replace("mtu 9100", "mtu 9000"));
    expect([found.missing, found.unwanted]).toEqual([[], []]);
    expect(found.other.map((h) => h.path)).toEqual([["interface GigabitEthernet0/0/0"]]);
  });
  test("a user that is not there is missing, whatever its secret", () => {
    expect(compare("cisco_ios", lines, (t) => t.replace("username new secret secret://0190\n", "")).missing).toEqual([
      "username new secret secret://0190",
    ]);
  });
});

describe("Junos", () => {
  const set = [
    "set system ntp server 192.0.2.7",
    "delete system syslog host 192.0.2.50",
    'set system login user new authentication encrypted-password "secret://0190"',
  ];
  test("as planned, with the device's hash", () => {
    expect(compare("juniper_junos", set, (t) => t.replace("secret://0190", "$6$hash"))).toEqual({
      missing: [],
      unwanted: [],
      other: [],
    });
  });
  test("missing and unwanted", () => {
    const found = compare("juniper_junos", set, (t) =>
      t
        .replace("        server 192.0.2.7;\n", "")
        .replace("syslog {\n", "syslog {\n host 192.0.2.50 { any notice; }\n"),
    );
    expect(found.missing).toEqual(["set system ntp server 192.0.2.7"]);
    expect(found.unwanted).toEqual(["set system syslog host 192.0.2.50 any notice"]);
  });
});
